//! Rooms: what opens over the Lab when somebody asks for it, each in a file or a folder of its own,
//! and in a chunk that is fetched then.
//!
//! A new room is a module with `pub fn draw(props: RoomProps) -> Html`, its `mod` line, and its
//! line under `rooms!` below. After that `doors.open(Room::…)` opens it. Rooms of one chunk share
//! what they have in common; each further chunk costs one more for what it shares with each of the
//! others, so that only what is large, the Atlas, has one of its own.

mod atlas;
pub mod dialog;
mod embed;
mod events;
mod export;
mod files;
mod film;
mod gallery;
mod guest;
mod handout;
mod help;
mod intake;
mod lessons;
mod lines;
mod networks;
mod open;
pub mod pick;
pub mod printing;
mod properties;
mod scores;
mod second;
mod sources;
mod table;
mod words;

pub use self::{embed::use_host, intake::use_intake, networks::scenes as network_scenes, second::open_second};
use std::rc::Rc;

use yew::{platform::spawn_local, prelude::*};

use crate::{
    browser,
    chart::palette::Tone,
    chunk::{Missing, in_chunk},
    lab::LabHandle,
};

/// What a room is told.
#[derive(Clone, PartialEq, Properties)]
pub struct RoomProps {
    /// The Lab that it lies over.
    pub lab: LabHandle,
    /// What it is about, such as a slot of the board; 0 where there is nothing to choose.
    pub about: usize,
    /// Light or dark: it may change while a room is open.
    pub tone: Tone,
    /// To be called when it has been left.
    pub on_close: Callback<()>,
}

/// Draws a room.
type Draw = fn(RoomProps) -> Html;

