//! Lets plain Cargo link the module where the linker wants every symbol at once, as on macOS.

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
