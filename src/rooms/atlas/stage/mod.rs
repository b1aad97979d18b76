//! The drawings on the screen, outside of the virtual document: their sheets and canvases, and who
//! computes them.

mod painted;
mod picture;
mod pointing;
mod work;

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
    time::Duration,
};

use flatland_atlas::MapError;
use flatland_drawing::{Legend, Order, Reading, Sheet, job::Introduction};
use flatland_engine::Experiment;
use web_sys::HtmlCanvasElement;
use yew::{
    Callback,
    platform::{spawn_local, time::sleep},
};

use super::paint::{Frame, Style};
use crate::{
    browser,
    chart::canvas,
    pixels::crew::{Crew, Hear, News, Rates, Terms},
};

/// Device pixels of a drawing at the most: beyond that its pixels grow.
const MOST_PIXELS: f64 = 1_500_000.0;
/// Drawings are painted this often while they are computed, in milliseconds.
const PAINT_MS: f64 = 120.0;
/// A drawing below this size, in CSS pixels, is not laid out yet.
const LEAST: i32 = 90;
/// Pixels of a map that are computed together at the least.
const UNIT: usize = 64;
/// Workers at the most.
const MOST_WORKERS: usize = 16;

/// What the room hears of the stage.
pub enum Told {
    /// More is known of the drawings.
    Progress,
    /// The colors may mean something else.
    Painted,
    /// What lies under the pointer or the cursor of a drawing.
    Read(usize, Option<Box<Reading>>),
    /// A drawing was moved or zoomed by hand.
    Moved(usize),
    /// Something went wrong.
    Complaint(String),
    /// The graphics card was left, and whether it is lost.
    CardLeft(String, bool),
    /// The drawings for a picture are complete, or why they never will be.
    Pictured(Result<(), String>),
}

/// A drawing to be shown.
pub struct Shown {
    /// What is drawn.
    pub order: Order,
    /// Its name.
    pub title: String,
    /// What stands across and up, for people.
    pub labels: [String; 2],
}

/// How far the drawings are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// The share of what is known.
    pub share: f64,
    /// Why the first one is computed one by one; empty where it is not.
    pub reason: String,
    /// The graphics card, if it computes the first one.
    pub card: Option<String>,
    /// Workers of the processor.
    pub workers: usize,
    /// How fast the last drawing was computed.
    pub rates: Option<Rates>,
}

/// See the module's header.
pub struct Stage {
    inner: RefCell<Inner>,
    tell: Callback<Told>,
}

/// A stage is equal to itself alone.
impl PartialEq for Stage {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

struct Inner {
    experiment: Experiment,
    document: Rc<str>,
    maps: Vec<Map>,
    /// Drawings of a picture in the making, as large as it is to be.
    picture: Vec<Map>,
    crew: Crew,
    card: Option<(Crew, String)>,
    hear: Hear,
    /// Counts drawings.
    counted: u32,
    /// How drawings look: asked for whenever they are painted, since the page may turn dark.
    style: Box<dyn Fn() -> Style>,
    /// What the colors meant when they were painted last.
    legend: Legend,
    scratch: Option<HtmlCanvasElement>,
    /// Numbers across and up, with their names.
    pins: Vec<([f64; 2], String)>,
    rates: Option<Rates>,
    /// Whether something new is to be painted soon.
    is_paint_due: bool,
}

/// One drawing.
struct Map {
    sheet: Sheet,
    title: String,
    labels: [String; 2],
    canvas: Option<HtmlCanvasElement>,
    frame: Frame,
    /// Tells this work on it from earlier work.
    number: u32,
    is_on_card: bool,
    /// Whether work on it is under way.
    is_open: bool,
    /// How many pixels are missing in the coarsest picture.
    coarse: usize,
    cursor: Option<[f64; 2]>,
}

impl Map {
    fn new(experiment: &Experiment, shown: Shown, [columns, rows]: [usize; 2]) -> Result<Self, MapError> {
        Ok(Self {
            sheet: Sheet::new(experiment, shown.order, columns, rows)?,
            title: shown.title,
            labels: shown.labels,
            canvas: None,
            frame: Frame::default(),
            number: 0,
            is_on_card: false,
            is_open: false,
            coarse: 0,
            cursor: None,
        })
    }
}

impl Stage {
    /// A stage for drawings of an experiment; what happens there is told.
    pub fn new(experiment: Experiment, style: impl Fn() -> Style + 'static, tell: Callback<Told>) -> Rc<Self> {
        Rc::new_cyclic(|stage: &Weak<Self>| {
            let stage = stage.clone();
            let hear: Hear = Rc::new(move |number, news| {
                if let Some(stage) = stage.upgrade() {
                    stage.hear(number, news);
                }
            });
            let size = browser::cores().clamp(1, MOST_WORKERS);
            let inner = Inner {
                document: experiment.to_json().into(),
                experiment,
                maps: Vec::new(),
                picture: Vec::new(),
                crew: Crew::new(size, Terms::processor(), hear.clone()),
                card: None,
                hear,
                counted: 0,
                style: Box::new(style),
                legend: Legend::default(),
                scratch: canvas::detached(1.0, 1.0).ok(),
                pins: Vec::new(),
                rates: None,
                is_paint_due: false,
            };
            Self { inner: RefCell::new(inner), tell }
        })
    }

    /// Does something with the inside, and tells afterwards what there is to tell.
    fn with<T>(&self, act: impl FnOnce(&mut Inner, &mut Vec<Told>) -> T) -> T {
        let mut told = Vec::new();
        let result = act(&mut self.inner.borrow_mut(), &mut told);
        told.into_iter().for_each(|told| self.tell.emit(told));
        result
    }

