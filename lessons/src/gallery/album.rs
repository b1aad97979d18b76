//! The pictures of the gallery as files, on light and on dark. What has been drawn once is kept in a
//! folder of the build, since networks take their time.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use flatland::chart::palette::{Palette, Tone};
use flatland::gallery::picture_file;
use flatland::view_settings::View;
use flatland_engine::experiment::FieldError;
use flatland_engine::objective::network::Network;
use rayon::prelude::*;
use thiserror::Error;

use super::recorded::recorded;
use super::subject::Scene;
use super::{Exhibit, Group, chart, plane};

/// Why a picture could not be drawn.
#[derive(Debug, Error)]
pub enum Undrawn {
    /// Its experiment cannot be computed.
    #[error("the picture {name} cannot be drawn: {error}")]
    Experiment {
        /// The exhibit's.
        name: String,
        /// What is wrong with it.
        error: FieldError,
    },
    /// It cannot be written.
    #[error("{path} cannot be written: {error}. Check that the folder is there and can be written.")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// Draws all pictures into a folder, which is made. What is in the folder `kept` is not drawn again.
///
/// # Errors
///
/// The first picture that could not be drawn or written.
pub fn draw(groups: &[Group], folder: &Path, kept: &Path) -> Result<(), Undrawn> {
    let written = |path: &Path| {
        let path = path.to_owned();
        move |error| Undrawn::File { path, error }
    };
    for folder in [folder, kept] {
        fs::create_dir_all(folder).map_err(written(folder))?;
    }
    let exhibits: Vec<&Exhibit> = groups.iter().flat_map(|group| &group.exhibits).collect();
    exhibits.into_par_iter().try_for_each(|exhibit| {
        let key = key(exhibit);
        let files = [false, true].map(|is_dark| {
            let name = picture_file(&exhibit.name, is_dark);
            (folder.join(&name), kept.join(format!("{key:016x}-{name}")))
        });
        if !files.iter().all(|(file, kept)| fs::copy(kept, file).is_ok()) {
            let pictures = pictures(exhibit)
                .map_err(|error| Undrawn::Experiment { name: exhibit.name.clone(), error })?;
            for ((file, kept), picture) in files.iter().zip(pictures) {
                for path in [kept, file] {
                    fs::write(path, &picture).map_err(written(path))?;
                }
            }
        }
        Ok(())
    })
}

/// The pictures of an exhibit: on light and on dark.
///
/// # Errors
///
/// What is wrong with its experiment.
pub(super) fn pictures(exhibit: &Exhibit) -> Result<[String; 2], FieldError> {
    let (mut view, _) = View::decode(&exhibit.shown.view);
    view.fit(exhibit.experiment.runs.len());
    let columns = match exhibit.subject.scene {
        Scene::Chart(panel) => panel.columns(),
        Scene::Landscape => &[],
    };
    let session = recorded(&exhibit.experiment, columns, exhibit.subject.until)?;
    let objective = exhibit.experiment.build_objective()?;
    let floor = objective.as_network().and_then(Network::sharpness_floor).filter(|floor| *floor > 0.0);
    let draw = |tone| {
        let palette = Palette::new(tone);
        let drawing = match exhibit.subject.scene {
            Scene::Chart(panel) => chart::draw(&session, &view, panel, floor, &palette),
            Scene::Landscape => plane::draw(&session, &view, &palette)?,
        };
        Ok(drawing.finish())
    };
    Ok([draw(Tone::Light)?, draw(Tone::Dark)?])
}

/// Names what a picture depends on: this program, and the exhibit.
fn key(exhibit: &Exhibit) -> u64 {
    let program = std::env::current_exe().and_then(fs::metadata);
    let changed = program.and_then(|program| program.modified()).ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let mut hasher = DefaultHasher::new();
    changed.hash(&mut hasher);
    exhibit.shown.document.hash(&mut hasher);
    exhibit.shown.view.hash(&mut hasher);
    format!("{:?}", exhibit.subject).hash(&mut hasher);
    hasher.finish()
}
