//! Rooms: what opens over the Lab when somebody asks for it, each in a file or a folder of its own, and in a chunk that is fetched
//! then.
//!
//! A new room is a module with `pub fn draw(props: RoomProps) -> Html`, its `mod` line, and its line under `rooms!` below. After
//! that `doors.open(Room::…)` opens it. Rooms of one chunk share what they have in common; each further chunk costs
//! one more for what it shares with each of the others, so that only what is large has one of its own.

mod atlas;
mod dialog;
mod embed;
mod events;
mod export;
mod files;
mod guest;
mod help;
mod intake;
mod open;
mod scores;
mod script;
mod table;

pub use self::{embed::use_host, intake::use_intake};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    browser,
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
    Atlas: atlas in rooms;
    /// What happened to which run, step by step.
    Events: events in rooms;
    /// Pictures, data, scripts, frames; and opening a file.
    Export: export in rooms;
    /// What is seen, and the keys.
    Help: help in rooms;
    /// Every run in numbers.
    Scores: scores in rooms;
    /// The chart in a slot as a table.
    Table: table in rooms;
}

/// Opens rooms.
#[derive(Clone, Debug, PartialEq)]
pub struct Doors(Callback<(Room, usize)>);

impl Doors {
    /// Opens a room, unless another one is open.
    pub fn open(&self, room: Room) {
        self.open_about(room, 0);
    }

    /// Opens a room that is about something, such as a slot of the board.
    pub fn open_about(&self, room: Room, about: usize) {
        self.0.emit((room, about));
    }
}

/// What opens rooms, and the one that is open, to be put anywhere on the page.
#[hook]
pub fn use_rooms(lab: &LabHandle) -> (Doors, Html) {
    let shown = use_state(|| None::<(Draw, usize)>);
    let doors = use_callback(lab.clone(), {
        let shown = shown.setter();
        move |(room, about): (Room, usize), lab| {
            let (shown, lab) = (shown.clone(), lab.clone());
            spawn_local(async move {
                match room.fetch().await {
                    // Another one may have been opened meanwhile.
                    _ if browser::has_open_dialog() => {}
                    Ok(draw) => shown.set(Some((draw, about))),
                    Err(missing) => lab.complain(&missing.to_string()),
                }
            });
        }
    });
    let on_close = use_callback((), {
        let shown = shown.setter();
        move |(), ()| shown.set(None)
    });
    let room = match *shown {
        Some((draw, about)) => draw(RoomProps { lab: lab.clone(), about, on_close }),
        None => Html::default(),
    };
    (Doors(doors), room)
}
