//! The Atlas's controls: which run, which numbers stand on the axes, what the color says, what is
//! computed on; pins, and saving.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use flatland_atlas::{Axis, Measure, Scale};
use flatland_drawing::{ITERATES, Order};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{
    board::Board,
    card::{self, Means},
    picture::{Format, Wish},
    pins::Pin,
    room::Room,
    words::{Complaint, Field, measures, rounded},
};
use crate::typed;

/// Characters that fit into half a line of the rail.
const SHORT: usize = 8;

#[derive(Clone, Properties)]
pub struct Props {
    /// The room.
    pub room: Rc<Room>,
    /// What is drawn.
    pub board: Rc<Board>,
    /// How many drawings there are.
    pub count: usize,
    /// Whether the color scale may be chosen, and its ends as they are.
    pub scale: Option<[f64; 2]>,
    /// The pinned points.
    pub pins: Rc<Vec<Pin>>,
    /// Whether a picture is being made.
    pub is_picturing: bool,
    /// To be called when the room has done its work.
    pub on_leave: Callback<()>,
    /// What the colors mean.
    pub children: Html,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.room, &other.room)
            && Rc::ptr_eq(&self.board, &other.board)
            && Rc::ptr_eq(&self.pins, &other.pins)
            && (self.count, self.scale, self.is_picturing) == (other.count, other.scale, other.is_picturing)
            && self.children == other.children
    }
}

/// What is typed into fields and not taken yet, by their place in the rail.
type Drafts = RefCell<BTreeMap<u8, String>>;

/// What the controls need to know.
#[derive(Clone)]
struct Desk {
    room: Rc<Room>,
    board: Rc<Board>,
    drafts: Rc<Drafts>,
    complaint: UseStateHandle<Complaint>,
}

impl Desk {
    /// Asks for another order; what is refused stays in its fields, with the reason.
    fn send(&self, order: Order, is_all: bool) {
        match self.room.change(order, is_all) {
            Ok(()) => {
                // The size of a picture has nothing to do with it.
                self.drafts.borrow_mut().retain(|field, _| *field >= Field::Width as u8);
                self.complaint.set(Complaint::default());
            }
            Err(complaint) => self.complaint.set(complaint),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Order)) {
        let mut order = self.board.order.clone();
        change(&mut order);
        self.send(order, self.board.is_all);
    }

    fn complain(&self, text: String, fields: &[Field]) {
        self.complaint.set(Complaint { text, fields: fields.to_vec() });
    }

    /// The number in a field: what is typed, or else what it shows, which may be rounded there;
    /// None where it says none, which is complained of.
    fn number(&self, field: Field, name: &str, value: Option<f64>, is_whole: bool) -> Option<Option<f64>> {
        let draft = self.drafts.borrow().get(&(field as u8)).cloned();
        let Some(text) = draft else { return Some(value) };
        if text.trim().is_empty() && is_optional(field) {
            return Some(None);
        }
        let read = if is_whole { typed::whole_number(&text) } else { typed::number(&text) };
        match read {
            Ok(number) => Some(Some(number)),
            Err(why) => {
                self.complain(format!("{name}: {why}"), &[field]);
                None
            }
        }
    }

    /// A field for a number; `take` is called when it has been typed.
    fn field(&self, field: Field, id: &'static str, shown: &str, exact: &str, take: impl Fn(&Self) + 'static) -> Html {
        let draft = self.drafts.borrow().get(&(field as u8)).cloned();
        let value = draft.unwrap_or_else(|| shown.to_owned());
        let is_invalid = self.complaint.fields.contains(&field);
        let (drafts, shown) = (self.drafts.clone(), shown.to_owned());
        let note = move |text: String| {
            let mut drafts = drafts.borrow_mut();
            if text == shown {
                drafts.remove(&(field as u8))
            } else {
                drafts.insert(field as u8, text)
            };
        };
        let oninput = {
            let note = note.clone();
            move |event: InputEvent| note(event.target_unchecked_into::<HtmlInputElement>().value())
        };
        let onchange = {
            let desk = self.clone();
            move |event: Event| {
                note(event.target_unchecked_into::<HtmlInputElement>().value());
                take(&desk);
            }
        };
        let placeholder = is_optional(field).then_some("auto");
        html! {
            <input {id} type="text" inputmode="decimal" autocomplete="off" spellcheck="false" {value} title={exact.to_owned()} {placeholder}
                aria-invalid={is_invalid.then_some("true")} aria-describedby="atlas-error" {oninput} {onchange} />
        }
    }
}

/// Whether a field may be empty.
fn is_optional(field: Field) -> bool {
    matches!(field, Field::Low | Field::High | Field::Width | Field::Height)
}

