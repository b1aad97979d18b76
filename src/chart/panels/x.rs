//! The x axis that all charts share.

use crate::{
    chart::{axis::Axis, ticks::Ticks},
    protocol::Quantity,
    session::{Run, Session, series::Series},
    view_settings::{View, XQuantity},
};

/// Series whose sum is a clock; kept so that [`Ticks`] can lean on them.
pub struct Costs<'a>(Vec<Vec<&'a Series>>);

impl<'a> Costs<'a> {
    /// Those of every run.
    pub fn new(session: &'a Session, view: &View) -> Self {
        let quantities: &[Quantity] = match view.x_quantity {
            XQuantity::Steps | XQuantity::LogSteps | XQuantity::Time => &[],
            XQuantity::Gradients => &[Quantity::GradientEvaluations],
            XQuantity::Calls => {
                &[Quantity::FunctionEvaluations, Quantity::GradientEvaluations, Quantity::HvpEvaluations]
            }
        };
        let of = |run: &'a Run| quantities.iter().map(|quantity| run.history.series(*quantity)).collect();
        Self(session.runs().iter().map(of).collect())
    }

    /// Where the rows of a run lie.
    pub fn ticks<'b>(&'b self, session: &'b Session, view: &View, index: usize) -> Ticks<'b> {
        match view.x_quantity {
            XQuantity::Steps | XQuantity::LogSteps => Ticks::Rows,
            XQuantity::Time => Ticks::At(session.runs()[index].history.time()),
            XQuantity::Gradients | XQuantity::Calls => Ticks::Before(&self.0[index]),
        }
    }
}

/// Rows of a run up to the frontier.
pub fn rows(session: &Session, index: usize) -> usize {
    (session.frontier() as usize + 1).min(session.runs()[index].history.len())
}

/// The axis: all there is, or the part zoomed into.
pub fn axis(session: &Session, view: &View) -> Axis {
    let last_step = (session.frontier() as f64).max(20.0);
    match (view.zoom, view.x_quantity) {
        // A link may ask for what a logarithmic axis cannot show.
        (Some((from, to)), XQuantity::LogSteps) if to > 1.0 => return Axis::log10(from.max(1.0).min(0.999 * to), to),
        (_, XQuantity::LogSteps) => return Axis::log10(1.0, last_step),
        (Some((from, to)), _) => return Axis::linear(from, to),
        (None, XQuantity::Steps) => return Axis::linear(0.0, last_step),
        (None, _) => {}
    }
    let costs = Costs::new(session, view);
    let ends = (0..session.runs().len()).filter_map(|index| {
        let last = rows(session, index).checked_sub(1)?;
        Some(costs.ticks(session, view, index).x(last)).filter(|x| x.is_finite())
    });
    let end = ends.fold(0.0, f64::max);
    Axis::linear(0.0, if end > 0.0 { end } else { 1.0 })
}

/// The rows of a run that the axis shows.
pub fn span(session: &Session, view: &View, costs: &Costs<'_>, index: usize) -> std::ops::Range<usize> {
    let rows = rows(session, index);
    let Some((from, to)) = view.zoom else { return 0..rows };
    let ticks = costs.ticks(session, view, index);
    let start = ticks.row(from, 0, rows);
    start..(ticks.row(to, start, rows) + 1).min(rows)
}

/// Where a step lies for a run; the run's last row where it has ended before.
pub fn place(session: &Session, view: &View, index: usize, step: u64) -> f64 {
    if view.x_quantity.is_steps() {
        return step as f64;
    }
    let costs = Costs::new(session, view);
    let row = (step as usize).min(session.runs()[index].history.len().saturating_sub(1));
    costs.ticks(session, view, index).x(row)
}

/// The step of a run that lies nearest to a place of the axis.
pub fn step_at(session: &Session, view: &View, index: usize, x: f64) -> u64 {
    let rows = rows(session, index);
    if view.x_quantity.is_steps() {
        return (x.round().max(0.0) as u64).min(session.frontier());
    }
    let costs = Costs::new(session, view);
    let ticks = costs.ticks(session, view, index);
    let after = ticks.row(x, 0, rows);
    let before = after.saturating_sub(1);
    let is_before = after >= rows || (x - ticks.x(before)).abs() < (ticks.x(after) - x).abs();
    (if is_before { before } else { after }) as u64
}
