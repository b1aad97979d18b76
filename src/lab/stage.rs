//! What stands behind the Lab: the session, its workers and its canvases, and how the one reaches the others.

use flatland_engine::experiment::Experiment;
use web_sys::HtmlCanvasElement;

use super::{GRID_PIXELS, Inner, NOTICE_MS, Notice, Place, window_of};
use crate::{
    browser,
    chart::{
        Size, canvas,
        palette::Palette,
        panels::{self, Panel},
    },
    landscape::{
        Terrain,
        paint::{self, Backdrop, Scene},
    },
    protocol::{Command, Report, RunId, Survey},
    session::Order,
    worker::pool::{Mail, Pool},
};

impl Inner {
    pub(super) fn show(&mut self, notice: Notice) {
        self.notice_until = (!notice.is_error).then(|| browser::now() + NOTICE_MS);
        self.notice = Some(notice);
    }

    pub(super) fn replace(&mut self, experiment: Experiment) {
        let same_place = experiment.objective == self.session.experiment().objective;
        let playing = self.session.is_playing();
        self.session.replace(experiment);
        self.session.set_playing(playing);
        let window = window_of(&self.session);
        if !same_place || window != self.window {
            self.window = window;
            self.terrain = None;
            self.backdrop = None;
            self.survey_wanted = true;
        }
    }

    /// Takes in what the workers have sent. Returns a message if one of them died.
    pub(super) fn take_mail(&mut self) -> Option<String> {
        let mut complaint = None;
        let mail = self.pool.as_mut().map(Pool::take_mail).unwrap_or_default();
        for letter in mail {
            match letter {
                Mail::Batch { run, generation, first_row, rows, columns } => {
                    let shown = self.session.frontier();
                    if self.session.absorb(run, generation, first_row, rows, &columns) {
                        self.is_stale |= first_row <= shown;
                    }
                }
                Mail::Survey { id, columns, rows, minimum, values, sharpness } if id == self.survey_id => {
                    self.terrain = Some(Terrain { window: self.window, columns, rows, values, sharpness, minimum });
                    self.is_stale = true;
                }
                Mail::Survey { .. } => {}
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
        self.survey_wanted |= self.terrain.is_none();
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

    pub(super) fn ask_survey(&mut self) {
        let Some(canvas) = self.canvases.get(&Place::Landscape).filter(|_| self.survey_wanted) else { return };
        let dimension = self.session.experiment().start.len();
        let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        let Some(pool) = self.pool.as_ref().filter(|_| width > 0.0 && dimension <= 2) else { return };
        self.survey_id += 1;
        self.survey_wanted = false;
        let points = |length: f64| ((length / GRID_PIXELS) as usize).clamp(16, 400);
        let (columns, rows) = if dimension == 1 { (500, 1) } else { (points(width), points(height)) };
        let experiment = self.session.experiment().to_json();
        pool.ask(&Command::Survey(Survey {
            id: self.survey_id,
            experiment,
            window: self.window.bounds,
            columns,
            rows,
        }));
    }

    /// Whether a canvas has changed its size on the page.
    pub(super) fn is_misfit(&self) -> bool {
        self.canvases.values().any(|canvas| canvas::is_misfit(canvas, self.ratio))
    }

    pub(super) fn paint(&mut self) {
        let palette = Palette::new(self.tone);
        let panels =
            [(Place::Loss, Panel::Loss), (Place::Sharpness, Panel::Sharpness), (Place::Product, Panel::Product)];
        for (place, panel) in panels {
            let fitted = self.canvases.get(&place).and_then(|canvas| Some((canvas, canvas::fit(canvas, self.ratio)?)));
            if let Some((canvas, size)) = fitted {
                canvas::paint(canvas, &panels::chart(panel, &self.session, &palette, self.look), &palette, size);
            }
        }
        let landscape = self.canvases.get(&Place::Landscape).cloned();
        if let Some(canvas) = landscape
            && let Some(size) = canvas::fit(&canvas, self.ratio)
        {
            self.paint_landscape(&canvas, size, &palette);
        }
    }

    pub(super) fn paint_landscape(&mut self, canvas: &HtmlCanvasElement, size: Size, palette: &Palette) {
        let dimension = self.session.experiment().start.len();
        if dimension > 2 {
            let chart = panels::coordinates(&self.session, palette, self.look);
            canvas::paint(canvas, &chart, palette, size);
            return;
        }
        let key = (self.survey_id, size, self.tone);
        if dimension == 2
            && let Some(terrain) = &self.terrain
            && self.backdrop.as_ref().is_none_or(|(_, made_for)| *made_for != key)
        {
            self.backdrop = Backdrop::new(terrain, size, palette).map(|backdrop| (backdrop, key));
        }
        let scene = Scene {
            session: &self.session,
            window: self.window,
            terrain: self.terrain.as_ref(),
            backdrop: self.backdrop.as_ref().map(|(backdrop, _)| backdrop),
            palette,
            weight: self.look.weight,
        };
        if dimension == 2 { paint::plane(canvas, &scene, size) } else { paint::graph(canvas, &scene, size) }
    }
}
