//! Many pixels at once: [`LANES`] runs in lockstep, each with its own start and numbers.
//!
//! The runs obey the engine's rules: at each iterate first the stopping rules, then the policy,
//! then the step. A run that has ended rests in its lane until the others have ended too, so that
//! neighbors, which mostly fare alike, cost no more than one of them.
//!
//! Constant steps have a shortcut ([`glide`]): some steps without a look at the stopping rules,
//! only at the least and the greatest gradient on the way. Where those show that something may have
//! happened, the steps are taken again with open eyes.
#![allow(
    clippy::needless_range_loop,
    reason = "lanes are walked side by side: an index says so, and compiles to vector instructions"
)]

mod glide;
mod growth;
mod later;
mod search;
mod steps;

use flatland_engine::spectrum::{closed, largest_eigenvalue};
use nalgebra::DMatrix;

use crate::plan::{Closed, Target};
use crate::program::entry;
use crate::program::lanes::{LANES, Lane, Registers};
use crate::{Fate, MAX_PERIOD, Mark, Measure, Orbit, Pixel, orbit};
use growth::Growth;
use steps::Memory;

/// Iterates that are kept to look for cycles.
const KEPT: usize = 2 * MAX_PERIOD + 1;

/// [`LANES`] runs of a plan. One is used again and again: it holds the room for all numbers.
pub struct Cohort<'a> {
    closed: &'a Closed,
    measure: Measure,
    dimension: usize,

    /// The iterates, a lane for each coordinate, and the inputs after them.
    x: Vec<Lane>,

    /// The rule's numbers.
    slots: Vec<Lane>,

    /// f, ∇f and, where they are needed, second derivatives at the iterates.
    here: Registers,
    has_curvature: bool,

    /// f at trial points.
    trial: Registers,

    /// ∇f, for the shortcut.
    gradient: Registers,

    /// The iterates before the shortcut's last step.
    before: Vec<Lane>,

    eta: Lane,
    memory: Memory,
    growth: Growth,

    /// The last iterates, coordinate by coordinate, in a ring.
    kept: Vec<Lane>,

    /// The iterates at some step about halfway, and that step: cycles must still pass there.
    mark: Vec<Lane>,
    marked: u64,

    /// The step from which on growth belongs to the second half.
    half: u64,

    /// The step before which no shortcut is tried.
    awake: u64,

    is_alive: [bool; LANES],

    /// The same as numbers, 1 or 0.
    mask: Lane,
    alive: usize,
    pixels: Vec<Pixel>,

    /// The runs that came to a point where a part of f has no derivative: lanes cannot tell whether
    /// f has one.
    is_singular: [bool; LANES],
    beyond: [u64; LANES],
    taken: [u64; LANES],
}

impl<'a> Cohort<'a> {
    /// Room for the runs of a plan, with what the measure needs.
    #[must_use]
    pub fn new(closed: &'a Closed, measure: Measure) -> Self {
        let dimension = closed.programs.dimension;
        let follows = matches!(measure, Measure::Share | Measure::Lyapunov);
        let has_curvature = follows || closed.rule.kind.needs_curvature();
        let here = if has_curvature { &closed.programs.curvature } else { &closed.programs.slope };
        Self {
            closed,
            measure,
            dimension,
            x: vec![[0.0; LANES]; dimension + closed.inputs],
            slots: vec![[0.0; LANES]; closed.rule.values.len()],
            here: Registers::new(here),
            has_curvature,
            trial: Registers::new(&closed.programs.loss),
            gradient: Registers::new(&closed.programs.gradient),
            before: vec![[0.0; LANES]; dimension],
            eta: [0.0; LANES],
            memory: Memory::new(dimension),
            growth: Growth::new(dimension),
            kept: vec![[0.0; LANES]; KEPT * dimension],
            mark: vec![[0.0; LANES]; dimension],
            marked: 0,
            half: closed.steps / 2,
            awake: 0,
            is_alive: [false; LANES],
            mask: [0.0; LANES],
            alive: 0,
            pixels: Vec::new(),
            is_singular: [false; LANES],
            beyond: [0; LANES],
            taken: [0; LANES],
        }
    }

    /// The runs at these points (x, y), at most [`LANES`] of them; None for those that need the
    /// engine's closer look at derivatives
    /// ([`derivatives_at`](flatland_engine::program::derivatives_at)).
    pub fn run(&mut self, points: &[(f64, f64)]) -> Vec<Option<Pixel>> {
        self.begin(points);
        let steps = self.closed.steps;
        let mut step = 0;
        let mut is_marked = false;
        while self.alive > 0 && step < steps {
            if !is_marked && step >= self.half {
                self.mark_at(step);
                is_marked = true;
            }
            match self.glide(step) {
                Some(later) => step = later,
                None => {
                    self.step(step);
                    step += 1;
                }
            }
        }
        if self.alive > 0 {
            self.finish(steps);
        }
        let pixels = std::mem::take(&mut self.pixels).into_iter();
        pixels.zip(self.is_singular).map(|(pixel, is_singular)| (!is_singular).then_some(pixel)).collect()
    }

