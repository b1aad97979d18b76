//! A chart as a table: what it shows, at steps over the part of the axis that is seen.

use yew::prelude::*;

use super::{RoomProps, dialog::Dialog};
use crate::{
    chart::panels,
    lab::title_of,
    numbers::{DIGITS, significant, whole},
};

/// Rows at the most, about.
const MOST: usize = 120;

/// What is shown, as it was when the dialog was opened.
struct Shown {
    panel: &'static str,
    objective: String,
    heads: Vec<String>,
    /// Row by row, each with its step first.
    numbers: Vec<f64>,
    is_thinned: bool,
}

/// See the module's header. The room is about a slot of the board.
pub fn draw(props: RoomProps) -> Html {
    html! { <Table ..props /> }
}

#[component]
fn Table(props: &RoomProps) -> Html {
    let node = use_node_ref();
    let shown = use_memo(props.about, |slot| {
        props.lab.look(|session, view| {
            let (heads, numbers) = panels::table(*slot, session, view, MOST);
            let objective = title_of(session.experiment()).to_owned();
            Shown { panel: panels::heading(view, *slot), objective, heads, numbers, is_thinned: session.is_thinned() }
        })
    });
    let rows: Vec<&[f64]> = shown.numbers.chunks(shown.heads.len().max(1)).collect();
    let distance = match &rows[..] {
        [first, second, ..] => second[0] - first[0],
        _ => 1.0,
    };
    let which = which(distance);
    let missing = if shown.is_thinned { " Of the oldest steps only every 16th has its value." } else { "" };
    let row = |row: &&[f64]| {
        html! {
            <tr>
                <th scope="row">{ whole(row[0]) }</th>
                { for row[1..].iter().map(|value| html! { <td>{ significant(*value, DIGITS) }</td> }) }
            </tr>
        }
    };
    // A symbol and its value stand in one line.
    let head = |head: &String| html! { <th scope="col">{ head.replace(" = ", "\u{a0}=\u{a0}") }</th> };
    html! {
        <Dialog id="share-table" title={shown.panel} {node} on_close={props.on_close.clone()}>
            <p class="share-note">
                { format!("{which} that the chart shows. Zoom the chart for a closer look; Export saves every step.{missing}") }
            </p>
            <div class="share-scroll" tabindex="0" role="region" aria-label="Table, scrolls">
                <table class="share-table share-steps">
                    <caption>{ format!("{}: {}", shown.panel, shown.objective) }</caption>
                    <thead><tr>{ for shown.heads.iter().map(head) }</tr></thead>
                    <tbody>{ for rows.iter().map(row) }</tbody>
                </table>
            </div>
        </Dialog>
    }
}

/// Which steps are shown, if they lie so far apart.
fn which(distance: f64) -> String {
    let number = whole(distance);
    let end = match (distance % 100.0, distance % 10.0) {
        (11.0..=13.0, _) => "th",
        (_, 1.0) => "st",
        (_, 2.0) => "nd",
        (_, 3.0) => "rd",
        _ => "th",
    };
    match distance {
        ..=1.0 => "Every step".to_owned(),
        2.0 => "Every second step".to_owned(),
        3.0 => "Every third step".to_owned(),
        _ => format!("Every {number}{end} step"),
    }
}

#[cfg(test)]
mod tests {
    use super::which;

    #[test]
    fn steps_are_counted_as_people_do() {
        for (distance, said) in [
            (1.0, "Every step"),
            (2.0, "Every second step"),
            (3.0, "Every third step"),
            (4.0, "Every 4th step"),
            (12.0, "Every 12th step"),
            (21.0, "Every 21st step"),
            (42.0, "Every 42nd step"),
            (113.0, "Every 113th step"),
            (123.0, "Every 123rd step"),
        ] {
            assert_eq!(which(distance), said);
        }
    }
}
