//! Whether this page is the second window of a lecture, which its address says, and the chunk that
//! shows it.

use yew::platform::spawn_local;

use super::{
    embed::parameter,
    lessons::presenter::{self, PARAMETER},
};
use crate::{browser, chunk::in_chunk};

/// Opens the window of the lecture of a name.
type Open = fn(String);

in_chunk!(
    rooms,
    fn opener() -> Open {
        presenter::open
    }
);

/// Shows the presenter's window in place of the Lab, if the address asks for it, and whether it
/// does.
pub fn open_second() -> bool {
    let Some(lecture) = parameter(&browser::query(), PARAMETER) else { return false };
    spawn_local(async move {
        match opener().await {
            Ok(open) => open(lecture),
            Err(missing) => browser::say_failure(&missing.to_string()),
        }
    });
    true
}
