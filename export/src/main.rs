//! The program that the page's worker for exports runs; what it does is in [`flatland_export::page`].

// Without a reference the linker would leave the exported functions out.
use flatland_export as _;

fn main() {}
