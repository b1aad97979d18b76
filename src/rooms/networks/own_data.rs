//! Data of the person's own: files are dropped or chosen, looked at, and trained on. They stay on
//! the machine.

use std::cell::RefCell;

use flatland_engine::{
    Experiment,
    data::{
        classes_in,
        shelf::sha256,
        table::{self, Table, TableError, Target},
    },
    experiment::{RunSpec, Spec},
};
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement, HtmlSelectElement};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    chart::axis::significant,
    lab::LabHandle,
    networks::own,
    numbers::group,
    protocol::{End, EndKind},
};

/// Files may have so many bytes; more is not even read.
const MOST_BYTES: f64 = 268_435_456.0;
/// Rows that a preview shows.
const SHOWN_ROWS: usize = 4;
/// Columns that a preview shows.
const SHOWN_COLUMNS: usize = 8;

thread_local! {
    /// Files that came before the room was open.
    static WAITING: RefCell<Vec<File>> = const { RefCell::new(Vec::new()) };
    /// The room, while it is open.
    static ROOM: RefCell<Option<Callback<Vec<File>>>> = const { RefCell::new(None) };
}

/// Takes files that were dropped on the page: for the room, which is to be opened.
pub fn offer(files: Vec<File>) {
    match ROOM.with_borrow(Clone::clone) {
        Some(room) => room.emit(files),
        None => WAITING.set(files),
    }
}

/// Files that have been read.
#[derive(Clone, PartialEq)]
struct Offer {
    /// The name of the file with the inputs.
    name: String,
    main: Vec<u8>,
    /// The labels of an array, where they are a file of their own.
    labels: Option<Vec<u8>>,
    /// The names of the columns of a text.
    columns: Vec<String>,
    /// The column to learn; empty for the last one.
    label: String,
    table: Result<Table, TableError>,
}

impl Offer {
    /// One file, or one with inputs and one with their labels, in any order.
    fn new(mut files: Vec<(String, Vec<u8>)>) -> Result<Self, String> {
        match (files.pop(), files.pop(), files.len()) {
            (Some((name, main)), None, _) => Ok(Self::of_one(name, main, String::new())),
            (Some((a, first)), Some((b, second)), 0) => {
                let table = table::read_with_labels(&first, &second);
                let turned = if table.is_err() { table::read_with_labels(&second, &first) } else { table.clone() };
                let (name, main, labels, table) = if table.is_err() && turned.is_ok() {
                    (b, second, first, turned)
                } else {
                    (a, first, second, table)
                };
                Ok(Self { name, main, labels: Some(labels), columns: Vec::new(), label: String::new(), table })
            }
            _ => Err("Expected one file, or an array and its labels; got more files.".to_owned()),
        }
    }

    fn of_one(name: String, main: Vec<u8>, label: String) -> Self {
        // A name that no column has is refused with those that there are.
        let columns = match table::read(&main, Some("\u{0}")) {
            Err(TableError::NoSuchColumn { known, .. }) => known,
            _ => Vec::new(),
        };
        let are_names = columns.iter().all(|name| name.parse::<f64>().is_err());
        let table = table::read(&main, Some(label.as_str()).filter(|label| !label.is_empty()));
        Self { name, main, labels: None, columns: if are_names { columns } else { Vec::new() }, label, table }
    }

    /// The same with another column to learn.
    fn with_label(&self, label: String) -> Self {
        Self::of_one(self.name.clone(), self.main.clone(), label)
    }

    /// Keeps the files, if a network is open that waits for them, and whether one is.
    async fn supply(&self, lab: &LabHandle) -> Result<bool, String> {
        let (data, has_failed) = lab.read(|session| {
            let failed = |end: &End| end.kind == EndKind::Failed;
            let has_failed = session.runs().iter().any(|run| run.end.as_ref().is_some_and(failed));
            (session.experiment().objective.part("data").clone(), has_failed)
        });
        let is_awaited = |content: &&Vec<u8>| ["sha256", "labels"].iter().any(|key| data.text(key) == sha256(content));
        let files = || std::iter::once(&self.main).chain(&self.labels);
        if data.name != "file" || !has_failed || !files().all(|content| is_awaited(&content)) {
            return Ok(false);
        }
        for content in files() {
            own::keep(content).await?;
        }
        Ok(true)
    }

