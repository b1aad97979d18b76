//! The lessons: a panel beside the Lab with a text for what the Lab shows, step by step.
//!
//! The [`guide`] knows what is open, fetches it from the [`shelf`] and sets the Lab; the components
//! here show it. What is open is a part of the link (`Lab::lesson`), so that each step is an entry
//! of the browser's history.

mod guide;
mod memory;
pub(super) mod presenter;
mod shelf;

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::prelude::*;

use self::guide::{Content, Guide};
pub(super) use self::shelf::{FOLDER, fetched_once, known};
use super::{RoomProps, dialog::use_style, printing};
use crate::{
    browser,
    keys::latin,
    lesson::{CONTENTS, Lesson, Place, Summary},
    listening::{Listening, element_of, is_field},
};

/// A finger that moves so far, in CSS pixels, and more across than up or down, turns the page.
const SWIPE: i32 = 50;

/// See the module's header. What the room is about counts the Lab's changes.
pub fn draw(props: RoomProps) -> Html {
    html! { <Lessons ..props /> }
}

#[component]
fn Lessons(props: &RoomProps) -> Html {
    let update = use_force_update();
    let guide = use_memo((), {
        let lab = props.lab.clone();
        move |()| Guide::new(&lab, Callback::from(move |()| update.force_update()))
    });
    let guide: Rc<Guide> = (*guide).clone();
    let place = props.lab.lesson().unwrap_or_default();
    use_effect_with(place.clone(), {
        let guide = guide.clone();
        move |place| guide.open(place.clone())
    });
    use_effect_with(props.about, {
        let guide = guide.clone();
        move |_| guide.watch()
    });
    let present = {
        let guide = guide.clone();
        presenter::use_presenter(&props.lab, &place, Callback::from(move |by| guide.turn(by)))
    };
    use_keys(&guide, &present);
    let panel = use_node_ref();
    let is_styled = use_style();
    let content = guide.content();
    let is_list = matches!(content, Content::Contents { .. });
    // The panel takes the keys when it opens, and when what had them has gone with the list.
    use_effect_with((is_styled, is_list), {
        let panel = panel.clone();
        move |_| {
            if let Some(panel) = panel.cast::<HtmlElement>() {
                // What cannot have the focus leaves it where it is.
                let _ = panel.focus();
            }
        }
    });
    let is_folded = use_state(|| false);
    let gestures = use_gestures(&guide);
    if !is_styled {
        return Html::default();
    }
    let fold = {
        let is_folded = is_folded.clone();
        move |_: MouseEvent| is_folded.set(!*is_folded)
    };
    let leave = act(&guide, Guide::leave);
    let title = match &content {
        Content::Step { lesson, .. } => lesson.title.clone(),
        _ => "Lessons".to_owned(),
    };
    let (fold_name, fold_title) = if *is_folded {
        ("Text", "Show the text of the lesson again")
    } else {
        ("Controls", "Make room for what lies behind the lesson")
    };
    html! {
        <aside class={classes!("lesson", is_folded.then_some("is-folded"))} ref={panel} aria-label="Lesson" tabindex="-1"
            onkeydown={gestures.on_key} onpointerdown={gestures.on_down} onpointerup={gestures.on_up}>
            <div class="lesson-head">
                <h2>{ title }</h2>
                <button class="plain lesson-fold" type="button" title={fold_title} aria-expanded={(!*is_folded).to_string()} onclick={fold}>{ fold_name }</button>
                <button class="plain" type="button" aria-label="Leave the lessons" title="Leave the lessons (G): what you see stays" onclick={leave}>{ "×" }</button>
            </div>
            { body(&guide, &place, content, &present) }
        </aside>
    }
}

/// What the panel holds below its head.
fn body(guide: &Rc<Guide>, place: &str, content: Content, present: &Callback<()>) -> Html {
    match content {
        Content::Loading => {
            html! { <div class="lesson-body"><p class="quiet" role="status">{ "The lesson is being fetched …" }</p></div> }
        }
        Content::Missing(why) => html! {
            <div class="lesson-body" role="alert">
                <p>{ why }</p>
                <button type="button" onclick={let (guide, place) = (guide.clone(), place.to_owned()); move |_| guide.open(place.clone())}>{ "Try again" }</button>
            </div>
        },
        Content::Contents { lessons, complaint } => contents(guide, &lessons, complaint),
        Content::Step { lessons, lesson, number } => step(guide, &lessons, &lesson, number, present),
    }
}

/// The list of all lessons.
fn contents(guide: &Rc<Guide>, lessons: &[Summary], complaint: String) -> Html {
    let go = |place: Place| {
        let guide = guide.clone();
        move |_: MouseEvent| guide.set(&place)
    };
    let left = memory::remembered().and_then(|place| {
        let summary = lessons.iter().find(|summary| summary.name == place.lesson && place.step <= summary.steps)?;
        Some((format!("Go on with “{}”, step {}", summary.title, place.step), place))
    });
    let item = |summary: &Summary| {
        let place = Place { lesson: summary.name.clone(), step: 1 };
        html! {
            <li>
                <button type="button" class="lesson-item" onclick={go(place)}>
                    <strong>{ &summary.title }</strong>
                    <span>{ &summary.sentence }</span>
                    <em>{ format!("{} steps", summary.steps) }</em>
                </button>
            </li>
        }
    };
    html! {
        <div class="lesson-body" tabindex="0" role="region" aria-label="All lessons">
            if !complaint.is_empty() {
                <p class="lesson-complaint" role="alert">{ complaint }</p>
            }
            <p>{ "Each lesson sets the Lab and says what to look at. Change whatever you like on the way; the next step sets its own." }</p>
            if let Some((words, place)) = left {
                <p><button type="button" class="lesson-next" onclick={go(place)}>{ words }</button></p>
            }
            <ol class="lesson-list">{ for lessons.iter().map(item) }</ol>
        </div>
    }
}

