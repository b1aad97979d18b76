//! The Lab's charts, read off the session: what each panel shows, over the shared x axis.

mod layout;
mod names;
mod scale;
mod spread;
mod table;
pub mod x;

use flatland_engine::{column::Column, phase::Phase};
use plotters::style::RGBColor;

pub use self::{
    layout::{Layout, heading},
    names::{label, title},
    spread::quartiles,
    table::{table, table_at},
};
use self::{scale::Spans, x::Costs};
use crate::{
    chart::{
        Chart, Line,
        axis::{Axis, round_to, short},
        palette::{Palette, dashes},
        ticks::Ticks,
        trace::{Map, Source},
    },
    protocol::Quantity,
    session::{Run, Session, policy_at, series::Series},
    view_settings::{Panel, View},
};

/// Stretches of the strip of phases that can be told apart across a chart.
const FINEST_STRIP: f64 = 800.0;

/// Room left and right of the plot of coordinates, in CSS pixels.
pub const COORDINATE_MARGINS: (f64, f64) = (34.0, 34.0);
/// Runs at the most whose thresholds have labels of their own.
const LABELLED: usize = 4;
/// Dash and gap of a flow's line.
const DOTTED: (f64, f64) = (2.0, 2.5);

/// The layers whose gradients are drawn, the first one last and on top.
const LAYERS: [(Column, &str, f64); 8] = [
    (Column::LayerGradient8, "8", 0.3),
    (Column::LayerGradient7, "7", 0.4),
    (Column::LayerGradient6, "6", 0.5),
    (Column::LayerGradient5, "5", 0.6),
    (Column::LayerGradient4, "4", 0.7),
    (Column::LayerGradient3, "3", 0.8),
    (Column::LayerGradient2, "2", 0.9),
    (Column::LayerGradient1, "layer 1", 1.0),
];

/// How the charts are to look.
#[derive(Clone, Copy, Debug)]
pub struct ChartStyle<'a> {
    /// What the person has chosen.
    pub view: &'a View,
    /// Width of lines in CSS pixels.
    pub weight: f64,
    /// The least sharpness that any weights of the network have.
    pub floor: Option<f64>,
}

/// Room left and right of a slot's plot, in CSS pixels: the first two charts share a column of the
/// board, and so their x axis.
pub fn margins(slot: usize, view: &View) -> (f64, f64) {
    let (left, right) = if slot < 2 { (46.0, 76.0) } else { (40.0, 52.0) };
    (left * view.type_scale(), right * view.type_scale())
}

/// The series that the engine records on request, if it does and the network has such a layer.
pub fn asked<'a>(session: &Session, run: &'a Run, column: Column) -> Option<&'a Series> {
    let hidden = || session.experiment().objective.numbers("hidden").len();
    if column.layer().is_some_and(|layer| layer > hidden() + 1) {
        return None;
    }
    let place = session.experiment().columns.iter().position(|asked| *asked == column)?;
    run.history.asked().get(place)
}

