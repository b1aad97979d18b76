//! The columns of a bifurcation diagram, computed on all cores.

use flatland_atlas::bifurcation::{Column, Diagram};
use rayon::prelude::*;

/// All columns from the left, each with so many rows. `goes_on` is asked before each: once it says
/// no, the rest stay without a mark.
pub fn compute(diagram: &Diagram, (columns, rows): (usize, usize), goes_on: impl Fn() -> bool + Sync) -> Vec<Column> {
    let compute_one = |column: usize| {
        if !goes_on() {
            return Column { hits: vec![0; rows], has_diverged: false };
        }
        diagram.column(diagram.x.at_pixel(column, columns), rows)
    };
    (0..columns).into_par_iter().map(compute_one).collect()
}
