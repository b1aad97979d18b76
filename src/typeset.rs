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

/// How many children elements of a kind must have (MathML Core, W3C, sections 3.3 and 3.4).
const CHILDREN: [(&str, usize); 8] = [
    ("mfrac", 2),
    ("mroot", 2),
    ("msub", 2),
    ("msup", 2),
    ("munder", 2),
    ("mover", 2),
    ("msubsup", 3),
    ("munderover", 3),
];

/// The kind of the first element that has not as many children as it must have: browsers set it as
/// if its kind were not there. The renderer makes such ones of a space before a command with limits.
pub fn malformed(mathml: &str) -> Option<&str> {
    let mut open: Vec<(&str, usize)> = Vec::new();
    for piece in mathml.split('<').skip(1) {
        let tag = piece.split('>').next().unwrap_or_default();
        // The renderer writes “<” as it is, and browsers read it as such.
        if !tag.starts_with(|sign: char| sign == '/' || sign.is_ascii_alphabetic()) {
            continue;
        }
        if tag.starts_with('/') {
            let (name, count) = open.pop()?;
            if CHILDREN.iter().any(|(kind, children)| *kind == name && *children != count) {
                return Some(name);
            }
            continue;
        }
        if let Some((_, count)) = open.last_mut() {
            *count += 1;
        }
        if !tag.ends_with('/') {
            open.push((tag.split([' ', '/']).next().unwrap_or_default(), 0));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use flatland_engine::{objective, policy};

    use super::*;

    #[test]
    fn elements_with_a_child_too_many_or_too_few_are_found() {
        assert_eq!(malformed("<math><mfrac><mn>1</mn><mi>n</mi></mfrac><mspace width=\"1em\" /></math>"), None);
        assert_eq!(malformed("<math><msub><mspace /><mi>x</mi><mi>k</mi></msub></math>"), Some("msub"));
        assert_eq!(malformed("<math display=\"inline\"><msup><mi>x</mi></msup></math>"), Some("msup"));
        assert_eq!(malformed("<math><mrow><mi>x</mi><mo><</mo><msup><mi>y</mi><mn>2</mn></msup></mrow></math>"), None);
    }

    #[test]
    fn every_formula_of_the_catalogues_is_well_formed() {
        let objectives = objective::catalogue().iter().map(|entry| entry.description.name);
        let policies = policy::catalogue().iter().map(|entry| entry.description.name);
        for name in objectives.chain(policies) {
            assert_eq!(malformed(mathml(name)), None, "{name}: {}", mathml(name));
        }
    }
}
