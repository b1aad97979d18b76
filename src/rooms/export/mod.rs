//! The export dialog: pictures, tables, scripts, and the experiment itself; and opening a file.

mod axes;
mod embedding;
pub(super) mod picture;
mod recording;
mod saving;
mod svg;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::{platform::spawn_local, prelude::*};

use self::saving::{Saver, Target};
use super::{
    Doors, Room, RoomProps,
    dialog::{self, Dialog},
    files, open,
};
use crate::{
    browser,
    chart::{palette::Tone, panels},
    errand::{Desk, Request},
    lab::{Lab, Place, title_of},
};

/// What is shown, as it was when the dialog was opened.
struct Shown {
    /// The name of files, without an ending.
    name: String,
    /// The document.
    experiment: String,
    /// The objective's name.
    title: String,
    /// The address that restores it.
    link: String,
    /// The step shown furthest.
    frontier: u64,
    /// The names of the runs, and what they are called in files.
    runs: Vec<(String, String)>,
    /// The panels of the board.
    panels: Vec<(Place, String, String)>,
}

impl Shown {
    fn of(lab: &Lab) -> Self {
        let (link, panels) = (lab.address(), picture::choices(lab));
        lab.read(|session| {
            let experiment = session.experiment();
            Self {
                name: files::name_of(experiment),
                experiment: experiment.to_json(),
                title: title_of(experiment).to_owned(),
                link,
                frontier: session.frontier(),
                runs: (0..session.runs().len())
                    .map(|index| (panels::title(session, index), files::name_of_run(experiment, index)))
                    .collect(),
                panels,
            }
        })
    }
}

/// See the module's header.
pub fn draw(props: RoomProps) -> Html {
    html! { <Export ..props /> }
}

