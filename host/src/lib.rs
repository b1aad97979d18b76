//! What programs on a person's machine share, the command line and the Python package: they read
//! files and compute on all cores. Nothing here prints.
//!
//! - [`document`]: experiments and their data from files;
//! - [`catalogue`]: what there is, as a document;
//! - [`sweep`]: an experiment on every point of a grid;
//! - [`map`]: the pixels of a map;
//! - [`diagram`]: the columns of a bifurcation diagram;
//! - [`whole`]: files that are whole or not there;
//! - [`Cost`]: what a network's runs will take.

pub mod catalogue;
mod cost;
mod data;
pub mod diagram;
pub mod document;
mod error;
pub mod map;
pub mod sweep;
pub mod whole;

pub use cost::Cost;
pub use error::ReadError;
