//! A run's iterates as a line with a fading tail: pale where it is old, strong where it is new.
//!
//! Where steps are long enough on the screen, the newest iterates are dots, full at even steps and
//! hollow at odd ones: an orbit of period two shows as two clusters of different dots.

use plotters::style::RGBColor;

use super::brush::Brush;

/// Steps that are drawn one by one, the last ones strongest.
const TAIL: usize = 240;
/// Groups of falling strength that the tail is drawn in.
const FADES: usize = 8;
/// Older steps drawn at the most, in pairs so that an oscillation keeps both its sides.
const OLDER: usize = 1_200;
/// Iterates that are dots at the most.
const DOTS: usize = 24;
/// A step at least this long on the screen has room for dots, in CSS pixels at the usual size.
const ROOM: f64 = 9.0;

/// How a trail is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Its color.
    pub color: RGBColor,
    /// The page's, for what is hollow and for halos.
    pub page: RGBColor,
    /// Width of a line in CSS pixels.
    pub weight: f64,
    /// Whether the run is a ghost.
    pub is_ghost: bool,
    /// Whether even and odd steps are told apart.
    pub parity: bool,
    /// Whether a halo sets the line off from what lies under it.
    pub halo: bool,
}

/// Draws the iterates up to row `now`; `point` gives the pixel of a row, if it has one.
pub fn draw(brush: &Brush, point: &dyn Fn(usize) -> Option<(f64, f64)>, now: usize, style: Style) {
    let tail = now.saturating_sub(TAIL);
    let strength = if style.is_ghost { 0.35 } else { 1.0 };
    let Style { color, weight, .. } = style;
    if tail > 0 {
        let stride = (2 * tail).div_ceil(OLDER).max(2);
        let rows = (0..tail).step_by(stride).flat_map(|row| [row, row + 1]).chain([tail]);
        brush.line(rows.filter_map(point), color, 0.2 * strength, weight * 0.7);
    }
    if style.halo {
        brush.line((tail..=now).filter_map(point), style.page, 0.4 * strength, weight + 1.5);
    }
    for fade in 0..FADES {
        let bound = |place: usize| tail + (now - tail) * place / FADES;
        let share = (fade + 1) as f64 / FADES as f64;
        let opacity = (0.2 + 0.65 * share * share) * strength;
        brush.line((bound(fade)..=bound(fade + 1)).filter_map(point), color, opacity, weight * 0.85);
    }
    if style.is_ghost {
        return;
    }
    if style.parity {
        dots(brush, point, now, style);
    }
    if let Some(at) = point(now) {
        brush.disc(at, 5.0, (color, 1.0), RGBColor(255, 255, 255), 1.75);
    }
}

fn dots(brush: &Brush, point: &dyn Fn(usize) -> Option<(f64, f64)>, now: usize, style: Style) {
    let first = now.saturating_sub(DOTS);
    for row in first..now {
        let (Some(at), Some(next)) = (point(row), point(row + 1)) else { continue };
        if (next.0 - at.0).hypot(next.1 - at.1) >= brush.scaled(ROOM) {
            let fill = if row % 2 == 0 { style.color } else { style.page };
            brush.disc(at, 2.6, (fill, 1.0), style.color, 1.25);
        }
    }
}
