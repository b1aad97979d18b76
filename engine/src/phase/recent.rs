//! The last records of a run: as much as a phase is judged by.

/// How many are looked back upon.
const WINDOW: usize = 24;

/// How many steps show whether the loss goes up and down.
const JAGGED_WINDOW: usize = 8;

/// How many turns in them say that it does.
const JAGGED_TURNS: usize = 4;

/// By which factor ‖∇f‖ may change over a full window and still rest.
const REST: f64 = 1.1;

/// By which factor ‖∇f‖ may fall at every step of a slow descent: 3 times over a window, where the
/// loss falls 10 times.
const SLOW: f64 = 0.95;

/// A difference of λ₁ below this part of it is rounding.
const RISE: f64 = 1e-12;

/// Loss, ‖∇f‖, sharpness and product at the last iterates, in a ring.
#[derive(Clone, Debug, Default)]
pub(super) struct Recent {
    losses: [f64; WINDOW],
    gradients: [f64; WINDOW],
    sharpness: [f64; WINDOW],
    products: [f64; WINDOW],

    /// How many have been seen in all.
    seen: usize,

    /// At how many iterates in a row the loss has been above, and below, that of two steps before:
    /// a loss that alternates about what it converges to, or grows from, converges or grows all the
    /// same.
    rising: usize,
    falling: usize,
}

impl Recent {
    pub fn push(&mut self, loss: f64, gradient_norm: f64, sharpness: f64, product: f64) {
        let before = self.ago(&self.losses, 1);
        self.rising = if loss > before { self.rising + 1 } else { 0 };
        self.falling = if loss < before { self.falling + 1 } else { 0 };
        let place = self.seen % WINDOW;
        self.losses[place] = loss;
        self.gradients[place] = gradient_norm;
        self.sharpness[place] = sharpness;
        self.products[place] = product;
        self.seen += 1;
    }

    pub fn is_full(&self) -> bool {
        self.seen >= WINDOW
    }

    /// Whether there is nothing to look back upon.
    pub fn is_first(&self) -> bool {
        self.seen <= 1
    }

    /// How many are looked back upon.
    pub fn len(&self) -> usize {
        self.seen.min(WINDOW)
    }

    /// The value so many iterates ago; 0 is the last.
    fn ago(&self, values: &[f64; WINDOW], ago: usize) -> f64 {
        if ago < self.len() { values[(self.seen - 1 - ago) % WINDOW] } else { f64::NAN }
    }

    pub fn last_product(&self) -> f64 {
        self.ago(&self.products, 0)
    }

