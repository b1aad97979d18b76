//! The help: what is seen, and the keys.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::{icons, keyboard::SHORTCUTS};

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// Whether it is shown.
    pub open: bool,
    /// Asked to close.
    pub on_close: Callback<()>,
}

/// A dialog with a short explanation and the table of keys.
#[component]
pub fn Help(props: &Props) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with(props.open, move |open| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                if *open && !dialog.open() {
                    // Fails only for a dialog that is open or not on the page.
                    let _ = dialog.show_modal();
                } else if !*open && dialog.open() {
                    dialog.close();
                }
            }
        });
    }
    let close = {
        let on_close = props.on_close.clone();
        Callback::from(move |()| on_close.emit(()))
    };
    let on_cancel = {
        let close = close.clone();
        move |event: Event| {
            event.prevent_default();
            close.emit(());
        }
    };
    html! {
        <dialog class="help" ref={dialog} aria-labelledby="help-title" oncancel={on_cancel}>
            <div class="help-head">
                <h2 id="help-title">{ "What you see" }</h2>
                <button class="plain" type="button" aria-label="Close the help" onclick={move |_| close.emit(())}>{ icons::close() }</button>
            </div>
            <p>{ "Every curve is one run of gradient descent, x" }<sub>{ "k+1" }</sub>{ " = x" }<sub>{ "k" }</sub>{ " − η" }<sub>{ "k" }</sub>{ "∇f(x" }<sub>{ "k" }</sub>{ "), from the same start under its own step-size policy." }</p>
            <p>{ "The sharpness λ₁ is the largest eigenvalue of the Hessian. On a quadratic, a step η multiplies the sharpest direction by 1 − ηλ₁: it shrinks while ηλ₁ < 2 and grows beyond. So 2/η, dashed, is each run’s own threshold, and the last chart shows ηλ₁ against 2." }</p>
            <p>{ "Loss, sharpness and η are taken at the same iterate. A vertical mark shows where you changed a run. Drag the start on the landscape, type any number, step back at any time; the link restores it all." }</p>
            <h3>{ "Keys" }</h3>
            <table class="keys">
                <tbody>
                    { for SHORTCUTS.iter().map(|(key, what)| html! { <tr><th scope="row">{ *key }</th><td>{ *what }</td></tr> }) }
                </tbody>
            </table>
            <p class="source">{ "After “Flatland: The Adventures of Gradient Descent with Large Step Sizes”, L. Galli, C. Fox, W. Bartolomaeus, M. Schmidt, H. Rauhut, ICML 2026, arXiv 2606.06722." }</p>
        </dialog>
    }
}
