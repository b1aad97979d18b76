//! What a person sees and touches: Yew components over the [`Lab`]. They hold no numerics and no
//! run data.

mod app;
mod blank;
mod chart_panel;
mod choosing;
mod dock;
mod draft;
mod enlarging;
mod formula_field;
mod icons;
mod keyboard;
mod landscape_panel;
mod list_field;
mod network_fields;
mod number_field;
mod objective_rail;
mod parameter;
mod plain_button;
mod plane_gestures;
mod policy_card;
mod reading;
mod readout;
mod refusal;
mod slider;
mod start_handle;
mod transport;

use yew::platform::spawn_local;

use crate::{
    browser,
    chart::palette::run_class,
    lab::{Lab, LabHandle},
    needs,
    rooms::open_second,
};

/// Starts the app on the page, with what its link needs.
pub fn mount() {
    if open_second() {
        return;
    }
    let link = browser::fragment();
    if needs::can_read(&link) {
        return render();
    }
    spawn_local(async move {
        // The link says what is missing if it did not arrive.
        let _ = needs::fetch(&link).await;
        render();
    });
}

fn render() {
    let lab = LabHandle(Lab::open());
    let root = web_sys::window().and_then(|window| window.document()?.get_element_by_id("app"));
    match root {
        Some(root) => yew::Renderer::<app::App>::with_root_and_props(root, app::Props { lab }).render(),
        None => yew::Renderer::<app::App>::with_props(app::Props { lab }).render(),
    };
}
