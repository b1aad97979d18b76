//! The second look: what runs do after their budget that the first look left open.

use super::Cohort;
use crate::program::lanes::{LANES, Lane, any};
use crate::{Fate, Measure, Orbit, RETURN, Returns, is_chaotic, later_steps};

/// The boxes that hold the iterates of the two halves of the later stretch.
struct Boxes {
    low: [Vec<Lane>; 2],
    high: [Vec<Lane>; 2],
}

impl Boxes {
    fn new(dimension: usize) -> Self {
        let lanes = |value| [vec![[value; LANES]; dimension], vec![[value; LANES]; dimension]];
        Self { low: lanes(f64::INFINITY), high: lanes(f64::NEG_INFINITY) }
    }

    fn take(&mut self, half: usize, x: &[Lane]) {
        for ((low, high), x) in self.low[half].iter_mut().zip(&mut self.high[half]).zip(x) {
            for i in 0..LANES {
                low[i] = low[i].min(x[i]);
                high[i] = high[i].max(x[i]);
            }
        }
    }

    /// The sides of a lane's boxes, axis by axis.
    fn sides(&self, lane: usize) -> impl Iterator<Item = [f64; 2]> {
        (0..self.low[0].len())
            .map(move |axis| [0, 1].map(|half| self.high[half][axis][lane] - self.low[half][axis][lane]))
    }
}

impl Cohort<'_> {
    /// Goes on with the runs whose orbit after `steps` steps decides nothing yet, and finds cycles
    /// and chaos among them.
    pub(super) fn look_later(&mut self, open: [bool; LANES], steps: u64) {
        let mut later = Cohort { memory: self.memory.clone(), ..Cohort::new(self.closed, Measure::Lyapunov) };
        later.x.clone_from(&self.x);
        later.slots.clone_from(&self.slots);
        later.pixels.clone_from(&self.pixels);
        later.is_alive = open;
        later.mask = open.map(|is_open| f64::from(u8::from(is_open)));
        later.alive = open.iter().filter(|is_open| **is_open).count();
        let half = later_steps(steps) / 2;
        later.half = steps + half;
        later.mark_at(steps);
        let mut boxes = Boxes::new(self.dimension);
        let mut middle = Vec::new();
        let mut returns = [Returns::default(); LANES];
        for step in steps..steps + 2 * half {
            if later.alive == 0 {
                break;
            }
            later.step(step);
            let x = &later.x[..self.dimension];
            boxes.take(usize::from(step >= later.half), x);
            if step + 1 == later.half {
                middle = x.to_vec();
            } else if step >= later.half {
                see_returns(&middle, x, &later.mask, step + 1 - later.half, &mut returns);
            }
        }
        for lane in 0..LANES {
            self.is_singular[lane] |= later.is_singular[lane];
        }
        let end = steps + 2 * half;
        later.evaluate();
        later.stop(end);
        later.keep(end);
        for lane in (0..LANES).filter(|lane| later.is_alive[*lane]) {
            self.pixels[lane].fate = match later.orbit(lane, end, super::KEPT) {
                Orbit::Cycle(period) => Fate::Periodic { period },
                Orbit::Wandering => match returns[lane].period(half) {
                    Some(period) => Fate::Periodic { period },
                    None if is_chaotic(steps, later.growth.halves(lane), boxes.sides(lane)) => Fate::Chaotic,
                    None => Fate::Unsettled,
                },
                Orbit::Approaching | Orbit::Settling => Fate::Unsettled,
            };
        }
    }
}

/// Notes which runs are back where they were so many steps before.
fn see_returns(before: &[Lane], now: &[Lane], mask: &Lane, steps: u64, returns: &mut [Returns; LANES]) {
    let mut back = *mask;
    for (before, now) in before.iter().zip(now) {
        for i in 0..LANES {
            let is_near = (before[i] - now[i]).abs() <= RETURN * now[i].abs().max(1.0);
            back[i] = if is_near { back[i] } else { 0.0 };
        }
    }
    if any(&back) {
        for lane in (0..LANES).filter(|lane| back[*lane] > 0.0) {
            returns[lane].see(steps);
        }
    }
}