/// A step of a lesson.
fn step(guide: &Rc<Guide>, lessons: &[Summary], lesson: &Lesson, number: usize, present: &Callback<()>) -> Html {
    let step = &lesson.steps[number - 1];
    let at = lessons.iter().position(|summary| summary.name == lesson.name).unwrap_or_default();
    let (is_first, is_last) = (number == 1 && at == 0, number == lesson.steps.len());
    let next = match lessons.get(at + 1) {
        _ if !is_last => "Next".to_owned(),
        Some(following) => format!("Next: {}", following.title),
        None => "All lessons".to_owned(),
    };
    let turn = |by: isize| {
        let guide = guide.clone();
        move |_: MouseEvent| guide.turn(by)
    };
    let inside = |html: &str| Html::from_html_unchecked(AttrValue::from(html.to_owned()));
    // Texts are made of the page's own files when it is built; Markdown alone is let through there.
    html! {
        <>
            <div class="lesson-body" key={format!("{}-{number}", lesson.name)} tabindex="0" role="region" aria-label="Text of the lesson">
                <h3>{ inside(&format!("<span>{}</span>", step.title)) }</h3>
                { inside(&format!("<div>{}</div>", step.html)) }
                if let Some(map) = &step.map {
                    <p><a class="lesson-map" href={guide.address_of_map(map)}>{ "Open the map" }</a></p>
                }
            </div>
            <div class="lesson-foot">
                <button type="button" disabled={is_first} onclick={turn(-1)} title="The step before (Page Up)">{ "Back" }</button>
                <span role="status">{ format!("{number} of {}", lesson.steps.len()) }</span>
                <button type="button" class="lesson-next" onclick={turn(1)} title="The next step (Page Down)">{ next }</button>
                <button class="plain" type="button" onclick={act(guide, Guide::set_again)} title="Set what this step shows again">{ "Set again" }</button>
                <button class="plain" type="button" onclick={act(guide, Guide::list)}>{ "All lessons" }</button>
                <button class="plain" type="button" title="Notes, timer and the next step in a second window (Q)" onclick={let present = present.clone(); move |_: MouseEvent| present.emit(())}>{ "Presenter" }</button>
                <button class="plain" type="button" title="Print this lesson, with its answers and with what you see" onclick={let lab = guide.lab(); move |_: MouseEvent| printing::print(&lab)}>{ "Handout" }</button>
            </div>
        </>
    }
}

/// What a click does with the guide.
fn act(guide: &Rc<Guide>, what: fn(&Rc<Guide>)) -> impl Fn(MouseEvent) + 'static {
    let guide = guide.clone();
    move |_| what(&guide)
}

/// Page Up and Page Down turn pages, and Q opens the presenter's window, wherever the focus is, but
/// where they mean something else.
#[hook]
fn use_keys(guide: &Rc<Guide>, present: &Callback<()>) {
    let (guide, present) = (guide.clone(), present.clone());
    use_effect_with((), move |()| {
        let listening = Listening::to_document(&["keydown"], move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            let act: &dyn Fn() = match latin(&event.key(), &event.code(), event.shift_key()).as_str() {
                "PageDown" => &|| guide.turn(1),
                "PageUp" => &|| guide.turn(-1),
                "q" | "Q" => &|| present.emit(()),
                _ => return,
            };
            let is_typed = element_of(event).is_some_and(|element| is_field(&element));
            let is_taken = event.default_prevented() || is_typed || browser::has_open_dialog();
            if !is_taken && !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !browser::is_asleep() {
                event.prevent_default();
                act();
            }
        });
        move || drop(listening)
    });
}

/// What keys and fingers on the panel do.
struct Gestures {
    on_key: Callback<KeyboardEvent>,
    on_down: Callback<PointerEvent>,
    on_up: Callback<PointerEvent>,
}

/// Arrows and swipes turn pages, Escape leaves.
#[hook]
fn use_gestures(guide: &Rc<Guide>) -> Gestures {
    let from = use_mut_ref(|| None);
    let on_key = {
        let guide = guide.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            match latin(&event.key(), &event.code(), event.shift_key()).as_str() {
                "ArrowRight" => guide.turn(1),
                "ArrowLeft" => guide.turn(-1),
                "Escape" => guide.leave(),
                _ => return,
            }
            event.prevent_default();
            // The page would move its time.
            event.stop_propagation();
        })
    };
    let on_down = {
        let from = from.clone();
        Callback::from(move |event: PointerEvent| {
            *from.borrow_mut() = (event.pointer_type() == "touch").then(|| (event.client_x(), event.client_y()));
        })
    };
    let on_up = {
        let guide = guide.clone();
        Callback::from(move |event: PointerEvent| {
            let Some((x, y)) = from.borrow_mut().take() else { return };
            let (across, down) = (event.client_x() - x, event.client_y() - y);
            if across.abs() > SWIPE && across.abs() > 2 * down.abs() {
                guide.turn(if across < 0 { 1 } else { -1 });
            }
        })
    };
    Gestures { on_key, on_down, on_up }
}

/// The place of the list.
fn list() -> String {
    CONTENTS.to_owned()
}
