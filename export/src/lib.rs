//! What leaves Flatland as text, each made from an experiment alone: nothing that was shown,
//! thinned or cut short takes part.
//!
//! - [`csv`]: every step of every run, as the command line prints it;
//! - [`python`]: one run as a NumPy script;
//! - [`pgfplots`]: a few thousand rows of every run for a figure in LaTeX;
//! - [`scores`]: the scores of all starts of an ensemble, as quartiles;
//! - [`words`]: parameters, start and budget in a line, for a picture's head.
//!
//! In the page all of this lies in a chunk that a worker fetches when something is exported; it is
//! no part of the first load.

pub mod csv;
pub mod pgfplots;
pub mod python;
pub mod scores;
pub mod words;