/// See the module's header.
#[component]
pub fn Rail(props: &Props) -> Html {
    let drafts = use_memo((), |()| Drafts::default());
    let complaint = use_state(Complaint::default);
    let Props { room, board, .. } = props.clone();
    let desk = Desk { room, board, drafts, complaint };
    let is_diagram = desk.board.order.measure.is_none();
    html! {
        <>
            <div class="atlas-controls">
                { kind(&desk) }
                { run(&desk) }
                if !is_diagram {
                    { measure(&desk) }
                }
                if let Some(ends) = props.scale {
                    { limits(&desk, ends) }
                }
                { steps(&desk) }
                { axis(&desk, false) }
                { axis(&desk, true) }
                <p id="atlas-error" class="share-error" role="alert">{ &desk.complaint.text }</p>
            </div>
            { props.children.clone() }
            { pins(&desk, &props.pins, &props.on_leave) }
            <div class="atlas-controls">{ means(&desk) }</div>
            { picture(&desk, props.count, props.is_picturing) }
        </>
    }
}

/// A list with a label.
fn choice(
    id: &'static str,
    label: &str,
    options: impl IntoIterator<Item = (String, String)>,
    chosen: &str,
    choose: impl Fn(String) + 'static,
) -> Html {
    let onchange = move |event: Event| choose(event.target_unchecked_into::<HtmlSelectElement>().value());
    let option = |(value, text): (String, String)| {
        let selected = value == chosen;
        html! { <option {value} {selected}>{ text }</option> }
    };
    html! {
        <div class="atlas-field">
            <label for={id}>{ label }</label>
            <select {id} ~value={chosen.to_owned()} {onchange}>{ for options.into_iter().map(option) }</select>
        </div>
    }
}

fn pair(value: &str, text: &str) -> (String, String) {
    (value.to_owned(), text.to_owned())
}

fn kind(desk: &Desk) -> Html {
    let options = [pair("map", "map: a run a pixel"), pair("bifurcation", "bifurcation diagram")];
    let chosen = if desk.board.order.measure.is_some() { "map" } else { "bifurcation" };
    let mine = desk.clone();
    choice("atlas-kind", "Draw", options, chosen, move |kind| {
        let board = &mine.board;
        if kind == "map" {
            let other = board.choices().into_iter().find(|choice| choice.axis.field != board.order.x.field);
            if let Some(other) = other {
                mine.change(|order| (order.measure, order.y) = (Some(Measure::Outcome), other.axis));
            }
        } else {
            mine.change(|order| (order.measure, order.limits, order.y) = (None, None, board.quantity_axis("x0")));
        }
    })
}

fn run(desk: &Desk) -> Html {
    let names = desk.board.names.iter().enumerate();
    let mut options: Vec<_> = names.map(|(run, name)| (run.to_string(), format!("{}: {name}", run + 1))).collect();
    if options.len() > 1 {
        options.push(pair("all", "all, side by side"));
    }
    let chosen = if desk.board.is_all { "all".to_owned() } else { desk.board.order.run.to_string() };
    let mine = desk.clone();
    choice("atlas-run", "Policy", options, &chosen, move |run| {
        let mut order = mine.board.order.clone();
        order.run = run.parse().unwrap_or(order.run);
        mine.send(order, run == "all");
    })
}

fn measure(desk: &Desk) -> Html {
    let chosen = desk.board.order.measure.unwrap_or_default();
    let mine = desk.clone();
    choice("atlas-measure", "Color", measures(desk.board.experiment.is_network()), chosen.name(), move |name| {
        // Limits are those of the numbers that were shown.
        mine.change(|order| (order.measure, order.limits) = (Measure::named(&name), None));
    })
}

fn steps(desk: &Desk) -> Html {
    let steps = desk.board.order.steps.unwrap_or(desk.board.experiment.steps);
    let text = steps.to_string();
    let take = move |desk: &Desk| {
        let Some(Some(wanted)) = desk.number(Field::Steps, "Steps of a run", Some(steps as f64), true) else { return };
        if wanted >= 1.0 && wanted.fract() == 0.0 {
            desk.change(|order| order.steps = Some(wanted as u64));
        } else {
            let wanted = typed::written(wanted);
            desk.complain(format!("Steps must be a whole number, at least 1; got {wanted}."), &[Field::Steps]);
        }
    };
    html! {
        <div class="atlas-field">
            <label for="atlas-steps">{ "Steps" }</label>
            { desk.field(Field::Steps, "atlas-steps", &text, &text, take) }
            if desk.board.order.measure.is_none() {
                <p class="share-note">{ format!("In each column the first {steps} iterates are left out and the next {ITERATES} drawn.") }</p>
            }
        </div>
    }
}

