//! The Lab: holds the session outside of the components, moves it with the clock, keeps the workers busy and redraws the canvases.
//!
//! Components call its verbs and are told, at most ten times a second while time runs, that there is something new to say. They are
//! never re-rendered by data. One animation-frame loop does everything else, in this order: mail in, time on, orders out, picture.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::{Rc, Weak},
};

use flatland_engine::{
    experiment::{Experiment, ParameterValue, RunSpec, Spec},
    objective, policy,
};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::HtmlCanvasElement;
use yew::Callback;

use crate::{
    browser,
    chart::{
        axis::{round_to, significant},
        canvas,
        palette::{Palette, Tone},
        panels::{self, Look, Panel},
    },
    landscape::{
        Terrain, Window,
        paint::{self, Backdrop, Scene},
    },
    permalink::{self, Link},
    protocol::{Command, End, EndKind, Report, Survey},
    session::{Order, Session, policy_at},
    settings::Theme,
    worker::pool::{Mail, Pool},
};

/// Between two tellings of the components while time runs, in milliseconds.
const TELL_MS: f64 = 100.0;
/// After the last change until the address is brought up to date, in milliseconds.
const ADDRESS_MS: f64 = 400.0;
/// How long a message that is no error stays, in milliseconds.
const NOTICE_MS: f64 = 7_000.0;
/// Steps that follow a dragged start at the most.
const MAX_FOLLOWED: u64 = 5_000;
/// How long the old picture is kept while a dragged start's runs are computed, in milliseconds.
const HOLD_MS: f64 = 150.0;
/// Landscape pixels to a grid point.
const GRID_PIXELS: f64 = 2.5;

/// The scene that a page without a link starts with.
pub const DEFAULT_EXPERIMENT: &str = r#"{"version":1,"objective":{"name":"river","a":0.05,"y0":3},"start":[0.001,1],"steps":500,
    "runs":[{"policy":{"name":"constant","eta":0.5}},{"policy":{"name":"constant","eta":0.35}},
            {"policy":{"name":"nonmonotone-line-search"}}]}"#;

/// Where something is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The loss.
    Loss,
    /// Sharpness and thresholds.
    Sharpness,
    /// η·λ₁.
    Product,
    /// The landscape.
    Landscape,
}

/// A message to the person.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What to say.
    pub text: String,
    /// Whether something could not be done. Then it stays until it is dismissed.
    pub is_error: bool,
}

impl Notice {
    fn info(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_error: false }
    }

    fn error(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_error: true }
    }
}

struct Inner {
    session: Session,
    pool: Option<Pool>,
    canvases: BTreeMap<Place, HtmlCanvasElement>,
    window: Window,
    terrain: Option<Terrain>,
    backdrop: Option<(Backdrop, canvas_key::Key)>,
    survey_id: u32,
    survey_wanted: bool,
    look: Look,
    tone: Tone,
    theme: Theme,
    notice: Option<Notice>,
    notice_until: Option<f64>,
    last_frame: Option<f64>,
    last_told: f64,
    is_stale: bool,
    is_untold: bool,
    address_due: Option<f64>,
    /// Whether time ran when the start was seized.
    was_playing: bool,
    /// Until then the old picture stays, unless the new one is complete.
    hold_until: Option<f64>,
    ratio: f64,
}

mod canvas_key {
    //! What a backdrop was made for.
    use crate::chart::{Size, palette::Tone};

    /// Survey, size and tone.
    pub type Key = (u32, Size, Tone);
}

/// See the module's header.
pub struct Lab {
    inner: RefCell<Inner>,
    listener: RefCell<Option<Callback<()>>>,
    hovered: Cell<Option<u64>>,
}

