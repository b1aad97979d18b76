//! The help: what is seen, and the keys.

use yew::prelude::*;

use super::{RoomProps, dialog::Dialog, sources::sources};
use crate::{
    browser,
    session::{MEMORY_BUDGET, Session},
};

/// Bytes of a mebibyte.
const MEBIBYTE: f64 = 1_048_576.0;

/// The keys, and what they do.
const KEYS: [(&str, &str); 34] = [
    ("Space", "play or pause (Alt+K works everywhere)"),
    ("→  ←", "one step forward, back; with Shift ten"),
    ("Home  End", "first step, last step"),
    ("+  −", "faster, slower"),
    ("[  ]", "the selected run’s constant step down, up by 2^⅛, with Shift by √2; with Alt those of all runs"),
    ("R", "reset: same start, the policies of now"),
    ("F", "fork: the selected run stays as a ghost, a copy goes on from here"),
    ("1 … 8", "select a run"),
    ("N", "a new seed, for policies that draw random numbers"),
    ("Ctrl+Z  Ctrl+Y", "undo, redo: as the browser’s back and forward"),
    ("L", "the first chart logarithmic or linear; a loss also as f − f_best, above the least of all runs"),
    ("X", "the next thing for the horizontal axes to count"),
    ("E", "even and odd steps told apart, or not"),
    ("P", "projector: big type, thick lines, no controls"),
    ("Z", "one figure for the whole window: the one under the pointer or with the focus; once more, all of them"),
    ("Shift+Z", "the whole screen"),
    ("B  .", "a blank screen, while time rests; any key or a click shows the page again"),
    ("U", "copy the link"),
    ("A", "the Atlas: maps over whole runs"),
    ("D", "discover: the gallery, with a picture of each experiment"),
    ("O", "objectives: search and read all of them"),
    ("/", "policies likewise, for the selected run"),
    ("M", "multilayer networks to train"),
    ("C", "compare: the table of scores"),
    ("G", "guided lessons, where they were left; Page Down and Page Up go on and back"),
    ("Q", "cue notes: the presenter’s window of a lesson, with notes, timer and the next step"),
    ("W", "words: the glossary; a symbol or a phase on a card opens it too"),
    ("V", "the events so far; a click shows their step"),
    ("S", "save: pictures (Enter takes the board as PNG), data, Python, frames; opening a file"),
    ("T", "light, dark, or as the system"),
    ("?", "this help"),
    ("Esc", "leave the enlarged figure, the projector, the pin, the zoom; close the help"),
    ("Ж  Ω", "where the layout has other letters, those at the places of the Latin ones do the same"),
    ("Tab", "move to the next control; on a chart the arrows move the crosshair, Page keys by a tenth, Enter pins"),
];

/// What is seen, and what hands do there: with a pointer, and with fingers where that is said in
/// other words. A text between underscores stands lower.
const PARAGRAPHS: [(&str, Option<&str>); 9] = [
    (
        "Every curve is one run of gradient descent, x_k+1_ = x_k_ − η_k_∇f(x_k_), from the same start under its own step-size policy.",
        None,
    ),
    (
        "The sharpness λ₁ is the largest eigenvalue of the Hessian. On a quadratic, a step η multiplies the sharpest direction by 1 − ηλ₁: it shrinks while ηλ₁ < 2 and grows beyond. So 2/η, dashed, is each run’s own threshold, and the last chart shows ηλ₁ against 2.",
        None,
    ),
    (
        "Loss, sharpness and η are taken at the same iterate. A vertical mark shows where you changed a run. Type any number, step back at any time; the link restores it all.",
        Some(
            "Loss, sharpness and η are taken at the same iterate. A vertical mark shows where you changed a run. The selected run is docked above the time: move its slider and watch λ₁ answer. A tap on a symbol or on a phase says what it means.",
        ),
    ),
    (
        "On the landscape, drag the start’s handle or click to set it, drag the plane to move it (the corner tells the coordinates under the pointer), zoom with the wheel or two fingers, and double-click to see all again.",
        Some(
            "On the landscape, drag the start’s handle or tap to set it; move the plane and zoom with two fingers, since one finger scrolls the page; tap twice to see all again.",
        ),
    ),
    (
        "Colored by sharpness the landscape is white exactly where λ₁ is the selected run’s threshold. Its title is a list: why 2/η is the edge, how far a step may go before the loss can rise, and the portrait of the oscillation.",
        None,
    ),
    (
        "On a chart, a click shows and pins a step, a drag zooms into all charts, a double click shows all again; Ctrl and the wheel, or two fingers, zoom too.",
        Some(
            "On a chart, a tap shows and pins a step, a finger drawn sideways zooms into all charts, two taps show all again; two fingers zoom too.",
        ),
    ),
    (
        "Where a curve swings faster than can be drawn, a pale area holds all of it, with a line for each branch of a short cycle, that of odd steps dotted. The titles and the axes’ names are lists to choose from. The strip under the sharpness is the phase of the selected run: pale blue while it sharpens, blue at the edge, amber above it, red when it is thrown, violet in an orbit, gray-brown where only the last digits of the loss move, green when it has converged, dark red when it has diverged, falls without bound, or has no step.",
        None,
    ),
    (
        "Lessons set the Lab step by step and say what to look at; G opens them, and leaves what you see when it closes them. Each step has its own link.",
        Some(
            "Lessons set the Lab step by step and say what to look at: swipe over the text to go on. What you see stays when you leave them. Each step has its own link.",
        ),
    ),
    (
        "The Atlas draws maps: each pixel is one whole run of this experiment, with two of its numbers changed. Drag and scroll to move in it; a click opens the run under the pointer here, and with Shift it pins it, so that two runs can be compared. The dashed curve is the edge: η = 2/λ₁ at the start. P makes all of it large, Z gives the map the whole window.",
        Some(
            "The Atlas draws maps: each pixel is one whole run of this experiment, with two of its numbers changed. Drag to move in it, zoom with two fingers; a tap reads what lies there, a second one opens that run here. The dashed curve is the edge: η = 2/λ₁ at the start.",
        ),
    ),
];

