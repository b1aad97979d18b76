//! What stands behind the Lab: the session, its workers and its canvases, and how the one reaches
//! the others.

use flatland_engine::{column::Column, experiment::Experiment};
use web_sys::HtmlCanvasElement;

use super::{CHOICE_MS, Inner, NOTICE_MS, Notice, Place};
use crate::{
    browser,
    chart::{
        USUAL_WEIGHT, canvas,
        palette::Palette,
        panels::{self, ChartStyle, x::Costs},
    },
    protocol::{Command, Report, RunId},
    scene::Facts,
    session::Order,
    view_settings::{Panel, SLOTS, Scene, View},
    worker::pool::{Mail, Pool},
};

/// Said where the histories have filled the memory that they may take.
const THINNED: &str = "To stay within 1 GiB the oldest steps are kept as their extremes and every 16th value.";
/// How long mail is taken in within a frame, in milliseconds; the rest waits for the next one.
const MAIL_MS: f64 = 6.0;
/// When drawing everything takes longer than this, in milliseconds, it is too long to be done in
/// every frame: a browser without a graphics card needs as long again to bring it to the screen.
/// Eight runs take that long, three do not.
const RUSH_MS: f64 = 10.0;

impl Inner {
    pub(super) fn show(&mut self, notice: Notice) {
        let duration = if notice.choice.is_some() { CHOICE_MS } else { NOTICE_MS };
        self.notice_until = (!notice.is_lasting).then(|| browser::now() + duration);
        self.notice = Some(notice);
    }

    /// Says once that old detail has been given back.
    pub(super) fn watch_memory(&mut self) {
        let is_thinned = self.session.is_thinned();
        if is_thinned && !self.has_said_thinned {
            self.show(Notice::lasting(THINNED));
            self.is_untold = true;
        }
        self.has_said_thinned = is_thinned;
    }

    pub(super) fn replace(&mut self, experiment: Experiment) {
        self.left.get_or_insert(self.session.step());
        let same_place = experiment.objective == self.session.experiment().objective;
        let playing = self.session.is_playing();
        self.session.replace(experiment);
        self.session.set_playing(playing);
        self.view.fit(self.session.runs().len());
        self.view.pinned = None;
        if !same_place {
            self.view.zoom = None;
            self.view.window = None;
        }
        if !self.session.experiment().is_network() {
            for (panel, usual) in self.view.panels.iter_mut().zip(View::default().panels) {
                if panel.is_of_networks() {
                    *panel = usual;
                }
            }
        }
        self.scenery.follow(&self.session, same_place);
    }

    /// Takes in what the workers have sent, as much as there is time for in a frame. Returns a
    /// message if one of them died.
    pub(super) fn take_mail(&mut self) -> Option<String> {
        let mut complaint = None;
        // The scene takes longest, in the browser's own part of the frame too: beside it there is
        // time for one letter.
        let is_before_scene = self.is_rushed() && self.turn + 2 == self.paint_ms.len();
        let until = browser::now() + if is_before_scene { 0.0 } else { MAIL_MS };
        while let Some(letter) = self.pool.as_mut().and_then(Pool::next_mail) {
            match letter {
                Mail::Batch(batch) => {
                    let shown = self.session.frontier();
                    self.is_stale |= self.session.absorb(&batch) && batch.first <= shown;
                }
                Mail::Survey(terrain) => self.scenery.take_terrain(terrain),
                Mail::Probe { id, at: (step, earlier), numbers } => {
                    let is_chosen = self.session.experiment().is_network() && step >= 0.0;
                    let run = self.session.runs().get(self.view.selected).filter(|_| is_chosen);
                    let chosen = run.map(|run| Facts::of(run, step as usize, earlier as usize));
                    self.scenery.take_picture(id, chosen, &numbers, browser::now());
                }
                Mail::Report(Report::Stopped { run, generation, end }) => {
                    self.session.end(run, generation, end);
                    self.is_stale = true;
                }
                Mail::Report(Report::Refused { message }) => complaint = Some(message),
                Mail::Report(Report::Panicked { message, .. }) => complaint = Some(message),
                Mail::Died { lost, failed, message, is_replaced } => {
                    complaint = Some(self.mourn(&lost, failed, &message, is_replaced));
                }
            }
            if browser::now() >= until {
                break;
            }
        }
        complaint
    }

