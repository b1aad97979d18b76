//! The plane of two inputs: classes or values as colors, with the samples on it.

use plotters::style::RGBColor;
use web_sys::HtmlCanvasElement;

use super::{
    Sheet,
    color::{mixed, nothing, sequential},
    layout::Rect,
    legend::{self, Entry, Mark, entry},
    radius, test, training,
};
use crate::{
    chart::{
        Size,
        axis::{Axis, short},
        palette::Palette,
        panels::ChartStyle,
    },
    networks::view::{
        picture::{Plane, Surface},
        sentence::PARTS,
    },
    scene::{Stage, axes},
};

/// How much of a class's color is seen where it is least sure, and where it is most.
const STRENGTH: (f64, f64) = (0.06, 0.5);

/// The most pixels across and down: between them the browser interpolates.
const MOST_PIXELS: (usize, usize) = (240, 180);

/// The share of the plot's height that a legend may cover.
const MOST_LEGEND: f64 = 0.25;

/// Classes that a legend names.
const NAMED: usize = 8;

/// Draws the plane.
pub fn paint(on: &HtmlCanvasElement, plane: &Plane, palette: &Palette, style: ChartStyle<'_>, size: Size) {
    let [x0, x1, y0, y1] = plane.bounds;
    let axis = |lo: f64, hi: f64| if hi > lo { Axis::linear(lo, hi) } else { Axis::linear(-1.0, 1.0) };
    let chart = axes(axis(x0, x1), axis(y0, y1), style);
    let Some(stage) = Stage::set(on, &chart, palette, size) else { return };
    let (width, height) = (stage.right - stage.left, stage.bottom - stage.top);
    let columns = (width as usize).clamp(1, MOST_PIXELS.0);
    let rows = (height as usize).clamp(1, MOST_PIXELS.1);
    if let Some(sheet) = Sheet::new((rows, columns), pixels(plane, (rows, columns), palette).into_iter()) {
        sheet.draw(&stage.brush, 0, Rect { x: stage.left, y: stage.top, width, height }, true);
    }
    let radius = radius(plane.points.training.len());
    let range = range(plane);
    let color = |kind: f64| match &plane.surface {
        Surface::Classes { .. } => palette.run(kind.max(0.0) as usize),
        Surface::Values { .. } => sequential(share(kind, range), palette),
    };
    // On a surface of the same colors a hollow point is seen by its ink.
    let ring = |kind: f64| match &plane.surface {
        Surface::Classes { .. } => color(kind),
        Surface::Values { .. } => palette.ink,
    };
    test(&stage, &plane.points.test, radius, palette, ring);
    training(&stage, &plane.points.training, radius, palette, color);
    let mut entries = entries(plane, range, palette);
    legend::shorten(&mut entries, (width - 4.0, MOST_LEGEND * height), stage.brush.type_scale);
    legend::draw(&stage, &entries, palette);
    stage.leave();
}

/// The least and the greatest of the values and the training targets.
fn range(plane: &Plane) -> (f64, f64) {
    let Surface::Values { values, .. } = &plane.surface else { return (0.0, 1.0) };
    let targets = plane.points.training.iter().map(|point| point.kind);
    let finite = values.iter().copied().chain(targets).filter(|value| value.is_finite());
    let (lo, hi) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(value), hi.max(value)));
    if lo < hi { (lo, hi) } else { (0.0, 1.0) }
}

fn share(value: f64, (lo, hi): (f64, f64)) -> f64 {
    (value - lo) / (hi - lo)
}