const SOURCE: &str = "After “Flatland: The Adventures of Gradient Descent with Large Step Sizes”, L. Galli, C. Fox, W. Bartolomaeus, M. Schmidt, H. Rauhut, ICML 2026, arXiv 2606.06722.";

/// See the module's header.
pub fn draw(props: RoomProps) -> Html {
    html! { <Help ..props /> }
}

#[component]
fn Help(props: &RoomProps) -> Html {
    let node = use_node_ref();
    let memory = use_memo((), |()| memory(props.lab.read(Session::bytes)));
    let key = |(key, what): &(&str, &str)| html! { <tr><th scope="row">{ *key }</th><td>{ *what }</td></tr> };
    let is_touched = browser::is_touched();
    let said = |(pointer, fingers): &(&'static str, Option<&'static str>)| {
        paragraph(fingers.filter(|_| is_touched).unwrap_or(pointer))
    };
    html! {
        <Dialog id="help" title="What you see" shortcut={'?'} {node} on_close={props.on_close.clone()}>
            { for PARAGRAPHS.iter().map(said) }
            { paragraph(&memory) }
            { paragraph(&offline(&browser::offline())) }
            <h3>{ "Keys" }</h3>
            <table class="keys"><tbody>{ for KEYS.iter().map(key) }</tbody></table>
            <p><a href="./docs/" target="_blank">{ "Documentation" }</a>{ ": a tour, networks, the command line, Python, hosting, and how Flatland is built." }</p>
            <p class="source">{ SOURCE }</p>
            { sources() }
        </Dialog>
    }
}

fn paragraph(text: &str) -> Html {
    let part = |(index, part): (usize, &str)| match index % 2 {
        1 => html! { <sub>{ part.to_owned() }</sub> },
        _ => html! { part.to_owned() },
    };
    html! { <p>{ for text.split('_').enumerate().map(part) }</p> }
}

/// Whether the page opens without a network; `state` is what `static/boot.js` has found out.
fn offline(state: &str) -> String {
    match state {
        "kept" => "All files of this page are kept in this browser: it opens without a network.".to_owned(),
        "fetching" => "The files of this page are being fetched, to be kept in this browser: after that it opens without a network.".to_owned(),
        "" => "This page is not kept in the browser, since it comes from localhost or is a part of another page: it opens as long as its server runs.".to_owned(),
        why => format!(
            "This page could not be kept in the browser ({why}), so that it needs a network to open. Reload it to try again; if it stays so, free some space, or allow this site to store data."
        ),
    }
}

/// How much of the histories' room is taken.
fn memory(bytes: usize) -> String {
    let [used, most] = [bytes, MEMORY_BUDGET].map(|bytes| bytes as f64 / MEBIBYTE);
    format!(
        "Every step is kept: the histories take {used:.1} MiB now, and {most} MiB at the most; beyond that the oldest steps are kept \
         as their extremes and every 16th value."
    )
}
