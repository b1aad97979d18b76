//! The pen that draws a line in pixels: it cuts the line where it leaves the plot and marks where,
//! and ends it where there is no value.

use super::{Plot, Trace};
use crate::chart::axis::Axis;

/// Draws on from value to value, in pixels.
pub(super) struct Pen<'a> {
    trace: &'a mut Trace,
    y: &'a Axis,
    plot: &'a Plot,
    /// Whether lines run on over rows without a value.
    bridges: bool,
    piece: Vec<(f64, f64)>,
    /// The point that was drawn to last, in or outside of the plot.
    last: Option<(f64, f64)>,
    is_above: bool,
    is_below: bool,
}

impl<'a> Pen<'a> {
    /// A pen that is lifted, over a trace.
    pub(super) fn new(trace: &'a mut Trace, y: &'a Axis, plot: &'a Plot, bridges: bool) -> Self {
        Self { trace, y, plot, bridges, piece: Vec::new(), last: None, is_above: false, is_below: false }
    }

    /// The rectangle that is drawn in.
    pub(super) fn plot(&self) -> &'a Plot {
        self.plot
    }

    /// Draws on to a value, if it is one.
    pub(super) fn point(&mut self, at: f64, value: f64) {
        if value.is_finite() {
            self.note_outside(at, value, value);
            self.draw_to(at, value);
        } else {
            self.skip();
        }
    }

    /// Where there is no value the line ends, unless gaps are bridged.
    pub(super) fn skip(&mut self) {
        if !self.bridges {
            self.lift();
        }
    }

    /// Draws on through the values of a column; the line ends where it has none.
    pub(super) fn column(&mut self, at: f64, values: [f64; 4]) {
        let finite = || values.into_iter().filter(|value| value.is_finite());
        let (min, max) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (lo.min(v), hi.max(v)));
        if min > max {
            return self.lift();
        }
        self.note_outside(at, min, max);
        finite().for_each(|value| self.draw_to(at, value));
    }

    /// Draws on to where the line between two points, given by pixel and value, meets the edge at
    /// `at`; to nowhere if one of them has no value.
    pub(super) fn edge(&mut self, at: f64, from: (f64, f64), to: (f64, f64)) {
        if !(from.1.is_finite() && to.1.is_finite()) {
            return self.skip();
        }
        let (begin, end) = (self.pixel(from.1), self.pixel(to.1));
        self.go_to((at, begin + (end - begin) * (at - from.0) / (to.0 - from.0)));
    }

    /// Draws on to a value.
    fn draw_to(&mut self, at: f64, value: f64) {
        self.go_to((at, self.pixel(value)));
    }

    /// Draws on to a pixel, cutting off what lies outside of the plot.
    fn go_to(&mut self, to: (f64, f64)) {
        if self.last == Some(to) {
            return;
        }
        let is_inside = |y: f64| (self.plot.top..=self.plot.bottom).contains(&y);
        if let Some(from) = self.last
            && !(is_inside(from.1) && is_inside(to.1))
        {
            if let Some((enters, leaves)) = self.cut(from, to) {
                if !is_inside(from.1) {
                    self.end_piece();
                    self.piece.push(enters);
                }
                self.piece.push(leaves);
            }
            if !is_inside(to.1) {
                self.end_piece();
            }
        } else if is_inside(to.1) {
            self.piece.push(to);
        }
        self.last = Some(to);
    }

    /// The pixel of a value, unbounded; what has none on a logarithmic axis lies on its floor.
    fn pixel(&self, value: f64) -> f64 {
        let fraction = self.y.fraction(value);
        if fraction == f64::NEG_INFINITY {
            return self.plot.bottom;
        }
        self.plot.bottom - fraction * (self.plot.bottom - self.plot.top)
    }

    /// The part of a segment inside of the plot's upper and lower edge.
    fn cut(&self, from: (f64, f64), to: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
        let (top, bottom) = (self.plot.top, self.plot.bottom);
        let at = |y: f64| (from.0 + (to.0 - from.0) * (y - from.1) / (to.1 - from.1), y);
        if (from.1 < top && to.1 < top) || (from.1 > bottom && to.1 > bottom) {
            return None;
        }
        let hold = |point: (f64, f64)| {
            if point.1 < top {
                at(top)
            } else if point.1 > bottom {
                at(bottom)
            } else {
                point
            }
        };
        Some((hold(from), hold(to)))
    }

    /// Marks where the line leaves the plot, once for each time it does.
    pub(super) fn note_outside(&mut self, at: f64, min: f64, max: f64) {
        let is_above = self.y.fraction(max) > 1.0;
        if is_above && !self.is_above {
            self.trace.above.push(at);
        }
        self.is_above = is_above;
        let is_below = self.y.fraction(min) < 0.0;
        if is_below && !self.is_below {
            self.trace.below.push(at);
        }
        self.is_below = is_below;
    }

    /// Ends the line.
    pub(super) fn lift(&mut self) {
        self.last = None;
        self.end_piece();
    }

    fn end_piece(&mut self) {
        if !self.piece.is_empty() {
            self.trace.pieces.push(std::mem::take(&mut self.piece));
        }
    }
}