impl Lab {
    /// Opens the Lab with the experiment of the address, or the default one, and starts the clock.
    pub fn open() -> Rc<Self> {
        let (link, notice) = from_address();
        let session = Session::new(link.experiment);
        let window = window_of(&session);
        let lab = Rc::new(Self {
            inner: RefCell::new(Inner {
                session,
                pool: None,
                canvases: BTreeMap::new(),
                window,
                terrain: None,
                backdrop: None,
                survey_id: 0,
                survey_wanted: true,
                look: Look { log_loss: true, weight: 1.75 },
                tone: Tone::Light,
                theme: link.theme.unwrap_or_default(),
                notice,
                notice_until: None,
                last_frame: None,
                last_told: 0.0,
                is_stale: true,
                is_untold: true,
                address_due: None,
                was_playing: false,
                hold_until: None,
                ratio: 1.0,
            }),
            listener: RefCell::new(None),
            hovered: Cell::new(None),
        });
        lab.begin(link.step);
        lab.apply_theme();
        match Pool::new(browser::glue_address(), browser::cores()) {
            Ok(pool) => lab.inner.borrow_mut().pool = Some(pool),
            Err(error) => lab.say_error(format!(
                "The engine cannot start here: {}. Reload the page, or try another browser.",
                browser::text_of(&error)
            )),
        }
        run_clock(Rc::downgrade(&lab));
        lab
    }

    /// Plays, unless a step is asked for or the person wants no motion: then the run is shown finished.
    fn begin(&self, step: Option<u64>) {
        let mut inner = self.inner.borrow_mut();
        let last = inner.session.experiment().steps;
        match step {
            Some(step) => inner.session.seek(step),
            None if browser::prefers_reduced_motion() => inner.session.seek(last),
            None => inner.session.set_playing(true),
        }
    }

    /// Calls `listener` whenever there is something new to say.
    pub fn listen(&self, listener: Callback<()>) {
        *self.listener.borrow_mut() = Some(listener);
    }

    /// Reads the session.
    pub fn read<T>(&self, read: impl FnOnce(&Session) -> T) -> T {
        read(&self.inner.borrow().session)
    }

    /// The colors in force.
    pub fn palette(&self) -> Palette {
        Palette::new(self.inner.borrow().tone)
    }

    /// The theme chosen.
    pub fn theme(&self) -> Theme {
        self.inner.borrow().theme
    }

    /// The message to show.
    pub fn notice(&self) -> Option<Notice> {
        self.inner.borrow().notice.clone()
    }

    /// Whether the loss axis is logarithmic.
    pub fn is_log(&self) -> bool {
        self.inner.borrow().look.log_loss
    }

    /// The landscape's part of the plane.
    pub fn window(&self) -> Window {
        self.inner.borrow().window
    }

    /// The step under the pointer.
    pub fn hovered(&self) -> Option<u64> {
        self.hovered.get()
    }

    /// Gives a canvas its place; `None` takes it away.
    pub fn place(&self, place: Place, canvas: Option<HtmlCanvasElement>) {
        let mut inner = self.inner.borrow_mut();
        match canvas {
            Some(canvas) => inner.canvases.insert(place, canvas),
            None => inner.canvases.remove(&place),
        };
        inner.is_stale = true;
        inner.survey_wanted |= place == Place::Landscape;
    }

