//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> PathBuf {
    // Cargo sets the variable when it runs us; what was compiled in serves when the program is
    // started by hand.
    let package =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_path_buf)
}

/// The built site.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The package for JavaScript.
pub fn package() -> PathBuf {
    root().join("pkg")
}

/// Cargo's output.
pub fn target() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from))
}

/// What the checks printed, one file each.
pub fn logs() -> PathBuf {
    target().join("xtask-logs")
}

/// The browser tests and their npm packages.
pub fn browser_tests() -> PathBuf {
    root().join("tests")
}

/// Installed tools: `.tools/`, or a folder shared between checkouts.
pub fn tools() -> PathBuf {
    root().join(env::var_os("FLATLAND_TOOLS").map_or_else(|| PathBuf::from(".tools"), PathBuf::from))
}

/// `path` as one would type it in the repository.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The file of the program `name` on the `PATH`.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|path| path.is_file())
}
