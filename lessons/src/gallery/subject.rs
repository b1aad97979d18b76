//! What a picture is of: `sharpness`, `loss to 120`, `landscape`.

use flatland::view_settings::{NamedOption as _, Panel};
use flatland_engine::Experiment;

use crate::problem::{Line, Problem};

/// See the module's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What is drawn.
    pub(super) scene: Scene,
    /// The last step that is drawn.
    pub(super) until: u64,
}

/// What a picture can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scene {
    /// A chart.
    Chart(Panel),
    /// The plane with the runs on it, or the graph.
    Landscape,
}

/// The word for the landscape.
const LANDSCAPE: &str = "landscape";
/// What stands before the last step.
const UNTIL: &str = " to ";

impl Subject {
    /// A chart up to a step.
    pub(super) fn chart(panel: Panel, until: u64) -> Self {
        Self { scene: Scene::Chart(panel), until }
    }

    /// Reads what stands on a line.
    pub(crate) fn read(line: &Line, text: &str, experiment: &Experiment) -> Result<Self, Problem> {
        let (name, until) = text.split_once(UNTIL).map_or((text, None), |(name, until)| (name.trim(), Some(until)));
        let panel = Panel::ALL.iter().find(|(_, known)| *known == name).map(|(panel, _)| Scene::Chart(*panel));
        let has_plane = !experiment.is_network() && experiment.start.len() <= 2;
        let scene = if name == LANDSCAPE && has_plane { Some(Scene::Landscape) } else { panel };
        let last = experiment.steps;
        let until = until.map_or(Some(last), |until| until.trim().parse().ok().filter(|until| *until <= last));
        match (scene, until) {
            (Some(scene), Some(until)) => Ok(Self { scene, until }),
            _ => {
                let panels: Vec<&str> = Panel::ALL.iter().map(|(_, name)| *name).collect();
                let remedy = format!(
                    "pictures are of {}, or, with one or two variables, of the {LANDSCAPE}; up to a step within {last} as in `loss to 20`",
                    panels.join(", ")
                );
                Err(Problem::new(line, "what a picture can be of", &format!("\"{text}\""), &remedy))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_picture_is_of_a_chart_or_of_the_landscape_up_to_a_step() {
        let experiment = |objective: &str| {
            let text = format!(
                r#"{{"version":1,"objective":{objective},"steps":300,"runs":[{{"policy":{{"name":"constant"}}}}]}}"#
            );
            Experiment::from_json(&text).expect("valid")
        };
        let line = Line::of(Path::new("a.md"), 7);
        let river = experiment(r#"{"name":"river"}"#);
        let read = |text: &str| Subject::read(&line, text, &river);
        assert_eq!(read("sharpness"), Ok(Subject { scene: Scene::Chart(Panel::Sharpness), until: 300 }));
        assert_eq!(read("loss to 20"), Ok(Subject { scene: Scene::Chart(Panel::Loss), until: 20 }));
        assert_eq!(read("landscape to 5"), Ok(Subject { scene: Scene::Landscape, until: 5 }));
        for text in ["", "cellar", "loss to 301", "loss to soon", "to 5"] {
            let problem = read(text).expect_err(text).to_string();
            assert!(problem.starts_with("a.md:7: ") && problem.contains("within 300"), "{problem}");
        }
        let toy = experiment(r#"{"name":"flatland-toy"}"#);
        assert!(Subject::read(&line, "landscape", &toy).is_err());
    }
}
