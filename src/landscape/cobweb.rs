//! The web of one variable: the map x ↦ x − ηf′(x) with the diagonal, and the selected run going to
//! and fro between them.
//!
//! Where the map crosses the diagonal is a critical point; it holds what comes near if the map's
//! slope there, 1 − ηf″, lies between −1 and 1, which is η·λ₁ < 2.

use web_sys::HtmlCanvasElement;

use crate::{
    chart::{Size, axis::short},
    landscape::{
        brush::Brush,
        paint::{Scene, abscissa},
    },
};

/// Steps of the web.
const STEPS: usize = 80;
/// Groups of falling strength that it is drawn in.
const FADES: usize = 8;

/// Paints the web with the step size of the selected run at the step shown.
pub fn paint(on: &HtmlCanvasElement, scene: &Scene<'_>, size: Size) {
    let Some(brush) = Brush::new(on, size, scene.view.type_scale()) else { return };
    brush.clear(scene.palette);
    let palette = scene.palette;
    let [x_min, x_max, ..] = scene.window.bounds;
    let bottom = abscissa(&brush, scene);
    let at = |x: f64, y: f64| {
        let (across, _) = brush.place(scene.window.fractions(x, 0.0));
        let share = ((y - x_min) / (x_max - x_min)).clamp(-50.0, 50.0);
        (across, bottom - share * bottom)
    };
    let (Some(terrain), Some(run)) = (scene.terrain, scene.selected()) else { return };
    let row = scene.row(run);
    let color = palette.run(run.color);
    brush.line([at(x_min, x_min), at(x_max, x_max)], palette.muted, 0.8, brush.scaled(1.0));
    if let Some(eta) = run.history.step_size(row).filter(|eta| eta.is_finite()) {
        let points = terrain.gradient.iter().enumerate().map(|(i, slope)| {
            let (x, _) = terrain.window.point(i as f64 / (terrain.columns - 1).max(1) as f64, 0.0);
            at(x, x - eta * slope)
        });
        brush.line(points, palette.ink, 0.85, scene.weight);
        brush.label_on_halo(
            &format!("x − ηf′(x), η = {}", short(eta)),
            (size.width - 8.0, brush.scaled(16.0)),
            palette.ink,
            palette.page,
            "right",
        );
    }
    let Some(x) = run.history.coordinates().first() else { return };
    let first = row.saturating_sub(STEPS);
    for fade in 0..FADES {
        let bound = |place: usize| first + (row - first) * place / FADES;
        let corners = (bound(fade)..bound(fade + 1)).flat_map(|row| {
            let (here, there) = (x.get(row).unwrap_or(f64::NAN), x.get(row + 1).unwrap_or(f64::NAN));
            [at(here, here), at(here, there), at(there, there)]
        });
        let share = (fade + 1) as f64 / FADES as f64;
        brush.line(corners, color, 0.2 + 0.65 * share * share, scene.weight * 0.85);
    }
    if let Some(now) = x.get(row).filter(|x| x.is_finite()) {
        brush.disc(at(now, now), 5.0, (color, 1.0), palette.page, 1.75);
    }
    if let Some(looked) = scene.looked_at.and_then(|step| x.get(super::paint::row(run, step))).filter(|x| x.is_finite())
    {
        brush.ring(at(looked, looked), 7.5, color, palette.page);
    }
}
