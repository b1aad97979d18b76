//! The files that the page fetches: the list of all lessons, and one file for each.

use std::fs;
use std::io;
use std::path::Path;

use flatland::gallery::{Exhibit, GALLERY_FILE, Group as ShownGroup};
use flatland::lesson::{CONTENTS_FILE, Lesson as Shown, Summary};
use flatland::words::{WORDS_FILE, Word};

use crate::Lesson;
use crate::gallery::Group;

/// Writes the files of all lessons into a folder, which is made.
///
/// # Errors
///
/// If the folder or a file in it cannot be written.
pub fn write(lessons: &[Lesson], folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let list: Vec<&Summary> = lessons.iter().map(|lesson| &lesson.summary).collect();
    fs::write(folder.join(CONTENTS_FILE), serde_json::to_string(&list)?)?;
    for Lesson { summary, steps, .. } in lessons {
        let steps = steps.iter().map(|step| step.shown.clone()).collect();
        let shown = Shown { name: summary.name.clone(), title: summary.title.clone(), steps };
        fs::write(folder.join(format!("{}.json", shown.name)), serde_json::to_string(&shown)?)?;
    }
    Ok(())
}

/// Writes the file of the gallery into a folder that is there; its pictures are drawn by
/// [`crate::gallery::draw`].
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_gallery(groups: &[Group], folder: &Path) -> io::Result<()> {
    let shown = |group: &Group| ShownGroup {
        title: group.title.clone(),
        sentence: group.sentence.clone(),
        exhibits: group
            .exhibits
            .iter()
            .map(|exhibit| Exhibit { name: exhibit.name.clone(), step: exhibit.shown.clone() })
            .collect(),
    };
    let groups: Vec<ShownGroup> = groups.iter().map(shown).collect();
    fs::write(folder.join(GALLERY_FILE), serde_json::to_string(&groups)?)
}

/// Writes the file of the glossary into a folder that is there.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_words(words: &[Word], folder: &Path) -> io::Result<()> {
    fs::write(folder.join(WORDS_FILE), serde_json::to_string(words)?)
}