/// Names and fields of an axis.
struct Side {
    title: &'static str,
    ids: [&'static str; 4],
    fields: [Field; 2],
}

const ACROSS: Side = Side {
    title: "Across",
    ids: ["atlas-x", "atlas-x-from", "atlas-x-to", "atlas-x-log"],
    fields: [Field::XFrom, Field::XTo],
};
const UP: Side = Side {
    title: "Up",
    ids: ["atlas-y", "atlas-y-from", "atlas-y-to", "atlas-y-log"],
    fields: [Field::YFrom, Field::YTo],
};

fn axis(desk: &Desk, is_up: bool) -> Html {
    let Side { title, ids: [id, from_id, to_id, log_id], fields: [from, to] } = if is_up { UP } else { ACROSS };
    let order = &desk.board.order;
    let mine = if is_up { order.y.clone() } else { order.x.clone() };
    let is_quantity = is_up && order.measure.is_none();
    let options: Vec<_> = if is_quantity {
        desk.board.quantities()
    } else {
        desk.board.choices().into_iter().map(|choice| (choice.axis.field, choice.label)).collect()
    };
    let set = move |order: &mut Order, axis: Axis| if is_up { order.y = axis } else { order.x = axis };
    let choose = {
        let (desk, mine) = (desk.clone(), mine.clone());
        move |field: String| {
            if is_quantity {
                return desk.change(|order| order.y = desk.board.quantity_axis(&field));
            }
            let found = desk.board.choices().into_iter().find(|choice| choice.axis.field == field);
            let Some(found) = found else { return };
            desk.change(|order| {
                // What stood here goes to the other axis, rather than on both.
                let other = if is_up { &mut order.x } else { &mut order.y };
                if other.field == field {
                    *other = mine.clone();
                }
                set(order, found.axis);
            });
        }
    };
    let take = {
        let mine = mine.clone();
        move |desk: &Desk| {
            let read =
                |field, name, value| desk.number(field, &format!("{title}, {name}"), Some(value), false).flatten();
            let (Some(low), Some(high)) = (read(from, "from", mine.from), read(to, "to", mine.to)) else { return };
            let said = |number: f64| typed::written(number);
            if low >= high {
                let text = format!("{title}: “from” must be below “to”; got {} and {}.", said(low), said(high));
                desk.complain(text, &[from, to]);
            } else if mine.scale == Scale::Log && low <= 0.0 {
                let text = format!("{title}, from: must be above 0 on a logarithmic axis; got {}.", said(low));
                desk.complain(text, &[from]);
            } else {
                desk.change(|order| set(order, Axis { from: low, to: high, ..mine.clone() }));
            }
        }
    };
    let on_log = {
        let (desk, mine) = (desk.clone(), mine.clone());
        move |event: Event| {
            let is_log = event.target_unchecked_into::<HtmlInputElement>().checked();
            let scale = if is_log { Scale::Log } else { Scale::Linear };
            desk.change(|order| set(order, Axis { scale, ..mine.clone() }));
        }
    };
    let shown = [mine.from, mine.to].map(|end| typed::written(rounded(&mine, end)));
    let exact = [mine.from, mine.to].map(typed::written);
    let is_long = shown.iter().any(|text| text.len() > SHORT);
    html! {
        <fieldset class="atlas-axis">
            <legend>{ title }</legend>
            { choice(id, title, options, &mine.field, choose) }
            <div class={classes!("atlas-range", is_long.then_some("is-long"))}>
                <label for={from_id}>{ "from" }</label>
                { desk.field(from, from_id, &shown[0], &exact[0], take.clone()) }
                <label for={to_id}>{ "to" }</label>
                { desk.field(to, to_id, &shown[1], &exact[1], take) }
                <label class="atlas-log" for={log_id}>
                    <input id={log_id} type="checkbox" checked={mine.scale == Scale::Log} disabled={is_quantity} onchange={on_log} />
                    { "log" }
                </label>
            </div>
        </fieldset>
    }
}

/// The ends of the color scale: empty fields leave them to the pixels.
fn limits(desk: &Desk, ends: [f64; 2]) -> Html {
    let chosen = desk.board.order.limits;
    let take = move |desk: &Desk| {
        let value = |place: usize| chosen.map(|limits| limits[place]);
        let low = desk.number(Field::Low, "Color scale, from", value(0), false);
        let high = desk.number(Field::High, "Color scale, to", value(1), false);
        let (Some(low), Some(high)) = (low, high) else { return };
        // An end that is left open stays where it is.
        let limits = match (low, high) {
            (None, None) => None,
            (low, high) => Some([low.unwrap_or(ends[0]), high.unwrap_or(ends[1])]),
        };
        match limits {
            Some([low, high]) if low >= high => {
                let text = format!(
                    "Color scale: “from” must be below “to”; got {} and {}.",
                    typed::written(low),
                    typed::written(high)
                );
                desk.complain(text, &[Field::Low, Field::High]);
            }
            limits => desk.change(|order| order.limits = limits),
        }
    };
    let shown = |place: usize| chosen.map_or_else(String::new, |limits| typed::written(limits[place]));
    html! {
        <div class="atlas-field" role="group" aria-label="Color scale">
            <span class="atlas-name">{ "Scale" }</span>
            <div class="atlas-ends-typed">
                <label class="sr" for="atlas-low">{ "from" }</label>
                { desk.field(Field::Low, "atlas-low", &shown(0), &typed::written(ends[0]), take) }
                <span aria-hidden="true">{ "–" }</span>
                <label class="sr" for="atlas-high">{ "to" }</label>
                { desk.field(Field::High, "atlas-high", &shown(1), &typed::written(ends[1]), take) }
            </div>
        </div>
    }
}

fn means(desk: &Desk) -> Html {
    let options = Means::ALL.map(|(_, name, text)| pair(name, text));
    let now = card::means();
    let chosen = Means::ALL.into_iter().find(|(means, ..)| *means == now).map_or("auto", |(_, name, _)| name);
    let room = desk.room.clone();
    choice("atlas-means", "Compute on", options, chosen, move |name| room.set_means(Means::named(&name)))
}

/// The pinned points, to be opened one by one or side by side.
fn pins(desk: &Desk, pins: &Rc<Vec<Pin>>, on_leave: &Callback<()>) -> Html {
    if pins.is_empty() {
        return Html::default();
    }
    let act = |act: fn(&Room, usize) -> bool, place: usize| {
        let (room, on_leave) = (desk.room.clone(), on_leave.clone());
        move |_: MouseEvent| {
            if act(&room, place) {
                on_leave.emit(());
            }
        }
    };
    let pin = |(place, pin): (usize, &Pin)| {
        let name = ["A", "B"][place.min(1)];
        html! {
            <li>
                <span class="atlas-pin" aria-hidden="true">{ name }</span>
                <span>{ &pin.words }</span>
                <button class="plain" type="button" aria-label={format!("Open {name} in the Lab")} onclick={act(Room::open_pin, place)}>{ "open" }</button>
            </li>
        }
    };
    let clear = {
        let room = desk.room.clone();
        move |_: MouseEvent| room.clear_pins()
    };
    html! {
        <section class="atlas-pins" aria-label="Pins">
            <ul>{ for pins.iter().enumerate().map(pin) }</ul>
            <div class="share-tools">
                <button type="button" disabled={pins.len() < 2} title="Both runs in the Lab" onclick={act(|room, _| room.compare(), 0)}>{ "Compare A and B" }</button>
                <button type="button" onclick={clear}>{ "Remove pins" }</button>
            </div>
        </section>
    }
}

/// What leaves: its size, and in which form.
fn picture(desk: &Desk, count: usize, is_picturing: bool) -> Html {
    let take = |_: &Desk| {};
    let begin = |format: Format| {
        let desk = desk.clone();
        move |_: MouseEvent| {
            let side = |field, name| {
                let number = desk.number(field, name, None, true)?;
                match number {
                    Some(pixels) if pixels < 1.0 || pixels.fract() != 0.0 => {
                        let pixels = typed::written(pixels);
                        desk.complain(format!("{name} must be a whole number of pixels; got {pixels}."), &[field]);
                        None
                    }
                    number => Some(number.map(|pixels| pixels as usize)),
                }
            };
            let (Some(width), Some(height)) = (side(Field::Width, "Width"), side(Field::Height, "Height")) else {
                return;
            };
            desk.complaint.set(Complaint::default());
            desk.room.begin_picture(Wish { format, width, height, is_all: count > 1 });
        }
    };
    let cancel = {
        let room = desk.room.clone();
        move |_: MouseEvent| room.cancel_picture()
    };
    html! {
        <fieldset class="atlas-axis atlas-saving">
            <legend>{ if count > 1 { "Save all maps" } else { "Save" } }</legend>
            <div class="atlas-range">
                <label for="atlas-width">{ "width" }</label>
                { desk.field(Field::Width, "atlas-width", "", "Pixels across; as on the screen where nothing is typed", take) }
                <label for="atlas-height">{ "height" }</label>
                { desk.field(Field::Height, "atlas-height", "", "Pixels up; as on the screen where nothing is typed", take) }
            </div>
            <div class="share-tools">
                <button type="button" title="A picture with axes, legend and link" onclick={begin(Format::Png)}>{ "PNG" }</button>
                <button type="button" title="The numbers of all pixels, for NumPy" onclick={begin(Format::Npy)}>{ "NPY" }</button>
                <button type="button" title="The numbers of all pixels, as text" onclick={begin(Format::Csv)}>{ "CSV" }</button>
                if is_picturing {
                    <button type="button" onclick={cancel}>{ "Cancel" }</button>
                }
            </div>
        </fieldset>
    }
}
