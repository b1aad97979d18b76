//! A chart as a small picture: the page's own lines, without numbers and names.

use flatland::chart::panels::{self, ChartStyle, x::Costs};
use flatland::chart::{palette::Palette, trace::Plot, trace::trace};
use flatland::session::Session;
use flatland::view_settings::{Panel, View};

use super::drawing::{Drawing, SIZE, Stroke};

/// Around the plot, in CSS pixels.
const MARGIN: f64 = 8.0;
/// Width of lines in CSS pixels.
const WEIGHT: f64 = 1.5;
/// A picture is looked at in passing: swings run into one another sooner than on a chart.
const PIXEL: f64 = 1.5;
/// Thresholds that move at every step are paler than this, and left out.
const PALEST: f64 = 0.3;
/// The opacity of what stands for a line that swings too fast to be followed.
const PALE: f64 = 0.2;

/// Draws a panel of the session; `floor` is the least sharpness that the objective has.
pub fn draw(session: &Session, view: &View, panel: Panel, floor: Option<f64>, palette: &Palette) -> Drawing {
    let mut view = view.clone();
    view.panels[0] = panel;
    let costs = Costs::new(session, &view);
    let mut chart = panels::chart(0, session, &costs, palette, ChartStyle { view: &view, weight: WEIGHT, floor });
    chart.lines.retain(|line| !line.source.stepped || line.opacity > PALEST);
    let plot =
        Plot { left: MARGIN, right: SIZE.0 - MARGIN, top: MARGIN, bottom: SIZE.1 - MARGIN, column: 1.0, pixel: PIXEL };
    let mut drawing = Drawing::default();
    let across = |y: f64| [(plot.left, y), (plot.right, y)];
    drawing.line(&across(plot.bottom), Stroke { color: palette.muted, opacity: 0.5, width: 1.0, dashes: None });
    if let Some((level, _)) = chart.level {
        drawing.line(
            &across(plot.y(&chart.y, level)),
            Stroke { color: palette.ink, opacity: 0.75, width: 1.2, dashes: None },
        );
    }
    let traces: Vec<_> = chart.lines.iter().map(|line| trace(&line.source, &chart.x, &chart.y, &plot)).collect();
    for (line, traced) in chart.lines.iter().zip(&traces) {
        for envelope in &traced.envelopes {
            drawing.area(&envelope.outline, line.color, PALE * line.opacity);
        }
    }
    for (line, traced) in chart.lines.iter().zip(&traces) {
        let stroke = Stroke { color: line.color, opacity: line.opacity, width: line.width, dashes: line.dashes };
        let is_whole = traced.dense && !line.source.stepped;
        let dashes = line.dashes.filter(|_| !is_whole);
        for piece in &traced.pieces {
            drawing.line(piece, Stroke { dashes, ..stroke });
        }
        for (_, branch) in traced.envelopes.iter().flat_map(|envelope| &envelope.branches) {
            drawing.line(branch, Stroke { dashes: None, ..stroke });
        }
    }
    drawing
}
