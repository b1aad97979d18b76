//! The last records of a run: as much as a phase is judged by.

/// How many are looked back upon.
const WINDOW: usize = 24;

/// How many steps show whether the loss goes up and down.
const JAGGED_WINDOW: usize = 8;

/// How many turns in them say that it does.
const JAGGED_TURNS: usize = 4;

/// By which factor ‖∇f‖ may change over a full window and still rest.
const REST: f64 = 1.1;

/// By which factor ‖∇f‖ may fall at every step of a slow descent: 3 times over a window, where the loss falls 10 times.
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

    /// At how many iterates in a row the loss has been above, and below, that of two steps before: a loss that alternates about what it
    /// converges to, or grows from, converges or grows all the same.
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

    /// Whether λ₁ is above where the window begins, and rises now: its last two values are on average above the two before, so that an
    /// oscillation from step to step is none.
    pub fn sharpness_rises(&self) -> bool {
        let at = |ago| self.ago(&self.sharpness, ago);
        let slack = RISE * at(0).abs();
        let rises_now = match self.len() {
            0 | 1 => false,
            2 | 3 => at(0) > at(1) + slack,
            _ => at(0) + at(1) > at(2) + at(3) + slack,
        };
        rises_now && at(0) > at(self.len() - 1)
    }

    /// Whether λ₁ has moved since the loss was least, by more than a thousandth: on a parabola it never does.
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

    /// Whether the loss neither grows nor converges steadily: compared over two steps it has risen and fallen within the window; or
    /// ‖∇f‖, which no constant in the loss hides, rests over a full window; or both fall slowly while the product reaches above 2.
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

    /// Whether the loss goes up and down from step to step, as under a nonmonotone line search: then a high value is no
    /// catapult.
    pub fn is_jagged(&self) -> bool {
        let loss = |ago| self.ago(&self.losses, ago);
        let turns = (0..JAGGED_WINDOW - 1).filter(|&i| (loss(i) > loss(i + 1)) != (loss(i + 1) > loss(i + 2)));
        turns.count() >= JAGGED_TURNS
    }
}