/// What the chart in a slot of the board shows of the session.
pub fn chart<'a>(
    slot: usize,
    session: &'a Session,
    costs: &'a Costs<'a>,
    palette: &Palette,
    style: ChartStyle<'_>,
) -> Chart<'a> {
    let view = style.view;
    let panel = view.panels[slot];
    let layout = Layout::of(session, view, slot);
    let spans: Vec<_> = (0..session.runs().len()).map(|index| x::span(session, view, costs, index)).collect();
    let painter = Painter { session, costs, palette, style };
    let (lines, y) = match panel {
        _ if panel.is_of_one_run() => painter.of_one_run(panel, &spans, layout.is_log()),
        _ if panel.is_asked() => painter.asked(panel, &spans),
        _ => (painter.of_all_runs(panel, layout.map()), common_axis(panel, session, &spans, layout)),
    };
    let (left, right) = margins(slot, view);
    let marks = session.runs().iter().zip(&session.experiment().runs).enumerate().flat_map(|(index, (run, spec))| {
        let color = palette.run(run.color);
        spec.changes.iter().map(move |change| (x::place(session, view, index, change.step), color))
    });
    let selected = view.selected.min(session.runs().len().saturating_sub(1));
    let is_at_end = session.step() >= session.frontier();
    Chart {
        x: x::axis(session, view),
        y,
        bands: painter.bands(panel, layout.map()),
        lines,
        note: layout.note(),
        level: match panel {
            Panel::Product => Some((2.0, "edge: 2")),
            Panel::Projection => Some((0.0, "")),
            Panel::Sharpness | Panel::Spectrum => style.floor.map(|floor| (floor, "floor")),
            _ => None,
        },
        shaded: panel == Panel::Product,
        marks: marks.collect(),
        strip: match panel {
            Panel::Sharpness => painter.phases(selected),
            Panel::Segment => painter.flags(selected),
            _ => Vec::new(),
        },
        cursor: (!is_at_end && !session.runs().is_empty()).then(|| x::place(session, view, selected, session.step())),
        parity: view.parity,
        right,
        left,
        weight: style.weight,
        type_scale: style.view.type_scale(),
    }
}

fn common_axis(panel: Panel, session: &Session, spans: &Spans, layout: Layout) -> Axis {
    let quantities: &[Quantity] = match panel {
        Panel::Sharpness => return scale::sharpness(session, spans, layout.is_log()),
        Panel::Product => return scale::product(session, spans, layout.is_log()),
        Panel::GradientNorm => &[Quantity::GradientNorm],
        Panel::StepSize => &[Quantity::StepSize],
        Panel::Reference => &[Quantity::Loss, Quantity::Reference],
        _ => &[Quantity::Loss],
    };
    if layout.is_log() {
        scale::logarithmic(session, spans, quantities, layout.map())
    } else {
        scale::linear(session, spans, quantities)
    }
}

/// Makes lines of series.
struct Painter<'a, 'b> {
    session: &'a Session,
    costs: &'a Costs<'a>,
    palette: &'b Palette,
    style: ChartStyle<'b>,
}

