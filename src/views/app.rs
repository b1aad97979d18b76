//! The page: header, rail, board, transport, and what keeps them up to date.

use yew::prelude::*;

use super::{
    LabHandle,
    blank::use_blank,
    chart_panel::ChartPanel,
    enlarging, icons,
    keyboard::use_shortcuts,
    landscape_panel::LandscapePanel,
    objective_rail::objective_rail,
    plain_button::{plain, plain_if},
    policy_card::policies,
    transport::transport,
};
use crate::{
    browser,
    listening::{Listening, element_of},
    rooms::{Doors, Room, printing::use_printing, use_host, use_intake, use_rooms},
    settings::Theme,
};

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
    use_history(&lab);
    use_intake(&lab);
    use_host(&lab);
    let (doors, room) = use_rooms(&lab, *version);
    use_effect_with(lab.clone(), |lab| {
        lab.0.open_again();
    });
    use_shortcuts(&lab, &doors);
    // The last effect of all: whoever waits for the page may now press a key.
    use_effect_with((), |()| browser::say_ready());
    use_printing(&lab);
    let blank = use_blank(&lab);
    let is_enlarged = lab.view().enlarged.is_some();
    let version = *version;
    // By hand: the link's own way would take the board's name for an experiment in the address.
    let skip = |event: MouseEvent| {
        event.prevent_default();
        browser::focus("board");
    };
    html! {
        <>
            <a class="skip" href="#board" onclick={skip}>{ "Skip to the charts" }</a>
            { header(&lab, &doors) }
            <main class={classes!("lab", is_enlarged.then_some("is-enlarged"))}>
                <section class="rail" aria-label="Experiment" tabindex="0">
                    { objective_rail(&lab) }
                    { policies(&lab) }
                </section>
                <section class="board" id="board" aria-label="Charts" tabindex="-1">
                    if let Some(notice) = lab.notice() {
                        <div class={classes!("notice", notice.is_error.then_some("is-error"), notice.is_long().then_some("is-long"))} role={if notice.is_error { "alert" } else { "status" }}>
                            <p>{ notice.text }</p>
                            if let Some(choice) = notice.choice.filter(|_| lab.read(|session| session.going_on().is_some())) {
                                <button type="button" onclick={let lab = lab.clone(); move |_| lab.go_on()}>{ choice }</button>
                            }
                            { plain("Dismiss this message", "", icons::close(), Callback::from({ let lab = lab.clone(); move |_| lab.dismiss() })) }
                        </div>
                    }
                    <ChartPanel lab={lab.clone()} {version} slot={0} doors={doors.clone()} />
                    <LandscapePanel lab={lab.clone()} {version} />
                    <ChartPanel lab={lab.clone()} {version} slot={1} doors={doors.clone()} />
                    <ChartPanel lab={lab.clone()} {version} slot={2} doors={doors.clone()} />
                </section>
            </main>
            { transport(&lab, &doors) }
            { room }
            { blank }
        </>
    }
}

/// Follows the browser's history, and the dialogs that are closed.
#[hook]
fn use_history(lab: &LabHandle) {
    use_effect_with(lab.clone(), |lab| {
        let (closing, moving) = (lab.clone(), lab.clone());
        // A dialog's closing does not bubble.
        let closed = Listening::to_window(&["close"], move |event| {
            if let Some(element) = element_of(&event).filter(|element| !browser::was_left(element)) {
                closing.0.close_element(&element.id());
            }
        });
        let moved = Listening::to_window(&["popstate"], move |_| moving.0.follow_address());
        move || drop((closed, moved))
    });
}

/// The name of the page and what it offers.
fn header(lab: &LabHandle, doors: &Doors) -> Html {
    let theme = lab.theme();
    let label = match theme {
        Theme::System => "Theme: as the system. Switch to light",
        Theme::Light => "Theme: light. Switch to dark",
        Theme::Dark => "Theme: dark. Switch to the system’s",
    };
    let act = |act: fn(&LabHandle)| {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| act(&lab))
    };
    let rooms = [
        (Room::Gallery, "Gallery", "The gallery: experiments worth a look (D)", icons::gallery as fn() -> Html),
        (Room::Lessons, "Lessons", "Lessons, step by step (G)", icons::lessons),
        (Room::Atlas, "Atlas", "Maps over whole runs (A)", icons::atlas),
        (Room::Networks, "Networks", "Networks to train (M)", icons::networks),
        (Room::Scores, "Scores", "Compare the runs in numbers (C)", icons::scores),
        (Room::Export, "Export", "Pictures, data, Python; open a file (S)", icons::export),
    ];
    let open = |room: Room| {
        let doors = doors.clone();
        Callback::from(move |_: MouseEvent| doors.open(room))
    };
    let named = |icon: Html, name: &'static str| html! { <>{ icon }<span>{ name }</span></> };
    let room = |(of, name, title, icon): (Room, &'static str, &'static str, fn() -> Html)| {
        plain("", title, named(icon(), name), open(of))
    };
    html! {
        <header class="masthead">
            <h1 class="brand">{ icons::logo() }{ "Flatland" }</h1>
            <p class="tagline">{ "an edge-of-stability laboratory" }</p>
            <nav class="tools" aria-label="Page">
                <span class="exit">
                    { enlarging::full_screen_button(lab) }
                    { plain("Leave the projector view", "Leave the projector view (P)", icons::close(), act(|lab| lab.toggle_projector())) }
                </span>
                { plain_if(lab.can_undo(), "Undo".into(), "Undo (Ctrl+Z)", icons::undo(), act(|lab| lab.undo())) }
                { plain_if(lab.can_redo(), "Redo".into(), "Redo (Ctrl+Y)", icons::redo(), act(|lab| lab.redo())) }
                { plain("", "Copy a link to this very picture (U)", named(icons::link(), "Copy link"), act(|lab| lab.0.copy_link())) }
                { for rooms.map(room) }
                { plain(label, label, icons::theme(theme), act(|lab| lab.next_theme())) }
                { plain("Help and keyboard", "Help and keyboard (?)", "?".into(), open(Room::Help)) }
            </nav>
        </header>
    }
}
