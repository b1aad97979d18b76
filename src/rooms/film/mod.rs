//! The film dialog: the board or a panel from one step to another, as a film that the browser
//! records or as a GIF.

mod duration;
mod gif;
mod recording;
mod reel;
mod shooting;

use std::{cell::Cell, rc::Rc};

use web_sys::{HtmlCanvasElement, HtmlInputElement, HtmlSelectElement};
use yew::{platform::spawn_local, prelude::*};

use self::{
    reel::{Kind, NoReel, Reel},
    shooting::{Film as Made, Progress, Script, Shooting},
};
use super::{RoomProps, dialog::Dialog, export::picture, files};
use crate::{
    chart::{axis::short, palette::Tone},
    lab::LabHandle,
    numbers::whole,
    session::SPEEDS,
};

/// Widths of films, in pixels.
const WIDTHS: [f64; 4] = [1280.0, 1920.0, 960.0, 640.0];
/// That of a GIF until somebody chooses.
const GIF_WIDTH: usize = 2;
/// Steps of a film of an experiment that has not been played yet, at the most.
const MOST_AT_FIRST: u64 = 500;

/// What stands in the fields.
#[derive(Clone, PartialEq)]
struct Fields {
    which: usize,
    is_dark: bool,
    first: String,
    last: String,
    speed: usize,
    kind: Kind,
    width: usize,
}

impl Fields {
    fn of(lab: &LabHandle, is_recorded: bool) -> Self {
        let (frontier, budget) = lab.read(|session| (session.frontier(), session.experiment().steps));
        let last = if frontier > 0 { frontier } else { budget.min(MOST_AT_FIRST) };
        let kind = if is_recorded { Kind::Film } else { Kind::Gif };
        Self {
            which: 0,
            is_dark: lab.palette().tone() == Tone::Dark,
            first: "0".to_owned(),
            last: last.to_string(),
            speed: reel::usual_speed(&speeds(), last),
            kind,
            width: width_of(kind),
        }
    }

    fn reel(&self, budget: u64) -> Result<Reel, NoReel> {
        let (first, last) = (reel::step_of(&self.first)?, reel::step_of(&self.last)?);
        Reel { first, last, speed: speeds()[self.speed], kind: self.kind }.checked(budget)
    }
}

fn width_of(kind: Kind) -> usize {
    if kind == Kind::Gif { GIF_WIDTH } else { 0 }
}

/// Speeds that a film can have.
fn speeds() -> Vec<f64> {
    SPEEDS.into_iter().filter(|speed| speed.is_finite()).collect()
}

/// What the dialog says of a film before it is made.
fn in_words(reel: &Result<Reel, NoReel>) -> String {
    match reel {
        Ok(reel) => {
            format!("{} s, {} pictures.", short((10.0 * reel.seconds()).round() / 10.0), whole(reel.pictures() as f64))
        }
        Err(wrong) => wrong.to_string(),
    }
}

/// See the module's header.
pub fn draw(props: RoomProps) -> Html {
    html! { <FilmRoom ..props /> }
}

