//! The presenter's window.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use wasm_bindgen::{JsCast as _, closure::Closure};
use yew::{platform::spawn_local, prelude::*};

use super::{
    super::guide::{Content, content_of},
    channel::Channel,
    memory,
    message::{News, Wish},
    timer::{Timer, words},
};
use crate::{browser, keys::latin, lesson::Lesson, rooms::dialog::use_style};

/// Between two looks at the clock, in milliseconds.
const TICK_MS: i32 = 250;
/// Between two questions to the lecture's window, in ticks.
const ASKING: u32 = 8;
/// A window that has said nothing for so long is lost, in milliseconds.
const PATIENCE_MS: f64 = 7_000.0;
/// The entries of the tab's memory: the timer, and the step that it has counted.
const TIMER: &str = "flatland-timer";
const COUNTED: &str = "flatland-timer-step";

/// The clock of the timer, in milliseconds.
fn wall_clock() -> f64 {
    js_sys::Date::now()
}

/// Opens the window of a lecture on this page.
pub fn open(lecture: String) {
    let root = web_sys::window().and_then(|window| window.document()?.get_element_by_id("app"));
    if let Some(root) = root {
        yew::Renderer::<Presenter>::with_root_and_props(root, Props { lecture }).render();
    }
}

#[derive(Clone, PartialEq, Properties)]
struct Props {
    lecture: String,
}

/// What the window knows, outside of the virtual document.
struct Desk {
    refresh: Callback<()>,
    channel: RefCell<Option<Channel>>,
    /// What was heard last, and when.
    news: RefCell<Option<News>>,
    heard: Cell<f64>,
    content: RefCell<Option<Content>>,
    timer: Cell<Timer>,
    ticks: Cell<u32>,
}

impl Desk {
    fn new(lecture: &str, refresh: Callback<()>) -> Rc<Self> {
        let desk = Rc::new(Self {
            refresh,
            channel: RefCell::default(),
            news: RefCell::default(),
            heard: Cell::new(browser::now()),
            content: RefCell::default(),
            timer: Cell::new(memory::read(TIMER).and_then(|text| Timer::read(&text)).unwrap_or_default()),
            ticks: Cell::default(),
        });
        let hearing = Rc::downgrade(&desk);
        let channel = Channel::open(lecture, move |text| {
            if let (Some(desk), Some(news)) = (hearing.upgrade(), News::read(text)) {
                desk.hear(news);
            }
        });
        *desk.channel.borrow_mut() = channel.ok();
        desk.send(Wish::Tell);
        desk
    }

    fn send(&self, wish: Wish) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.send(&wish.write());
        }
    }

    fn hear(self: &Rc<Self>, news: News) {
        self.heard.set(browser::now());
        let was_at = self.place();
        *self.news.borrow_mut() = Some(news);
        let place = self.place();
        if place.is_some() && place != was_at {
            // A window that was loaded anew goes on with the step that it was at.
            if was_at.is_some() || memory::read(COUNTED) != place {
                self.turn_timer(Timer::begin_step);
            }
            memory::keep(COUNTED, place.as_deref().unwrap_or_default());
            let (desk, place) = (self.clone(), place.unwrap_or_default());
            spawn_local(async move {
                let content = content_of(&place).await;
                if desk.place() == Some(place) {
                    *desk.content.borrow_mut() = Some(content);
                    desk.refresh.emit(());
                }
            });
        }
        self.refresh.emit(());
    }

    /// Where the lecture was when it was heard of last.
    fn place(&self) -> Option<String> {
        match &*self.news.borrow() {
            Some(News::At(place, _)) => Some(place.clone()),
            _ => None,
        }
    }

    fn turn_timer(&self, act: fn(&mut Timer, f64)) {
        let mut timer = self.timer.get();
        act(&mut timer, wall_clock());
        self.timer.set(timer);
        memory::keep(TIMER, &timer.write());
        self.refresh.emit(());
    }

    /// Time goes on.
    fn tick(&self) {
        let ticks = self.ticks.get().wrapping_add(1);
        self.ticks.set(ticks);
        if ticks.is_multiple_of(ASKING) {
            self.send(Wish::Tell);
        }
        self.refresh.emit(());
    }

    /// What is wrong with the other window; empty where nothing is.
    fn trouble(&self) -> &'static str {
        if self.channel.borrow().is_none() {
            return "This browser cannot join two windows: update it, or lecture with one window.";
        }
        let is_silent = browser::now() - self.heard.get() > PATIENCE_MS;
        match &*self.news.borrow() {
            Some(News::Farewell) => {
                "The lecture’s window was closed or is being loaded anew. If it does not come back, close this window, and press Q in a lesson."
            }
            _ if is_silent => {
                "The lecture’s window does not answer. If it is closed, close this window too, and press Q in a lesson."
            }
            Some(News::NoLesson) => "No lesson is open in the lecture’s window: press G there.",
            _ => "",
        }
    }
}

