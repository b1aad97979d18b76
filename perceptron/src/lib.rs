//! Passes through multilayer perceptrons: the loss over all samples, its gradient, and the exact
//! product of its Hessian with a vector ([`pass`]).
//!
//! A crate of its own, since it alone must be compiled for speed where everything else is compiled
//! for size: in the page its loops take nearly all of a network's time. It knows nothing of data
//! sets, documents or runs. The same bits on every host: see [`kernel`] and [`elementary`].

mod activation;
mod elementary;
pub mod kernel;
mod layers;
mod loss;
mod pass;

pub use activation::Activation;
pub use layers::Layers;
pub use loss::Loss;
pub use pass::{Passes, respond};

/// What a network is trained on, or tested: n samples, feature by feature: entry (feature i, sample
/// s) stands at i·n + s.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The number n of samples.
    pub count: usize,

    /// The inputs: features × n.
    pub inputs: &'a [f64],

    /// The targets: outputs × n.
    pub targets: &'a [f64],
}
