//! A step of a lesson, put together from its text and its blocks.

use flatland_drawing::Kept;
use flatland_engine::Experiment;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Step;
use crate::claims::Claim;
use crate::looking::Looking;
use crate::markdown::{self, Block, Kind, Rendered};
use crate::problem::Problem;
use crate::source::Section;

/// Reads a step; what it leaves out it shows as the one before it.
pub fn read(section: &Section<'_>, before: Option<&Step>) -> Result<Step, Problem> {
    let title = markdown::render_line(&section.line, section.title)?;
    let Rendered { html, blocks, links } = markdown::render(&section.line, section.body)?;
    if html.trim().is_empty() {
        return Err(Problem::new(&section.line, "a text below the heading", &"none", "say what there is to see"));
    }
    if let Some((twice, name)) = twice(&blocks) {
        let remedy = format!("a step has one block ```{name}: make two steps of it");
        return Err(Problem::new(&twice.line, "one block of a kind", &"a second one", &remedy));
    }
    let block = |kind| blocks.iter().find(|block| block.kind == kind);
    let own = block(Kind::Experiment).map(experiment).transpose()?;
    let is_own = own.is_some();
    let Some(experiment) = own.or_else(|| before.map(|step| step.experiment.clone())) else {
        let remedy = "give the first step a block ```experiment; later ones go on with it";
        return Err(Problem::new(&section.line, "an experiment", &"none", remedy));
    };
    let lab = block(Kind::Lab).map(|block| Looking::read(&block.line, &block.text, &experiment)).transpose()?;
    let keeps = !is_own && lab.is_none();
    let looking = match (lab, before) {
        (None, Some(before)) if keeps => {
            let flatland::lesson::Step { view, speed, time, .. } = before.shown.clone();
            Looking { view, speed, time, picture: None }
        }
        (lab, _) => lab.unwrap_or_default(),
    };
    let map = block(Kind::Map).map(|block| map(block, &experiment)).transpose()?;
    let claims = match block(Kind::Claims) {
        Some(block) => Claim::read(&block.line, &block.text, &experiment)?,
        None => Vec::new(),
    };
    let notes = block(Kind::Notes).map(markdown::render_notes).transpose()?.unwrap_or_default();
    let Looking { view, speed, time, picture } = looking;
    let document = experiment.to_json();
    let shown = flatland::lesson::Step { title, html, document, view, speed, time, keeps, map, notes };
    Ok(Step { shown, experiment, claims, picture, links, line: section.line.clone() })
}

/// A block of a kind that there has been already.
fn twice(blocks: &[Block]) -> Option<(&Block, &'static str)> {
    let (_, twice) =
        blocks.iter().enumerate().find(|(at, block)| blocks[..*at].iter().any(|b| b.kind == block.kind))?;
    let (_, name) = Kind::ALL.into_iter().find(|(kind, _)| *kind == twice.kind)?;
    Some((twice, name))
}

fn experiment(block: &Block) -> Result<Experiment, Problem> {
    Experiment::from_json(&block.text).map_err(|error| {
        let remedy = "the README says what an experiment's document holds";
        Problem::new(&block.line, "an experiment", &error, remedy)
    })
}

/// A map as the Atlas keeps it in links.
fn map(block: &Block, experiment: &Experiment) -> Result<String, Problem> {
    let wrong = |error: &dyn std::fmt::Display| {
        let remedy = "take what stands behind `atlas=` in a link of the Atlas, with its escapes undone";
        Problem::new(&block.line, "a map of the Atlas", error, remedy)
    };
    let kept = Kept::read(&block.text).map_err(|error| wrong(&error))?;
    kept.order.drawing(experiment).map_err(|error| wrong(&error))?;
    Ok(utf8_percent_encode(&kept.to_json(), NON_ALPHANUMERIC).to_string())
}