fn entries(plane: &Plane, range: (f64, f64), palette: &Palette) -> Vec<Entry> {
    let mut entries = Vec::new();
    let parts = |color: RGBColor| {
        let training = entry(Mark::Filled(color), PARTS[0]);
        let test = (!plane.points.test.is_empty()).then(|| entry(Mark::Hollow(color), PARTS[1]));
        [training].into_iter().chain(test)
    };
    match &plane.surface {
        Surface::Classes { names, is_margin, .. } => {
            for (class, name) in names.iter().enumerate().take(NAMED) {
                entries.push(entry(Mark::Swatch(palette.run(class)), label(name)));
            }
            if plane.points.training.iter().any(|point| point.is_wrong) {
                entries.push(entry(Mark::Wrong(palette.run(0)), "wrong"));
            }
            entries.extend(parts(palette.run(0)));
            entries.push(entry(Mark::Bare, if *is_margin { "shade: margin" } else { "shade: probability" }));
        }
        Surface::Values { .. } => {
            entries.push(entry(Mark::Swatch(sequential(0.0, palette)), short(range.0)));
            entries.push(entry(Mark::Swatch(sequential(1.0, palette)), short(range.1)));
            entries.extend(parts(palette.ink));
        }
    }
    entries
}

/// A class's name; one that is a number is said to be a class.
fn label(name: &str) -> String {
    if name.chars().all(|character| character.is_ascii_digit()) { format!("class {name}") } else { name.to_owned() }
}

/// The colors of rows of pixels from the top, each between the four points of the grid around it.
fn pixels(plane: &Plane, (rows, columns): (usize, usize), palette: &Palette) -> Vec<RGBColor> {
    let range = range(plane);
    let cell = |row: usize, column: usize| {
        let corners = corners(plane, row, column, (rows, columns));
        match &plane.surface {
            Surface::Classes { names, winners, certainty, is_margin, .. } => {
                let least = if *is_margin { 0.0 } else { 1.0 / names.len().max(1) as f64 };
                class(&corners, winners, certainty, least, palette)
            }
            Surface::Values { values, .. } => {
                let of = |(place, weight): &(usize, f64)| weight * values.get(*place).copied().unwrap_or(f64::NAN);
                sequential(share(corners.iter().map(of).sum(), range), palette)
            }
        }
    };
    (0..rows * columns).map(|pixel| cell(pixel / columns, pixel % columns)).collect()
}

/// The points of the grid around a pixel's center with their weights; the grid's outermost points
/// lie on the edges.
fn corners(plane: &Plane, row: usize, column: usize, (rows, columns): (usize, usize)) -> [(usize, f64); 4] {
    let along = |pixel: usize, pixels: usize, points: usize| {
        let last = points.saturating_sub(1);
        let place = (pixel as f64 + 0.5) / pixels as f64 * last as f64;
        let first = (place as usize).min(last.saturating_sub(1));
        (first, (first + 1).min(last), place - first as f64)
    };
    let (left, right, across) = along(column, columns, plane.columns);
    // The grid begins below, pixels begin above.
    let (low, high, up) = along(rows - 1 - row, rows, plane.rows);
    let place = |row: usize, column: usize| row * plane.columns + column;
    [
        (place(low, left), (1.0 - up) * (1.0 - across)),
        (place(low, right), (1.0 - up) * across),
        (place(high, left), up * (1.0 - across)),
        (place(high, right), up * across),
    ]
}

