//! The room with networks to begin with.

mod own_data;
pub mod scenes;

use web_sys::File;
use yew::prelude::*;

use self::{
    own_data::OwnData,
    scenes::{SCENES, Scene},
};
use super::{
    RoomProps,
    dialog::{self, Dialog},
};
use crate::{chunk::in_chunk, lab::LabHandle};

/// Takes files with data.
pub type Offer = fn(Vec<File>);

in_chunk!(
    networks,
    /// What takes files that were dropped on the page, for this room, which is to be opened.
    pub fn taker() -> Offer {
        own_data::offer
    }
);

/// Draws the room; what it opens the engine knows from then on.
pub fn draw(props: RoomProps) -> Html {
    crate::networks::install();
    html! { <Room ..props /> }
}

#[component]
fn Room(props: &RoomProps) -> Html {
    let node = use_node_ref();
    let on_taken = {
        let (lab, node) = (props.lab.clone(), node.clone());
        Callback::from(move |()| {
            dialog::close(&node);
            // The same experiment, which is computed now.
            match lab.edit_experiment(|_| ()) {
                Ok(()) => lab.say("The file with the data is here: training begins."),
                Err(why) => lab.complain(&why),
            }
            lab.set_playing(true);
        })
    };
    html! {
        <Dialog id="networks" title="Networks" shortcut={'m'} {node} on_close={props.on_close.clone()}>
            <p>{ "A network is one more objective: f is its loss over all training samples, x are its weights. Pick one; it begins to train at once." }</p>
            <ul class="scenes">
                { for SCENES.iter().map(|scene| card(&props.lab, scene)) }
            </ul>
            <OwnData lab={props.lab.clone()} {on_taken} />
        </Dialog>
    }
}

/// A scene that can be opened.
fn card(lab: &LabHandle, scene: &'static Scene) -> Html {
    let open = {
        let lab = lab.clone();
        move |_: MouseEvent| {
            let opener = lab.clone();
            lab.0.once_readable(scene.document.to_owned(), move || {
                if let Err(error) = opener.open_scene(scene.document, scene.view, scene.speed) {
                    opener.complain(&error.to_string());
                }
            });
        }
    };
    html! {
        <li class="scene-card">
            <h3>{ scene.title }</h3>
            <p>{ scene.what }</p>
            <p class="quiet">{ scene.look }</p>
            <div class="share-tools">
                <button type="button" onclick={open} aria-label={format!("Train: {}", scene.title)}>{ "Train" }</button>
            </div>
        </li>
    }
}