#[component]
fn Presenter(props: &Props) -> Html {
    let update = use_force_update();
    let desk = use_memo(props.lecture.clone(), move |lecture| {
        Desk::new(lecture, Callback::from(move |()| update.force_update()))
    });
    let desk: Rc<Desk> = (*desk).clone();
    use_page(&desk);
    if !use_style() {
        return Html::default();
    }
    let content = desk.content.borrow().clone();
    let trouble = desk.trouble();
    let is_blank = matches!(&*desk.news.borrow(), Some(News::At(_, true)));
    let (now, timer) = (wall_clock(), desk.timer.get());
    let send = |wish: Wish| {
        let desk = desk.clone();
        move |_: MouseEvent| desk.send(wish)
    };
    let time = |act: fn(&mut Timer, f64)| {
        let desk = desk.clone();
        move |_: MouseEvent| desk.turn_timer(act)
    };
    html! {
        <main class="presenter" aria-label="Presenter">
            <p class="presenter-trouble" role="alert" hidden={trouble.is_empty()}>{ trouble }</p>
            { lecture(content) }
            <footer class="presenter-foot">
                <div class="presenter-tools">
                    <button type="button" onclick={send(Wish::Turn(-1))} title="The step before (Page Up)">{ "Back" }</button>
                    <button type="button" class="lesson-next" onclick={send(Wish::Turn(1))} title="The next step (Page Down)">{ "Next" }</button>
                    <button type="button" aria-pressed={is_blank.to_string()} onclick={send(Wish::Blank)} title="A blank screen, or the page again (B)">{ "Blank screen" }</button>
                </div>
                <dl class="presenter-times">
                    <div><dt>{ "Elapsed" }</dt><dd class="presenter-elapsed">{ words(timer.elapsed(now)) }</dd></div>
                    <div><dt>{ "On this step" }</dt><dd>{ words(timer.on_step(now)) }</dd></div>
                    <div><dt>{ "Clock" }</dt><dd>{ clock() }</dd></div>
                </dl>
                <div class="presenter-tools">
                    <button type="button" onclick={time(Timer::toggle)}>{ if timer.is_running() { "Pause timer" } else { "Start timer" } }</button>
                    <button type="button" onclick={time(Timer::reset)}>{ "Reset timer" }</button>
                </div>
            </footer>
        </main>
    }
}

/// What there is to say now, and what comes next.
fn lecture(content: Option<Content>) -> Html {
    match content {
        None | Some(Content::Loading) => {
            html! { <p class="quiet" role="status">{ "Waiting for the lecture’s window …" }</p> }
        }
        Some(Content::Missing(why)) => html! { <p role="alert">{ why }</p> },
        Some(Content::Contents { .. }) => {
            html! { <p role="status">{ "The list of lessons is open in the lecture’s window: choose one there." }</p> }
        }
        Some(Content::Step { lessons, lesson, number }) => {
            let at = lessons.iter().position(|summary| summary.name == lesson.name);
            let following = at.and_then(|at| lessons.get(at + 1)).map(|summary| summary.title.as_str());
            step(&lesson, number, following)
        }
    }
}

fn step(lesson: &Lesson, number: usize, following: Option<&str>) -> Html {
    // Texts are made of the page's own files when it is built; Markdown alone is let through there.
    let inside = |html: &str| Html::from_html_unchecked(AttrValue::from(html.to_owned()));
    let step = &lesson.steps[number - 1];
    let answered = step.html.replace("<details>", "<details open>");
    let next = match (lesson.steps.get(number), following) {
        (Some(next), _) => html! { <>{ "Next: " }{ inside(&format!("<span>{}</span>", next.title)) }</> },
        (None, Some(following)) => html! { { format!("Next lesson: {following}") } },
        (None, None) => html! { { "This is the last step of the last lesson." } },
    };
    html! {
        <article class="presenter-step" key={format!("{}-{number}", lesson.name)}>
            <p class="presenter-lesson">{ &lesson.title }<span>{ format!("{number} of {}", lesson.steps.len()) }</span></p>
            <h1>{ inside(&format!("<span>{}</span>", step.title)) }</h1>
            <div class="presenter-notes" aria-live="polite">
                if step.notes.is_empty() {
                    <p class="quiet">{ "There are no notes for this step." }</p>
                } else {
                    { inside(&format!("<div>{}</div>", step.notes)) }
                }
            </div>
            <details class="presenter-text" open={true}>
                <summary>{ "Text of the step, with its answers" }</summary>
                <div class="lesson-body">{ inside(&format!("<div>{answered}</div>")) }</div>
            </details>
            <p class="presenter-next">{ next }</p>
        </article>
    }
}

/// The time of day.
fn clock() -> String {
    let now = js_sys::Date::new_0();
    format!("{}:{:02}", now.get_hours(), now.get_minutes())
}

/// Keys, the passing of time, and a farewell, as long as the page is there.
#[hook]
fn use_page(desk: &Rc<Desk>) {
    let desk = desk.clone();
    use_effect_with((), move |()| {
        browser::say_ready();
        let Some(window) = web_sys::window() else { return };
        // Listening to an event of the window cannot fail.
        let keys = {
            let desk = desk.clone();
            Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
                if let Some(wish) = wish_of(&event) {
                    event.prevent_default();
                    desk.send(wish);
                }
            })
        };
        let _ = window.add_event_listener_with_callback("keydown", keys.as_ref().unchecked_ref());
        let gone = {
            let desk = desk.clone();
            Closure::<dyn FnMut()>::new(move || desk.send(Wish::Farewell))
        };
        let _ = window.add_event_listener_with_callback("pagehide", gone.as_ref().unchecked_ref());
        let tick = Closure::<dyn FnMut()>::new(move || desk.tick());
        // Without its clock the window still turns pages.
        let _ = window.set_interval_with_callback_and_timeout_and_arguments_0(tick.as_ref().unchecked_ref(), TICK_MS);
        keys.forget();
        gone.forget();
        tick.forget();
    });
}

/// What a key asks for.
fn wish_of(event: &KeyboardEvent) -> Option<Wish> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    match latin(&event.key(), &event.code(), event.shift_key()).as_str() {
        "PageDown" | "ArrowRight" => Some(Wish::Turn(1)),
        "PageUp" | "ArrowLeft" => Some(Wish::Turn(-1)),
        "b" | "B" | "." => Some(Wish::Blank),
        _ => None,
    }
}