/// The color of the class that is ahead between the points of the grid, the stronger the farther it
/// is ahead: of two classes, where the linear interpolation of what is between them changes its
/// sign.
fn class(corners: &[(usize, f64); 4], winners: &[f64], certainty: &[f64], least: f64, palette: &Palette) -> RGBColor {
    let at = |numbers: &[f64], place: usize| numbers.get(place).copied().unwrap_or(-1.0);
    let sure = |place: usize| (at(certainty, place) - least) / (1.0 - least);
    if corners.iter().any(|(place, _)| at(winners, *place) < 0.0 || !at(winners, *place).is_finite()) {
        return nothing(palette);
    }
    let sum = |class: f64| -> f64 {
        let own = corners.iter().filter(|(place, _)| at(winners, *place) == class);
        own.map(|(place, weight)| weight * sure(*place)).sum()
    };
    let (mut winner, mut top, mut second) = (0.0, f64::NEG_INFINITY, 0.0_f64);
    for (place, _) in corners {
        let class = at(winners, *place);
        let total = sum(class);
        if total > top {
            (winner, second, top) = (class, second.max(top), total);
        } else if class != winner {
            second = second.max(total);
        }
    }
    let ahead = STRENGTH.0 + (STRENGTH.1 - STRENGTH.0) * (top - second).clamp(0.0, 1.0);
    mixed(palette.page, palette.run(winner as usize), ahead)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::palette::Tone,
        networks::view::picture::{Points, Score},
    };

    const PALETTE: Palette = Palette::new(Tone::Light);

    fn plane(winners: &[f64], certainty: &[f64], is_margin: bool) -> Plane {
        let score = Score { right: None, count: 0 };
        let surface = Surface::Classes {
            names: vec!["0".to_owned(), "b".to_owned()],
            winners: winners.to_vec(),
            certainty: certainty.to_vec(),
            is_margin,
            scores: [score; 2],
        };
        Plane { bounds: [0.0, 1.0, 0.0, 1.0], columns: 2, rows: 2, surface, points: Points::default() }
    }

    /// Class 0 with a margin of 0.2 at the left, 1 with 0.6 at the right: they are level after a
    /// quarter of the way.
    #[test]
    fn the_boundary_lies_where_the_margin_vanishes() {
        let plane = plane(&[0.0, 1.0, 0.0, 1.0], &[0.2, 0.6, 0.2, 0.6], true);
        let colors = pixels(&plane, (1, 40), &PALETTE);
        let strength = |margin: f64| STRENGTH.0 + (STRENGTH.1 - STRENGTH.0) * margin;
        for (pixel, found) in colors.iter().enumerate() {
            let margin = -0.2 + 0.8 * (pixel as f64 + 0.5) / 40.0;
            let class = usize::from(pixel >= 10);
            assert_eq!(*found, mixed(PALETTE.page, PALETTE.run(class), strength(margin.abs())), "{pixel}");
        }
    }

    #[test]
    fn rows_are_drawn_from_the_top_and_what_is_no_class_is_grey() {
        let upward = plane(&[0.0, 0.0, 1.0, 1.0], &[1.0; 4], false);
        let colors = pixels(&upward, (2, 1), &PALETTE);
        let strong = |class| mixed(PALETTE.page, PALETTE.run(class), STRENGTH.0 + 0.5 * (STRENGTH.1 - STRENGTH.0));
        assert_eq!(colors, [strong(1), strong(0)]);
        let broken = plane(&[0.0, 0.0, -1.0, f64::NAN], &[1.0; 4], false);
        assert!(pixels(&broken, (3, 3), &PALETTE).iter().all(|color| *color == nothing(&PALETTE)));
        let short = Plane { columns: 5, rows: 5, ..upward };
        assert_eq!(pixels(&short, (3, 3), &PALETTE).len(), 9);
    }

    /// Of a probability of a half between two classes nothing is seen but the least shade.
    #[test]
    fn a_probability_of_one_in_k_is_no_certainty() {
        let plane = plane(&[1.0; 4], &[0.5; 4], false);
        let least = mixed(PALETTE.page, PALETTE.run(1), STRENGTH.0);
        assert!(pixels(&plane, (2, 2), &PALETTE).iter().all(|color| *color == least));
    }

    #[test]
    fn the_legend_names_what_is_there() {
        let said = |plane: &Plane| format!("{:?}", entries(plane, (0.0, 1.0), &PALETTE));
        let classes = said(&plane(&[0.0; 4], &[1.0; 4], true));
        assert!(classes.contains("class 0") && classes.contains("\"b\"") && classes.contains("margin"));
        assert!(!classes.contains("wrong") && !classes.contains("\"test\""));
    }
}
