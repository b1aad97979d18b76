//! The events: what happened to which run, step by step. A click goes there.

use yew::prelude::*;

use super::{
    RoomProps,
    dialog::{self, Dialog},
};
use crate::{
    chart::{palette::run_class, panels},
    numbers::whole,
    session::{
        Session,
        events::{Event, events, told},
    },
};

/// More could not be read; the scrubber shows them all.
const MOST: usize = 500;

/// An event as it is listed.
struct Line {
    step: u64,
    color: usize,
    sentence: String,
}

/// See the module's header.
pub fn draw(props: RoomProps) -> Html {
    html! { <Events ..props /> }
}

#[component]
fn Events(props: &RoomProps) -> Html {
    let node = use_node_ref();
    // As it was when the dialog was opened.
    let known = use_memo((), |()| props.lab.read(|session| (lines(session), session.frontier())));
    let (lines, frontier) = &*known;
    let note = if lines.is_empty() {
        "Nothing has happened yet.".to_owned()
    } else if lines.len() > MOST {
        let [most, all, last] = [MOST as f64, lines.len() as f64, *frontier as f64].map(whole);
        format!("The first {most} of {all} events, up to step {last}.")
    } else {
        format!("Up to step {}. A click shows the step.", whole(*frontier as f64))
    };
    let line = |Line { step, color, sentence }: &Line| {
        let (lab, node, step) = (props.lab.clone(), node.clone(), *step);
        let onclick = move |_: MouseEvent| {
            lab.seek(step);
            dialog::close(&node);
        };
        html! {
            <li>
                <button class="plain" type="button" {onclick}>
                    <span class="share-step">{ whole(step as f64) }</span>
                    <span class={classes!("share-dot", run_class(*color))} aria-hidden="true"></span>
                    { sentence }
                </button>
            </li>
        }
    };
    html! {
        <Dialog id="share-events" title="What happened" shortcut={'v'} node={node.clone()} on_close={props.on_close.clone()}>
            <p class="share-note">{ note }</p>
            <ol class="share-events">{ for lines.iter().take(MOST).map(line) }</ol>
        </Dialog>
    }
}

fn lines(session: &Session) -> Vec<Line> {
    let line = |event: Event| Line {
        step: event.step,
        color: session.runs()[event.run].color,
        sentence: told(session, &event, |index| panels::title(session, index)),
    };
    events(session).into_iter().map(line).collect()
}
