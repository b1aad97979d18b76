//! The catalogues to search and to read: an objective, a run's policy, or one more policy is picked
//! from groups of a kind, each entry with its formula, a line on it and its source.

use flatland_engine::{objective, policy, spec::Description};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::{
    RoomProps,
    dialog::{self, Dialog},
};
use crate::{lab::LabHandle, typeset::formula};

/// What is picked, as the room is told: the policies of the runs lie between, by their numbers.
pub const OBJECTIVE: usize = 0;
/// One more policy.
pub const ADDED_POLICY: usize = 100;

/// Entries of a kind, with a title.
type Group = (&'static str, Vec<&'static Description>);

/// What is trained on data. Its own entry comes with the first network.
static NETWORK: Description = Description {
    name: objective::NETWORK,
    title: "Neural network",
    short: "network",
    latex: "",
    summary: "A multilayer perceptron: f is its loss over all training samples, x are its weights. Digits, MNIST, moons, polynomials, or data of your own.",
    source: "Cohen et al., 2021, arXiv 2103.00065; Galli et al., 2026, arXiv 2606.06722",
    parameters: &[],
};

/// See the module's header.
pub fn draw(props: RoomProps) -> Html {
    html! { <Pick ..props /> }
}

/// All that can be picked.
fn groups(about: usize) -> Vec<Group> {
    if about != OBJECTIVE {
        let of = |entries: &'static [policy::Entry]| entries.iter().map(|entry| entry.description).collect();
        return policy::groups().map(|(title, entries)| (title, of(entries))).collect();
    }
    let of = |entries: &'static [objective::Entry]| entries.iter().map(|entry| entry.description).collect();
    let written = objective::groups().map(|(title, entries)| (title, of(entries)));
    written.chain([("On data", vec![&NETWORK])]).collect()
}

/// Whether all words of a query are in what is said of an entry.
fn fits(description: &Description, query: &str) -> bool {
    let Description { name, title, short, summary, source, .. } = description;
    let said = [name, title, short, summary, source].map(|text| text.to_lowercase()).join(" ");
    query.to_lowercase().split_whitespace().all(|word| said.contains(word))
}

#[component]
fn Pick(props: &RoomProps) -> Html {
    let node = use_node_ref();
    let field = use_node_ref();
    let query = use_state(String::new);
    let about = props.about;
    let (title, chosen) = props.lab.read(|session| match about {
        OBJECTIVE => ("Objectives".to_owned(), Some(session.experiment().objective.name.clone())),
        ADDED_POLICY => ("One more policy".to_owned(), None),
        run => {
            let is_there = run <= session.runs().len();
            (format!("Policy of run {run}"), is_there.then(|| session.policy(run - 1).name.clone()))
        }
    });
    let pick = {
        let (lab, node) = (props.lab.clone(), node.clone());
        Callback::from(move |name: &'static str| {
            dialog::close(&node);
            picked(&lab, about, name);
        })
    };
    let found: Vec<Group> = groups(about)
        .into_iter()
        .map(|(title, entries)| (title, entries.into_iter().filter(|entry| fits(entry, &query)).collect()))
        .filter(|(_, entries): &Group| !entries.is_empty())
        .collect();
    let count: usize = found.iter().map(|(_, entries)| entries.len()).sum();
    let first = found.first().and_then(|(_, entries)| entries.first()).map(|entry| entry.name);
    let oninput = {
        let query = query.clone();
        move |event: InputEvent| query.set(event.target_unchecked_into::<HtmlInputElement>().value())
    };
    let onkeydown = {
        let (field, node, pick) = (field.clone(), node.clone(), pick.clone());
        move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => {
                if let Some(name) = first {
                    event.prevent_default();
                    pick.emit(name);
                }
            }
            "ArrowDown" => {
                event.prevent_default();
                step(&node, field.cast::<HtmlElement>(), 1);
            }
            _ => {}
        }
    };
    let on_list_key = {
        let (field, node) = (field.clone(), node.clone());
        move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowDown" => 1,
                "ArrowUp" => -1,
                _ => return,
            };
            event.prevent_default();
            step(&node, field.cast::<HtmlElement>(), by);
        }
    };
    let said = match count {
        0 => format!("Nothing says “{}”. Look for a name, a word of its description, or an author.", *query),
        1 => "One fits.".to_owned(),
        count => format!("{count} fit."),
    };
    html! {
        <Dialog id="pick" {title} {node} on_close={props.on_close.clone()}>
            <label class="sr" for="pick-query">{ "Search" }</label>
            <input ref={field} id="pick-query" type="search" autocomplete="off" spellcheck="false" autofocus=true
                placeholder="Search names, descriptions, authors" value={(*query).clone()} {oninput} {onkeydown} />
            <p class="quiet" role="status">{ if query.is_empty() { String::new() } else { said } }</p>
            <div class="picks" onkeydown={on_list_key}>
                { for found.iter().map(|(title, entries)| html! {
                    <section key={*title}>
                        <h3>{ *title }</h3>
                        <ul>{ for entries.iter().map(|entry| item(entry, chosen.as_deref(), &pick)) }</ul>
                    </section>
                }) }
            </div>
        </Dialog>
    }
}

