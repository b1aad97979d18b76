//! Browsers beside the one that every test uses. Who cannot have one tests without it.

use std::env;
use std::path::PathBuf;

use super::apt;
use crate::paths;

/// What drives WebKit: its driver, the browser it starts, and a screen where there is none.
#[derive(Debug, Clone)]
pub struct WebKit {
    /// WebKitWebDriver.
    pub driver: PathBuf,
    /// MiniBrowser.
    pub browser: PathBuf,
    /// Xvfb.
    pub screen: PathBuf,
}

/// Finds something; on Debian and Ubuntu, installs what it takes first. Otherwise says what is missing.
fn ensure<T>(find: impl Fn() -> Option<T>, packages: &[&str], what: &str) -> Result<T, String> {
    let missing = format!("{what} is not here");
    if let Some(found) = find() {
        return Ok(found);
    }
    if !cfg!(target_os = "linux") || !apt::is_at_hand() {
        return Err(missing);
    }
    apt::install(packages, &missing, "leave it: its stories are then left out")
        .map_err(|error| format!("{error:#}"))?;
    find().ok_or(missing)
}

/// Firefox, which the environment variable `FIREFOX` may name.
pub fn firefox() -> Result<PathBuf, String> {
    let find = || {
        let named = env::var_os("FIREFOX").map(PathBuf::from);
        named.or_else(|| ["firefox-esr", "firefox"].iter().find_map(|name| paths::on_path(name)))
    };
    ensure(find, &["firefox-esr"], "Firefox")
}

/// WebKitGTK with its driver.
pub fn webkit() -> Result<WebKit, String> {
    let find = || {
        let libraries = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"];
        let versions = ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"];
        let mut browsers = versions.iter().flat_map(|version| {
            libraries.iter().map(move |library| PathBuf::from(library).join(version).join("MiniBrowser"))
        });
        Some(WebKit {
            driver: paths::on_path("WebKitWebDriver")?,
            browser: browsers.find(|path| path.is_file())?,
            screen: paths::on_path("Xvfb")?,
        })
    };
    ensure(find, &["webkit2gtk-driver", "xvfb"], "WebKitGTK with its driver")
}
