//! The Atlas: maps over whole runs. Each pixel is one descent of the Lab's experiment, with two of
//! its numbers changed.
//!
//! The [`board`] says what is drawn, the [`stage`] has the drawings and those who compute them
//! ([`crate::pixels`]), the [`room`] joins both and says what there is to say; the components here
//! show it.

mod board;
mod card;
mod legend;
mod map_view;
mod paint;
mod picture;
mod pins;
mod rail;
mod room;
mod stage;
mod words;

use std::rc::Rc;

use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{HtmlElement, HtmlProgressElement, ResizeObserver};
use yew::prelude::*;

use self::{legend::LegendView, map_view::MapView, rail::Rail, room::Room};
use super::{
    RoomProps,
    dialog::{self, Dialog},
};

/// See the module's header.
pub fn draw(props: RoomProps) -> Html {
    html! { <Atlas ..props /> }
}

#[component]
fn Atlas(props: &RoomProps) -> Html {
    let node = use_node_ref();
    let update = use_force_update();
    let room = use_memo((), {
        let lab = props.lab.clone();
        move |()| {
            let refresh = Callback::from(move |()| update.force_update());
            Room::new(&lab, refresh)
        }
    });
    let status = use_callback(room.clone(), |text: String, room| {
        if let Ok(room) = &**room {
            room.say(text);
        }
    });
    let projector = use_callback(room.clone(), |(), room| {
        if let Ok(room) = &**room {
            room.toggle_projector();
        }
    });
    let widen = use_callback(room.clone(), |(), room| {
        if let Ok(room) = &**room {
            room.widen();
        }
    });
    let content = match &*room {
        Ok(room) => {
            let said = Said::now(room);
            html! { <Inside room={room.clone()} {said} dialog={node.clone()} /> }
        }
        Err(why) => html! { <p class="atlas-empty" role="alert">{ why }</p> },
    };
    html! {
        <Dialog id="atlas" title="Atlas" shortcut={'a'} other_keys={vec![('p', projector), ('z', widen)]} {status} {node} on_close={props.on_close.clone()}>{ content }</Dialog>
    }
}

/// What is shown, with a number that tells it from what was shown before.
#[derive(Clone)]
struct Said(Rc<room::Said>);

impl Said {
    fn now(room: &Room) -> Self {
        Self(Rc::new(room.said()))
    }
}

impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Clone, PartialEq, Properties)]
struct InsideProps {
    room: Rc<Room>,
    said: Said,
    dialog: NodeRef,
}

/// What is in the dialog.
#[component]
fn Inside(InsideProps { room, said, dialog }: &InsideProps) -> Html {
    let said = &said.0;
    use_effect_with((), {
        let room = room.clone();
        move |()| room.begin()
    });
    let stage = use_node_ref();
    use_fitting(room, &stage);
    let bar = use_node_ref();
    use_effect_with(said.share, {
        let bar = bar.clone();
        move |share| {
            if let Some(bar) = bar.cast::<HtmlProgressElement>() {
                bar.set_value(*share);
                bar.set_hidden(*share >= 1.0);
            }
        }
    });
    let leave = use_callback(dialog.clone(), |(), dialog| dialog::close(dialog));
    let on_act =
        use_callback((room.clone(), leave.clone()), |(index, at, act), (room, leave): &(Rc<Room>, Callback<()>)| {
            if room.act(index, at, act) {
                leave.emit(());
            }
        });
    let on_reset = use_callback(room.clone(), |(), room| room.show_all());
    let button = |text: &'static str, title: &'static str, act: fn(&Rc<Room>)| {
        let room = room.clone();
        html! { <button type="button" {title} onclick={move |_: MouseEvent| act(&room)}>{ text }</button> }
    };
    let legend = room.stage.legend();
    let scale = legend.scale.as_ref().filter(|scale| scale.is_free).map(|scale| [scale.low, scale.high]);
    let maps = said.layout.maps.iter().enumerate().map(|(index, (_, title))| {
        let drawn = room.stage.order(index);
        let words = drawn.map_or_else(String::new, |(order, labels)| words::description(title, &order, &labels));
        html! {
            <MapView key={format!("{}-{index}", said.generation)} stage={room.stage.clone()} {index} title={title.clone()} {words}
                on_act={on_act.clone()} on_reset={on_reset.clone()} />
        }
    });
    // Before the first layout there is nothing to be shown.
    let count = if said.generation == 0 { 0 } else { said.layout.maps.len() };
    let is_alone = said.board.is_alone;
    let (widen_words, widen_title) = if is_alone {
        ("Show panel", "Show what stands beside the map again (Z)")
    } else {
        ("Map only", "Give the map the whole window (Z)")
    };
    html! {
        <div class={classes!("atlas", is_alone.then_some("is-wide"))}>
            <div class="atlas-rail" tabindex="0" role="region" aria-label="Map">
                <Rail room={room.clone()} board={said.board.clone()} count={said.layout.maps.len()} {scale} pins={said.pins.clone()}
                    is_picturing={said.is_picturing} on_leave={leave}>
                    <LegendView {legend} has_dot={room.stage.has_dot()} />
                </Rail>
            </div>
            <div class="atlas-main">
                <div class="atlas-head">
                    <p class="atlas-readout" role="status">{ &said.readout }</p>
                    <div class="share-tools atlas-tools">
                        { button("−", "Zoom out (−)", |room| room.stage.zoom(0, [0.5; 2], 2.0)) }
                        { button("+", "Zoom in (+)", |room| room.stage.zoom(0, [0.5; 2], 0.5)) }
                        { button("Show all", "Back to the range chosen (0)", |room| room.show_all()) }
                        { button("Save PNG", "The maps with their axes, legend and link", Room::save_png) }
                        { button("Copy link", "A link to this very map", Room::copy_link) }
                        { button(widen_words, widen_title, |room| room.widen()) }
                    </div>
                </div>
                <div ref={stage} class={format!("atlas-stage is-{}", count.min(8))}>
                    { for maps.take(count) }
                </div>
                <progress ref={bar} class="atlas-progress" max="1" aria-label="Progress of the map"></progress>
                <div class="atlas-foot">
                    <p class="atlas-way">{ &said.way }</p>
                    <p class="share-status" role="status">{ &said.status }</p>
                </div>
            </div>
        </div>
    }
}

/// Fits the drawings whenever their place on the page has another size.
#[hook]
fn use_fitting(room: &Rc<Room>, place: &NodeRef) {
    let (room, place) = (room.clone(), place.clone());
    use_effect_with((), move |()| {
        let fit = Closure::<dyn FnMut()>::new(move || room.stage.fit());
        let observer = ResizeObserver::new(fit.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(place)) = (&observer, place.cast::<HtmlElement>()) {
            observer.observe(&place);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(fit);
        }
    });
}
