//! The page: header, rail, board, transport, and what keeps them up to date.

use wasm_bindgen::{JsCast as _, closure::Closure};
use yew::prelude::*;

use super::{
    LabHandle, chart_panel::ChartPanel, help::Help, icons, keyboard::use_shortcuts, landscape_panel::LandscapePanel,
    objective_rail::ObjectiveRail, policy_card::PolicyList, transport::Transport,
};
use crate::{chart::panels::Panel, lab::Place, settings::Theme};

#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The Lab.
    pub lab: LabHandle,
}

/// The whole page.
#[component]
pub fn App(props: &Props) -> Html {
    let lab = props.lab.clone();
    let version = use_state(|| 0_u64);
    let help = use_state(|| false);
    {
        // Every telling of the Lab renders the words anew; the canvases are drawn elsewhere.
        let counter = use_mut_ref(|| 0_u64);
        let setter = version.setter();
        use_effect_with(lab.clone(), move |lab| {
            lab.listen(Callback::from(move |()| {
                *counter.borrow_mut() += 1;
                setter.set(*counter.borrow());
            }));
        });
    }
    use_address(&lab);
    let toggle_help = {
        let help = help.clone();
        Callback::from(move |()| help.set(!*help))
    };
    use_shortcuts(&lab, toggle_help.clone());
    let lost_detail = lab.read(|session| session.is_thinned());
    let version = *version;
    html! {
        <>
            <a class="skip" href="#board">{ "Skip to the charts" }</a>
            <Header lab={lab.clone()} {version} on_help={toggle_help.clone()} />
            <main class="lab">
                <section class="rail" aria-label="Experiment" tabindex="0">
                    <ObjectiveRail lab={lab.clone()} {version} />
                    <PolicyList lab={lab.clone()} {version} />
                </section>
                <section class="board" id="board" aria-label="Charts" tabindex="-1">
                    if let Some(notice) = lab.notice() {
                        <div class={classes!("notice", notice.is_error.then_some("is-error"))} role={if notice.is_error { "alert" } else { "status" }}>
                            <p>{ notice.text }</p>
                            <button class="plain" type="button" aria-label="Dismiss this message" onclick={let lab = lab.clone(); move |_| lab.dismiss()}>{ icons::close() }</button>
                        </div>
                    }
                    if lost_detail {
                        <p class="notice" role="status">{ "To stay within 1 GiB the oldest steps are kept as their extremes and every 16th value." }</p>
                    }
                    <ChartPanel lab={lab.clone()} {version} place={Place::Loss} panel={Panel::Loss} />
                    <LandscapePanel lab={lab.clone()} {version} />
                    <ChartPanel lab={lab.clone()} {version} place={Place::Sharpness} panel={Panel::Sharpness} />
                    <ChartPanel lab={lab.clone()} {version} place={Place::Product} panel={Panel::Product} />
                </section>
            </main>
            <Transport lab={lab.clone()} {version} />
            <Help open={*help} on_close={toggle_help} />
        </>
    }
}

/// Opens a link that is put into the address bar while the page is open.
#[hook]
fn use_address(lab: &LabHandle) {
    use_effect_with(lab.clone(), |lab| {
        let lab = lab.clone();
        let listener = Closure::<dyn FnMut()>::new(move || lab.follow_address());
        let window = web_sys::window();
        if let Some(window) = &window {
            // Listening to an event of the window cannot fail.
            let _ = window.add_event_listener_with_callback("hashchange", listener.as_ref().unchecked_ref());
        }
        move || {
            if let Some(window) = window {
                let _ = window.remove_event_listener_with_callback("hashchange", listener.as_ref().unchecked_ref());
            }
        }
    });
}

#[derive(Clone, PartialEq, Properties)]
struct HeaderProps {
    lab: LabHandle,
    version: u64,
    on_help: Callback<()>,
}

#[component]
fn Header(props: &HeaderProps) -> Html {
    let HeaderProps { lab, on_help, .. } = props;
    let theme = lab.theme();
    let label = match theme {
        Theme::System => "Theme: as the system. Switch to light",
        Theme::Light => "Theme: light. Switch to dark",
        Theme::Dark => "Theme: dark. Switch to the system’s",
    };
    let link = {
        let lab = lab.clone();
        move |_| lab.0.copy_link()
    };
    let switch = {
        let lab = lab.clone();
        move |_| lab.next_theme()
    };
    let help = {
        let on_help = on_help.clone();
        move |_| on_help.emit(())
    };
    html! {
        <header class="masthead">
            <h1 class="brand">{ icons::logo() }{ "Flatland" }</h1>
            <p class="tagline">{ "an edge-of-stability laboratory" }</p>
            <nav class="tools" aria-label="Page">
                <button class="plain" type="button" onclick={link} title="Copy a link to this very picture (U)">{ icons::link() }<span>{ "Copy link" }</span></button>
                <button class="plain" type="button" onclick={switch} aria-label={label} title={label}>{ icons::theme(theme) }</button>
                <button class="plain" type="button" onclick={help} aria-label="Help and keyboard" title="Help and keyboard (?)">{ "?" }</button>
            </nav>
        </header>
    }
}