impl<'a> Painter<'a, '_> {
    /// A plain line of a run.
    fn line(&self, index: usize, series: &'a Series) -> Line<'a> {
        let run = &self.session.runs()[index];
        let is_ghost = self.style.view.ghosts.contains(&index);
        // A flow is what descent is compared with: a thinner, dotted line.
        let is_flow = policy_at(&self.session.experiment().runs[index], self.session.step()).name.ends_with("-flow");
        let weight = self.style.weight;
        Line {
            source: Source {
                series,
                ticks: self.costs.ticks(self.session, self.style.view, index),
                end: x::rows(self.session, index),
                map: Map::Itself,
                stepped: false,
                bridged: self.session.experiment().spectrum.every > 1,
            },
            color: self.palette.run(run.color),
            opacity: if is_ghost { 0.35 } else { 1.0 },
            width: if is_ghost || is_flow { weight * 0.75 } else { weight },
            dashes: if is_flow { Some(DOTTED) } else { dashes(run.color) },
            label: String::new(),
        }
    }

    /// One line for each run, the first on top but for the selected one, with what belongs to it
    /// behind, and thresholds above all; of a loss `map` is shown.
    fn of_all_runs(&self, panel: Panel, map: Map) -> Vec<Line<'a>> {
        let mut lines = Vec::new();
        for (index, run) in self.session.runs().iter().enumerate() {
            match panel {
                Panel::Reference => {
                    let mut line = self.line(index, run.history.series(Quantity::Reference));
                    line.source.map = map;
                    lines.push(Line { opacity: 0.9 * line.opacity, width: 1.0, dashes: Some((5.0, 3.5)), ..line });
                }
                Panel::StepSize => {
                    let mut line = self.line(index, run.history.series(Quantity::Sharpness));
                    line.source.map = Map::TwoOver;
                    lines.push(Line { opacity: 0.55 * line.opacity, width: 1.0, dashes: Some((5.0, 3.5)), ..line });
                }
                _ => {}
            }
        }
        let selected = self.style.view.selected;
        let others = (0..self.session.runs().len()).rev().filter(|index| *index != selected);
        let front = (selected < self.session.runs().len()).then_some(selected);
        for index in others.chain(front) {
            let run = &self.session.runs()[index];
            let mut line = self.line(index, run.history.series(panel.quantity()));
            line.source.stepped = panel == Panel::StepSize;
            line.source.map = map;
            if panel == Panel::Product {
                line.opacity *= 0.8;
            } else {
                line.label = label(self.session, index);
            }
            lines.extend(self.median(panel, index, &mut line));
            lines.push(line);
        }
        if panel == Panel::Sharpness {
            lines.extend((0..self.session.runs().len()).map(|index| self.threshold(index)));
        }
        lines
    }

    fn threshold(&self, index: usize) -> Line<'a> {
        let run = &self.session.runs()[index];
        let rows = x::rows(self.session, index);
        let series = run.history.series(Quantity::Threshold);
        let bucket = series.bucket(0..rows);
        let changes = if bucket.is_empty() { 0.0 } else { bucket.max - bucket.min };
        let threshold = if run.history.is_plain(rows.saturating_sub(1)) { "2/η" } else { "edge" };
        // A threshold that moves at every step would hide the picture behind its own: it is drawn
        // thin and pale.
        let is_calm = changes == 0.0 || settled(series, rows);
        let mut line = self.line(index, series);
        line.source.stepped = true;
        line.opacity *= if is_calm { 0.95 } else { 0.28 };
        line.width = if is_calm { self.style.weight * 0.8 } else { 1.0 };
        line.dashes = is_calm.then_some((5.0, 3.5));
        // Beyond a few runs a second label for each would push all of them away from their lines;
        // the cards have the numbers.
        if is_calm && self.session.runs().len() <= LABELLED && !self.style.view.ghosts.contains(&index) {
            line.label = format!("{threshold} = {}", short(round_to(bucket.last, 3)));
        }
        line
    }

    /// The selected run's columns in one hue, the most important last and on top.
    fn of_one_run(&self, panel: Panel, spans: &Spans, log: bool) -> (Vec<Line<'a>>, Axis) {
        let index = self.style.view.selected.min(self.session.runs().len().saturating_sub(1));
        let Some(run) = self.session.runs().get(index) else { return (Vec::new(), Axis::linear(0.0, 1.0)) };
        let of = |column| asked(self.session, run, column);
        let sharpness = Some(run.history.series(Quantity::Sharpness));
        let threshold = Some(run.history.series(Quantity::Threshold));
        let series: Vec<(&str, Option<&Series>, f64)> = match panel {
            Panel::Spectrum => self.spectrum(run),
            Panel::Layers => LAYERS.map(|(column, label, opacity)| (label, of(column), opacity)).into(),
            Panel::Segment => vec![("2/η", threshold, 0.3), ("λ₁", sharpness, 0.5), ("l", of(Column::Segment), 1.0)],
            _ => vec![
                ("BB3", of(Column::LBb3), 0.35),
                ("BB2", of(Column::LBb2), 0.5),
                ("BB1", of(Column::LBb1), 0.65),
                ("L≈", of(Column::LApprox), 0.8),
                ("λ₁", sharpness, 1.0),
            ],
        };
        let (mut lo, mut hi) = (0.0_f64, 0.0_f64);
        let mut lines = Vec::new();
        let recorded = series.into_iter().filter_map(|(label, series, opacity)| Some((label, series?, opacity)));
        for (place, (label, series, opacity)) in recorded.enumerate() {
            // A threshold may lie anywhere: it is shown where it is among the eigenvalues.
            if panel != Panel::Spectrum || label != "2/η" {
                let bucket = series.bucket(spans[index].clone());
                (lo, hi) = (lo.min(bucket.min), hi.max(bucket.max));
            }
            let mut line = self.line(index, series);
            let is_threshold = label == "2/η";
            line.opacity = opacity;
            line.label = label.to_owned();
            line.source.stepped = is_threshold;
            let is_dashed =
                (place > 0 && opacity < 1.0 && place % 2 == 1) || (is_threshold && panel == Panel::Spectrum);
            line.dashes = is_dashed.then_some((5.0, 3.5));
            lines.push(line);
        }
        let y = if log && panel == Panel::Layers {
            scale::log_of_series(lines.iter().map(|line| line.source.series), &spans[index])
        } else if log {
            scale::log_of_run(self.session, index, &spans[index])
        } else if matches!(panel, Panel::Spectrum | Panel::Layers) {
            Axis::around(lo, hi)
        } else {
            let sharpness = run.history.series(Quantity::Sharpness).bucket(spans[index].clone());
            let size = sharpness.max.abs().max(sharpness.min.abs());
            Axis::around(lo.max(-4.0 * size), hi.min(4.0 * size))
        };
        (lines, y)
    }

    /// The eigenvalues of a run that are recorded, the largest last; of a network with the residual
    /// of the pairs and the threshold, which several may have reached.
    fn spectrum(&self, run: &'a Run) -> Vec<(&'static str, Option<&'a Series>, f64)> {
        const FURTHER: [(Column, &str, f64); 7] = [
            (Column::Lambda8, "λ₈", 0.25),
            (Column::Lambda7, "λ₇", 0.25),
            (Column::Lambda6, "λ₆", 0.3),
            (Column::Lambda5, "λ₅", 0.3),
            (Column::Lambda4, "λ₄", 0.35),
            (Column::Lambda3, "λ₃", 0.4),
            (Column::Lambda2, "λ₂", 0.65),
        ];
        let is_network = self.session.experiment().is_network();
        let of_network = is_network.then(|| {
            let threshold = Some(run.history.series(Quantity::Threshold));
            [("2/η", threshold, 0.5), ("residual", asked(self.session, run, Column::Residual), 0.5)]
        });
        let further = FURTHER.map(|(column, label, opacity)| (label, asked(self.session, run, column), opacity));
        let first = ("λ₁", Some(run.history.series(Quantity::Sharpness)), 1.0);
        of_network.into_iter().flatten().chain(further).chain([first]).collect()
    }

    /// Columns that the engine has recorded on request: the panel's first one of each run, with the
    /// others thin behind it.
    fn asked(&self, panel: Panel, spans: &Spans) -> (Vec<Line<'a>>, Axis) {
        let (mut lo, mut hi) = (0.0_f64, 0.0_f64);
        let mut lines = Vec::new();
        for (index, run) in self.session.runs().iter().enumerate().rev() {
            for (place, column) in panel.columns().iter().enumerate().rev() {
                let Some(series) = asked(self.session, run, *column) else { continue };
                let bucket = series.bucket(spans[index].clone());
                (lo, hi) = (lo.min(bucket.min), hi.max(bucket.max));
                let line = self.line(index, series);
                lines.push(if place == 0 {
                    Line { label: label(self.session, index), ..line }
                } else {
                    Line { opacity: 0.55 * line.opacity, width: 1.0, dashes: Some(DOTTED), ..line }
                });
            }
        }
        let is_share = matches!(panel, Panel::Accuracy | Panel::DeadUnits);
        (lines, if is_share { Axis::linear(0.0, 1.0) } else { Axis::around(lo, hi) })
    }

    /// The phases of a run as stretches of the x axis. A stretch too short to be seen belongs to
    /// the one before.
    fn phases(&self, index: usize) -> Vec<(f64, f64, RGBColor)> {
        let Some(run) = self.session.runs().get(index) else { return Vec::new() };
        let rows = x::rows(self.session, index);
        let ticks = self.costs.ticks(self.session, self.style.view, index);
        let axis = x::axis(self.session, self.style.view);
        let least = (axis.hi - axis.lo) / FINEST_STRIP;
        let mut strip: Vec<(f64, f64, RGBColor)> = Vec::new();
        for (row, phase) in run.history.phases().iter().take_while(|(row, _)| *row < rows) {
            let (from, color) = (ticks.x(*row), self.palette.phase(*phase));
            match strip.last_mut() {
                Some(last) if from - last.0 < least || from < axis.lo => *last = (last.0, f64::NAN, color),
                _ => strip.push((from, f64::NAN, color)),
            }
        }
        let ends: Vec<f64> =
            strip.iter().skip(1).map(|stretch| stretch.0).chain([ticks.x(rows.saturating_sub(1))]).collect();
        strip.iter_mut().zip(ends).for_each(|(stretch, end)| stretch.1 = end);
        strip
    }
}

