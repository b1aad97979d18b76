//! The Lab: holds the session outside of the components, moves it with the clock, keeps the workers
//! busy and redraws the canvases.
//!
//! Components call its verbs and are told, at most ten times a second while time runs, that there
//! is something new to say. They are never re-rendered by data. One animation-frame loop does
//! everything else, in this order: mail in, time on, orders out, picture.

mod address;
mod blank;
mod clock;
mod edits;
mod filming;
mod handle;
mod lessons;
mod looking;
mod looks;
mod openings;
mod plane;
mod scenery;
mod sharing;
mod stage;
mod surround;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use flatland_engine::experiment::Experiment;
use web_sys::HtmlCanvasElement;
use yew::Callback;

use self::scenery::Scenery;
pub use self::{
    blank::BLANK,
    filming::Take,
    handle::LabHandle,
    sharing::{AS_BEFORE, cannot_open, title_of},
    surround::{Colors, Surround},
};
use crate::{
    browser,
    chart::palette::{Palette, Tone},
    hired::Program,
    history::Line,
    lesson::CONTENTS,
    session::Session,
    settings::Theme,
    view_settings::{SLOTS, View},
    worker::pool::Pool,
};

/// Between two tellings of the components while time runs, in milliseconds.
const TELL_MS: f64 = 100.0;
/// After the last change until the address is brought up to date, in milliseconds.
const ADDRESS_MS: f64 = 400.0;
/// How long a message that is no error stays, in milliseconds.
const NOTICE_MS: f64 = 7_000.0;
/// Characters that a message has at the most without being long.
const LONG_NOTICE: usize = 150;
/// How long one with a choice stays, in milliseconds.
const CHOICE_MS: f64 = 15_000.0;
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The chart in a slot of the board.
    Chart(usize),
    /// The landscape.
    Landscape,
}

/// A message to the person.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What to say.
    pub text: String,
    /// Whether something could not be done.
    pub is_error: bool,
    /// Whether it stays until it is dismissed, as errors do.
    pub is_lasting: bool,
    /// The words on a button for the other choice, which [`Lab::go_on`] takes.
    pub choice: Option<String>,
}

impl Notice {
    fn info(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_error: false, is_lasting: false, choice: None }
    }

    fn lasting(text: impl Into<String>) -> Self {
        Self { is_lasting: true, ..Self::info(text) }
    }

    fn error(text: impl Into<String>) -> Self {
        Self { is_error: true, ..Self::lasting(text) }
    }

    /// Whether it takes more than three lines beside the time line.
    pub fn is_long(&self) -> bool {
        self.text.chars().count() > LONG_NOTICE
    }
}

struct Inner {
    session: Session,
    pool: Option<Pool>,
    canvases: Vec<(Place, HtmlCanvasElement)>,
    scenery: Scenery,
    view: View,
    tone: Tone,
    theme: Theme,
    notice: Option<Notice>,
    notice_until: Option<f64>,
    /// Whether it has been said that old detail was given back.
    has_said_thinned: bool,
    last_frame: Option<f64>,
    last_told: f64,
    is_stale: bool,
    is_untold: bool,
    address_due: Option<f64>,
    /// What the browser's history has been told of last.
    told: Seen,
    /// The entries of that history.
    line: Line,
    /// What is open over the Lab.
    open: Option<String>,
    /// What to open as soon as that is closed, and until when.
    wanted: Option<(String, f64)>,
    /// The map that is open, as its room writes it.
    map: Option<String>,
    /// The place in the lessons that is open, as links have it.
    lesson: Option<String>,
    /// The one that was open last.
    last_lesson: String,
    /// Whether a link has named it alone, so that it says what the Lab shows.
    is_step_due: bool,
    /// The step that was shown when time last began anew, until the history knows.
    left: Option<u64>,
    /// Whether the next change belongs to the one before it.
    amends: bool,
    /// Until then the browser is on its way to another entry.
    travels_until: Option<f64>,
    /// Whether it goes back from what has just been closed: what is edited meanwhile stays.
    returns: bool,
    /// The place of a link that was opened meanwhile, and until when the browser may leave it.
    overtaken: Option<(u32, f64)>,
    /// Whether time ran when the start was seized.
    was_playing: bool,
    /// Until then the old picture stays, unless the new one is complete.
    hold_until: Option<f64>,
    ratio: f64,
    /// How long the last drawing of each chart and of the scene took, in milliseconds.
    paint_ms: [f64; SLOTS + 1],
    /// Which of them was drawn last, when they take turns.
    turn: usize,
    /// Whether time moves for a film: then the page's own charts rest.
    is_filmed: bool,
}

