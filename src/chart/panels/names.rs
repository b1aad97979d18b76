//! What runs are called in charts and sentences.

use crate::{chart::axis::significant, session::Session};

/// The label of a run at the end of its line.
pub fn label(session: &Session, index: usize) -> String {
    let spec = &session.experiment().runs[index];
    if let Some(label) = &spec.label {
        return label.clone();
    }
    let policy = session.policy(index);
    let short =
        flatland_engine::policy::find(&policy.name).map_or(policy.name.as_str(), |entry| entry.description.short);
    match policy.parameters.get("eta") {
        Some(flatland_engine::experiment::ParameterValue::Number(eta)) if policy.name == "constant" => {
            format!("η = {}", significant(*eta))
        }
        _ => short.to_owned(),
    }
}

/// The name of a run in a sentence.
pub fn title(session: &Session, index: usize) -> String {
    let spec = &session.experiment().runs[index];
    let policy = session.policy(index);
    match (&spec.label, flatland_engine::policy::find(&policy.name)) {
        (Some(label), _) => label.clone(),
        (None, Some(entry)) if policy.name == "constant" => {
            format!("{} {}", entry.description.title, label(session, index))
        }
        (None, Some(entry)) => entry.description.title.to_owned(),
        (None, None) => policy.name.clone(),
    }
}
