//! The landscape: for two variables a quantity as colors with the trajectories on it, for one the
//! graph of f with the iterates, or the web of the map that descent iterates.
//!
//! The grids come from a worker ([`crate::protocol::Survey`]); here they are only turned into
//! pixels.

pub mod brush;
pub mod cobweb;
pub mod contour;
pub mod home;
pub mod paint;
pub mod relief;
pub mod trail;
pub mod window;

pub use window::Window;

/// What a worker has found over a window.
#[derive(Clone, Debug)]
pub struct Terrain {
    /// Names the survey.
    pub id: u32,
    /// Where.
    pub window: Window,
    /// Points across.
    pub columns: usize,
    /// Points down.
    pub rows: usize,
    /// f, row by row from the top.
    pub values: Vec<f64>,
    /// λ₁, likewise.
    pub sharpness: Vec<f64>,
    /// ‖∇f‖, likewise; for one variable f′ with its sign.
    pub gradient: Vec<f64>,
    /// The known infimum of f, or NaN.
    pub minimum: f64,
}
