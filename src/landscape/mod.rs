//! The landscape: for two variables the loss as bands of color with the trajectories on it, for one the graph of f with the iterates.
//!
//! The grid of losses and sharpnesses comes from a worker ([`crate::protocol::Survey`]); here it is only turned into pixels.

pub mod contour;
pub mod field;
pub mod paint;

/// The part of the plane (or line) that is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// x_min, x_max, y_min, y_max.
    pub bounds: [f64; 4],
}

impl Window {
    /// The window of an objective, widened so that `start` lies well inside.
    pub fn around(view: [f64; 4], start: &[f64]) -> Self {
        let mut bounds = view;
        for (axis, value) in start.iter().take(2).enumerate() {
            let (lo, hi) = (2 * axis, 2 * axis + 1);
            let margin = 0.08 * (bounds[hi] - bounds[lo]);
            bounds[lo] = bounds[lo].min(value - margin);
            bounds[hi] = bounds[hi].max(value + margin);
        }
        Self { bounds }
    }

    /// Where a point lies: (0, 0) at the upper left corner, (1, 1) at the lower right.
    pub fn fractions(&self, x: f64, y: f64) -> (f64, f64) {
        let [x0, x1, y0, y1] = self.bounds;
        ((x - x0) / (x1 - x0), (y1 - y) / (y1 - y0))
    }

    /// The point at fractions of the picture.
    pub fn point(&self, across: f64, down: f64) -> (f64, f64) {
        let [x0, x1, y0, y1] = self.bounds;
        (x0 + across * (x1 - x0), y1 + down * (y0 - y1))
    }
}

/// What a worker has found over a window.
#[derive(Clone, Debug)]
pub struct Terrain {
    /// Where.
    pub window: Window,
    /// Points across.
    pub columns: usize,
    /// Points down.
    pub rows: usize,
    /// f, row by row from the top.
    pub values: Vec<f64>,
    /// λ₁, likewise.
    pub sharpness: Vec<f64>,
    /// The known infimum of f, or NaN.
    pub minimum: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_fractions_undo_each_other() {
        let window = Window { bounds: [-2.0, 3.0, -1.0, 4.0] };
        assert_eq!(window.fractions(-2.0, 4.0), (0.0, 0.0));
        let (x, y) = window.point(0.3, 0.8);
        let (across, down) = window.fractions(x, y);
        assert!((across - 0.3).abs() < 1e-15 && (down - 0.8).abs() < 1e-15);
    }

    #[test]
    fn a_start_outside_widens_the_window() {
        let window = Window::around([-1.0, 1.0, -1.0, 1.0], &[5.0, 0.0]);
        assert!(window.bounds[1] > 5.0);
        assert_eq!(window.bounds[2..], [-1.0, 1.0]);
    }
}
