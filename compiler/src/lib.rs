//! Compiles typed formulas to WebAssembly, in the browser.
//!
//! [`module()`] writes a formula with its derivatives as a module; once [`install`] has been called,
//! the engine runs such modules in place of its interpreter. A module works in the engine's memory
//! and its functions stand in the engine's table, so that calling one costs what calling any
//! function through a pointer costs. That table has to be growable, which is asked of the linker in
//! `.cargo/config.toml`; where it is not, and wherever else a module cannot be made, formulas stay
//! interpreted.

mod encoding;
#[cfg(target_arch = "wasm32")]
mod instance;
mod module;

pub use module::module;

/// Has the engine compile the formulas that it evaluates often. Outside of WebAssembly all stay
/// interpreted.
pub fn install() {
    #[cfg(target_arch = "wasm32")]
    flatland_engine::program::compile_with(instance::compile);
}