    pub fn product_range(&self) -> (f64, f64) {
        let products = &self.products[..self.len()];
        products.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &p| (low.min(p), high.max(p)))
    }

    pub fn mean_product(&self) -> f64 {
        self.products[..self.len()].iter().sum::<f64>() / self.len() as f64
    }

    /// Whether λ₁ is above where the window begins, and rises now: its last two values are on
    /// average above the two before, so that an oscillation from step to step is none.
    pub fn sharpness_rises(&self) -> bool {
        let at = |ago| self.ago(&self.sharpness, ago);
        let slack = RISE * at(0).abs();
        let rises_now = match self.len() {
            // Of one value alone nothing is known: it is above no number.
            0..=3 => at(0) > at(1) + slack,
            _ => at(0) + at(1) > at(2) + at(3) + slack,
        };
        rises_now && at(0) > at(self.len() - 1)
    }

    /// Whether λ₁ has moved since the loss was least, by more than a thousandth: on a parabola it
    /// never does.
    pub fn sharpness_has_moved(&self) -> bool {
        let least = (0..self.len()).min_by(|a, b| self.ago(&self.losses, *a).total_cmp(&self.ago(&self.losses, *b)));
        let (then, now) = (self.ago(&self.sharpness, least.unwrap_or(0)), self.ago(&self.sharpness, 0));
        (now - then).abs() > 1e-3 * then.abs()
    }

    /// The last loss over the least one.
    pub fn loss_growth(&self) -> f64 {
        let least = self.losses[..self.len()].iter().fold(f64::INFINITY, |least, &loss| least.min(loss));
        self.ago(&self.losses, 0) / least
    }

    pub fn loss_is_rising(&self) -> bool {
        self.ago(&self.losses, 0) > self.ago(&self.losses, 2)
    }

    /// Whether the loss neither grows nor converges steadily: compared over two steps it has risen
    /// and fallen within the window; or ‖∇f‖, which no constant in the loss hides, rests over a
    /// full window; or both fall slowly while the product reaches above 2.
    pub fn loss_wavers(&self) -> bool {
        let steps = self.len().saturating_sub(2);
        if self.rising < steps && self.falling < steps {
            return true;
        }
        // An even number of steps apart: on an orbit of two points neighbors differ.
        let back = self.len().saturating_sub(1) / 2 * 2;
        let (first, last) = (self.ago(&self.gradients, back), self.ago(&self.gradients, 0));
        if self.is_full() && last <= REST * first && first <= REST * last {
            return true;
        }
        let slowest = (0..back).fold(first, |norm, _| SLOW * norm);
        self.falling >= steps && last >= slowest && self.product_range().1 > 2.0
    }

    /// Whether the loss goes up and down from step to step, as under a nonmonotone line search:
    /// then a high value is no catapult.
    pub fn is_jagged(&self) -> bool {
        let loss = |ago| self.ago(&self.losses, ago);
        // Between two losses above it or below it; one that is as large as its neighbor is no turn.
        let is_turn = |i: usize| {
            let (after, here, before) = (loss(i), loss(i + 1), loss(i + 2));
            (after > here && here < before) || (after < here && here > before)
        };
        (0..JAGGED_WINDOW - 1).filter(|&i| is_turn(i)).count() >= JAGGED_TURNS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is known after records of (loss, ‖∇f‖, λ₁, product).
    fn after(records: &[(f64, f64, f64, f64)]) -> Recent {
        let mut recent = Recent::default();
        records.iter().for_each(|&(loss, norm, sharpness, product)| recent.push(loss, norm, sharpness, product));
        recent
    }

    /// After these losses, all else being 1.
    fn losses(losses: &[f64]) -> Recent {
        after(&losses.iter().map(|loss| (*loss, 1.0, 1.0, 1.0)).collect::<Vec<_>>())
    }

    /// After these values of λ₁.
    fn sharpness(values: &[f64]) -> Recent {
        after(&values.iter().map(|value| (1.0, 1.0, *value, 1.0)).collect::<Vec<_>>())
    }

    #[test]
    fn the_last_window_is_looked_back_upon_and_no_more() {
        let counted = |count: usize| after(&(0..count).map(|k| (1.0, 1.0, 1.0, k as f64)).collect::<Vec<_>>());
        let (empty, one, two) = (counted(0), counted(1), counted(2));
        assert_eq!((empty.is_first(), one.is_first(), two.is_first()), (true, true, false));
        assert!(empty.last_product().is_nan());
        assert_eq!((two.len(), two.last_product(), two.mean_product(), two.product_range()), (2, 1.0, 0.5, (0.0, 1.0)));
        let (short, full, long) = (counted(WINDOW - 1), counted(WINDOW), counted(30));
        assert_eq!((short.is_full(), full.is_full(), short.len(), full.len()), (false, true, 23, 24));
        // 6 … 29 are left of 30.
        assert_eq!((long.product_range(), long.mean_product(), long.last_product()), ((6.0, 29.0), 17.5, 29.0));
        assert_eq!((long.ago(&long.products, 23), long.ago(&long.products, 24).is_nan()), (6.0, true));
    }

    #[test]
    fn the_sharpness_rises_if_it_is_above_the_window_s_first_and_rises_now() {
        for (values, rises) in [
            ([1.0].as_slice(), false),
            (&[1.0, 2.0], true),
            (&[1.0, 1.0 + 1e-13], false),
            (&[2.0, 1.0], false),
            (&[1.0, 3.0, 2.0], false),
            (&[3.0, 1.0, 2.0], false),
            (&[1.0, 2.0, 3.0], true),
            // The last two against the two before: 3 + 2 against 1 + 3.5.
            (&[1.0, 3.5, 3.0, 2.0], true),
            (&[1.0, 4.5, 3.0, 2.0], false),
            (&[1.0, 4.0, 3.0, 2.0], false),
            // Rising now, and still below where the window began.
            (&[9.0, 1.0, 2.0, 3.0, 4.0], false),
            (&[1.0, 1.0, 2.0, 3.0, 4.0], true),
            // At the value where the window began it is not above it.
            (&[2.0, 0.0, 0.0, 2.0, 2.0], false),
            // Resting at 0, where no rounding is allowed for.
            (&[-1.0, 0.0, 0.0], false),
            (&[-1.0, 0.0, 0.0, 0.0, 0.0], false),
            // Rounding is a part of λ₁, large or small.
            (&[1e6, 1e6 + 1e-7], false),
            (&[1e6, 1e6 + 1e-5], true),
            (&[1e-6, 1e-6 + 1e-19], false),
            (&[1e-6, 1e-6 + 1e-17], true),
        ] {
            assert_eq!(sharpness(values).sharpness_rises(), rises, "{values:?}");
        }
        // What lies before the window does not count: the first 99 is forgotten after 24 more.
        let forgotten: Vec<f64> = [99.0].into_iter().chain((0..24).map(f64::from)).collect();
        assert!(sharpness(&forgotten).sharpness_rises() && !sharpness(&forgotten[..20]).sharpness_rises());
    }

    #[test]
    fn the_sharpness_has_moved_since_the_loss_was_least() {
        let moved = |records: &[(f64, f64)]| {
            let records: Vec<_> = records.iter().map(|(loss, sharpness)| (*loss, 1.0, *sharpness, 1.0)).collect();
            after(&records).sharpness_has_moved()
        };
        assert!(moved(&[(1.0, 4.0), (2.0, 4.01)]) && moved(&[(1.0, 4.0), (2.0, 3.99)]));
        assert!(!moved(&[(1.0, 4.0), (2.0, 4.003)]) && !moved(&[(1.0, 4.0), (2.0, 4.0)]));
        assert!(moved(&[(1.0, -4.0), (2.0, -4.01)]) && !moved(&[(1.0, -4.0), (2.0, -4.003)]));
        assert!(!moved(&[(1.0, 0.0), (2.0, 0.0)]), "where there is no curvature nothing moves");
        // Since the least loss, not since the first.
        assert!(!moved(&[(3.0, 9.0), (1.0, 4.0), (2.0, 4.0)]));
    }

    #[test]
    fn growth_is_held_against_the_least_loss_and_rising_against_two_steps_before() {
        assert_eq!(losses(&[4.0, 2.0, 5.0]).loss_growth(), 2.5);
        assert_eq!(losses(&[4.0]).loss_growth(), 1.0);
        assert!(losses(&[1.0, 9.0, 2.0]).loss_is_rising() && !losses(&[2.0, 0.0, 2.0]).loss_is_rising());
        assert!(!losses(&[3.0, 1.0, 2.0]).loss_is_rising());
    }

    #[test]
    fn a_loss_wavers_unless_it_rises_or_falls_at_every_step() {
        let rising: Vec<f64> = (0..12).map(f64::from).collect();
        let falling: Vec<f64> = rising.iter().rev().copied().collect();
        assert!(!losses(&rising).loss_wavers() && !losses(&falling).loss_wavers());
        // Alternating about what grows is growth: 0, 1, 0.5, 1.5, 1, 2, …
        let alternating = |k: usize| 0.5 * (k / 2) as f64 + (k % 2) as f64;
        assert!(!losses(&(0..12).map(alternating).collect::<Vec<_>>()).loss_wavers());
        // One step that is the same as two before, or against the trend, is enough.
        let mut level = rising.clone();
        level[6] = level[4];
        let mut rest = falling.clone();
        rest[6] = rest[4];
        assert!(losses(&rest).loss_wavers());
        let mut back = falling.clone();
        back[6] = back[4] + 0.5;
        assert!(losses(&level).loss_wavers() && losses(&back).loss_wavers());
        // A fall at step 3 counts until it leaves the window.
        let again: Vec<_> =
            [5.0, 20.0].into_iter().chain((10..36).map(f64::from)).map(|loss| (loss, loss, 1.0, 1.0)).collect();
        assert!(after(&again[..20]).loss_wavers() && !after(&again).loss_wavers());
    }

    #[test]
    fn a_gradient_that_rests_over_a_full_window_wavers_and_a_slow_fall_above_the_threshold_too() {
        // The loss falls at every step; ‖∇f‖ changes by `factor` in all.
        let resting = |rows: usize, factor: f64| {
            let back = (rows - 1) / 2 * 2;
            let norm = |k: usize| if k + 1 + back <= rows { 10.0 } else { 10.0 * factor };
            after(&(0..rows).map(|k| (-(k as f64), norm(k), 1.0, 1.0)).collect::<Vec<_>>()).loss_wavers()
        };
        assert!(resting(24, 1.09) && resting(24, 0.92) && !resting(24, 1.11) && !resting(24, 0.9));
        assert!(!resting(23, 1.0), "the window is not full");
        let slow = |rate: f64, product: f64| {
            let norm = |k: usize| libm::pow(rate, k as f64);
            after(&(0..10).map(|k| (-(k as f64), norm(k), 1.0, product)).collect::<Vec<_>>()).loss_wavers()
        };
        assert!(slow(0.96, 2.1) && !slow(0.94, 2.1) && !slow(0.96, 2.0));
        // A loss that grows slowly is no edge.
        let growing = after(&(0..10).map(|k| (f64::from(k), 1.0, 1.0, 2.1)).collect::<Vec<_>>());
        assert!(!growing.loss_wavers());
    }

    #[test]
    fn a_loss_is_jagged_with_four_turns_in_the_last_eight_steps() {
        assert!(losses(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0]).is_jagged());
        assert!(!losses(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]).is_jagged());
        // Stairs are no turns, up or down.
        let stairs = [5.0, 4.0, 4.0, 3.0, 3.0, 2.0, 2.0, 1.0, 1.0];
        assert!(!losses(&stairs).is_jagged() && !losses(&stairs.map(|loss| -loss)).is_jagged());
        // Turns at 2, 1, 2 and 1, then at three of them.
        assert!(losses(&[0.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 3.0, 4.0]).is_jagged());
        assert!(!losses(&[0.0, 1.0, 2.0, 1.0, 2.0, 1.0, 0.5, 0.4, 0.3]).is_jagged());
    }
}
