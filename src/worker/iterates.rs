//! The iterates of a run that a worker keeps, so that the page can look at them after the run has
//! gone on: those of a network have too many coordinates to be sent with every row.
//!
//! At first all are kept. Each time they take more than [`MOST_BYTES`] every other one is
//! forgotten, so that those kept are always evenly spaced, and half as far apart as they would be
//! at twice the room.

/// Bytes that the kept iterates of one run take at the most.
pub const MOST_BYTES: usize = 64 << 20;

/// See the module's header.
#[derive(Debug)]
pub struct Iterates {
    /// Iterates of the steps 0, `spacing`, 2·`spacing`, …
    kept: Vec<Box<[f64]>>,
    spacing: u64,
    most_bytes: usize,
}

impl Default for Iterates {
    fn default() -> Self {
        Self::within(MOST_BYTES)
    }
}

impl Iterates {
    fn within(most_bytes: usize) -> Self {
        Self { kept: Vec::new(), spacing: 1, most_bytes }
    }

    /// Keeps the iterate of a step, if its turn has come. Steps come in order.
    pub fn keep(&mut self, step: u64, iterate: &[f64]) {
        if step != self.kept.len() as u64 * self.spacing {
            return;
        }
        self.kept.push(iterate.into());
        // The start and one more stay in any case.
        while self.kept.len() > 2 && self.kept.len() * size_of_val(iterate) > self.most_bytes {
            let mut place = 0;
            self.kept.retain(|_| {
                place += 1;
                place % 2 == 1
            });
            self.spacing *= 2;
        }
    }

    /// Forgets what comes after a step: it is computed again.
    pub fn forget_after(&mut self, step: u64) {
        self.kept.truncate((step / self.spacing + 1) as usize);
    }

    /// The last iterate kept up to a step, with its own step.
    pub fn at(&self, step: u64) -> Option<(u64, &[f64])> {
        let place = (step / self.spacing).min((self.kept.len() as u64).checked_sub(1)?);
        Some((place * self.spacing, self.kept.get(place as usize)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_kept_while_there_is_room_and_evenly_spaced_ones_beyond() {
        let mut iterates = Iterates::within(10 * 16);
        assert_eq!(iterates.at(3), None);
        for step in 0..1000 {
            iterates.keep(step, &[step as f64, 0.5]);
            assert!(iterates.kept.len() <= 10);
            let (found, iterate) = iterates.at(step).expect("the start is kept");
            assert_eq!(iterate, [found as f64, 0.5]);
            // Nine at least are kept of any run that is long enough, but for the one just halved.
            assert!(step - found <= step / 5, "{found} for {step}");
            if step < 10 {
                assert_eq!(found, step);
            }
        }
        assert_eq!(iterates.at(0), Some((0, &[0.0, 0.5][..])));
        assert_eq!(iterates.at(u64::MAX).map(|(step, _)| step), Some(896));
    }

    #[test]
    fn what_comes_after_a_step_can_be_computed_again() {
        let mut iterates = Iterates::within(10 * 16);
        (0..100).for_each(|step| iterates.keep(step, &[step as f64, 0.5]));
        iterates.forget_after(57);
        assert_eq!(iterates.at(99).map(|(step, _)| step), Some(48));
        (58..100).for_each(|step| iterates.keep(step, &[-(step as f64), 0.5]));
        assert_eq!(iterates.at(99), Some((96, &[-96.0, 0.5][..])));
    }

    #[test]
    fn one_that_is_larger_than_the_room_is_kept_all_the_same() {
        let mut iterates = Iterates::within(8);
        for step in 0..100 {
            iterates.keep(step, &[1.0, 2.0, 3.0]);
            assert!(iterates.kept.len() <= 2);
        }
        assert_eq!(iterates.at(100).map(|(step, _)| step), Some(64));
    }
}
