//! The gallery: experiments that are worth a look, with pictures that are drawn of them here.
//!
//! A group of exhibits is written like a lesson, in `static/gallery/`; an exhibit is a step whose
//! text is a sentence, and which says by a line such as `picture: sharpness` what to draw. The last
//! group are the networks that the page's room for them begins with.

mod album;
mod chart;
mod drawing;
mod plane;
mod recorded;
mod subject;

use std::path::Path;

use flatland::lesson::{Step as Shown, Time};
use flatland::rooms::network_scenes::SCENES;
use flatland_engine::Experiment;

pub use album::{Undrawn, draw};
pub use subject::Subject;

use crate::problem::Problem;
use crate::{Lesson, Step, claims::Claim, files};

/// Exhibits that belong together.
#[derive(Debug)]
pub struct Group {
    /// Its title.
    pub title: String,
    /// What it is about, in a sentence.
    pub sentence: String,
    /// Its exhibits.
    pub exhibits: Vec<Exhibit>,
}

/// An experiment that is worth a look.
#[derive(Debug)]
pub struct Exhibit {
    /// What the files of its pictures are called.
    pub name: String,
    /// As the page has it.
    pub shown: Shown,
    /// The experiment that it opens.
    pub experiment: Experiment,
    /// What its sentence claims.
    pub claims: Vec<Claim>,
    /// What its picture is of.
    pub subject: Subject,
}

/// Reads the groups of a folder, in their order, and adds that of the networks.
///
/// # Errors
///
/// Everything that is wrong with any of them.
pub fn read(folder: &Path) -> Result<Vec<Group>, Vec<Problem>> {
    let (mut groups, mut problems) = (Vec::new(), Vec::new());
    for lesson in files(folder, "groups of exhibits")? {
        match group(lesson) {
            Ok(group) => groups.push(group),
            Err(problem) => problems.push(problem),
        }
    }
    groups.push(networks());
    if problems.is_empty() { Ok(groups) } else { Err(problems) }
}

fn group(lesson: Lesson) -> Result<Group, Problem> {
    let Lesson { summary, steps, .. } = lesson;
    let named = |(at, step)| exhibit(format!("{}-{}", summary.name, at + 1), step);
    let exhibits = steps.into_iter().enumerate().map(named).collect::<Result<_, _>>()?;
    Ok(Group { title: summary.title, sentence: summary.sentence, exhibits })
}

fn exhibit(name: String, step: Step) -> Result<Exhibit, Problem> {
    let Step { shown, experiment, claims, picture, links, line } = step;
    let Some((_, subject)) = picture else {
        let remedy = "give it a block ```lab with a line such as `picture: sharpness`, and an experiment";
        return Err(Problem::new(&line, "what the exhibit's picture is of", &"nothing", remedy));
    };
    // All of it is one button on the page.
    if let Some((line, link)) = links.first() {
        let remedy = "write the sentence without a link";
        return Err(Problem::new(line, "a sentence", &format!("a link to \"{link}\""), remedy));
    }
    if shown.html.contains("<details") || shown.html.matches("<p>").count() != 1 {
        let remedy = "write one short paragraph; what there is to ask and to explain belongs into a lesson";
        return Err(Problem::new(&line, "one paragraph", &"more than that", remedy));
    }
    Ok(Exhibit { name, shown, experiment, claims, subject })
}

/// The scenes of the page's room for networks, which has tests of its own for what they claim.
fn networks() -> Group {
    let exhibits = SCENES.iter().enumerate().filter_map(|(at, scene)| {
        // A test of the room reads every scene.
        let experiment = Experiment::from_json(scene.document).ok()?;
        let shown = Shown {
            title: scene.title.to_owned(),
            html: format!("<p>{}</p>", scene.what),
            document: experiment.to_json(),
            view: scene.view.to_owned(),
            speed: scene.speed,
            time: Time::Runs,
            keeps: false,
            map: None,
            notes: String::new(),
        };
        let (panel, until) = scene.pictured;
        let subject = Subject::chart(panel, until);
        Some(Exhibit { name: format!("network-{}", at + 1), shown, experiment, claims: Vec::new(), subject })
    });
    Group {
        title: "Networks".to_owned(),
        sentence: "Real networks, trained by full-batch gradient descent. Data of your own: the room Networks."
            .to_owned(),
        exhibits: exhibits.collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const EXPERIMENT: &str = r#"{"version":1,"objective":{"name":"river"},"runs":[{"policy":{"name":"constant"}}]}"#;

    /// A folder with one file, read as a gallery and as lessons.
    fn refused(name: &str, text: &str, lab: &str) -> [String; 2] {
        let folder = std::env::temp_dir().join(format!("flatland-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let text = format!(
            "---\ntitle: A\nsentence: B\norder: 1\n---\n\n## One\n\n{text}\n\n```experiment\n{EXPERIMENT}\n```\n\n```lab\n{lab}\n```\n"
        );
        fs::write(folder.join("a.md"), text).expect("a file");
        let said = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect::<String>();
        let both = [read(&folder).map(|_| String::new()), crate::read(&folder).map(|_| String::new())];
        fs::remove_dir_all(&folder).expect("removed");
        both.map(|result| result.unwrap_or_else(said))
    }

    #[test]
    fn an_exhibit_is_a_sentence_with_a_picture_and_a_lesson_has_none() {
        let [gallery, lessons] = refused("fine", "A sentence.", "picture: loss to 5");
        assert_eq!(gallery, "");
        assert!(lessons.contains("a.md:16: expected what the Lab shows; found a picture"), "{lessons}");
        for (name, text, lab, line, found) in [
            ("none", "A sentence.", "speed: 60", 7, "picture"),
            ("two", "A sentence.\n\nAnother one.", "picture: loss", 7, "one paragraph"),
            ("question", "A sentence.\n\n```question\nWhy?\n---\nSo.\n```", "picture: loss", 7, "one paragraph"),
            ("link", "A [link](lesson:edge-1).", "picture: loss", 9, "edge-1"),
            ("picture", "A sentence.", "picture: cellar", 16, "cellar"),
        ] {
            let [gallery, _] = refused(name, text, lab);
            assert!(gallery.contains(&format!("a.md:{line}: ")) && gallery.contains(found), "{name}: {gallery}");
        }
    }

    #[test]
    fn the_networks_of_their_room_are_the_last_group() {
        let group = networks();
        assert_eq!(group.exhibits.len(), SCENES.len());
        assert!(group.exhibits.iter().all(|exhibit| exhibit.experiment.is_network()));
    }
}
