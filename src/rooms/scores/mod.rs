//! The score table: every run in numbers, up to the step shown furthest. With several starts it
//! holds the medians over them, with the quartiles below, which a worker computes anew.

mod table;

use std::{cell::RefCell, rc::Rc};

use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::table::{Order, Row, Table, reach};
use super::{RoomProps, dialog::Dialog, files};
use crate::{
    browser,
    chart::palette::run_class,
    errand::{Desk, Reply, Request},
    numbers::{raw, whole},
    typed,
};

/// The levels of f − f* that are asked for at first.
const DEFAULT_LEVELS: [f64; 3] = [1e-2, 1e-4, 1e-8];
const MOST_LEVELS: usize = 6;

thread_local! {
    /// The levels last asked for: they stay while the page is open.
    static LEVELS: RefCell<Vec<f64>> = RefCell::new(DEFAULT_LEVELS.to_vec());
}

/// See the module's header.
pub fn draw(props: RoomProps) -> Html {
    html! { <Scores ..props /> }
}

/// The levels that a text lists, or what is wrong with it.
fn levels_of(text: &str) -> Result<Vec<f64>, String> {
    let typed = typed::list(text).map_err(|error| format!("Levels: {error}"))?;
    if let Some(wrong) = typed.iter().find(|level| **level <= 0.0) {
        return Err(format!("Levels must be above 0; got {}.", raw(*wrong)));
    }
    if typed.is_empty() || typed.len() > MOST_LEVELS {
        return Err(format!("Expected 1 to {MOST_LEVELS} levels; got {}.", typed.len()));
    }
    let mut levels: Vec<f64> = Vec::new();
    for level in typed {
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    Ok(levels)
}

#[component]
fn Scores(props: &RoomProps) -> Html {
    let node = use_node_ref();
    let table =
        use_state(|| Rc::new(props.lab.read(|session| LEVELS.with_borrow(|levels| Table::new(session, levels)))));
    let order = use_state(Order::default);
    let error = use_state(String::new);
    let status = use_state(String::new);
    let text = use_state(|| {
        LEVELS.with_borrow(|levels| levels.iter().map(|level| raw(*level)).collect::<Vec<_>>().join(", "))
    });
    let desk = use_memo((), |()| Desk::default());
    // The first start's scores are there at once, those of all starts once they are computed.
    let compute = {
        let (desk, shown, status) = (desk.clone(), table.setter(), status.setter());
        move |table: Rc<Table>, levels: &[f64]| {
            shown.set(table.clone());
            compute_starts(&desk, table, levels, shown.clone(), status.clone());
        }
    };
    {
        let (compute, table) = (compute.clone(), (*table).clone());
        use_effect_with((), move |()| LEVELS.with_borrow(|levels| compute(table, levels)));
    }
    let on_type = {
        let text = text.setter();
        move |event: InputEvent| text.set(event.target_unchecked_into::<HtmlInputElement>().value())
    };
    let on_levels = {
        let (lab, order, error) = (props.lab.clone(), order.setter(), error.setter());
        move |event: Event| match levels_of(&event.target_unchecked_into::<HtmlInputElement>().value()) {
            Ok(levels) => {
                compute(Rc::new(lab.read(|session| Table::new(session, &levels))), &levels);
                LEVELS.set(levels);
                order.set(Order::default());
                error.set(String::new());
            }
            Err(wrong) => error.set(wrong),
        }
    };
    let on_save = {
        let (lab, table) = (props.lab.clone(), table.clone());
        move |_: MouseEvent| {
            let name = lab.read(|session| files::name_of(session.experiment()));
            files::save_text(&format!("{name}-scores.csv"), &table.to_csv(), "text/csv");
        }
    };
    let on_copy = {
        let (table, order, status) = (table.clone(), *order, status.setter());
        move |_: MouseEvent| {
            let status = status.clone();
            browser::copy(&table.to_markdown(order), move |worked| {
                status.set(files::copied(worked, "Copied as a Markdown table."));
            });
        }
    };
    let said = use_callback((), {
        let status = status.setter();
        move |text, ()| status.set(text)
    });
    html! {
        <Dialog id="share-scores" title="Scores" shortcut={'c'} status={said} {node} on_close={props.on_close.clone()}>
            <div class="share-tools">
                <label for="share-levels">{ "Levels" }</label>
                <input id="share-levels" type="text" autocomplete="off" spellcheck="false" value={(*text).clone()} oninput={on_type} onchange={on_levels}
                    aria-describedby="share-levels-error" aria-invalid={(!error.is_empty()).to_string()} />
                <button type="button" onclick={on_save}>{ "Save CSV" }</button>
                <button type="button" onclick={on_copy}>{ "Copy as Markdown" }</button>
            </div>
            <p id="share-levels-error" class="share-error" role="alert">{ &*error }</p>
            <div class="share-scroll" tabindex="0" role="region" aria-label="Scores, scrolls sideways">
                { view(&table, &order) }
            </div>
            <p class="share-note">{ table.note() }</p>
            <p class="share-status" role="status">{ &*status }</p>
        </Dialog>
    }
}

/// Has the scores of all starts computed, if there are several, and shows them when they come.
fn compute_starts(
    desk: &Desk,
    table: Rc<Table>,
    levels: &[f64],
    shown: UseStateSetter<Rc<Table>>,
    status: UseStateSetter<String>,
) {
    desk.call_off();
    if table.starts.is_none() {
        return;
    }
    let request = Request::Scores {
        experiment: table.experiment.clone(),
        last: table.frontier,
        levels: levels.to_vec(),
        floor: table.floor.value,
    };
    desk.send(&request, move |reply| match reply {
        Reply::Numbers(numbers) => shown.set(Rc::new(table.over_starts(&numbers))),
        Reply::Failed(why) => {
            status.set(format!("The scores of all starts could not be computed: {why}. These are of the first start."));
        }
        Reply::Piece { .. } | Reply::Done | Reply::Text(_) => {}
    });
}

/// The table, with a button in each head that sorts by it.
fn view(table: &Table, order: &UseStateHandle<Order>) -> Html {
    let head = |by: Option<usize>, title: &str| {
        let is_sorted = order.by == by;
        let (sorting, arrow) = match (is_sorted, order.is_descending) {
            (false, _) => ("none", ""),
            (true, false) => ("ascending", "▲"),
            (true, true) => ("descending", "▼"),
        };
        let next = Order { by, is_descending: is_sorted && !order.is_descending };
        let onclick = {
            let order = order.setter();
            move |_: MouseEvent| order.set(next)
        };
        html! {
            <th scope="col" aria-sort={sorting}>
                <button class="plain" type="button" {onclick}>{ title }<span class="share-arrow" aria-hidden="true">{ arrow }</span></button>
            </th>
        }
    };
    let row = |row: &Row| {
        let cell = |(i, value): (usize, &f64)| {
            let column = &table.columns[i];
            let reach =
                row.quartiles.get(i).map(|three| html! { <div class="share-reach">{ reach(column, three) }</div> });
            html! { <td>{ (column.show)(*value) }{ reach }</td> }
        };
        html! {
            <tr>
                <th scope="row"><span class={classes!("share-dot", run_class(row.color))} aria-hidden="true"></span>{ &row.name }</th>
                { for row.values.iter().enumerate().map(cell) }
            </tr>
        }
    };
    html! {
        <table class="share-table">
            <caption>{ format!("{}, steps 0 to {}", table.title, whole(table.frontier as f64)) }</caption>
            <thead>
                <tr>
                    { head(None, "Run") }
                    { for table.columns.iter().enumerate().map(|(i, column)| head(Some(i), &column.title)) }
                </tr>
            </thead>
            <tbody>{ for table.sorted(**order).into_iter().map(row) }</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_positive_few_and_each_named_once() {
        assert_eq!(levels_of("0.1; 0.01; 0.1"), Ok(vec![0.1, 0.01]));
        for (text, sentence) in [
            ("0.1, tiny", "“tiny”"),
            ("0.1; -1", "Levels must be above 0; got -1."),
            ("1;2;3;4;5;6;7", "Expected 1 to 6 levels; got 7."),
            ("", "Expected 1 to 6 levels; got 0."),
        ] {
            let error = levels_of(text).expect_err(text);
            assert!(error.contains(sentence), "{text}: {error}");
        }
    }
}
