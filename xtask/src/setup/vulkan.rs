//! A driver that tests of the graphics card can use, if need be one that lets the processor play
//! the card.

use std::env;
use std::fs;

use super::apt;
use crate::process::progress;

/// Mesa's drivers, among them lavapipe, which needs no card.
const PACKAGE: &str = "mesa-vulkan-drivers";

/// Where drivers announce themselves.
const FOLDERS: [&str; 3] = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];

/// Finds a driver; on Debian and Ubuntu, installs one. Nothing else of the project needs it, so
/// that not having it is no error.
pub fn ensure() {
    let is_there = FOLDERS.iter().any(|folder| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()));
    let is_named = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"].iter().any(|name| env::var_os(name).is_some());
    if is_there || is_named || !cfg!(target_os = "linux") || !apt::is_at_hand() {
        return;
    }
    let advice = "leave it: the tests on a graphics card are then left out";
    if let Err(error) = apt::install(&[PACKAGE], "no Vulkan driver was found", advice) {
        progress(&format!("No Vulkan driver was installed: {error:#}"));
    }
}
