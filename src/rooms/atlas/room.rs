//! The room's state, outside of the virtual document: what is drawn, what is said, and what was
//! pinned.

use std::{cell::RefCell, rc::Rc};

use flatland_drawing::{Kept, Order, Reading};
use flatland_engine::Experiment;
use yew::{Callback, platform::spawn_local};

use super::{
    board::{Board, Layout},
    card::{self, Means},
    map_view::Act,
    paint::Style,
    picture::{self, Wish},
    pins::{self, Pin, side_by_side},
    stage::{Shown, Stage, Told},
    words::{self, Complaint},
};
use crate::{browser, chart::panels, lab::LabHandle, rooms::files, session::Session};

/// After so many losses the graphics card is let be.
const MOST_LOSSES: u32 = 3;

thread_local! {
    /// The map shown last: it comes back when the Atlas is opened again on an experiment that has
    /// its numbers.
    static LEFT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// See the module's header.
pub struct Room {
    /// The Lab below.
    pub lab: LabHandle,
    /// The drawings.
    pub stage: Rc<Stage>,
    refresh: Callback<()>,
    inner: RefCell<Inner>,
}

/// A room is equal to itself alone.
impl PartialEq for Room {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

struct Inner {
    board: Rc<Board>,
    layout: Rc<Layout>,
    /// Counts layouts: each has canvases of its own.
    generation: u32,
    readout: String,
    status: String,
    /// Why the graphics card was left for what is shown.
    trouble: String,
    losses: u32,
    pins: Rc<Vec<Pin>>,
    wish: Option<Wish>,
}

/// What is shown beside the drawings.
#[derive(Clone)]
pub struct Said {
    /// What is drawn.
    pub board: Rc<Board>,
    /// What is drawn side by side.
    pub layout: Rc<Layout>,
    /// Counts layouts.
    pub generation: u32,
    /// What lies under the pointer.
    pub readout: String,
    /// What came of something.
    pub status: String,
    /// How the drawings are computed.
    pub way: String,
    /// The share of the drawings that is known.
    pub share: f64,
    /// The pinned points.
    pub pins: Rc<Vec<Pin>>,
    /// Whether a picture is being made.
    pub is_picturing: bool,
}

impl Room {
    /// The room over the Lab's experiment; `refresh` is called when there is something new to say.
    ///
    /// # Errors
    ///
    /// In words, if there is no map of this experiment.
    pub fn new(lab: &LabHandle, refresh: Callback<()>) -> Result<Rc<Self>, String> {
        let (experiment, names) = lab.read(|session| {
            let names = (0..session.runs().len()).map(|index| panels::title(session, index)).collect();
            (session.experiment().clone(), names)
        });
        let linked = lab.linked_map();
        let left = LEFT.with_borrow(Clone::clone);
        let board = Board::new(experiment.clone(), names, linked.as_deref(), left);
        let (board, complaint) = board.map_err(|error| format!("There is no map of this experiment: {error}."))?;
        let layout = board.layout().map_err(|error| format!("There is no map of this experiment: {error}."))?;
        Ok(Rc::new_cyclic(|room: &std::rc::Weak<Self>| {
            let room = room.clone();
            let tell = Callback::from(move |told| {
                if let Some(room) = room.upgrade() {
                    room.hear(told);
                }
            });
            let inner = Inner {
                board: Rc::new(board),
                layout: Rc::new(layout),
                generation: 0,
                readout: words::hint().to_owned(),
                status: complaint,
                trouble: String::new(),
                losses: 0,
                pins: Rc::default(),
                wish: None,
            };
            let looks = lab.clone();
            let stage = Stage::new(experiment, move || style(&looks), tell);
            Self { lab: lab.clone(), stage, refresh, inner: RefCell::new(inner) }
        }))
    }

    /// What is shown beside the drawings.
    pub fn said(&self) -> Said {
        let progress = self.stage.progress();
        let inner = self.inner.borrow();
        let making = inner.wish.as_ref().map(|_| self.stage.picture_share());
        let way = inner.board.work().map_or_else(String::new, |work| format!("{work}. ")) + &words::way(&progress);
        Said {
            board: inner.board.clone(),
            layout: inner.layout.clone(),
            generation: inner.generation,
            readout: inner.readout.clone(),
            status: making.map_or_else(
                || inner.status.clone(),
                |share| format!("The picture is computed: {} %", (100.0 * share).floor()),
            ),
            way: format!("{way}{}", inner.trouble),
            share: progress.share,
            pins: inner.pins.clone(),
            is_picturing: making.is_some(),
        }
    }

    /// Begins: with the graphics card if there is one, and it is wanted.
    pub fn begin(self: &Rc<Self>) {
        // Pausing what stands still would call off the way to a step that is not computed yet.
        if self.lab.read(Session::is_playing) {
            self.lab.set_playing(false);
        }
        let room = Rc::downgrade(self);
        spawn_local(async move {
            let why_not = card::reach().await;
            if let Some(room) = room.upgrade() {
                let complaint = room.inner.borrow().status.clone();
                room.draw_with_card(&why_not, complaint);
            }
        });
    }

    /// Draws what is chosen with the card if it is there and wanted, and says why it is not;
    /// `complaint` is said in any case.
    fn draw_with_card(&self, why_not: &str, complaint: String) {
        self.take_card();
        let board = self.inner.borrow().board.clone();
        // It could be drawn before.
        let _ = self.change(board.order.clone(), board.is_all);
        if card::means() == Means::Card && !why_not.is_empty() {
            self.say(format!("The graphics card cannot be used: {why_not}. The processor goes on."));
        } else if !complaint.is_empty() {
            self.say(complaint);
        }
    }

    /// Takes the card if it is there and wanted, and leaves it otherwise.
    fn take_card(&self) {
        match card::wanted() {
            Some(card) if !self.stage.has_card() => self.stage.set_card(Some(&card)),
            Some(_) => {}
            None => self.stage.set_card(None),
        }
    }

    /// Has maps computed on something else from now on.
    pub fn set_means(self: &Rc<Self>, means: Means) {
        card::set_means(means);
        let room = Rc::downgrade(self);
        spawn_local(async move {
            let why_not = card::reach().await;
            if let Some(room) = room.upgrade() {
                room.draw_with_card(&why_not, String::new());
            }
        });
    }

    /// Takes another order; what cannot be drawn is said, and all is as before.
    ///
    /// # Errors
    ///
    /// Why, and which fields it is about.
    pub fn change(&self, wanted: Order, is_all: bool) -> Result<(), Complaint> {
        let mut board = (*self.inner.borrow().board).clone();
        let before = board.order.clone();
        let layout = board.set(wanted.clone(), is_all).map_err(|error| self.complaint(&error, &wanted))?;
        self.show(&board, &layout).map_err(|error| self.complaint(&error, &wanted))?;
        {
            let mut inner = self.inner.borrow_mut();
            inner.status.clone_from(&layout.note);
            inner.trouble.clear();
            let axes =
                |order: &Order| (order.run, order.x.field.clone(), order.y.field.clone(), order.measure.is_none());
            if axes(&before) != axes(&board.order) {
                inner.pins = Rc::default();
            }
            inner.board = Rc::new(board);
            inner.layout = Rc::new(layout);
            inner.generation += 1;
        }
        self.mark_pins();
        self.remember();
        self.refresh.emit(());
        Ok(())
    }

    fn complaint(&self, error: &flatland_atlas::MapError, wanted: &Order) -> Complaint {
        let board = self.inner.borrow().board.clone();
        let label = |field: &str| {
            let choices = flatland_drawing::choices::choices(&board.experiment, wanted.run);
            choices
                .into_iter()
                .find(|choice| choice.axis.field == field)
                .map_or(field.to_owned(), |choice| choice.label)
        };
        Complaint::of(error, wanted, label)
    }

    fn show(&self, board: &Board, layout: &Layout) -> Result<(), flatland_atlas::MapError> {
        let shown = |(order, title): &(Order, String)| Shown {
            order: order.clone(),
            title: title.clone(),
            labels: [board.label(order, false), board.label(order, true)],
        };
        self.stage.show(layout.maps.iter().map(shown).collect())
    }

    /// Shows the whole map.
    pub fn show_all(&self) {
        let board = self.inner.borrow().board.clone();
        // The whole was drawn before.
        let _ = self.change(board.unzoomed(), board.is_all);
    }

    /// Gives the map the whole window, or shows again what stands beside it.
    pub fn widen(&self) {
        {
            let mut inner = self.inner.borrow_mut();
            let board = Rc::make_mut(&mut inner.board);
            board.is_alone = !board.is_alone;
        }
        self.remember();
        self.refresh.emit(());
    }

    /// Puts the map into the address, so that copying it there keeps it, and Back comes back to it.
    fn remember(&self) {
        let board = self.inner.borrow().board.clone();
        LEFT.set(Some(board.kept()));
        self.lab.keep_map(board.to_link());
    }

    /// The address that restores this very map.
    pub fn address(&self) -> String {
        self.lab.address_of_map(&self.inner.borrow().board.to_link())
    }

    /// Says what came of something.
    pub fn say(&self, text: impl Into<String>) {
        self.inner.borrow_mut().status = text.into();
        self.refresh.emit(());
    }

    fn hear(self: &Rc<Self>, told: Told) {
        match told {
            Told::Progress | Told::Painted => self.refresh.emit(()),
            Told::Read(index, reading) => {
                let readout =
                    reading.map_or_else(|| words::hint().to_owned(), |reading| self.words_of(index, &reading));
                self.inner.borrow_mut().readout = readout;
                self.refresh.emit(());
            }
            Told::Moved(index) => self.follow(index),
            Told::Complaint(text) => self.say(text),
            Told::CardLeft(why, is_lost) => self.leave_card(&why, is_lost),
            Told::Pictured(result) => {
                let Some(wish) = self.inner.borrow_mut().wish.take() else { return };
                let status = match result {
                    Ok(()) => picture::save(self, &wish),
                    Err(why) => format!("The picture could not be made: {why}. Nothing was saved."),
                };
                self.stage.call_off_picture();
                if !status.is_empty() {
                    self.say(status);
                }
            }
        }
    }

    fn words_of(&self, index: usize, reading: &Reading) -> String {
        let drawn = self.stage.order(index);
        drawn.map_or_else(String::new, |(order, labels)| words::reading(reading, &order, &labels))
    }

    /// The drawings were moved by hand.
    fn follow(&self, index: usize) {
        let Some((moved, _)) = self.stage.order(index) else { return };
        {
            let mut inner = self.inner.borrow_mut();
            inner.trouble.clear();
            Rc::make_mut(&mut inner.board).follow(&moved);
        }
        self.remember();
        self.refresh.emit(());
    }

    /// The processor goes on with what the card has left; the next map may have it again.
    fn leave_card(self: &Rc<Self>, why: &str, is_lost: bool) {
        self.inner.borrow_mut().trouble = format!(" · the graphics card was left: {why}");
        if is_lost {
            card::forget();
            self.stage.set_card(None);
            let losses = {
                let mut inner = self.inner.borrow_mut();
                inner.losses += 1;
                inner.losses
            };
            if losses <= MOST_LOSSES {
                let room = Rc::downgrade(self);
                spawn_local(async move {
                    card::reach().await;
                    if let Some(room) = room.upgrade() {
                        room.take_card();
                    }
                });
            }
        }
        self.refresh.emit(());
    }

    /// Does something at a point of a drawing. Whether the room has done its work.
    pub fn act(&self, index: usize, at: [f64; 2], act: Act) -> bool {
        let experiment = match self.stage.experiment_at(index, at) {
            Ok(Some(experiment)) => experiment,
            Ok(None) => return false,
            Err(error) => {
                self.say(error.to_string());
                return false;
            }
        };
        match act {
            Act::Open => self.open(&experiment),
            Act::Pin => {
                self.add_pin(index, at, experiment);
                false
            }
        }
    }

    /// Opens an experiment in the Lab; whether it is there.
    fn open(&self, experiment: &Experiment) -> bool {
        match self.lab.open_document(&experiment.to_json()) {
            Ok(()) => true,
            Err(error) => {
                self.say(error.to_string());
                false
            }
        }
    }

    fn add_pin(&self, index: usize, at: [f64; 2], experiment: Experiment) {
        let Some(reading) = self.stage.reading(index, at) else {
            return self.say("Nothing is known of this point yet: wait until the map has come this far.");
        };
        let Reading::Run { at: numbers, .. } = &reading else {
            return self.say("Points of a map can be pinned, those of a bifurcation diagram cannot.");
        };
        let run = self.stage.order(index).map_or(0, |(order, _)| order.run);
        let pin = Pin { at: *numbers, words: self.words_of(index, &reading), experiment, run };
        {
            let mut inner = self.inner.borrow_mut();
            let pins = Rc::make_mut(&mut inner.pins);
            if pins.len() >= pins::MOST {
                pins.remove(0);
            }
            pins.push(pin);
        }
        self.mark_pins();
        self.refresh.emit(());
    }

    /// Takes the pins out.
    pub fn clear_pins(&self) {
        self.inner.borrow_mut().pins = Rc::default();
        self.mark_pins();
        self.refresh.emit(());
    }

    fn mark_pins(&self) {
        let pins = self.inner.borrow().pins.clone();
        let names = ["A", "B"];
        self.stage.pin(pins.iter().zip(names).map(|(pin, name)| (pin.at, name.to_owned())).collect());
    }

    /// Opens the run of a pin in the Lab; whether it is there.
    pub fn open_pin(&self, place: usize) -> bool {
        let pin = self.inner.borrow().pins.get(place).cloned();
        pin.is_some_and(|pin| self.open(&pin.experiment))
    }

    /// Opens the runs of both pins in the Lab, side by side; whether they are there.
    pub fn compare(&self) -> bool {
        let pins = self.inner.borrow().pins.clone();
        let [a, b] = &pins[..] else { return false };
        match side_by_side(a, b) {
            Ok(experiment) => self.open(&experiment),
            Err(why) => {
                self.say(why);
                false
            }
        }
    }

    /// Begins a picture or a file with numbers.
    pub fn begin_picture(&self, wish: Wish) {
        let count = if wish.is_all { usize::MAX } else { 1 };
        let Some((columns, rows)) = self.stage.size(0) else { return };
        let size = [wish.width.unwrap_or(columns), wish.height.unwrap_or(rows)];
        self.inner.borrow_mut().wish = Some(wish);
        if let Err(error) = self.stage.begin_picture(count, size) {
            self.inner.borrow_mut().wish = None;
            self.say(format!("The picture could not be made: {error}. Nothing was saved."));
        }
        self.refresh.emit(());
    }

    /// Saves the drawings as they are on the screen.
    pub fn save_png(self: &Rc<Self>) {
        let is_all = self.inner.borrow().layout.maps.len() > 1;
        self.begin_picture(Wish { format: picture::Format::Png, width: None, height: None, is_all });
    }

    /// Stops making a picture.
    pub fn cancel_picture(&self) {
        self.inner.borrow_mut().wish = None;
        self.stage.call_off_picture();
        self.say("Cancelled. Nothing was saved.");
    }

    /// Copies the link.
    pub fn copy_link(self: &Rc<Self>) {
        let room = self.clone();
        browser::copy(&self.address(), move |worked| {
            room.say(files::copied(worked, "Link copied. It restores this map."));
        });
    }

    /// Large words and lines, or not.
    pub fn toggle_projector(&self) {
        self.lab.toggle_projector();
        self.stage.restyle();
        self.refresh.emit(());
    }
}

/// How drawings look over the Lab as it is.
fn style(lab: &LabHandle) -> Style {
    Style { palette: lab.palette(), zoom: lab.view().room_scale() }
}
