//! The shapes of a network, and where each weight stands in the vector x of parameters.

use std::ops::Range;

/// A multilayer perceptron's layers: layer l = 1…L takes a vector of `widths[l − 1]` entries to
/// W·a + b with `widths[l]` entries.
///
/// In x stand W₁ row after row (one row an output), b₁, W₂, b₂ and so on: PyTorch's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layers {
    widths: Vec<usize>,
    has_bias: bool,
}

impl Layers {
    /// Layers between these widths, the inputs' first and the outputs' last.
    #[must_use]
    pub fn new(widths: Vec<usize>, has_bias: bool) -> Self {
        Self { widths, has_bias }
    }

    /// The number L of layers.
    #[must_use]
    pub fn count(&self) -> usize {
        self.widths.len().saturating_sub(1)
    }

    /// The width after layer l; that of the inputs for l = 0.
    #[must_use]
    pub fn width(&self, l: usize) -> usize {
        self.widths[l]
    }

    /// The number of parameters.
    #[must_use]
    pub fn parameters(&self) -> usize {
        (1..=self.count()).map(|l| self.size(l)).sum()
    }

    /// Where layer l's weights stand in x.
    #[must_use]
    pub fn weights(&self, l: usize) -> Range<usize> {
        let first: usize = (1..l).map(|l| self.size(l)).sum();
        first..first + self.widths[l - 1] * self.widths[l]
    }

    /// Where layer l's biases stand in x; an empty range if there are none.
    #[must_use]
    pub fn biases(&self, l: usize) -> Range<usize> {
        let first = self.weights(l).end;
        first..first + if self.has_bias { self.widths[l] } else { 0 }
    }

    fn size(&self, l: usize) -> usize {
        self.widths[l] * (self.widths[l - 1] + usize::from(self.has_bias))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_stand_layer_by_layer() {
        let layers = Layers::new(vec![1, 30, 20, 1], true);
        assert_eq!((layers.count(), layers.parameters()), (3, 701));
        assert_eq!((layers.weights(1), layers.biases(1)), (0..30, 30..60));
        assert_eq!((layers.weights(2), layers.biases(2)), (60..660, 660..680));
        assert_eq!((layers.weights(3), layers.biases(3)), (680..700, 700..701));
        let bare = Layers::new(vec![64, 64, 10], false);
        assert_eq!((bare.parameters(), bare.biases(1), bare.weights(2)), (64 * 74, 4096..4096, 4096..4736));
    }

    /// The digits network of the reproduction.
    #[test]
    fn the_digits_network_has_17_290_parameters() {
        assert_eq!(Layers::new(vec![64, 64, 64, 64, 64, 10], true).parameters(), 17_290);
    }
}
