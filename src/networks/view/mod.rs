//! What the page shows of a network at one iterate, in the landscape's place.
//!
//! A worker has a [`look()`] at the network and returns a [`Picture`], which travels as a row of
//! numbers; the page draws it with [`paint()`] and says it in a [`sentence()`]. A picture is
//! bounded in size whatever the data set: see [`mod@look`].

pub mod look;
pub mod numbers;
pub mod paint;
pub mod picture;
pub mod sentence;

pub use look::{Aspect, look};
pub use paint::paint;
pub use picture::Picture;
pub use sentence::sentence;
