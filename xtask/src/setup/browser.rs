//! The browser that tests run in, and the program that drives it.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{apt, version};
use crate::paths;
use crate::process::Run;

/// A Chromium, or a Chrome.
#[derive(Debug, Clone)]
pub struct Browser {
    /// The browser.
    pub program: PathBuf,
    /// Its chromedriver, where one was asked for.
    pub driver: Option<PathBuf>,
}

/// What to do where we cannot install a browser.
const ADVICE: &str = "install Chromium or Chrome together with the chromedriver of the same version, and put both on the PATH \
or name them in the environment variables CHROMIUM and CHROMEDRIVER";

/// Finds a browser, and its driver if `with_driver`; on Debian and Ubuntu, installs them.
pub fn ensure(with_driver: bool) -> Result<Browser> {
    let problem = match find(with_driver) {
        Ok(browser) => return Ok(browser),
        Err(problem) => problem,
    };
    let Some(packages) = apt_packages() else {
        bail!("{problem}.\nWhat to do: {ADVICE}");
    };
    apt::install(&packages, &problem, ADVICE)?;
    find(with_driver).or_else(|problem| {
        bail!("{problem}, although {} were installed.\nWhat to do: {ADVICE}", packages.join(" and "))
    })
}

/// The first browser that has what is needed, or a sentence about what is missing.
fn find(with_driver: bool) -> Result<Browser, String> {
    let named = ["CHROMIUM", "CHROME_PATH"].iter().find_map(env::var_os).map(PathBuf::from);
    let browsers = match named {
        Some(program) => vec![program],
        None => ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
            .iter()
            .filter_map(|name| paths::on_path(name))
            .collect(),
    };
    let Some(first) = browsers.first() else {
        return Err("no Chromium or Chrome was found".to_owned());
    };
    if !with_driver {
        return Ok(Browser { program: first.clone(), driver: None });
    }
    let driver = env::var_os("CHROMEDRIVER")
        .map(PathBuf::from)
        .or_else(|| paths::on_path("chromedriver"))
        .or_else(|| Some(PathBuf::from("/usr/lib/chromium-browser/chromedriver")).filter(|path| path.is_file()));
    let Some(driver) = driver else {
        return Err("no chromedriver was found".to_owned());
    };
    let driver_version = major_of(&driver)?;
    let mut versions = Vec::new();
    for program in browsers {
        let version = major_of(&program)?;
        if version == driver_version {
            return Ok(Browser { program, driver: Some(driver) });
        }
        versions.push(format!("{} is version {version}", program.display()));
    }
    Err(format!("{} is version {driver_version}, but {}", driver.display(), versions.join(" and ")))
}

/// The major version a program prints.
fn major_of(program: &Path) -> Result<u32, String> {
    let text = Run::new(program).arg("--version").capture().map_err(|error| format!("{error:#}"))?;
    version::printed(&text)
        .and_then(version::major)
        .ok_or_else(|| format!("{} does not tell its version", program.display()))
}

/// The packages of browser and driver, where apt is at hand and nobody chose a browser.
fn apt_packages() -> Option<Vec<&'static str>> {
    let chosen = ["CHROMIUM", "CHROME_PATH", "CHROMEDRIVER"].iter().any(|name| env::var_os(name).is_some());
    if chosen || !apt::is_at_hand() {
        return None;
    }
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if system.lines().any(|line| line == "ID=ubuntu") {
        return Some(vec!["chromium-browser", "chromium-chromedriver"]);
    }
    Some(vec!["chromium", "chromium-driver"])
}