#[component]
fn Export(props: &RoomProps) -> Html {
    let node = use_node_ref();
    let shown = use_memo((), |()| Shown::of(&props.lab));
    let status = use_state(String::new);
    let is_cancellable = use_state(|| false);
    let [which, tone, run, part] = [use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref()];
    let say = use_callback((), {
        let status = status.setter();
        move |text: String, ()| status.set(text)
    });
    let saver = use_memo((), |()| {
        let cancellable = is_cancellable.setter();
        Saver { desk: Desk::default(), say: say.clone(), cancellable: Callback::from(move |is| cancellable.set(is)) }
    });
    let sheet = {
        let (lab, which, tone, shown) = (props.lab.clone(), which.clone(), tone.clone(), shown.clone());
        move || {
            let (which, tone) = (chosen(&which), chosen(&tone));
            let place = shown.panels.iter().find(|(_, name, _)| *name == which).map(|(place, ..)| *place);
            let tone = if tone == "dark" { Tone::Dark } else { Tone::Light };
            (format!("{}-{which}", shown.name), picture::Sheet::new(&lab, place, tone))
        }
    };
    let on_png = {
        let (lab, sheet, saver) = (props.lab.clone(), sheet.clone(), saver.clone());
        move |_: MouseEvent| {
            let (name, sheet) = sheet();
            saver.save_png(&lab, &name, &sheet);
        }
    };
    let on_svg = {
        let (lab, saver) = (props.lab.clone(), saver.clone());
        move |_: MouseEvent| {
            let (name, sheet) = sheet();
            saver.save_svg(&lab, &name, &sheet);
        }
    };
    let on_csv = {
        let (shown, saver) = (shown.clone(), saver.clone());
        move |_: MouseEvent| saver.save_table(&shown.name, &shown.experiment)
    };
    let on_film = {
        let (lab, node) = (props.lab.clone(), node.clone());
        move |_: MouseEvent| {
            dialog::close(&node);
            Doors::of(&lab).open(Room::Film);
        }
    };
    let on_cancel = {
        let saver = saver.clone();
        move |_: MouseEvent| saver.cancel()
    };
    let on_document = {
        let (shown, say) = (shown.clone(), say.clone());
        move |_: MouseEvent| {
            say.emit(String::new());
            files::save_text(&format!("{}.json", shown.name), &files::indented(&shown.experiment), "application/json");
        }
    };
    let script = |target: fn(&str) -> Target| {
        let (shown, run, saver) = (shown.clone(), run.clone(), saver.clone());
        move |_: MouseEvent| {
            let run = chosen(&run).parse().unwrap_or_default();
            let (experiment, link) = (shown.experiment.clone(), shown.link.clone());
            let name = shown.runs.get(run).map_or(&shown.name, |(_, name)| name);
            saver.fetch(&Request::Python { experiment, run, link }, target(name));
        }
    };
    let figure = |target: fn(&Shown) -> Target| {
        let (shown, saver) = (shown.clone(), saver.clone());
        move |_: MouseEvent| {
            let (experiment, link) = (shown.experiment.clone(), shown.link.clone());
            saver.fetch(&Request::Figure { experiment, last: shown.frontier, link }, target(&shown));
        }
    };
    let on_frame = {
        let (shown, part, say) = (shown.clone(), part.clone(), say.clone());
        move |_: MouseEvent| {
            let say = say.clone();
            browser::copy(&embedding::frame(&shown.title, &shown.link, &chosen(&part)), move |worked| {
                say.emit(files::copied(worked, "Copied. Paste it into the HTML of a page."));
            });
        }
    };
    let preview = use_state(String::new);
    let on_preview = {
        let (shown, part, preview) = (shown.clone(), part.clone(), preview.clone());
        move |_: MouseEvent| preview.set(embedding::address(&shown.link, &chosen(&part)))
    };
    let on_file = {
        let (lab, node, say) = (props.lab.clone(), node.clone(), say.clone());
        move |event: Event| {
            let field: HtmlInputElement = event.target_unchecked_into();
            let file = field.files().and_then(|files| files.get(0));
            field.set_value("");
            let (lab, node, say) = (lab.clone(), node.clone(), say.clone());
            spawn_local(async move {
                match open::attempt(&lab, file.as_slice(), "").await {
                    Ok(opened) => {
                        dialog::close(&node);
                        opened.show(&lab);
                    }
                    Err(wrong) => say.emit(wrong),
                }
            });
        }
    };
    let panel = |(_, name, title): &(Place, String, String)| (name.clone(), title.clone());
    let pictures =
        [("board".to_owned(), "the whole board".to_owned())].into_iter().chain(shown.panels.iter().map(panel));
    let runs =
        shown.runs.iter().enumerate().map(|(index, (name, _))| (index.to_string(), format!("{}: {name}", index + 1)));
    html! {
        <Dialog id="share-export" title="Export" shortcut={'s'} status={say.clone()} {node} on_close={props.on_close.clone()}>
            <Group title="Picture" note="With title, legend, parameters and the link. What is shown is drawn, at the size of a figure.">
                { choice("share-which", "Picture of", &which, pictures) }
                { choice("share-tone", "on", &tone, [("light", "white"), ("dark", "dark")].map(owned)) }
                // The dialog opens with it: S and Enter save the picture.
                <button type="button" autofocus=true onclick={on_png}>{ "Save PNG" }</button>
                <button type="button" onclick={on_svg}>{ "Save SVG" }</button>
            </Group>
            <Group title="Film" note="The board or a panel from one step to another, as a film or as a GIF for slides.">
                <button type="button" onclick={on_film}>{ "Make a film…" }</button>
            </Group>
            <Group title="Data" note="The table holds every step of every run up to its end or the budget, computed anew: the same bytes as “flatland run” prints. With several starts its last columns are the quartiles over them. The experiment is the document that the command line and this page read.">
                <button type="button" onclick={on_csv}>{ "Save CSV" }</button>
                <button type="button" onclick={on_cancel} hidden={!*is_cancellable}>{ "Cancel" }</button>
                <button type="button" onclick={on_document}>{ "Save experiment" }</button>
            </Group>
            <Group title="Python" note="One run as a script that needs only NumPy: objective, policy and stopping rules written out. Its first steps are the run’s to some twelve digits; where runs are sensitive, as in chaos, last digits that NumPy rounds otherwise grow from step to step.">
                { choice("share-run", "Run", &run, runs) }
                <button type="button" onclick={script(|_| Target::Copy("Copied. Run it with python3."))}>{ "Copy as Python" }</button>
                <button type="button" onclick={script(|name| Target::Save(format!("{name}.py"), "text/x-python"))}>{ "Save script" }</button>
            </Group>
            <Group title="LaTeX" note="A table of each run for pgfplots up to the step shown, at most 2 000 rows that keep every extreme, and a figure to start from.">
                <button type="button" onclick={figure(|_| Target::Copy("Copied. Paste it into a document that loads pgfplots."))}>{ "Copy for pgfplots" }</button>
                <button type="button" onclick={figure(|shown| Target::Save(format!("{}.tex", shown.name), "text/x-tex"))}>{ "Save TeX" }</button>
            </Group>
            // Without an address, as in a notebook, there is nothing that a frame could show.
            if !shown.link.starts_with('#') {
                <Group title="Embed" note="A frame for a page of yours, in the state shown. Its keys rest until it is clicked; messages can play it, step it and ask for its state.">
                    { choice("share-shown", "Show", &part, embedding::parts(&shown.panels)) }
                    <button type="button" onclick={on_frame}>{ "Copy frame" }</button>
                    <button type="button" onclick={on_preview}>{ "Preview" }</button>
                    if !preview.is_empty() {
                        <iframe key={(*preview).clone()} class="share-preview" src={(*preview).clone()} title="What the frame shows"></iframe>
                    }
                </Group>
            }
            <Group title="Open" note="An experiment’s document or a link of this page; it may also be dropped anywhere on the page, or pasted.">
                <label for="share-file">{ "Open a file" }</label>
                <input id="share-file" type="file" accept=".json,.txt,application/json,text/plain" onchange={on_file} />
            </Group>
            <p class="share-status" role="status">{ &*status }</p>
        </Dialog>
    }
}

fn owned((value, text): (&str, &str)) -> (String, String) {
    (value.to_owned(), text.to_owned())
}

/// What is chosen in a list.
fn chosen(list: &NodeRef) -> String {
    list.cast::<HtmlSelectElement>().map(|list| list.value()).unwrap_or_default()
}

/// A list to choose from, with its label: values and what stands for them.
fn choice(id: &'static str, label: &str, node: &NodeRef, options: impl IntoIterator<Item = (String, String)>) -> Html {
    // Yew puts the last option in first, which the browser would then choose.
    let option = |(index, (value, text)): (usize, (String, String))| html! { <option {value} selected={index == 0}>{ text }</option> };
    html! {
        <span class="share-choice">
            <label for={id}>{ label }</label>
            <select {id} ref={node.clone()}>{ for options.into_iter().enumerate().map(option) }</select>
        </span>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct GroupProps {
    title: &'static str,
    note: &'static str,
    children: Html,
}

/// A titled group of controls.
#[component]
fn Group(props: &GroupProps) -> Html {
    html! {
        <section class="share-group">
            <h3>{ props.title }</h3>
            <p>{ props.note }</p>
            <div class="share-tools">{ props.children.clone() }</div>
        </section>
    }
}
