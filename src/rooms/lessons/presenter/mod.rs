//! A lecture's second window, for the presenter alone: notes of the step, the title of the next
//! one, a timer, a clock. It has no Lab and no engine; it goes with the lecture's window, and turns
//! pages there.

mod channel;
mod memory;
mod message;
mod side;
mod timer;
mod window;

pub use self::{side::use_presenter, window::open};

/// The parameter of an address that names a lecture.
pub const PARAMETER: &str = "presenter";
