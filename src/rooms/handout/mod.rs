//! A handout: what is seen, on paper; or the lesson that is open, all of its steps with their
//! answers and their charts.

mod charts;
mod later;

use std::rc::Rc;

use web_sys::{Document, Element};
use yew::platform::spawn_local;

use super::{export::picture::Sheet, lessons::known};
use crate::{
    browser,
    chart::{canvas, palette::Tone},
    lab::LabHandle,
    lesson::{Lesson, Place, Step},
};

/// The element that is printed in place of the page.
pub const ID: &str = "handout";

/// Pixels of a picture to a CSS pixel: about 250 to an inch on paper.
const RATIO: f64 = 2.5;

/// The lesson that is open, and which of its steps.
fn open_lesson(lab: &LabHandle) -> Option<(Rc<Lesson>, usize)> {
    let place = lab.lesson().and_then(|place| Place::read(&place))?;
    Some((known(&place.lesson)?, place.step))
}

/// Whether [`lay_out`] would find all that it needs.
pub fn is_ready(lab: &LabHandle) -> bool {
    open_lesson(lab).is_none_or(|(lesson, _)| later::is_ready(&lesson))
}

/// Computes what takes its time, and then does what is given. What cannot be computed is said, and
/// missing on the paper.
pub fn prepare(lab: &LabHandle, then: fn()) {
    let lab = lab.clone();
    spawn_local(async move {
        if let Some((lesson, _)) = open_lesson(&lab) {
            match later::prepare(&lab, &lesson).await {
                Ok(true) => {}
                // Whoever asked first prints.
                Ok(false) => return,
                Err(complaint) => lab.complain(&format!("The handout has no charts of networks: {complaint}")),
            }
        }
        then();
    });
}

/// Puts the handout on the page, in place of an older one. Where the browser has no room for it the
/// page is printed.
pub fn lay_out(lab: &LabHandle) {
    browser::remove(ID);
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let handout = match &open_lesson(lab) {
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

/// An element with a text, at the end of another one.
fn write(document: &Document, on: &Element, tag: &str, class: &str, text: &str) -> Option<()> {
    let element = element(document, tag, class)?;
    element.set_text_content(Some(text));
    on.append_child(&element).ok()?;
    Some(())
}

/// An empty handout.
fn sheet(document: &Document, class: &str) -> Option<Element> {
    let handout = element(document, "section", class)?;
    handout.set_id(ID);
    Some(handout)
}

/// Says what a picture is of.
fn describe(picture: &Element, words: &str) {
    // Attributes of these names are always taken.
    let _ = picture.set_attribute("role", "img");
    let _ = picture.set_attribute("aria-label", words);
}

/// The board as a picture, with its setting, its legend and its link.
fn board(document: &Document, lab: &LabHandle) -> Option<Element> {
    let sheet = Sheet::new(lab, None, Tone::Light);
    let picture = sheet.draw(lab, RATIO, false, canvas::detached).ok()?.canvas;
    describe(&picture, &sheet.description());
    let figure = element(document, "figure", "handout-board")?;
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
    write(document, &handout, "h1", "", &lesson.title)?;
    for (index, step) in lesson.steps.iter().enumerate() {
        let number = index + 1;
        let part = element(document, "article", "handout-step")?;
        let answered = step.html.replace("<details>", "<details open>");
        part.set_inner_html(&format!("<h2>{number}. {}</h2><div>{answered}</div>", step.title));
        let charts = if step.keeps && index > 0 { Some(Vec::new()) } else { charts::of_step(step) };
        // What the reader has made of the step that is open is on paper too.
        let is_board = number == shown && (charts.is_none() || is_changed(lab, step));
        if let Some(charts) = charts.filter(|charts| !charts.is_empty()) {
            let row = element(document, "div", "handout-charts")?;
            for (title, picture) in charts {
                let figure = element(document, "figure", "")?;
                write(document, &figure, "figcaption", "", &title)?;
                describe(&picture, &title);
                figure.append_child(&picture).ok()?;
                row.append_child(&figure).ok()?;
            }
            part.append_child(&row).ok()?;
        }
        if is_board {
            part.append_child(&board(document, lab)?.into()).ok()?;
        }
        handout.append_child(&part).ok()?;
    }
    let page = browser::address();
    let link = format!("{}#lesson={}", page.split('#').next().unwrap_or_default(), lesson.name);
    write(document, &handout, "p", "handout-link", &link)?;
    Some(handout)
}

/// Whether the Lab shows another experiment than the step.
fn is_changed(lab: &LabHandle, step: &Step) -> bool {
    let Some(mut of_step) = charts::experiment_of(step) else { return true };
    lab.read(|session| {
        // Columns are what the charts ask for.
        of_step.columns.clone_from(&session.experiment().columns);
        *session.experiment() != of_step
    })
}
