//! Maps over whole runs: each pixel is one descent, each axis a number of the experiment.
//!
//! A [`Map`] says what to draw; a [`Plan`] is made from it once; [`compute()`] turns points of the
//! plan into [`Pixel`]s. There are two ways:
//!
//! - [`cohort`]: [`program::lanes::LANES`] pixels at a time with vector instructions, for
//!   objectives with a closed form of up to [`MAX_DIMENSION`] variables and the policies of
//!   [`rule`];
//! - [`single`]: one pixel after the other with the engine itself, for everything else.
//!
//! Both are in double precision and agree but for rounding; the graphics card's, in `gpu/`, is in
//! single precision. Nothing here knows a browser or a graphics card.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod axis;
pub mod bifurcation;
pub mod cohort;
mod compute;
mod error;
mod fate;
mod map;
pub mod npy;
mod orbit;
pub mod paint;
mod picture;
mod plan;
pub mod program;
pub mod rule;
pub mod single;

pub use axis::{Axis, Scale};
pub use compute::compute;
pub use error::MapError;
pub use fate::{Fate, Pixel};
pub use flatland_engine::phase::MAX_PERIOD;
pub use map::{Map, Measure};
pub use orbit::{
    CERTAIN, DRIFT, Mark, Orbit, POINTLIKE, RETURN, Returns, SPREAD, is_chaotic, later_steps, least_exponent, orbit,
};
pub use picture::{COARSEST, Picture};
pub use plan::{Closed, Plan, Target, Way};

/// The most variables that cohorts and shaders handle.
pub const MAX_DIMENSION: usize = 4;

/// The most pixels along one side of a map.
pub const MAX_SIDE: usize = 8192;

/// The most steps of a map's runs.
pub const MAX_STEPS: u64 = 1_000_000;
