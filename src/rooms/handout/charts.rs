//! The charts of a lesson's step, computed at once and here: the Lab shows another one.

use flatland_engine::{Experiment, column::Column};
use web_sys::HtmlCanvasElement;

use crate::{
    chart::{
        Chart, Size, USUAL_WEIGHT, canvas,
        palette::{Palette, Tone},
        panels::{self, ChartStyle, x::Costs},
    },
    lesson::{Step, Time},
    permalink,
    protocol::{Batch, End},
    recorder::Recorder,
    session::{Order, Session},
    view_settings::{SLOTS, View},
};

/// The size of a chart, in CSS pixels, and how many pixels of the picture make one.
const SIZE: Size = Size { width: 262.0, height: 165.0, ratio: 4.0, device: 2.0 };
/// Room for labels at the right of a chart, in CSS pixels.
const LABELS: f64 = 66.0;
/// Steps of all runs together that are computed while the browser waits for the paper.
const MOST_STEPS: u64 = 20_000;
/// The most variables of an objective with so many steps.
const MOST_VARIABLES: usize = 16;
/// The slot whose margins leave most room for the plot.
const NARROW: usize = 2;

/// The experiment of a step.
pub fn experiment_of(step: &Step) -> Option<Experiment> {
    Some(permalink::read_document(&step.document).ok()?.0.experiment)
}

/// The charts with their titles, each at the step where time rests in the lesson, or at the end.
/// `None` where they would take too long.
pub fn of_step(step: &Step) -> Option<Vec<(String, HtmlCanvasElement)>> {
    let experiment = experiment_of(step)?;
    let work = experiment.steps.saturating_mul(experiment.runs.len() as u64);
    if experiment.is_network() || work > MOST_STEPS || experiment.start.len() > MOST_VARIABLES {
        return None;
    }
    let (view, _) = View::decode(&step.view);
    let last = match step.time {
        // There the reader decides first; on paper the answer stands beside the question.
        Time::At(0) | Time::Until(..) | Time::Runs => experiment.steps,
        Time::At(step) | Time::To(step) => step,
    };
    let session = played(experiment, &view, last)?;
    let palette = Palette::new(Tone::Light);
    let charts = (0..SLOTS).map(|slot| {
        let mut narrow = View { pinned: None, ..view.clone() };
        (narrow.panels[NARROW], narrow.scales[NARROW]) = (view.panels[slot], view.scales[slot]);
        let on = canvas::detached(SIZE.width * SIZE.ratio, SIZE.height * SIZE.ratio).ok()?;
        let costs = Costs::new(&session, &narrow);
        let style = ChartStyle { view: &narrow, weight: USUAL_WEIGHT, floor: None };
        let chart = Chart { right: LABELS, ..panels::chart(NARROW, &session, &costs, &palette, style) };
        canvas::paint(&on, &chart, &palette, SIZE);
        Some((panels::heading(&narrow, NARROW).to_owned(), on))
    });
    charts.collect()
}

/// A session that has shown all steps up to the last one.
fn played(experiment: Experiment, view: &View, last: u64) -> Option<Session> {
    let asked = experiment.columns.clone();
    let mut session = Session::new(experiment);
    let is_shown = |column: &Column| view.panels.iter().any(|panel| panel.columns().contains(column));
    session.set_columns(Column::ALL.into_iter().filter(|c| asked.contains(c) || is_shown(c)).collect());
    session.seek(last);
    for order in session.take_orders() {
        let Order::Load { run, generation, .. } = order else { continue };
        // A run that was asked for anew, with more columns, is computed once.
        let Some(index) = session.runs().iter().position(|r| (r.id, r.generation) == (run, generation)) else {
            continue;
        };
        let mut recorder = Recorder::new(session.experiment(), index).ok()?;
        let mut rows: Vec<Vec<f64>> = Vec::new();
        while rows.len() as u64 <= last
            && let Some((_, row)) = recorder.next_row()
        {
            rows.push(row.collect());
        }
        let columns = (0..recorder.width()).flat_map(|column| rows.iter().map(move |row| row[column])).collect();
        let (rows, coordinates) = (rows.len(), recorder.coordinates());
        session.absorb(&Batch { run, generation, first: 0, rows, coordinates, columns });
        if let Some(outcome) = recorder.outcome() {
            session.end(run, generation, End::of(outcome));
        }
    }
    session.tick(0.0);
    Some(session)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_played_to_where_its_time_rests() {
        let json = r#"{"version":1,"objective":{"name":"river"},"start":[0.001,1],"steps":300,
            "runs":[{"policy":{"name":"constant","eta":0.5}},{"policy":{"name":"constant","eta":2.5}}]}"#;
        let experiment = Experiment::from_json(json).expect("valid");
        let session = played(experiment, &View::default(), 120).expect("played");
        assert_eq!((session.step(), session.frontier()), (120, 120));
        assert_eq!(session.runs()[0].history.len(), 121);
    }
}