#[component]
fn FilmRoom(props: &RoomProps) -> Html {
    let node = use_node_ref();
    let screen = use_node_ref();
    let panels = use_memo((), |()| picture::choices(&props.lab));
    let is_recorded = *use_memo((), |()| recording::kind().is_some());
    let fields = use_state(|| Fields::of(&props.lab, is_recorded));
    let status = use_state(String::new);
    let progress = use_state(|| None::<Progress>);
    let is_cancelled = use_memo((), |()| Rc::new(Cell::new(false)));
    use_effect_with((), {
        let is_cancelled = (*is_cancelled).clone();
        // Whoever leaves the dialog wants the film no more.
        move |()| move || is_cancelled.set(true)
    });
    let budget = props.lab.read(|session| session.experiment().steps);
    let reel = fields.reel(budget);
    let is_busy = progress.is_some();
    let on_make = {
        let (lab, fields, panels, screen) = (props.lab.clone(), (*fields).clone(), panels.clone(), screen.clone());
        let (reel, status, progress) = (reel.clone(), status.setter(), progress.setter());
        let is_cancelled = (*is_cancelled).clone();
        move |_: MouseEvent| {
            let (Ok(reel), Some(canvas)) = (reel.clone(), screen.cast::<HtmlCanvasElement>()) else { return };
            let panel = fields.which.checked_sub(1).and_then(|which| panels.get(which));
            let script = Script {
                reel,
                which: panel.map(|(place, ..)| *place),
                tone: if fields.is_dark { Tone::Dark } else { Tone::Light },
                width: WIDTHS[fields.width],
            };
            let name = lab.read(|session| files::name_of(session.experiment()));
            let name = format!("{name}-{}", panel.map_or("board", |(_, name, _)| name));
            is_cancelled.set(false);
            status.set(String::new());
            progress.set(Some(Progress::Shooting(0.0)));
            spawn_local(make(
                lab.clone(),
                script,
                canvas,
                name,
                (status.clone(), progress.clone(), is_cancelled.clone()),
            ));
        }
    };
    let on_cancel = {
        let is_cancelled = (*is_cancelled).clone();
        move |_: MouseEvent| is_cancelled.set(true)
    };
    let choose = |change: fn(&mut Fields, usize)| {
        let fields = fields.clone();
        move |event: Event| {
            let mut now = (*fields).clone();
            change(&mut now, event.target_unchecked_into::<HtmlSelectElement>().selected_index().max(0) as usize);
            fields.set(now);
        }
    };
    let type_in = |change: fn(&mut Fields, String)| {
        let fields = fields.clone();
        move |event: InputEvent| {
            let mut now = (*fields).clone();
            change(&mut now, event.target_unchecked_into::<HtmlInputElement>().value());
            fields.set(now);
        }
    };
    let list = |id: &'static str, label: &str, chosen: usize, options: Vec<String>, onchange: Callback<Event>| {
        let option = |(index, text): (usize, String)| html! { <option selected={index == chosen}>{ text }</option> };
        html! {
            <span class="share-choice">
                <label for={id}>{ label }</label>
                <select {id} disabled={is_busy} {onchange}>{ for options.into_iter().enumerate().map(option) }</select>
            </span>
        }
    };
    let field = |id: &'static str, label: &str, value: &str, oninput: Callback<InputEvent>| {
        html! {
            <span class="share-choice">
                <label for={id}>{ label }</label>
                <input {id} class="film-step" type="text" inputmode="numeric" autocomplete="off" value={value.to_owned()}
                    disabled={is_busy} aria-describedby="film-words" {oninput} />
            </span>
        }
    };
    let kinds = if is_recorded { vec![Kind::Film, Kind::Gif] } else { vec![Kind::Gif] };
    let kind_place = kinds.iter().position(|kind| *kind == fields.kind).unwrap_or_default();
    let kind_names = kinds.iter().map(|kind| kind_name(*kind).to_owned()).collect();
    let choose_kind = {
        let fields = fields.clone();
        Callback::from(move |event: Event| {
            let place = event.target_unchecked_into::<HtmlSelectElement>().selected_index().max(0) as usize;
            let kind = kinds.get(place).copied().unwrap_or(Kind::Gif);
            fields.set(Fields { kind, width: width_of(kind), ..(*fields).clone() });
        })
    };
    let pictures = std::iter::once("the whole board".to_owned()).chain(panels.iter().map(|(.., title)| title.clone()));
    let widths = WIDTHS.iter().map(|width| format!("{} pixels", whole(*width)));
    let speed_names = speeds().iter().map(|speed| format!("{} steps/s", short(*speed))).collect();
    let say = use_callback(status.setter(), |text: String, status| status.set(text));
    html! {
        <Dialog id="share-film" title="Film" status={say} {node} on_close={props.on_close.clone()}>
            <p class="share-note">
                { "One step after another, as if it were played now: what is shown is drawn anew at the size of the film. What the Lab shows comes back afterwards. A film takes as long as it plays, and needs this tab in front; a GIF is put together faster, has at most 255 colors, and plays on any slide." }
                if !is_recorded {
                    { " This browser records no films." }
                }
            </p>
            <div class="share-tools film-tools">
                { list("film-which", "Film of", fields.which, pictures.collect(), Callback::from(choose(|fields, which| fields.which = which))) }
                { list("film-tone", "on", usize::from(fields.is_dark), vec!["white".to_owned(), "dark".to_owned()], Callback::from(choose(|fields, tone| fields.is_dark = tone == 1))) }
                { field("film-first", "from step", &fields.first, Callback::from(type_in(|fields, text| fields.first = text))) }
                { field("film-last", "to step", &fields.last, Callback::from(type_in(|fields, text| fields.last = text))) }
                { list("film-speed", "at", fields.speed, speed_names, Callback::from(choose(|fields, speed| fields.speed = speed))) }
                { list("film-kind", "as", kind_place, kind_names, choose_kind) }
                { list("film-width", "across", fields.width, widths.collect(), Callback::from(choose(|fields, width| fields.width = width))) }
            </div>
            <p id="film-words" class={classes!("share-note", reel.is_err().then_some("share-error"))}>{ in_words(&reel) }</p>
            <div class="share-tools">
                <button type="button" autofocus=true disabled={is_busy || reel.is_err()} onclick={on_make}>{ "Save film" }</button>
                <button type="button" onclick={on_cancel} hidden={!is_busy}>{ "Cancel" }</button>
                if let Some(progress) = *progress {
                    { bar(progress) }
                }
            </div>
            <p class="share-status" role="status">{ &*status }</p>
            // One that is read needs a context of its own.
            <canvas key={kind_name(fields.kind)} ref={screen} class="film-screen" hidden={!is_busy} role="img" aria-label="The picture that is being taken"></canvas>
        </Dialog>
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match (kind, recording::kind()) {
        (Kind::Gif, _) => "GIF",
        (Kind::Film, Some((_, "mp4"))) => "MP4",
        (Kind::Film, _) => "WebM",
    }
}

