//! What the Atlas of the page calls. Errors are sentences for the person.
//!
//! One program for both sides: the page keeps the [`sheet::Sheet`], what is known of the map and its colors; each worker has a
//! [`worker::Crew`], which computes pixels, and one of them may have a [`card::Card`] instead. Between them go lists of pixels' numbers one way and samples the other.

pub mod card;
pub mod fields;
pub mod order;
pub mod sheet;
pub mod worker;