impl Painter<'_, '_> {
    /// Where the steps of a run are large, as stretches of the x axis: pale where η·l ≥ 1, strong
    /// where η·l has been above 2 lately.
    fn flags(&self, index: usize) -> Vec<(f64, f64, RGBColor)> {
        let Some(run) = self.session.runs().get(index) else { return Vec::new() };
        let Some(series) = asked(self.session, run, Column::Large) else { return Vec::new() };
        let rows = x::rows(self.session, index);
        let ticks = self.costs.ticks(self.session, self.style.view, index);
        let axis = x::axis(self.session, self.style.view);
        let mut strip: Vec<(f64, f64, RGBColor)> = Vec::new();
        let mut from = ticks.row(axis.lo, 0, rows);
        for piece in 1..=FINEST_STRIP as usize {
            let end = axis.value(piece as f64 / FINEST_STRIP);
            let to = ticks.row(end, from, rows);
            let flag = series.bucket(from..to).max;
            if to > from && flag >= 1.0 {
                let phase = if flag >= 2.0 { Phase::AboveTheEdge } else { Phase::ProgressiveSharpening };
                let (begin, color) = (ticks.x(from), self.palette.phase(phase));
                match strip.last_mut() {
                    Some(last) if last.1 == begin && last.2 == color => last.1 = ticks.x(to.min(rows - 1)),
                    _ => strip.push((begin, ticks.x(to.min(rows - 1)), color)),
                }
            }
            from = to;
        }
        strip
    }
}

