//! A handout: what is seen, on paper, and the lesson that is open, all of its steps with their
//! answers.

use web_sys::{Document, Element};

use super::{export::picture::Sheet, lessons::known};
use crate::{
    chart::{canvas, palette::Tone},
    lab::LabHandle,
    lesson::{Lesson, Place},
};

/// The element that is printed in place of the page.
pub const ID: &str = "handout";

/// Pixels of a picture to a CSS pixel: about 250 to an inch on paper.
const RATIO: f64 = 2.5;

/// Puts the handout on the page, in place of an older one. Where the browser has no room for it the
/// page is printed.
pub fn lay_out(lab: &LabHandle) {
    crate::browser::remove(ID);
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let open = lab.lesson().and_then(|place| Place::read(&place));
    let lesson = open.and_then(|place| Some((known(&place.lesson)?, place.step)));
    let handout = match &lesson {
        Some((lesson, step)) => of_lesson(&document, lab, lesson, *step),
        None => of_board(&document, lab),
    };
    if let (Some(handout), Some(body)) = (handout, document.body()) {
        // An element that was just made can be put anywhere.
        let _ = body.append_child(&handout);
    }
}

fn element(document: &Document, tag: &str, class: &str) -> Option<Element> {
    let element = document.create_element(tag).ok()?;
    element.set_class_name(class);
    Some(element)
}

/// An empty handout.
fn sheet(document: &Document, class: &str) -> Option<Element> {
    let handout = element(document, "section", class)?;
    handout.set_id(ID);
    Some(handout)
}

/// The board as a picture, with its setting, its legend and its link.
fn board(document: &Document, lab: &LabHandle) -> Option<Element> {
    let sheet = Sheet::new(lab, None, Tone::Light);
    let picture = sheet.draw(lab, RATIO, false, canvas::detached).ok()?.canvas;
    let figure = element(document, "figure", "handout-board")?;
    // Attributes of these names are always taken.
    let _ = picture.set_attribute("role", "img");
    let _ = picture.set_attribute("aria-label", &sheet.description());
    figure.append_child(&picture).ok()?;
    Some(figure)
}

fn of_board(document: &Document, lab: &LabHandle) -> Option<Element> {
    let handout = sheet(document, "handout")?;
    handout.append_child(&board(document, lab)?.into()).ok()?;
    Some(handout)
}

/// Texts are made of the page's own files when it is built; Markdown alone is let through there.
fn of_lesson(document: &Document, lab: &LabHandle, lesson: &Lesson, shown: usize) -> Option<Element> {
    let handout = sheet(document, "handout is-lesson")?;
    let title = element(document, "h1", "")?;
    title.set_text_content(Some(&lesson.title));
    handout.append_child(&title).ok()?;
    for (index, step) in lesson.steps.iter().enumerate() {
        let number = index + 1;
        let part = element(document, "article", "handout-step")?;
        let answered = step.html.replace("<details>", "<details open>");
        part.set_inner_html(&format!("<h2>{number}. {}</h2>{answered}", step.title));
        if number == shown {
            part.append_child(&board(document, lab)?.into()).ok()?;
        }
        handout.append_child(&part).ok()?;
    }
    Some(handout)
}