    /// Shows other drawings. Each is computed once it has its canvas.
    ///
    /// # Errors
    ///
    /// If one cannot be drawn: then all is as before.
    pub fn show(&self, shown: Vec<Shown>) -> Result<(), MapError> {
        self.with(|inner, _| {
            let maps = shown.into_iter().map(|shown| Map::new(&inner.experiment, shown, [1, 1]));
            let maps = maps.collect::<Result<Vec<_>, _>>()?;
            inner.call_off();
            inner.maps = maps;
            inner.rates = None;
            Ok(())
        })
    }

    /// Gives a drawing its canvas.
    pub fn attach(&self, index: usize, canvas: HtmlCanvasElement) {
        self.with(|inner, told| {
            if let Some(map) = inner.maps.get_mut(index) {
                map.canvas = Some(canvas);
                inner.fit(index, told);
            }
        });
    }

    /// Fits all drawings to the places that they have on the page.
    pub fn fit(&self) {
        self.with(|inner, told| (0..inner.maps.len()).for_each(|index| inner.fit(index, told)));
    }

    /// The looks have changed: colors, or the size of words and lines.
    pub fn restyle(&self) {
        self.with(|inner, told| {
            (0..inner.maps.len()).for_each(|index| inner.fit(index, told));
            inner.paint(told);
        });
    }

    /// Has a graphics card for what suits it, or no longer: then the processor goes on with what it
    /// has left.
    pub fn set_card(&self, card: Option<&Introduction>) {
        self.with(|inner, told| {
            let hear = inner.hear.clone();
            inner.card = card.map(|card| (Crew::new(1, Terms::card(), hear), card.name.clone()));
            let maps = inner.maps.iter().chain(&inner.picture);
            let left: Vec<u32> = maps.filter(|map| map.is_on_card && map.is_open).map(|map| map.number).collect();
            for number in left {
                inner.hand_out(number, false, told);
            }
        });
    }

    /// Whether there is a graphics card.
    pub fn has_card(&self) -> bool {
        self.inner.borrow().card.is_some()
    }

    /// How far the drawings are.
    pub fn progress(&self) -> Progress {
        let inner = self.inner.borrow();
        let share = inner.maps.iter().map(|map| if map.is_open { map.sheet.share() } else { 1.0 }).sum::<f64>();
        let first = inner.maps.first();
        let is_on_card = first.is_some_and(|map| map.is_on_card);
        Progress {
            share: share / inner.maps.len().max(1) as f64,
            reason: first.map_or_else(String::new, |map| map.sheet.reason().to_owned()),
            card: inner.card.as_ref().filter(|_| is_on_card).map(|(_, name)| name.clone()),
            workers: inner.crew.size(),
            rates: inner.rates,
        }
    }

    /// What the colors mean.
    pub fn legend(&self) -> Legend {
        self.inner.borrow().legend.clone()
    }

    /// Whether the Lab's own run is a point of a drawing.
    pub fn has_dot(&self) -> bool {
        let is_seen = |(right, down): (f64, Option<f64>)| {
            down.is_some_and(|down| (0.0..=1.0).contains(&right) && (0.0..=1.0).contains(&down))
        };
        self.inner.borrow().maps.iter().filter_map(|map| map.sheet.here()).any(is_seen)
    }

    /// Columns and rows of a drawing as it is on the screen.
    pub fn size(&self, index: usize) -> Option<(usize, usize)> {
        self.inner.borrow().maps.get(index).map(|map| map.sheet.size())
    }

    /// A drawing's order as it stands, and what stands across and up, for people.
    pub fn order(&self, index: usize) -> Option<(Order, [String; 2])> {
        let inner = self.inner.borrow();
        inner.maps.get(index).map(|map| (map.sheet.order().clone(), map.labels.clone()))
    }

    /// Marks places of the drawings: numbers across and up, with their names.
    pub fn pin(&self, pins: Vec<([f64; 2], String)>) {
        self.with(|inner, told| {
            inner.pins = pins;
            inner.paint(told);
        });
    }

    /// Zooms around a point of a drawing, in shares of its sides from the left and from the top.
    /// Drawings side by side show the same part of the plane.
    pub fn zoom(&self, index: usize, around: [f64; 2], factor: f64) {
        self.move_all(index, |sheet| sheet.zoom(around, factor));
    }

    /// Moves the drawings by so many pixels of their own.
    pub fn pan(&self, index: usize, right: i32, down: i32) {
        self.move_all(index, |sheet| sheet.pan(right, down));
    }

    fn move_all(&self, index: usize, change: impl Fn(&mut Sheet)) {
        self.with(|inner, told| {
            for index in 0..inner.maps.len() {
                change(&mut inner.maps[index].sheet);
                inner.draw(index, told);
            }
            told.push(Told::Moved(index));
        });
    }

    fn hear(self: &Rc<Self>, number: u32, news: News) {
        let is_new = self.with(|inner, told| {
            let was_due = inner.is_paint_due;
            inner.hear(number, news, told);
            inner.is_paint_due && !was_due
        });
        if is_new {
            let stage = Rc::downgrade(self);
            spawn_local(async move {
                sleep(Duration::from_millis(PAINT_MS as u64)).await;
                if let Some(stage) = stage.upgrade() {
                    stage.with(|inner, told| {
                        if inner.is_paint_due {
                            inner.paint(told);
                        }
                    });
                }
            });
        }
    }
}
