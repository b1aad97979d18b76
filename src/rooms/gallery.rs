//! The gallery: experiments that are worth a look, each with a picture and a sentence. One click
//! opens it.

use std::{cell::RefCell, rc::Rc};

use yew::{platform::spawn_local, prelude::*};

use super::{
    RoomProps,
    dialog::Dialog,
    lessons::{FOLDER, fetched_once},
};
use crate::{
    chart::palette::Tone,
    gallery::{Exhibit, GALLERY_FILE, Group, picture_file},
    lab::LabHandle,
};

thread_local! {
    /// The groups, once they have been fetched.
    static FETCHED: RefCell<Option<Rc<Vec<Group>>>> = const { RefCell::new(None) };
}

/// See the module's header.
pub fn draw(props: RoomProps) -> Html {
    html! { <Gallery ..props /> }
}

#[component]
fn Gallery(props: &RoomProps) -> Html {
    let node = use_node_ref();
    let found = use_state(|| None);
    let tries = use_state(|| 0);
    use_effect_with(*tries, {
        let found = found.setter();
        move |_| spawn_local(async move { found.set(Some(fetched_once(&FETCHED, "gallery", GALLERY_FILE).await)) })
    });
    let content = match &*found {
        None => html! { <p class="quiet" role="status">{ "Fetching the gallery …" }</p> },
        Some(Err(sentence)) => {
            let (found, again) = (found.setter(), *tries + 1);
            let retry = move |_: MouseEvent| {
                found.set(None);
                tries.set(again);
            };
            html! {
                <div role="alert">
                    <p>{ sentence }</p>
                    <button type="button" onclick={retry}>{ "Try again" }</button>
                </div>
            }
        }
        Some(Ok(groups)) => groups.iter().map(|group| hung(&props.lab, group)).collect(),
    };
    html! {
        <Dialog id="gallery" title="Gallery" shortcut={'d'} {node} on_close={props.on_close.clone()}>{ content }</Dialog>
    }
}

/// A group of exhibits.
fn hung(lab: &LabHandle, group: &Group) -> Html {
    html! {
        <section class="gallery">
            <h3>{ &group.title }</h3>
            <p>{ &group.sentence }</p>
            <ul>{ for group.exhibits.iter().map(|exhibit| framed(lab, exhibit)) }</ul>
        </section>
    }
}

/// An exhibit: all of it is a button that opens it.
fn framed(lab: &LabHandle, exhibit: &Exhibit) -> Html {
    let open = {
        let (lab, step) = (lab.clone(), exhibit.step.clone());
        move |_: MouseEvent| {
            let (opener, step) = (lab.clone(), step.clone());
            lab.0.once_readable(step.document.clone(), move || {
                if let Err(error) = opener.0.set_step(None, &step) {
                    opener.complain(&error.to_string());
                }
            });
        }
    };
    // Made when the page was built: there is nothing of a user's in it.
    let inside = |html: &str| Html::from_html_unchecked(AttrValue::from(format!("<span>{html}</span>")));
    let sentence = exhibit.step.html.trim().trim_start_matches("<p>").trim_end_matches("</p>");
    let picture = picture_file(&exhibit.name, lab.0.palette().tone() == Tone::Dark);
    html! {
        <li>
            <button type="button" class="exhibit" onclick={open}>
                <img src={format!("{FOLDER}pictures/{picture}")} width="288" height="180" alt="" loading="lazy" />
                <strong>{ inside(&exhibit.step.title) }</strong>
                { inside(sentence) }
            </button>
        </li>
    }
}
