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
        };
        let (panel, until) = scene.pictured;
        let subject = Subject::chart(panel, until);
        Some(Exhibit { name: format!("network-{}", at + 1), shown, experiment, claims: Vec::new(), subject })
    });
    Group {
        title: "Networks".to_owned(),
        sentence: "Real networks, trained by full-batch gradient descent. Data of your own: the room Networks.".to_owned(),
        exhibits: exhibits.collect(),
    }
}