    fn change<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        let result = {
            let mut inner = self.inner.borrow_mut();
            inner.is_stale = true;
            inner.address_due = Some(browser::now() + ADDRESS_MS);
            change(&mut inner)
        };
        self.tell();
        result
    }

    fn tell(&self) {
        self.inner.borrow_mut().is_untold = false;
        let listener = self.listener.borrow().clone();
        if let Some(listener) = listener {
            listener.emit(());
        }
    }

    /// Shows a message.
    pub fn say(&self, text: impl Into<String>) {
        self.change(|inner| inner.show(Notice::info(text)));
    }

    fn say_error(&self, text: impl Into<String>) {
        self.change(|inner| inner.show(Notice::error(text)));
    }

    /// Takes the message away.
    pub fn dismiss(&self) {
        self.change(|inner| inner.notice = None);
    }

    /// Plays or pauses.
    pub fn set_playing(&self, playing: bool) {
        self.change(|inner| inner.session.set_playing(playing));
    }

    /// Plays if paused, pauses if playing.
    pub fn toggle_playing(&self) {
        let playing = self.read(Session::is_playing);
        self.set_playing(!playing);
    }

    /// Moves by some steps and pauses.
    pub fn step_by(&self, steps: i64) {
        self.change(|inner| inner.session.step_by(steps));
    }

    /// Shows a step and pauses.
    pub fn seek(&self, step: u64) {
        self.change(|inner| {
            inner.session.set_playing(false);
            inner.session.seek(step);
        });
    }

    /// Shows the last step there is.
    pub fn seek_end(&self) {
        let last = self.read(Session::last_step);
        self.seek(last);
    }

    /// Back to the start with the policies of now.
    pub fn reset(&self) {
        self.change(|inner| inner.session.reset());
    }

    /// Sets the speed by its place.
    pub fn set_speed(&self, index: usize) {
        self.change(|inner| inner.session.set_speed(index));
    }

    /// One speed faster or slower.
    pub fn change_speed(&self, by: isize) {
        self.change(|inner| {
            let index = inner.session.speed_index().saturating_add_signed(by);
            inner.session.set_speed(index);
        });
    }

    /// Logarithmic or linear loss.
    pub fn toggle_log(&self) {
        self.change(|inner| inner.look.log_loss = !inner.look.log_loss);
    }

    /// The step under the pointer has changed.
    pub fn hover(&self, step: Option<u64>) {
        if self.hovered.replace(step) != step {
            self.tell();
        }
    }

    /// Light, dark, system.
    pub fn set_theme(&self, theme: Theme) {
        self.change(|inner| inner.theme = theme);
        self.apply_theme();
    }

    /// The next of system, light, dark.
    pub fn next_theme(&self) {
        self.set_theme(match self.theme() {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        });
    }

    fn apply_theme(&self) {
        let theme = self.theme();
        browser::set_theme_attribute(theme);
        let tone = if browser::is_dark(theme) { Tone::Dark } else { Tone::Light };
        let mut inner = self.inner.borrow_mut();
        inner.is_stale |= inner.tone != tone;
        inner.is_untold |= inner.tone != tone;
        inner.tone = tone;
    }

    /// How many steps a run may take.
    pub fn set_steps(&self, steps: f64) -> Result<(), String> {
        if steps.fract() != 0.0 || !(1.0..=1e15).contains(&steps) {
            return Err(format!("Expected a whole number of steps, at least 1; got {}.", significant(steps)));
        }
        self.change(|inner| inner.session.set_steps(steps as u64)).map_err(|error| error.to_string())
    }

    /// Another objective, from its own start, with its own step size for constant policies.
    pub fn set_objective(&self, name: &str) {
        let Some(entry) = objective::find(name) else { return };
        let mut experiment = self.read(|session| session.experiment().clone());
        experiment.objective = Spec::new(name);
        experiment.start = entry.start_for(&experiment.objective);
        let steps: Vec<f64> = experiment.runs.iter().filter_map(constant_step).collect();
        let reference = steps.first().copied();
        for run in &mut experiment.runs {
            if let (Some(eta), Some(reference)) = (constant_step(run), reference) {
                let scaled = entry.constant_step * eta / reference;
                run.policy = Spec::new("constant").with("eta", ParameterValue::Number(round_to(scaled, 3)));
            }
            run.changes.clear();
        }
        let start = experiment.start.iter().map(|x| significant(*x)).collect::<Vec<_>>().join(", ");
        let title = entry.description.title;
        let constant = if reference.is_some() { "; constant steps take this objective's size" } else { "" };
        match self.restart(experiment) {
            Ok(()) => {
                self.begin(None);
                self.say(format!("{title}: restarted from ({start}){constant}."));
            }
            Err(message) => self.say_error(message),
        }
    }

    /// Another value of a parameter of the objective; starts again.
    pub fn set_objective_parameter(&self, key: &str, value: ParameterValue) -> Result<(), String> {
        let mut experiment = self.read(|session| session.experiment().clone());
        experiment.objective.parameters.insert(key.to_owned(), value);
        if let Some(entry) = objective::find(&experiment.objective.name)
            && let objective::Dimension::FromParameter(_) = entry.dimension
        {
            let start = entry.start_for(&experiment.objective);
            if start.len() != experiment.start.len() {
                experiment.start = start;
            }
        }
        self.restart(experiment)
    }

    /// Another start; starts again.
    pub fn set_start(&self, start: Vec<f64>) -> Result<(), String> {
        let mut experiment = self.read(|session| session.experiment().clone());
        experiment.start = start;
        self.restart(experiment)
    }

    /// Moves the start to a place of the landscape, in fractions of its width and height. What was seen of the runs is computed anew at
    /// once, so that the trajectories follow the pointer.
    pub fn drag_start(&self, across: f64, down: f64) {
        let (mut experiment, step, playing) = self.read(|session| {
            (session.experiment().clone(), session.goal().unwrap_or(session.step()), session.is_playing())
        });
        let window = self.window();
        let (x, y) = window.point(across, down);
        let digits =
            |value: f64, span: f64| round_to(value, 2 + (value.abs() / span * 100.0).max(1.0).log10().ceil() as i32);
        let [x0, x1, y0, y1] = window.bounds;
        for (coordinate, (value, span)) in experiment.start.iter_mut().zip([(x, x1 - x0), (y, y1 - y0)]) {
            *coordinate = digits(value, span);
        }
        self.change(|inner| {
            inner.was_playing |= playing;
            inner.replace(experiment);
            inner.session.set_playing(false);
            inner.session.seek(step.min(MAX_FOLLOWED));
            inner.hold_until = Some(browser::now() + HOLD_MS);
        });
    }

    /// The start has been let go: time goes on if it did.
    pub fn drop_start(&self) {
        self.change(|inner| {
            inner.window = window_of(&inner.session);
            if std::mem::take(&mut inner.was_playing) {
                inner.session.set_playing(true);
            }
        });
    }

    fn restart(&self, experiment: Experiment) -> Result<(), String> {
        let experiment = experiment.complete_and_check().map_err(|error| error.to_string())?;
        self.change(|inner| inner.replace(experiment));
        Ok(())
    }

    /// Another policy for a run, from the step shown on.
    pub fn set_policy(&self, index: usize, policy: Spec) -> Result<(), String> {
        self.change(|inner| inner.session.set_policy(index, policy)).map_err(|error| error.to_string())
    }

    /// Another policy for a run by its name, with its defaults.
    pub fn set_policy_name(&self, index: usize, name: &str) {
        let spec = self.read(|session| default_policy(name, session.experiment()));
        if let Err(message) = self.set_policy(index, spec) {
            self.say_error(message);
        }
    }

    /// Another value of a parameter of a run's policy, from the step shown on.
    pub fn set_policy_parameter(&self, index: usize, key: &str, value: Option<ParameterValue>) -> Result<(), String> {
        let mut policy = self.read(|session| session.policy(index).clone());
        match value {
            Some(value) => policy.parameters.insert(key.to_owned(), value),
            None => policy.parameters.remove(key),
        };
        self.set_policy(index, policy)
    }

    /// Multiplies the step size of every constant-step run.
    pub fn scale_steps(&self, factor: f64) {
        let etas: Vec<(usize, f64)> = self.read(|session| {
            (0..session.runs().len())
                .filter_map(|index| {
                    let policy = session.policy(index);
                    (policy.name == "constant").then(|| (index, policy.number("eta")))
                })
                .collect()
        });
        for (index, eta) in etas {
            let value = ParameterValue::Number(round_to(eta * factor, 4));
            if let Err(message) = self.set_policy_parameter(index, "eta", Some(value)) {
                self.say_error(message);
            }
        }
    }

    /// One more run.
    pub fn add_run(&self, name: &str) {
        let spec = self.read(|session| default_policy(name, session.experiment()));
        if let Err(error) = self.change(|inner| inner.session.add_run(spec)) {
            self.say_error(error.to_string());
        }
    }

    /// One run less.
    pub fn remove_run(&self, index: usize) {
        self.change(|inner| inner.session.remove_run(index));
    }

    /// The address that restores this very picture.
    pub fn link(&self) -> String {
        let inner = self.inner.borrow();
        let session = &inner.session;
        let link = Link {
            experiment: session.experiment().clone(),
            step: (!session.is_playing() && session.step() > 0).then_some(session.step()),
            theme: (inner.theme != Theme::System).then_some(inner.theme),
        };
        permalink::encode(&link)
    }

    /// Copies the link.
    pub fn copy_link(&self) {
        self.write_address();
        browser::copy(&browser::address());
        self.say("Link copied. It restores this experiment, step by step, bit for bit.");
    }

    fn write_address(&self) {
        self.inner.borrow_mut().address_due = None;
        browser::replace_fragment(&self.link());
    }

    /// Opens the link that stands in the address now, if it is another one.
    pub fn follow_address(&self) {
        let fragment = browser::fragment();
        if fragment.trim_start_matches('#') == self.link() || fragment.is_empty() {
            return;
        }
        match permalink::decode(&fragment) {
            Ok((link, notices)) => {
                self.change(|inner| {
                    inner.replace(link.experiment);
                    inner.theme = link.theme.unwrap_or(inner.theme);
                    inner.notice = (!notices.is_empty()).then(|| Notice::info(notices.join("; ")));
                });
                self.begin(link.step);
                self.apply_theme();
            }
            Err(error) => {
                self.say_error(format!("This link cannot be opened: {error}. What you see is what was here before."))
            }
        }
    }

    fn frame(&self, now: f64) {
        let mut recovered = None;
        {
            let mut inner = self.inner.borrow_mut();
            let seconds = inner.last_frame.map_or(0.0, |last| ((now - last) / 1000.0).clamp(0.0, 0.25));
            inner.last_frame = Some(now);
            recovered = inner.take_mail().or(recovered.take());
            let moved = inner.session.tick(seconds);
            inner.send_orders();
            inner.ask_survey();
            if inner.notice_until.is_some_and(|until| now >= until) {
                inner.notice_until = None;
                inner.notice = None;
                inner.is_untold = true;
            }
            inner.is_untold |= moved || inner.is_stale;
            inner.is_stale |= moved;
            let ratio = browser::pixel_ratio();
            inner.is_stale |= ratio != inner.ratio;
            inner.ratio = ratio;
            if inner.session.goal().is_none() || inner.hold_until.is_some_and(|until| now >= until) {
                inner.hold_until = None;
            }
            if (inner.is_stale && inner.hold_until.is_none()) || inner.is_misfit() {
                inner.is_stale = false;
                inner.paint();
            }
        }
        if let Some(message) = recovered {
            self.say_error(message);
        }
        let (due, address) = {
            let mut inner = self.inner.borrow_mut();
            let quiet = !inner.session.is_playing();
            let due = inner.is_untold && (quiet || now - inner.last_told >= TELL_MS);
            if due {
                inner.last_told = now;
            }
            (due, inner.address_due.is_some_and(|at| now >= at))
        };
        if due {
            self.tell();
        }
        if address {
            self.write_address();
        }
    }
}

