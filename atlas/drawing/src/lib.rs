//! The Atlas's drawings as the page has them: maps, and bifurcation diagrams.
//!
//! An [`Order`] says what to draw of an experiment, and fits into a link;
//! [`choices`](choices::choices) are the numbers that may stand on its axes. The page keeps a
//! [`Sheet`], what is known of the drawing, its colors and its [`Legend`]; each worker has a
//! [`Crew`], which computes pixels, and one of them may have a graphics card instead
//! (`atlas/card/`). Between them go [`job`]s: lists of pixels' numbers one way and samples the
//! other.

pub mod choices;
mod crew;
mod hits;
pub mod job;
mod kept;
mod legend;
mod order;
mod reading;
mod sheet;
mod threshold;

pub use self::{
    crew::{Crew, numbers, point, steps_of},
    kept::{Kept, Whole},
    legend::{ColorScale, Kind, Legend, ScaleMark},
    order::{Drawing, ITERATES, Order},
    reading::Reading,
    sheet::Sheet,
    threshold::Curve,
};
