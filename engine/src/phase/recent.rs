//! The last records of a run: as much as a phase is judged by.

/// How many are looked back upon.
const WINDOW: usize = 24;

/// How many steps show whether the loss goes up and down.
const JAGGED_WINDOW: usize = 8;

/// How many turns in them say that it does.
const JAGGED_TURNS: usize = 4;

/// Loss, sharpness and product at the last iterates, in a ring.
#[derive(Clone, Debug, Default)]
pub(super) struct Recent {
    losses: [f64; WINDOW],
    sharpness: [f64; WINDOW],
    products: [f64; WINDOW],

    /// How many have been seen in all.
    seen: usize,
}

impl Recent {
    pub fn push(&mut self, loss: f64, sharpness: f64, product: f64) {
        let place = self.seen % WINDOW;
        self.losses[place] = loss;
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

    fn len(&self) -> usize {
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

    pub fn sharpness_has_risen(&self) -> bool {
        self.ago(&self.sharpness, 0) > self.ago(&self.sharpness, self.len().saturating_sub(1))
    }

    /// The last loss over the least one.
    pub fn loss_growth(&self) -> f64 {
        let least = self.losses[..self.len()].iter().fold(f64::INFINITY, |least, &loss| least.min(loss));
        self.ago(&self.losses, 0) / least
    }

    pub fn loss_is_rising(&self) -> bool {
        self.ago(&self.losses, 0) > self.ago(&self.losses, 2)
    }

    /// Whether the loss goes up and down from step to step, as under a nonmonotone line search: then a high value is no
    /// catapult.
    pub fn is_jagged(&self) -> bool {
        let loss = |ago| self.ago(&self.losses, ago);
        let turns = (0..JAGGED_WINDOW - 1).filter(|&i| (loss(i) > loss(i + 1)) != (loss(i + 1) > loss(i + 2)));
        turns.count() >= JAGGED_TURNS
    }
}