impl Inner {
    fn show(&mut self, notice: Notice) {
        self.notice_until = (!notice.is_error).then(|| browser::now() + NOTICE_MS);
        self.notice = Some(notice);
    }

    fn replace(&mut self, experiment: Experiment) {
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
    fn take_mail(&mut self) -> Option<String> {
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
                Mail::Died { lost, failed, message } => {
                    let what = self.describe_lost(failed);
                    let text = format!(
                        "The engine stopped while computing {what} ({message}). It was started again; the other runs go on."
                    );
                    let end = End { kind: EndKind::Failed, step: 0, sentence: text.clone() };
                    self.session.recover(failed, &lost, &end.sentence);
                    self.survey_wanted |= self.terrain.is_none();
                    self.is_stale = true;
                    complaint = Some(text);
                }
            }
        }
        complaint
    }

    fn describe_lost(&self, failed: Option<u32>) -> String {
        let index = self.session.runs().iter().position(|run| Some(run.id) == failed);
        match index {
            Some(index) => panels::label(&self.session, index),
            None => "your runs".to_owned(),
        }
    }

    fn send_orders(&mut self) {
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

    fn ask_survey(&mut self) {
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
    fn is_misfit(&self) -> bool {
        self.canvases.values().any(|canvas| canvas::is_misfit(canvas, self.ratio))
    }

    fn paint(&mut self) {
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

    fn paint_landscape(&mut self, canvas: &HtmlCanvasElement, size: crate::chart::Size, palette: &Palette) {
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

fn constant_step(run: &RunSpec) -> Option<f64> {
    let policy = policy_at(run, u64::MAX);
    (policy.name == "constant").then(|| policy.number("eta"))
}

/// A policy with its defaults; a constant step takes the objective's size.
fn default_policy(name: &str, experiment: &Experiment) -> Spec {
    let spec = Spec::new(name);
    let step = objective::find(&experiment.objective.name).map(|entry| entry.constant_step);
    let has_eta = policy::find(name).is_some_and(|entry| entry.description.parameter("eta").is_some());
    match step {
        Some(step) if has_eta => spec.with("eta", ParameterValue::Number(step)),
        _ => spec,
    }
}

fn window_of(session: &Session) -> Window {
    let experiment = session.experiment();
    let view = objective::find(&experiment.objective.name).map_or([-2.0, 2.0, -2.0, 2.0], |entry| entry.view);
    Window::around(view, &experiment.start)
}

fn default_link() -> Link {
    let experiment =
        Experiment::from_json(DEFAULT_EXPERIMENT).expect("the default experiment is valid: a test says so");
    Link { experiment, step: None, theme: None }
}

fn from_address() -> (Link, Option<Notice>) {
    let fragment = browser::fragment();
    if fragment.trim_start_matches('#').is_empty() {
        return (default_link(), None);
    }
    match permalink::decode(&fragment) {
        Ok((link, notices)) if notices.is_empty() => (link, None),
        Ok((link, notices)) => (link, Some(Notice::info(notices.join("; ")))),
        Err(error) => {
            let text = format!("This link cannot be opened: {error}. You see the default experiment instead.");
            (default_link(), Some(Notice::error(text)))
        }
    }
}

/// Calls [`Lab::frame`] before every repaint, as long as the Lab is there.
fn run_clock(lab: Weak<Lab>) {
    let next: Rc<RefCell<Option<Closure<dyn FnMut(f64)>>>> = Rc::default();
    let again = next.clone();
    *next.borrow_mut() = Some(Closure::new(move |now: f64| {
        if let Some(lab) = lab.upgrade() {
            lab.frame(now);
            request_frame(&again);
        }
    }));
    request_frame(&next);
}

fn request_frame(closure: &Rc<RefCell<Option<Closure<dyn FnMut(f64)>>>>) {
    if let Some(window) = web_sys::window()
        && let Some(closure) = closure.borrow().as_ref()
    {
        // A window that refuses frames is closing.
        let _: Result<i32, JsValue> = window.request_animation_frame(closure.as_ref().unchecked_ref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_experiment_is_valid() {
        assert_eq!(default_link().experiment.runs.len(), 3);
    }
}
