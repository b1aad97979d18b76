//! A chart as a table, for those who cannot see it or want to read it.

use super::{Layout, asked, title, x};
use crate::{
    chart::trace::Map,
    protocol::Quantity,
    session::{Session, series::Series},
    view_settings::{Panel, View},
};

/// A column of a table.
struct Shown<'a> {
    head: String,
    /// The run's place.
    run: usize,
    series: &'a Series,
    map: Map,
}

/// The columns that the panel in a slot shows.
fn columns<'a>(slot: usize, session: &'a Session, view: &View) -> Vec<Shown<'a>> {
    let panel = view.panels[slot];
    let map = Layout::of(session, view, slot).map();
    let less = if map == Map::Itself { "" } else { " − f_best" };
    let mut columns = Vec::new();
    for (index, run) in session.runs().iter().enumerate() {
        if panel.is_of_one_run() && index != view.selected {
            continue;
        }
        let name = title(session, index);
        let mut add = |head: &str, series| {
            columns.push(Shown { head: format!("{name}{head}"), run: index, series, map });
        };
        match panel {
            _ if panel.is_asked() => {}
            Panel::Layers => {}
            Panel::Spectrum | Panel::Segment | Panel::Estimators => add(", λ₁", run.history.series(panel.quantity())),
            Panel::Sharpness => {
                add(", λ₁", run.history.series(Quantity::Sharpness));
                let edge = if run.history.is_plain(session.step() as usize) { ", 2/η" } else { ", edge" };
                add(edge, run.history.series(Quantity::Threshold));
            }
            Panel::Reference => {
                add(&format!(", f{less}"), run.history.series(Quantity::Loss));
                add(&format!(", R{less}"), run.history.series(Quantity::Reference));
            }
            Panel::Loss if map != Map::Itself => add(", f − f_best", run.history.series(Quantity::Loss)),
            _ => add("", run.history.series(panel.quantity())),
        }
        for column in panel.columns() {
            if let Some(series) = asked(session, run, *column) {
                add(&format!(", {}", column.name()), series);
            }
        }
    }
    columns
}

/// Steps of the selected run that the chart shows: at most `most`, at an odd distance, so that an
/// oscillation shows both its sides.
fn steps(session: &Session, view: &View, most: usize) -> Vec<u64> {
    let axis = x::axis(session, view);
    let selected = view.selected.min(session.runs().len().saturating_sub(1));
    let [first, last] = [axis.lo, axis.hi].map(|place| x::step_at(session, view, selected, place));
    let stride = (last - first).div_ceil(most.saturating_sub(2).max(1) as u64).max(1) | 1;
    let mut steps: Vec<u64> = (first..=last).step_by(stride as usize).collect();
    for step in [last, session.step().clamp(first, last)] {
        if let Err(place) = steps.binary_search(&step) {
            steps.insert(place, step);
        }
    }
    steps
}

/// The chart in a slot as a table of about `most` rows: its heads, then the numbers row by row.
pub fn table(slot: usize, session: &Session, view: &View, most: usize) -> (Vec<String>, Vec<f64>) {
    table_at(slot, session, view, &steps(session, view, most))
}

/// What the panel in a slot shows at some steps of the selected run, and of the others where it
/// stands then: heads, then numbers row by row, each row with its step first. What does not exist
/// is NaN.
pub fn table_at(slot: usize, session: &Session, view: &View, steps: &[u64]) -> (Vec<String>, Vec<f64>) {
    let columns = columns(slot, session, view);
    let selected = view.selected.min(session.runs().len().saturating_sub(1));
    let mut numbers = Vec::with_capacity(steps.len() * (columns.len() + 1));
    for step in steps {
        numbers.push(*step as f64);
        let place = x::place(session, view, selected, *step);
        for Shown { run, series, map, .. } in &columns {
            let row = if *run == selected { *step } else { x::step_at(session, view, *run, place) } as usize;
            numbers.push(map.of(series.get(row).unwrap_or(f64::NAN)));
        }
    }
    let heads = std::iter::once("step".to_owned()).chain(columns.into_iter().map(|column| column.head));
    (heads.collect(), numbers)
}
