//! On a phone the selected run is docked above the time: its step size, and what that does to the
//! sharpness, are seen together wherever the page stands. Elsewhere its card is beside the charts,
//! and the style sheet leaves the dock out; a frame in another page may ask for it.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{
    LabHandle, icons,
    plain_button::plain_if,
    policy_card::{step_size_slider, word},
    reading::Reading,
    run_class,
};
use crate::{
    chart::{axis::significant, panels},
    session::Session,
};

/// See the module's header.
pub fn dock(lab: &LabHandle) -> Html {
    let selected = lab.view().selected;
    let Some(reading) = lab.read(|session| Reading::of(session, selected)) else { return Html::default() };
    let names = lab.read(|session: &Session| {
        (0..session.runs().len()).map(|index| panels::title(session, index)).collect::<Vec<_>>()
    });
    let choose = {
        let lab = lab.clone();
        move |event: Event| {
            if let Ok(index) = event.target_unchecked_into::<HtmlSelectElement>().value().parse() {
                lab.select(index);
            }
        }
    };
    let undo = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| lab.undo())
    };
    let number = |name: &str, value: f64| {
        html! { <span><span>{ name.to_owned() }</span><strong>{ significant(value) }</strong></span> }
    };
    let threshold = if reading.is_plain { "2/η" } else { "edge" };
    html! {
        <section class={classes!("dock", run_class(reading.color))} aria-label="Selected run">
            <span class="dot" aria-hidden="true"></span>
            <select class="bare" aria-label="Selected run" ~value={selected.to_string()} onchange={choose}>
                { for names.iter().enumerate().map(|(index, name)| html! {
                    <option value={index.to_string()} selected={index == selected}>{ format!("{} {name}", index + 1) }</option>
                }) }
            </select>
            { word(lab, "doing", reading.word, "What this is called, and why".into(), html! { reading.phase.clone() }) }
            { plain_if(lab.can_undo(), "Undo the last change".into(), "Undo", icons::undo(), undo) }
            { step_size_slider(lab, selected, "Step size of the selected run".to_owned(), reading.step_size).view() }
            <p class="numbers">
                { number("η", reading.step_size) }
                { number(threshold, reading.threshold) }
                { number("λ₁", reading.sharpness) }
            </p>
        </section>
    }
}
