//! The programs of maps: an objective with its derivatives as straight-line programs
//! ([`flatland_engine::program`]).
//!
//! Both ways of computing a map start from them: lanes of many pixels at once on a processor
//! ([`lanes`]), and a shader on a graphics card.

pub mod lanes;
mod translate;

pub use flatland_engine::program::{Builder, Function, Operation, Place, Program};
pub use translate::{Sources, TranslateError};

/// An objective of n variables as programs with the inputs x₁ … xₙ and further numbers that may
/// differ from pixel to pixel.
#[derive(Clone, Debug)]
pub struct Differentiated {
    /// n.
    pub dimension: usize,

    /// f.
    pub loss: Program,

    /// ∇f alone.
    pub gradient: Program,

    /// f, then ∇f.
    pub slope: Program,

    /// f, ∇f, then the upper triangle of ∇²f row by row: H₁₁, H₁₂, …, H₂₂, ….
    pub curvature: Program,
}

/// Where Hᵢⱼ stands among the `n(n+1)/2` entries of an upper triangle.
#[must_use]
pub fn entry(n: usize, i: usize, j: usize) -> usize {
    let (i, j) = (i.min(j), i.max(j));
    i * n - i * (i + 1) / 2 + j
}