/// An entry: all of it is a button that picks it.
fn item(description: &'static Description, chosen: Option<&str>, pick: &Callback<&'static str>) -> Html {
    let Description { name, title, summary, source, .. } = *description;
    let is_chosen = chosen == Some(name);
    let onclick = pick.reform(move |_: MouseEvent| name);
    html! {
        <li key={name}>
            <button type="button" class={classes!("pick", is_chosen.then_some("is-chosen"))} aria-current={is_chosen.then_some("true")} {onclick}>
                <strong>{ title }
                    if description.is_in_the_paper() {
                        <em>{ "in the paper" }</em>
                    }
                    if is_chosen {
                        <em>{ "chosen" }</em>
                    }
                </strong>
                <span class="formula" aria-hidden="true">{ formula(name) }</span>
                <span>{ summary }</span>
                <span class="source">{ source }</span>
            </button>
        </li>
    }
}

/// Does what was picked for.
fn picked(lab: &LabHandle, about: usize, name: &str) {
    match about {
        OBJECTIVE => lab.0.set_objective(name),
        ADDED_POLICY => lab.0.add_run(name),
        // A step back in the history may have opened it for a run that has gone since.
        run if run <= lab.read(|session| session.runs().len()) => lab.0.set_policy_name(run - 1, name),
        run => lab.complain(&format!("Run {run} has been removed: choose a run that is there, or add one.")),
    }
}

/// Moves the focus to the next button or the one before; from the first one back to the field.
fn step(dialog: &NodeRef, field: Option<HtmlElement>, by: isize) {
    let Some(dialog) = dialog.cast::<HtmlElement>() else { return };
    let Ok(list) = dialog.query_selector_all(".pick") else { return };
    let buttons: Vec<HtmlElement> = (0..list.length()).filter_map(|i| list.get(i)?.dyn_into().ok()).collect();
    let focused = dialog.query_selector(".pick:focus").ok().flatten();
    let at = focused.and_then(|focused| buttons.iter().position(|button| button.is_same_node(Some(&focused))));
    let next = at.map_or(if by > 0 { 0 } else { -1 }, |at| at as isize + by);
    let target = usize::try_from(next).map_or(field, |next| buttons.into_iter().nth(next));
    if let Some(target) = target {
        // What cannot have the focus leaves it where it is.
        let _ = target.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(about: usize, query: &str) -> Vec<&'static str> {
        let all = groups(about).into_iter().flat_map(|(_, entries)| entries);
        all.filter(|entry| fits(entry, query)).map(|entry| entry.name).collect()
    }

    #[test]
    fn what_the_paper_has_is_marked_and_what_only_mentions_it_is_not() {
        let marked = |about| {
            let all = groups(about).into_iter().flat_map(|(_, entries)| entries);
            all.filter(|entry| entry.is_in_the_paper()).map(|entry| entry.name).collect::<Vec<_>>()
        };
        let policies = [
            "nonmonotone-line-search",
            "capped-nonmonotone-line-search",
            "polyak-nonmonotone-line-search",
            "line-search",
            "gd-warmup",
        ];
        assert_eq!(marked(ADDED_POLICY), policies);
        assert_eq!(marked(OBJECTIVE), Vec::<&str>::new());
    }

    #[test]
    fn what_is_searched_for_may_be_a_name_a_word_of_the_description_or_an_author() {
        assert_eq!(names(1, "zhang hager").first(), Some(&"zhang-hager"));
        assert!(names(1, "Nesterov").contains(&"nesterov"));
        assert!(names(2, "2606.06722").contains(&"capped-nonmonotone-line-search"));
        assert_eq!(names(OBJECTIVE, "himmelblau"), ["himmelblau"]);
        assert_eq!(names(ADDED_POLICY, "no such thing"), Vec::<&str>::new());
        assert_eq!(names(OBJECTIVE, "").len(), objective::catalogue().len() + 1);
        assert_eq!(names(1, "").len(), policy::catalogue().len());
    }
}
