//! Where objectives and policies come from, and how to cite: the foot of the help.

use flatland_engine::{objective, policy, spec::Description};
use yew::prelude::*;

/// The paper that the page is about, for reference managers.
const BIBTEX: &str = "@inproceedings{flatland2026,
  title     = {Flatland: The Adventures of Gradient Descent with Large Step Sizes},
  author    = {Galli, L. and Fox, C. and Bartolomaeus, W. and Schmidt, M. and Rauhut, H.},
  booktitle = {International Conference on Machine Learning},
  year      = {2026},
  eprint    = {2606.06722},
  archivePrefix = {arXiv}
}";

/// See the module's header.
pub fn sources() -> Html {
    let objectives = objective::catalogue().iter().chain(objective::networks()).map(|entry| entry.description);
    let policies = policy::catalogue().iter().map(|entry| entry.description);
    html! {
        <>
            <details id="help-sources">
                <summary>{ "Sources of the objectives and the policies" }</summary>
                <h3>{ "Objectives" }</h3>
                { list(objectives) }
                <h3>{ "Policies" }</h3>
                { list(policies) }
            </details>
            <details id="help-citing">
                <summary>{ "How to cite the paper" }</summary>
                <pre class="bibtex" tabindex="0" aria-label="BibTeX">{ BIBTEX }</pre>
            </details>
        </>
    }
}

/// Titles with their sources.
fn list(descriptions: impl Iterator<Item = &'static Description>) -> Html {
    let entry = |description: &Description| {
        html! { <><dt>{ description.title }</dt><dd>{ description.source }</dd></> }
    };
    html! { <dl class="sources">{ for descriptions.map(entry) }</dl> }
}
