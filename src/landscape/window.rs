//! The part of the plane (or line) that is seen, and how it is moved.

/// A window narrower than this share of its coordinates would show their rounding.
const FINEST: f64 = 1e-9;
/// The narrowest window whatever its place, and the farthest coordinate.
const LIMITS: (f64, f64) = (1e-150, 1e12);

/// The part of the plane (or line) that is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// x_min, x_max, y_min, y_max.
    pub bounds: [f64; 4],
}

impl Window {
    /// The window with these bounds, if it can be drawn: finite, not farther out and not narrower
    /// than numbers allow.
    pub fn checked(bounds: [f64; 4]) -> Option<Self> {
        let is_fine = |lo: f64, hi: f64| {
            let size = lo.abs().max(hi.abs());
            hi - lo > (FINEST * size).max(LIMITS.0) && size < LIMITS.1
        };
        let [x0, x1, y0, y1] = bounds;
        (is_fine(x0, x1) && is_fine(y0, y1)).then_some(Self { bounds })
    }

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

    /// The picture zoomed out by `factor` around the place at (across, down), and moved by
    /// fractions of its width and height; `None` at the limits.
    pub fn moved(&self, by: (f64, f64), factor: f64, (across, down): (f64, f64)) -> Option<Self> {
        let corner =
            |a: f64, d: f64| self.point(across + factor * (a - across - by.0), down + factor * (d - down - by.1));
        let ((x0, y1), (x1, y0)) = (corner(0.0, 0.0), corner(1.0, 1.0));
        Self::checked([x0, x1, y0, y1])
    }
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

    #[test]
    fn a_picture_dragged_right_shows_what_lay_left_and_zooming_keeps_the_place() {
        let window = Window { bounds: [0.0, 10.0, 0.0, 5.0] };
        let moved = window.moved((0.1, 0.2), 1.0, (0.0, 0.0)).expect("a window");
        for (bound, expected) in moved.bounds.iter().zip([-1.0, 9.0, 1.0, 6.0]) {
            assert!((bound - expected).abs() < 1e-14, "{moved:?}");
        }
        let zoomed = window.moved((0.0, 0.0), 0.5, (0.2, 0.6)).expect("a window");
        let (before, after) = (window.point(0.2, 0.6), zoomed.point(0.2, 0.6));
        assert!((before.0 - after.0).abs() < 1e-14 && (before.1 - after.1).abs() < 1e-14);
        assert!((zoomed.bounds[1] - zoomed.bounds[0] - 5.0).abs() < 1e-14);
    }

    #[test]
    fn what_numbers_cannot_show_is_refused() {
        let mut window = Window { bounds: [1.0, 2.0, -1.0, 1.0] };
        let mut zooms = 0;
        while let Some(next) = window.moved((0.0, 0.0), 0.5, (0.5, 0.5)) {
            (window, zooms) = (next, zooms + 1);
        }
        // 2⁻²⁹ is about 2·10⁻⁹ at 1.5.
        assert!((27..31).contains(&zooms), "{zooms}");
        for bounds in
            [[0.0, f64::INFINITY, 0.0, 1.0], [f64::NAN, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0], [0.0, 1e13, 0.0, 1.0]]
        {
            assert_eq!(Window::checked(bounds), None);
        }
        assert!(Window::checked([-1e-9, 1e-9, 0.0, 1.0]).is_some());
    }
}
