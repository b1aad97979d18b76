//! The charts of a lesson's step, computed here: the Lab shows another one.

use std::collections::VecDeque;

use flatland_engine::{Experiment, column::Column};
use web_sys::HtmlCanvasElement;

use super::later;
use crate::{
    chart::{
        Chart, Size, USUAL_WEIGHT, canvas,
        palette::{Palette, Tone},
        panels::{self, ChartStyle, x::Costs},
    },
    lesson::{Step, Time},
    networks, permalink,
    protocol::{Batch, End, RunId},
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
/// `None` where they would take too long, and where those of a network were not computed by
/// [`super::later::prepare`].
pub fn of_step(step: &Step) -> Option<Vec<(String, HtmlCanvasElement)>> {
    if needs_time(step) {
        return later::with(step, |session| draw(session, &View::decode(&step.view).0)).flatten();
    }
    let playing = Playing::new(step)?;
    let work = playing.last.saturating_mul(playing.waiting.len() as u64);
    let is_short = work <= MOST_STEPS && playing.session.experiment().start.len() <= MOST_VARIABLES;
    is_short.then(|| draw(&playing.finish(), &View::decode(&step.view).0)).flatten()
}

/// Whether a step shows a network.
pub fn needs_time(step: &Step) -> bool {
    networks::may_be_in(&step.document)
}

fn draw(session: &Session, view: &View) -> Option<Vec<(String, HtmlCanvasElement)>> {
    let palette = Palette::new(Tone::Light);
    let charts = (0..SLOTS).map(|slot| {
        let mut narrow = View { pinned: None, ..view.clone() };
        (narrow.panels[NARROW], narrow.scales[NARROW]) = (view.panels[slot], view.scales[slot]);
        let on = canvas::detached(SIZE.width * SIZE.ratio, SIZE.height * SIZE.ratio).ok()?;
        let costs = Costs::new(session, &narrow);
        let style = ChartStyle { view: &narrow, weight: USUAL_WEIGHT, floor: None };
        let chart = Chart { right: LABELS, ..panels::chart(NARROW, session, &costs, &palette, style) };
        canvas::paint(&on, &chart, &palette, SIZE);
        Some((panels::heading(&narrow, NARROW).to_owned(), on))
    });
    charts.collect()
}

/// The runs of a step, being computed up to where its time rests.
pub struct Playing {
    session: Session,
    last: u64,
    /// Runs that are not yet absorbed.
    waiting: VecDeque<Computing>,
}

/// A run of them.
struct Computing {
    id: (RunId, u32),
    recorder: Recorder,
    rows: Vec<Vec<f64>>,
}

impl Playing {
    /// Before the first row. `None` for a document that cannot be read.
    pub fn new(step: &Step) -> Option<Self> {
        let experiment = experiment_of(step)?;
        let (view, _) = View::decode(&step.view);
        let last = match step.time {
            // There the reader decides first; on paper the answer stands beside the question.
            Time::At(0) | Time::Until(..) | Time::Runs => experiment.steps,
            Time::At(step) | Time::To(step) => step,
        };
        Self::of(experiment, &view, last)
    }

    fn of(experiment: Experiment, view: &View, last: u64) -> Option<Self> {
        let asked = experiment.columns.clone();
        let mut session = Session::new(experiment);
        let is_shown = |column: &Column| view.panels.iter().any(|panel| panel.columns().contains(column));
        session.set_columns(Column::ALL.into_iter().filter(|c| asked.contains(c) || is_shown(c)).collect());
        session.seek(last);
        let mut waiting = VecDeque::new();
        for order in session.take_orders() {
            let Order::Load { run, generation, .. } = order else { continue };
            // A run that was asked for anew, with more columns, is computed once.
            let Some(index) = session.runs().iter().position(|r| (r.id, r.generation) == (run, generation)) else {
                continue;
            };
            let recorder = Recorder::new(session.experiment(), index).ok()?;
            waiting.push_back(Computing { id: (run, generation), recorder, rows: Vec::new() });
        }
        Some(Self { session, last, waiting })
    }

    /// Computes one more row; `false` once there is none.
    pub fn go_on(&mut self) -> bool {
        let Some(Computing { recorder, rows, .. }) = self.waiting.front_mut() else { return false };
        let is_before = rows.len() as u64 <= self.last;
        if is_before && let Some((_, row)) = recorder.next_row() {
            rows.push(row.collect());
        } else {
            self.absorb();
        }
        true
    }

    /// The share of the rows that are there.
    pub fn share(&self) -> f64 {
        let left: f64 = self.waiting.iter().map(|run| (self.last + 1) as f64 - run.rows.len() as f64).sum();
        1.0 - left / (self.last + 1) as f64 / self.session.runs().len().max(1) as f64
    }

    /// Takes the first run into the session.
    fn absorb(&mut self) {
        let Some(Computing { id: (run, generation), recorder, rows }) = self.waiting.pop_front() else { return };
        let columns = (0..recorder.width()).flat_map(|column| rows.iter().map(move |row| row[column])).collect();
        let (rows, coordinates) = (rows.len(), recorder.coordinates());
        self.session.absorb(&Batch { run, generation, first: 0, rows, coordinates, columns });
        if let Some(outcome) = recorder.outcome() {
            self.session.end(run, generation, End::of(outcome));
        }
    }

    /// A session that has shown all steps up to the last one.
    pub fn finish(mut self) -> Session {
        while self.go_on() {}
        self.session.tick(0.0);
        self.session
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_played_to_where_its_time_rests() {
        let json = r#"{"version":1,"objective":{"name":"river"},"start":[0.001,1],"steps":300,
            "runs":[{"policy":{"name":"constant","eta":0.5}},{"policy":{"name":"constant","eta":2.5}}]}"#;
        let experiment = Experiment::from_json(json).expect("valid");
        let mut playing = Playing::of(experiment, &View::default(), 120).expect("can be played");
        assert_eq!(playing.share(), 0.0);
        for _ in 0..122 {
            assert!(playing.go_on());
        }
        assert_eq!(playing.share(), 0.5);
        let session = playing.finish();
        assert_eq!((session.step(), session.frontier()), (120, 120));
        assert_eq!(session.runs()[0].history.len(), 121);
    }
}
