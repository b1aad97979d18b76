//! The formulas of the catalogues, typeset when the page was built.

use yew::prelude::*;

/// The formula of an objective or a policy as MathML.
pub fn formula(name: &str) -> Html {
    // Made by the build script from the catalogue's own LaTeX: there is nothing of a user's in it.
    Html::from_html_unchecked(AttrValue::from(mathml(name)))
}

fn mathml(name: &str) -> &'static str {
    include!(concat!(env!("OUT_DIR"), "/formulas.rs"))
}