    /// Deals with the death of a worker, and says what there is to say.
    fn mourn(&mut self, lost: &[RunId], failed: Option<RunId>, message: &str, is_replaced: bool) -> String {
        let what = self.describe_lost(failed);
        let reason = if message.is_empty() { String::new() } else { format!(" ({message})") };
        let text = if is_replaced {
            format!("The engine stopped while computing {what}{reason}. It was started again; the other runs go on.")
        } else {
            format!("The engine stopped again while computing {what}{reason}. Reload the page, or take that run away.")
        };
        self.session.recover(failed, lost, is_replaced, &text);
        self.scenery.ask_again();
        self.is_stale = true;
        text
    }

    fn describe_lost(&self, failed: Option<RunId>) -> String {
        let index = self.session.runs().iter().position(|run| Some(run.id) == failed);
        match index {
            Some(index) => panels::label(&self.session, index),
            None => "your runs".to_owned(),
        }
    }

    pub(super) fn send_orders(&mut self) {
        let orders = self.session.take_orders();
        let Some(pool) = &mut self.pool else { return };
        let experiment = if orders.is_empty() { String::new() } else { self.session.experiment().to_json() };
        for order in orders {
            match order {
                Order::Drop(run) => pool.tell(run, &Command::Drop { run }),
                Order::Load { run, generation, from, .. } => {
                    // Its place may have moved since the order was given, or it may be gone.
                    let Some(index) = self.session.runs().iter().position(|r| r.id == run) else { continue };
                    let experiment = experiment.clone();
                    pool.tell(run, &Command::Load { run, generation, experiment, index, from });
                }
            }
        }
        for grant in self.session.take_grants() {
            pool.tell(grant.run, &Command::Grant(vec![grant.clone()]));
        }
    }

    pub(super) fn canvas(&self, place: Place) -> Option<&HtmlCanvasElement> {
        self.canvases.iter().find(|(taken, _)| *taken == place).map(|(_, canvas)| canvas)
    }

    /// How the charts are to look.
    pub(super) fn chart_style(&self) -> ChartStyle<'_> {
        ChartStyle {
            view: &self.view,
            weight: self.weight(),
            floor: self
                .scenery
                .looks
                .about
                .as_ref()
                .and_then(|about| about.first().copied())
                .filter(|floor| *floor > 0.0),
        }
    }

    /// Width of lines: thick on a projector, and in a figure that is alone.
    pub(super) fn weight(&self) -> f64 {
        self.view.figure_scale() * if self.view.projector { 3.0 } else { USUAL_WEIGHT }
    }

    /// Has the engine record what the panels on the board show.
    pub(super) fn ask_columns(&mut self) {
        let asked = &self.session.experiment().columns;
        let scene = if self.view.scene == Scene::Portrait { Panel::Projection.columns() } else { &[] };
        let is_shown = |column: &Column| self.view.panels.iter().any(|panel| panel.columns().contains(column));
        let is_wanted = |column: &Column| asked.contains(column) || scene.contains(column) || is_shown(column);
        let columns = Column::ALL.into_iter().filter(is_wanted).collect();
        self.session.set_columns(columns);
    }

    /// Whether a canvas has changed its size on the page.
    pub(super) fn is_misfit(&self) -> bool {
        self.canvases.iter().any(|(_, canvas)| canvas::is_misfit(canvas, self.ratio))
    }

    /// Whether time runs and drawing everything takes too long for a frame.
    pub(super) fn is_rushed(&self) -> bool {
        self.session.is_playing() && self.paint_ms.iter().sum::<f64>() > RUSH_MS && !self.is_misfit()
    }

    /// Draws the charts and the scene. Where all of them together take too long for a frame while
    /// time runs, they take turns, one a frame.
    pub(super) fn paint(&mut self) {
        let is_rushed = self.is_rushed();
        if is_rushed {
            self.turn = (self.turn + 1) % self.paint_ms.len();
        }
        let palette = Palette::new(self.tone);
        for place in 0..self.paint_ms.len() {
            if !is_rushed || place == self.turn {
                let begin = browser::now();
                if place < SLOTS {
                    self.paint_chart(place, &palette);
                } else {
                    self.paint_scene(&palette);
                }
                self.paint_ms[place] = browser::now() - begin;
            }
        }
    }

    fn paint_chart(&self, slot: usize, palette: &Palette) {
        let canvas = self.canvas(Place::Chart(slot));
        if let Some((canvas, size)) = canvas.and_then(|canvas| Some((canvas, canvas::fit(canvas, self.ratio)?))) {
            let costs = Costs::new(&self.session, &self.view);
            canvas::paint(
                canvas,
                &panels::chart(slot, &self.session, &costs, palette, self.chart_style()),
                palette,
                size,
            );
        }
    }
}