    /// Puts the runs at their starts.
    fn begin(&mut self, points: &[(f64, f64)]) {
        let Closed { start, rule, targets, .. } = self.closed;
        for (lane, start) in self.x.iter_mut().zip(start) {
            *lane = [*start; LANES];
        }
        for (slot, value) in self.slots.iter_mut().zip(&rule.values) {
            *slot = [*value; LANES];
        }
        for i in 0..LANES {
            // Lanes without a point run beside the last one.
            let (x, y) = points[i.min(points.len() - 1)];
            for (target, number) in targets.iter().zip([x, y]) {
                match *target {
                    Target::Start(coordinate) => self.x[coordinate][i] = number,
                    Target::Input(input) => self.x[self.dimension + input][i] = number,
                    Target::Slot(slot) => self.slots[slot][i] = number,
                }
            }
            self.is_alive[i] = i < points.len();
        }
        self.mask = self.is_alive.map(|is_alive| f64::from(u8::from(is_alive)));
        self.alive = points.len();
        self.awake = 0;
        self.pixels = vec![Pixel::of(Fate::Unsettled); points.len()];
        self.is_singular = [false; LANES];
        (self.beyond, self.taken) = ([0; LANES], [0; LANES]);
        self.memory.begin(&self.slots, rule.kind);
        self.growth.begin();
        let inputs = self.dimension..self.x.len();
        for place in inputs {
            *self.gradient.lane_mut(place) = self.x[place];
        }
    }

    /// Computes f, ∇f and what else is needed at the iterates.
    fn evaluate(&mut self) {
        let programs = &self.closed.programs;
        let program = if self.has_curvature { &programs.curvature } else { &programs.slope };
        for (place, x) in self.x.iter().enumerate() {
            *self.here.lane_mut(place) = *x;
        }
        self.here.run(program);
    }

    /// Where the results of the last evaluation stand: f, ∇f, ∇²f.
    fn results(&self) -> &'a [usize] {
        let programs = &self.closed.programs;
        if self.has_curvature { &programs.curvature.results } else { &programs.slope.results }
    }

    fn loss(&self) -> &Lane {
        self.here.lane(self.results()[0])
    }

    fn slope(&self, coordinate: usize) -> &Lane {
        self.here.lane(self.results()[1 + coordinate])
    }

    /// The entry (i, j) of the Hessian.
    fn curvature(&self, i: usize, j: usize) -> &Lane {
        self.here.lane(self.results()[1 + self.dimension + entry(self.dimension, i, j)])
    }

    /// ‖∇f‖², summed in the order of the coordinates.
    fn norm_squared(&self) -> Lane {
        let mut sum = [0.0; LANES];
        for coordinate in 0..self.dimension {
            let g = self.slope(coordinate);
            for i in 0..LANES {
                sum[i] += g[i] * g[i];
            }
        }
        sum
    }

    /// λ₁ at the iterate of a lane.
    fn sharpness(&self, lane: usize) -> f64 {
        match self.dimension {
            1 => closed::largest_of_1x1(self.curvature(0, 0)[lane]),
            2 => closed::largest_of_2x2(
                self.curvature(0, 0)[lane],
                self.curvature(0, 1)[lane],
                self.curvature(1, 1)[lane],
            ),
            n => largest_eigenvalue(&DMatrix::from_fn(n, n, |i, j| self.curvature(i, j)[lane])),
        }
    }

    /// Ends the run of a lane at its iterate.
    fn end(&mut self, lane: usize, fate: Fate) {
        let mut pixel = Pixel::of(fate);
        for (last, x) in pixel.last.iter_mut().zip(&self.x[..self.dimension]) {
            *last = x[lane];
        }
        if self.measure == Measure::Share && self.taken[lane] > 0 {
            pixel.share = self.beyond[lane] as f64 / self.taken[lane] as f64;
        }
        if self.measure == Measure::Lyapunov {
            pixel.lyapunov = self.growth.exponent(lane);
        }
        self.pixels[lane] = pixel;
        self.is_alive[lane] = false;
        self.mask[lane] = 0.0;
        self.alive -= 1;
    }

    /// Keeps the iterates after so many steps.
    fn keep(&mut self, step: u64) {
        let place = (step as usize % KEPT) * self.dimension;
        self.kept[place..place + self.dimension].copy_from_slice(&self.x[..self.dimension]);
    }

    /// Whether the iterates after so many steps are among those to keep.
    fn keeps(&self, step: u64) -> bool {
        step + KEPT as u64 > self.closed.steps
    }

    /// Remembers the iterates after so many steps.
    fn mark_at(&mut self, step: u64) {
        self.mark.copy_from_slice(&self.x[..self.dimension]);
        self.marked = step;
    }

    /// What the orbit of a lane does after so many steps, of which the last `known` iterates are
    /// kept.
    fn orbit(&self, lane: usize, steps: u64, known: usize) -> Orbit {
        let at = |back: usize, i: usize| self.kept[((steps as usize - back) % KEPT) * self.dimension + i][lane];
        let mark = Mark { age: (steps - self.marked) as usize, at: |i: usize| self.mark[i][lane] };
        orbit(self.dimension, known, at, mark)
    }

    /// The runs that have used up their steps: a last look at the stopping rules, then at what
    /// their orbits do.
    fn finish(&mut self, steps: u64) {
        self.evaluate();
        self.stop(steps);
        self.keep(steps);
        let known = KEPT.min(steps as usize + 1);
        let is_search = self.closed.rule.kind.is_search();
        let mut open = [false; LANES];
        for lane in 0..LANES {
            if !self.is_alive[lane] {
                continue;
            }
            let orbit = if is_search { Orbit::Approaching } else { self.orbit(lane, steps, known) };
            open[lane] = matches!(orbit, Orbit::Settling | Orbit::Wandering);
            self.end(
                lane,
                match orbit {
                    Orbit::Cycle(period) => Fate::Periodic { period },
                    _ => Fate::Unsettled,
                },
            );
        }
        if open.contains(&true) {
            self.look_later(open, steps);
        }
    }
}
