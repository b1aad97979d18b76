//! The numbers of a chart as words: the readout at a step, and the summary for those who cannot see
//! the picture.

use flatland_engine::column::Column;
use yew::prelude::*;

use super::run_class;
use crate::{
    chart::{
        axis::significant,
        panels::{self, Layout, x},
    },
    protocol::{BEYOND, Quantity},
    session::Session,
    view_settings::View,
};

/// What all runs show where the selected one is at `step`: on another clock than steps the others
/// may be at other steps.
pub fn table(session: &Session, view: &View, step: u64) -> Html {
    let selected = view.selected.min(session.runs().len().saturating_sub(1));
    let place = x::place(session, view, selected, step);
    let is_there = |column: &&Column| session.runs().iter().any(|run| panels::asked(session, run, **column).is_some());
    let columns: Vec<_> = view.panels.iter().flat_map(|panel| panel.columns()).filter(is_there).collect();
    let rows = session.runs().iter().enumerate().filter_map(|(index, run)| {
        let row = if view.x_quantity.is_steps() { step } else { x::step_at(session, view, index, place) } as usize;
        if row >= run.history.len() {
            return None;
        }
        let get = |quantity| significant(run.history.get(quantity, row).unwrap_or(f64::NAN));
        let asked = columns.iter().map(|column| {
            let value = panels::asked(session, run, **column).and_then(|series| series.get(row));
            html! { <td>{ significant(value.unwrap_or(f64::NAN)) }</td> }
        });
        Some(html! {
            <tr class={run_class(run.color)}>
                <th scope="row"><span class="dot"></span>{ panels::label(session, index) }</th>
                if !view.x_quantity.is_steps() {
                    <td>{ row }</td>
                }
                { for [Quantity::Loss, Quantity::GradientNorm, Quantity::Sharpness, Quantity::StepSize, Quantity::Product].map(|quantity| html! { <td>{ get(quantity) }</td> }) }
                { for asked }
            </tr>
        })
    });
    html! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{ if view.x_quantity.is_steps() { format!("step {step}") } else { significant(place) } }</th>
                    if !view.x_quantity.is_steps() {
                        <th scope="col">{ "k" }</th>
                    }
                    { for ["f", "‖∇f‖", "λ₁", "η", "η·λ₁"].map(|head| html! { <th scope="col">{ head }</th> }) }
                    { for columns.iter().map(|column| html! { <th scope="col">{ column.name() }</th> }) }
                </tr>
            </thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

/// What the crosshair of a chart meets at a step of the selected run.
pub fn words(slot: usize, session: &Session, view: &View, step: u64) -> String {
    let (heads, numbers) = panels::table_at(slot, session, view, &[step]);
    let met = heads.iter().zip(&numbers).skip(1).filter(|(_, value)| !value.is_nan());
    let met: Vec<String> = met.map(|(head, value)| format!("{head}: {}", significant(*value))).collect();
    format!("step {step}. {}", met.join("; "))
}

/// The chart in a slot in words.
pub fn summary(slot: usize, session: &Session, view: &View) -> String {
    let (quantity, layout) = (view.panels[slot].quantity(), Layout::of(session, view, slot));
    let shown = |value: f64| significant(layout.map().of(value));
    let rows = session.frontier() as usize + 1;
    let runs = session.runs().iter().enumerate().map(|(index, run)| {
        let bucket = run.history.series(quantity).bucket(0..rows);
        let row = (session.step() as usize).min(run.history.len().saturating_sub(1));
        let now = run.history.get(quantity, row).unwrap_or(f64::NAN);
        let spread = panels::quartiles(session, run, quantity).map_or_else(String::new, |quartiles| {
            let [lower, median, upper] = quartiles.map(|series| {
                let value = series.get(row).unwrap_or(f64::NAN);
                shown(if value == BEYOND { f64::INFINITY } else { value })
            });
            format!(", median {median}, half of the starts between {lower} and {upper}")
        });
        format!(
            "{}: {} at this step, between {} and {} so far{spread}",
            panels::title(session, index),
            shown(now),
            shown(bucket.min),
            shown(bucket.max)
        )
    });
    let runs = runs.collect::<Vec<_>>().join("; ");
    let said = match layout {
        Layout::AboveBest(best) => format!(" f_best is the least loss of all runs so far, {}.", significant(best)),
        Layout::NotPositive => " The axis is linear, since f is 0 or negative.".to_owned(),
        _ => String::new(),
    };
    format!("{} over {} steps. {runs}.{said}", panels::heading(view, slot), session.frontier())
}
