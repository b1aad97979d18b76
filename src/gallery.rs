//! The gallery as the page fetches it: experiments that are worth a look, each with a picture and a
//! sentence. `lessons/` makes it of `static/gallery/` when the page is built.

use serde::{Deserialize, Serialize};

use crate::lesson::Step;

/// The file with the gallery.
pub const GALLERY_FILE: &str = "gallery.json";

/// Exhibits that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its title.
    pub title: String,
    /// What it is about, in a sentence.
    pub sentence: String,
    /// Its exhibits.
    pub exhibits: Vec<Exhibit>,
}

/// An experiment that is worth a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exhibit {
    /// What the files of its pictures are called, see [`picture_file`].
    pub name: String,
    /// What opens, with title and sentence.
    pub step: Step,
}

/// The file with the picture of an exhibit, on a light page or on a dark one.
pub fn picture_file(name: &str, is_dark: bool) -> String {
    format!("{name}-{}.svg", if is_dark { "dark" } else { "light" })
}