/// Whether a threshold changes only now and then: at most one in ten of sixty sampled steps.
fn settled(series: &Series, rows: usize) -> bool {
    let end = rows.min(series.len());
    let stride = (end / 60).max(1);
    let pairs = (0..end.saturating_sub(1)).step_by(stride);
    let total = end.saturating_sub(1).div_ceil(stride);
    let moving =
        pairs.filter(|row| series.get(*row) != series.get(row + 1) && series.get(row + 1).is_some_and(f64::is_finite));
    moving.count() * 10 <= total
}

/// The coordinates of the selected run over the steps: what stands in the landscape's place when
/// there are more than two.
pub fn coordinates<'a>(session: &'a Session, palette: &Palette, style: ChartStyle<'_>) -> Chart<'a> {
    let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut lines = Vec::new();
    let index = style.view.selected.min(session.runs().len().saturating_sub(1));
    if let Some(run) = session.runs().get(index) {
        let end = x::rows(session, index);
        let names = session.experiment().variables();
        for (place, series) in run.history.coordinates().iter().enumerate() {
            let bucket = series.bucket(0..end);
            (lo, hi) = (lo.min(bucket.min), hi.max(bucket.max));
            lines.push(Line {
                source: Source { series, ticks: Ticks::Rows, end, map: Map::Itself, stepped: false, bridged: false },
                color: palette.run(run.color),
                opacity: (1.0 - 0.12 * place as f64).max(0.3),
                width: style.weight,
                dashes: None,
                label: names.get(place).cloned().unwrap_or_default(),
            });
        }
    }
    Chart {
        lines,
        cursor: (session.step() < session.frontier()).then_some(session.step() as f64),
        parity: style.view.parity,
        left: COORDINATE_MARGINS.0,
        right: COORDINATE_MARGINS.1,
        weight: style.weight,
        type_scale: style.view.type_scale(),
        ..Chart::new(x::axis(session, &View::default()), Axis::around(lo, hi))
    }
}