macro_rules! rooms {
    ($($(#[$doc:meta])* $room:ident: $module:ident in $chunk:ident;)+) => {
        /// The rooms that there are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Room {
            $($(#[$doc])* $room,)+
        }

        impl Room {
            /// Its name in the history, which is that of its module.
            fn name(self) -> &'static str {
                match self {
                    $(Self::$room => stringify!($module),)+
                }
            }

            /// The room of a name.
            fn of(name: &str) -> Option<Self> {
                [$(Self::$room),+].into_iter().find(|room| room.name() == name)
            }

            /// Fetches a room's chunk, if it is not there yet.
            async fn fetch(self) -> Result<Draw, Missing> {
                $(in_chunk!($chunk, fn $module() -> Draw { $module::draw });)+
                match self {
                    $(Self::$room => $module().await,)+
                }
            }
        }
    };
}

rooms! {
    /// Maps over whole runs.
    Atlas: atlas in atlas;
    /// What happened to which run, step by step.
    Events: events in rooms;
    /// Pictures, data, scripts, frames; and opening a file.
    Export: export in rooms;
    /// A film of the board or of a panel.
    Film: film in rooms;
    /// Experiments that are worth a look, with pictures.
    Gallery: gallery in rooms;
    /// What is seen, and the keys.
    Help: help in rooms;
    /// Lessons, which lie beside the Lab and not over it.
    Lessons: lessons in rooms;
    /// Networks to begin with.
    Networks: networks in networks;
    /// The catalogues, to be searched.
    Pick: pick in rooms;
    /// Every run in numbers.
    Scores: scores in rooms;
    /// The chart in a slot as a table.
    Table: table in rooms;
    /// The glossary.
    Words: words in rooms;
}

/// Opens rooms.
#[derive(Clone, PartialEq)]
pub struct Doors(LabHandle);

impl Doors {
    /// Those of a Lab.
    pub fn of(lab: &LabHandle) -> Self {
        Self(lab.clone())
    }

    /// Opens a room, unless another one is open.
    pub fn open(&self, room: Room) {
        match room {
            Room::Lessons => self.0.toggle_lessons(),
            _ => self.0.0.open_dialog(room.name()),
        }
    }

    /// Opens a room that is about something, such as a slot of the board.
    pub fn open_about(&self, room: Room, about: usize) {
        self.0.0.open_dialog(&format!("{}-{about}", room.name()));
    }
}

/// The room that a name in the history stands for, and what it is about: `table-1` is the table of
/// slot 1.
fn read(name: &str) -> Option<(Room, usize)> {
    let (room, about) = name.split_once('-').unwrap_or((name, "0"));
    Some((Room::of(room)?, about.parse().ok()?))
}

/// The room that is shown.
#[derive(Clone)]
struct Shown {
    draw: Draw,
    about: usize,
    /// Counts the rooms that have been shown: each is drawn afresh.
    number: u32,
}

/// A change of what is shown.
enum Change {
    /// A room is shown in place of any other one.
    Open(Draw, usize),
    /// The room of this number has been left.
    Leave(u32),
}

#[derive(Default)]
struct Place {
    shown: Option<Shown>,
    numbered: u32,
}

impl Reducible for Place {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let (shown, numbered) = match change {
            Change::Open(draw, about) => {
                let number = self.numbered + 1;
                (Some(Shown { draw, about, number }), number)
            }
            Change::Leave(number) => (self.shown.clone().filter(|shown| shown.number != number), self.numbered),
        };
        Self { shown, numbered }.into()
    }
}

/// What opens rooms, and those that are open, to be put anywhere on the page. `version` counts what
/// the Lab tells.
#[hook]
pub fn use_rooms(lab: &LabHandle, version: u64) -> (Doors, Html) {
    let place = use_reducer(Place::default);
    use_effect_with(lab.clone(), {
        let place = place.dispatcher();
        move |lab| {
            let shown_by = lab.clone();
            lab.on_opening(Callback::from(move |name| {
                spawn_local(show(shown_by.clone(), name, place.clone()));
            }));
        }
    });
    let tone = lab.palette().tone();
    let number = place.shown.as_ref().map_or(0, |shown| shown.number);
    let on_close = use_callback(number, {
        let place = place.dispatcher();
        move |(), number| place.dispatch(Change::Leave(*number))
    });
    let room = match &place.shown {
        Some(Shown { draw, about, number }) => {
            let room = draw(RoomProps { lab: lab.clone(), about: *about, tone, on_close: on_close.clone() });
            html! { <key={*number}>{ room }</> }
        }
        None => Html::default(),
    };
    let lessons = use_lessons(lab);
    let lessons = lessons.map(|draw| draw(RoomProps { lab: lab.clone(), about: version as usize, tone, on_close }));
    (Doors(lab.clone()), html! { <>{ lessons.unwrap_or_default() }{ room }</> })
}

/// What draws the lessons, while they are open and as soon as their chunk is there.
#[hook]
fn use_lessons(lab: &LabHandle) -> Option<Draw> {
    let fetched = use_state(|| None);
    let is_open = lab.lesson().is_some();
    use_effect_with(is_open, {
        let (lab, fetched) = (lab.clone(), fetched.setter());
        move |is_open| {
            if *is_open {
                spawn_local(async move {
                    match Room::Lessons.fetch().await {
                        Ok(draw) => fetched.set(Some(draw)),
                        Err(missing) => {
                            lab.set_lesson(None);
                            lab.complain(&missing.to_string());
                        }
                    }
                });
            }
        }
    });
    fetched.filter(|_| is_open)
}

/// Fetches a room and shows it, unless it has been left by then.
async fn show(lab: LabHandle, name: String, place: UseReducerDispatcher<Place>) {
    let Some((room, about)) = read(&name) else {
        // An entry of another version of the page.
        return lab.0.close_dialog(&name);
    };
    if room == Room::Atlas {
        // What a map of networks needs is known by their data; what is missing the map says.
        let _ = crate::needs::prepare(lab.read(|session| session.experiment().to_json())).await;
    }
    match room.fetch().await {
        _ if !lab.has_open(&name) || browser::has_open_dialog() => {}
        Ok(draw) => place.dispatch(Change::Open(draw, about)),
        Err(missing) => {
            lab.0.close_dialog(&name);
            lab.complain(&missing.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_found_by_their_names_in_the_history() {
        assert_eq!(read("table-2"), Some((Room::Table, 2)));
        assert_eq!(read("scores"), Some((Room::Scores, 0)));
        assert_eq!(read("cellar"), None);
        assert_eq!(read("table-x"), None);
    }
}