    /// Keeps the files, and the document that trains a network on them.
    async fn document(&self) -> Result<String, String> {
        let mut data = Spec::new("file").with("sha256", own::keep(&self.main).await?.as_str());
        if let Some(labels) = &self.labels {
            data = data.with("labels", own::keep(labels).await?.as_str());
        }
        if !self.label.is_empty() {
            data = data.with("label", self.label.as_str());
        }
        let objective = Spec::new("network").with("data", data).with("hidden", vec![32.0, 32.0]);
        let mut experiment = Experiment::new(
            objective,
            vec![
                RunSpec::new(Spec::new("constant").with("eta", 0.1)),
                RunSpec::new(Spec::new("capped-nonmonotone-line-search")),
            ],
        );
        experiment.steps = 1000;
        let experiment = experiment.complete_and_check().map_err(|error| error.to_string())?;
        Ok(experiment.to_json())
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The Lab.
    pub lab: LabHandle,
    /// To be called when files have come that the network which is open waits for.
    pub on_taken: Callback<()>,
}

/// What the form shows.
#[derive(Clone, PartialEq)]
enum Shown {
    Nothing,
    Wrong(String),
    Offer(Offer),
}

/// See the module's header.
#[component]
pub fn OwnData(props: &Props) -> Html {
    let shown = use_state(|| Shown::Nothing);
    let take = {
        let (shown, lab, on_taken) = (shown.setter(), props.lab.clone(), props.on_taken.clone());
        Callback::from(move |files: Vec<File>| {
            let (shown, lab, on_taken) = (shown.clone(), lab.clone(), on_taken.clone());
            spawn_local(async move {
                let offer = match read(&files).await.and_then(Offer::new) {
                    Ok(offer) => offer,
                    Err(why) => return shown.set(Shown::Wrong(why)),
                };
                match offer.supply(&lab).await {
                    Ok(true) => on_taken.emit(()),
                    Ok(false) => shown.set(Shown::Offer(offer)),
                    Err(why) => shown.set(Shown::Wrong(why)),
                }
            });
        })
    };
    use_effect_with((), {
        let take = take.clone();
        move |()| {
            let waiting = WAITING.take();
            if !waiting.is_empty() {
                take.emit(waiting);
            }
            ROOM.set(Some(take));
            || ROOM.set(None)
        }
    });
    let choose = move |event: Event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        let list = input.files();
        let count = list.as_ref().map_or(0, web_sys::FileList::length);
        let files: Vec<File> = (0..count).filter_map(|index| list.as_ref()?.get(index)).collect();
        input.set_value("");
        if !files.is_empty() {
            take.emit(files);
        }
    };
    html! {
        <section class="own-data">
            <h3>{ "Your own data" }</h3>
            <p>{ "Drop a table on the page or choose it: text with commas, semicolons or tabs (CSV), NumPy’s NPY and NPZ, MNIST’s IDX, plain or gzipped. \
                  The last column is learned from the others, or a column that you name; an array of images takes a second file with its labels. It stays on this machine." }</p>
            <label class="file">
                <span class="sr">{ "Files with data" }</span>
                <input id="own-data" type="file" multiple={true} onchange={choose} />
            </label>
            { match &*shown {
                Shown::Nothing => Html::default(),
                Shown::Wrong(why) => html! { <p class="message" role="alert">{ why }</p> },
                Shown::Offer(offer) => preview(&props.lab, offer, &shown.setter()),
            } }
        </section>
    }
}

/// The bytes of files with their names.
async fn read(files: &[File]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut all = Vec::new();
    for file in files {
        if file.size() > MOST_BYTES {
            let [most, size] = [MOST_BYTES, file.size()].map(|bytes| significant(bytes / 1_048_576.0));
            return Err(format!("“{}” has {size} MiB; at most {most} can be read. Take fewer rows.", file.name()));
        }
        let buffer = JsFuture::from(file.array_buffer()).await;
        let buffer = buffer.map_err(|_| format!("“{}” cannot be read: expected a file, not a folder.", file.name()))?;
        all.push((file.name(), Uint8Array::new(&buffer).to_vec()));
    }
    Ok(all)
}

/// What was read, what is to be learned of it, and the button that begins.
fn preview(lab: &LabHandle, offer: &Offer, shown: &UseStateSetter<Shown>) -> Html {
    let choose = {
        let (offer, shown) = (offer.clone(), shown.clone());
        move |event: Event| {
            let label = event.target_unchecked_into::<HtmlSelectElement>().value();
            shown.set(Shown::Offer(offer.with_label(label)));
        }
    };
    let train = {
        let (lab, offer, shown) = (lab.clone(), offer.clone(), shown.clone());
        move |_: MouseEvent| {
            let (lab, offer, shown) = (lab.clone(), offer.clone(), shown.clone());
            spawn_local(async move {
                let document = match offer.document().await {
                    Ok(document) => document,
                    Err(why) => return shown.set(Shown::Wrong(why)),
                };
                let has_classes = offer.table.as_ref().is_ok_and(|table| match &table.target {
                    Target::Words { .. } => true,
                    Target::Numbers(numbers) => classes_in(numbers).is_some(),
                });
                let view =
                    if has_classes { "panels:loss~sharpness~accuracy" } else { "panels:loss~sharpness~test-loss" };
                let opener = lab.clone();
                lab.0.once_readable(document.clone(), move || {
                    if let Err(error) = opener.open_scene(&document, view, super::scenes::FULL_SPEED) {
                        opener.complain(&error.to_string());
                    }
                });
            });
        }
    };
    html! {
        <>
            if !offer.columns.is_empty() {
                <div class="field">
                    <label for="own-label">{ "learn" }<span class="sr">{ " the column that is learned from the others" }</span></label>
                    <select id="own-label" onchange={choose}>
                        <option value="" selected={offer.label.is_empty()}>{ "the last column" }</option>
                        { for offer.columns.iter().map(|name| html! { <option value={name.clone()} selected={*name == offer.label}>{ name }</option> }) }
                    </select>
                </div>
            }
            { match &offer.table {
                Ok(table) => html! {
                    <>
                        <p role="status">{ summary(&offer.name, table) }</p>
                        { first_rows(offer, table) }
                        <div class="share-tools">
                            <button id="own-train" type="button" onclick={train}>{ "Train on it" }</button>
                        </div>
                    </>
                },
                Err(error) => html! { <p class="message" role="alert">{ format!("“{}”: {error}", offer.name) }</p> },
            } }
        </>
    }
}

