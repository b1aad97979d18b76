//! The program that the Atlas and its workers run; what it does is in the library beside it.

// Without a reference the linker would leave the exported functions out.
use flatland_atlas_page as _;

fn main() {}