/// How far it is, as a bar with a word.
fn bar(progress: Progress) -> Html {
    let (share, words) = match progress {
        Progress::Computing(step, last) => (
            step as f64 / last.max(1) as f64,
            format!("computing step {} of {}", whole(step as f64), whole(last as f64)),
        ),
        Progress::Shooting(share) => (share, format!("{} %", (100.0 * share).floor())),
    };
    html! {
        <>
            <progress max="1" value={share.to_string()} aria-label="Film">{ &words }</progress>
            <span class="film-share">{ words }</span>
        </>
    }
}

type Told = (UseStateSetter<String>, UseStateSetter<Option<Progress>>, Rc<Cell<bool>>);

/// Makes a film and offers it for saving; says what came of it.
async fn make(lab: LabHandle, script: Script, screen: HtmlCanvasElement, name: String, told: Told) {
    let (status, progress, is_cancelled) = told;
    let report = {
        let progress = progress.clone();
        Callback::from(move |now| progress.set(Some(now)))
    };
    let shooting =
        Shooting { lab: &lab, script: &script, screen: &screen, progress: &report, is_cancelled: &is_cancelled };
    let said = match shooting.film().await {
        Ok(Made { blob, ending, seconds }) => {
            files::save(&format!("{name}.{ending}"), &blob);
            let seconds = short((10.0 * seconds).round() / 10.0);
            format!("Saved: {seconds} s, {} kB.", whole((blob.size() / 1000.0).ceil()))
        }
        Err(why) => why.to_string(),
    };
    status.set(said);
    progress.set(None);
}