/// What a table holds, in a sentence.
fn summary(name: &str, table: &Table) -> String {
    let rows = group(table.rows as u64);
    let inputs = match table.image {
        Some((height, width)) => format!("images of {height} × {width} pixels"),
        None if table.features == 1 => "one input".to_owned(),
        None => format!("{} inputs", group(table.features as u64)),
    };
    format!("“{name}”: {rows} rows with {inputs}; {}.", target(&table.target))
}

/// What is learned, in words.
fn target(target: &Target) -> String {
    match target {
        Target::Words { words, .. } => {
            let mut distinct: Vec<&String> = words.iter().collect();
            distinct.sort_unstable();
            distinct.dedup();
            listed(&distinct)
        }
        Target::Numbers(numbers) => {
            if let Some(classes) = classes_in(numbers) {
                return listed(&classes.into_iter().map(significant).collect::<Vec<_>>());
            }
            let ends = numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), x| (lo.min(*x), hi.max(*x)));
            format!("the target is a number from {} to {}", significant(ends.0), significant(ends.1))
        }
    }
}

/// So many classes, with the names of the first.
fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let first = names.iter().take(6).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    format!("{} classes: {first}{}", names.len(), if names.len() > 6 { ", …" } else { "" })
}

/// The beginning of a table, under the names of its columns where it has some.
fn first_rows(offer: &Offer, table: &Table) -> Html {
    let label = Some(&offer.label).filter(|label| !label.is_empty()).or(offer.columns.last());
    let names: Vec<&String> = offer.columns.iter().filter(|name| Some(*name) != label).collect();
    let more = if table.features > SHOWN_COLUMNS { "…" } else { "" };
    let cells = |row: usize| {
        let inputs = &table.inputs[row * table.features..][..table.features.min(SHOWN_COLUMNS)];
        let target = match &table.target {
            Target::Numbers(numbers) => significant(numbers[row]),
            Target::Words { words, .. } => words[row].clone(),
        };
        html! {
            <tr>
                { for inputs.iter().map(|x| html! { <td>{ significant(*x) }</td> }) }
                <td>{ more }</td>
                <th scope="row">{ target }</th>
            </tr>
        }
    };
    html! {
        <table class="preview">
            if let Some(label) = label.filter(|_| names.len() == table.features) {
                <thead>
                    <tr>
                        { for names.iter().take(SHOWN_COLUMNS).map(|name| html! { <th scope="col">{ *name }</th> }) }
                        <td>{ more }</td>
                        <th scope="col">{ label }</th>
                    </tr>
                </thead>
            }
            <tbody>{ for (0..table.rows.min(SHOWN_ROWS)).map(cells) }</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(text: &str) -> Offer {
        Offer::new(vec![("flowers.csv".to_owned(), text.as_bytes().to_vec())]).expect("one file")
    }

    #[test]
    fn a_table_is_summed_up_and_its_columns_can_be_chosen() {
        let offer = csv("width,height,kind\n1,2,rose\n3,4,lily\n5,6,rose\n");
        let table = offer.table.as_ref().expect("a table");
        assert_eq!(summary(&offer.name, table), "“flowers.csv”: 3 rows with 2 inputs; 2 classes: lily, rose.");
        assert_eq!(offer.columns, ["width", "height", "kind"]);
        // Words among the inputs cannot be learned from.
        let other = offer.with_label("width".to_owned());
        assert!(matches!(other.table, Err(TableError::NotANumber { line: 2, column: 3, .. })));
        let digits = csv("0.5,2\n0.1,0\n0.3,2\n");
        assert!(summary("x", digits.table.as_ref().expect("a table")).ends_with("2 classes: 0, 2."));
        let numbers = csv("1,2.5\n3,4\n");
        assert!(numbers.columns.is_empty());
        let sentence = summary("x", numbers.table.as_ref().expect("a table"));
        assert_eq!(sentence, "“x”: 2 rows with one input; the target is a number from 2.5 to 4.");
    }

    #[test]
    fn three_files_are_too_many_and_a_broken_table_says_where() {
        let file = || ("a".to_owned(), b"1,2\n".to_vec());
        assert!(Offer::new(vec![file(), file(), file()]).is_err());
        let broken = csv("1,2\n3\n");
        assert!(matches!(broken.table, Err(TableError::Ragged { line: 2, expected: 2, found: 1 })));
    }
}
