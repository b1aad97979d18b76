//! Maps over whole runs on a graphics card, in single precision: one shader for the browser
//! (WebGPU) and the host (Vulkan, Metal, DX12).
//!
//! [`Gpu::open`] looks for a card; [`Gpu::prepare`] makes a [`Kernel`] of a plan that has a closed
//! form; [`Kernel::run`] computes pixels. Everything waits by `await` alone, so that it works in a
//! browser's worker; callers on a host use an executor such as pollster. Whatever goes wrong is a
//! [`GpuError`], and the caller goes on with [`flatland_atlas::compute`].
//!
//! The card's numbers have 24 bits. What that does to fates is described in [`shader`]; [`check()`]
//! counts on a sample where it matters.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod check;
mod device;
mod error;
mod kernel;
mod pace;
pub mod shader;
mod signal;

pub use check::{Check, can_resolve, check};
pub use device::{Adapter, Gpu};
pub use error::GpuError;
pub use kernel::Kernel;
