//! Flatland's numerics: objectives, step-size policies, sharpness, and gradient descent that
//! records what it does.
//!
//! Nothing here knows a browser. An [`Experiment`] says what to run, a
//! [`Descent`] runs one of its runs and returns one [`Record`] per iterate.
//!
//! ```
//! use flatland_engine::{descent::Descent, experiment::Experiment};
//!
//! let experiment = Experiment::from_json(
//!     r#"{"version": 1, "objective": {"name": "double-well"}, "runs": [{"policy": {"name": "constant", "eta": 0.9}}]}"#,
//! )?;
//! let mut descent = Descent::new(&experiment, 0)?;
//! while let Some(record) = descent.advance() {
//!     println!("{} {} {}", record.step, record.loss, record.sharpness);
//! }
//! # Ok::<(), flatland_engine::FieldError>(())
//! ```
//!
//! The contract all modules share:
//!
//! - **Determinism.** The same experiment gives the same bits on every host and in every browser:
//!   transcendental functions come from `libm`, sums run in index order, nothing is fused.
//! - **Non-finite numbers** are results, not panics: they end a run with an [`Outcome`] that says
//!   why.
//! - **No allocation per step** for objectives of one or two variables, so that a worker can run
//!   millions of steps a second.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod column;
pub mod curvature;
pub mod data;
pub mod descent;
pub mod ensemble;
pub mod experiment;
pub mod formula;
pub mod lens;
pub mod number;
pub mod objective;
pub mod phase;
pub mod policy;
pub mod program;
mod random;
pub mod segment;
pub mod spec;
pub mod spectrum;
pub mod survey;
mod vector;

pub use descent::{Descent, Outcome, Record};
pub use experiment::Experiment;
pub use objective::network;
pub use spec::FieldError;

/// Has typed formulas and rules read and computed from now on, in a program that fetches what they
/// take when somebody asks for one (feature `deferred-formulas`); elsewhere they always are.
pub fn install_formulas() {
    objective::install_formulas();
    policy::install_rules();
}
