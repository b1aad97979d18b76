//! Where `cargo xtask` asks for it, the program is linked such that it can be split into chunks
//! (`xtask/src/chunks.rs`). Without that it is in one piece: a program with relocations that nobody
//! splits would not start.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=FLATLAND_CHUNKS");
    if env::var_os("FLATLAND_CHUNKS").is_some()
        && env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm")
    {
        println!("cargo::rustc-link-arg-bin=flatland-page=--emit-relocs");
    }
}