/// What makes an entry of the browser's history when it changes; time alone does not.
type Seen = (Experiment, View, Theme, Option<String>);

/// See the module's header.
pub struct Lab {
    inner: RefCell<Inner>,
    listener: RefCell<Option<Callback<()>>>,
    /// Who shows rooms and dialogs.
    doors: RefCell<Option<Callback<String>>>,
    hovered: Cell<Option<u64>>,
    /// While the screen is blank: whether time ran before.
    blanked: Cell<Option<bool>>,
}

impl Lab {
    /// Opens the Lab with the experiment of the address, or the default one, and starts the clock.
    pub fn open() -> Rc<Self> {
        let first = address::first_entry();
        let (link, notice) = address::read(&first.fragment);
        let told = address::seen(&link);
        let session = Session::new(link.experiment);
        let scenery = Scenery::new(&session);
        let lab = Rc::new(Self {
            inner: RefCell::new(Inner {
                session,
                pool: None,
                canvases: Vec::new(),
                scenery,
                view: link.view,
                tone: Tone::Light,
                theme: link.theme.unwrap_or_default(),
                notice,
                notice_until: None,
                has_said_thinned: false,
                last_frame: None,
                last_told: 0.0,
                is_stale: true,
                is_untold: true,
                address_due: None,
                told,
                open: None,
                wanted: None,
                map: None,
                lesson: link.lesson,
                last_lesson: CONTENTS.to_owned(),
                is_step_due: lessons::lesson_alone(&first.fragment).is_some(),
                line: Line::begin(first),
                left: None,
                amends: false,
                travels_until: None,
                returns: false,
                overtaken: None,
                was_playing: false,
                hold_until: None,
                ratio: 1.0,
                paint_ms: [0.0; SLOTS + 1],
                turn: 0,
                is_filmed: false,
            }),
            listener: RefCell::new(None),
            doors: RefCell::new(None),
            hovered: Cell::new(None),
            blanked: Cell::new(None),
        });
        {
            let mut inner = lab.inner.borrow_mut();
            inner.ask_columns();
            inner.told = inner.seen();
            if let Some(speed) = link.speed {
                inner.session.set_speed(speed);
            }
        }
        lab.begin(link.step);
        lab.apply_theme();
        lab.apply_projector();
        match Pool::new(Program::own(), browser::cores()) {
            Ok(pool) => lab.inner.borrow_mut().pool = Some(pool),
            Err(error) => lab.say_error(format!(
                "The engine cannot start here: {}. Reload the page, or try another browser.",
                browser::text_of(&error)
            )),
        }
        let waiting = Rc::downgrade(&lab);
        browser::when_fonts_are_ready(move || {
            if let Some(lab) = waiting.upgrade() {
                lab.inner.borrow_mut().is_stale = true;
            }
        });
        let turning = Rc::downgrade(&lab);
        browser::when_color_scheme_changes(move || {
            if let Some(lab) = turning.upgrade() {
                lab.apply_theme();
            }
        });
        clock::run_clock(Rc::downgrade(&lab));
        lab
    }

    /// Plays, unless a step is asked for or the person wants no motion: then the run is shown
    /// finished.
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

    /// The step under the pointer.
    pub fn hovered(&self) -> Option<u64> {
        self.hovered.get()
    }

    /// Gives a canvas its place; `None` takes it away.
    pub fn place(&self, place: Place, canvas: Option<HtmlCanvasElement>) {
        let mut inner = self.inner.borrow_mut();
        inner.canvases.retain(|(taken, _)| *taken != place);
        inner.canvases.extend(canvas.map(|canvas| (place, canvas)));
        inner.is_stale = true;
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
        self.change(|inner| {
            inner.left.get_or_insert(inner.session.step());
            inner.session.reset();
        });
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

    /// The step under the pointer has changed.
    pub fn hover(&self, step: Option<u64>) {
        if self.hovered.replace(step) != step {
            self.ring(step);
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

    fn apply_projector(&self) {
        browser::set_projector_attribute(self.inner.borrow().view.projector);
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
}
