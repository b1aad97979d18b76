//! The pictures of the gallery as files, on light and on dark. What has been drawn once is kept in a
//! folder of the build, since networks take their time.

use std::collections::{HashSet, hash_map::DefaultHasher};
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
        error: Box<FieldError>,
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

/// Draws all pictures into a folder, which is made. What is in the folder `kept` is not drawn again;
/// what there is of older ones goes.
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
    exhibits.par_iter().try_for_each(|exhibit| {
        let key = key(exhibit);
        let files = [false, true].map(|is_dark| {
            let name = picture_file(&exhibit.name, is_dark);
            (folder.join(&name), kept.join(format!("{key:016x}-{name}")))
        });
        if !files.iter().all(|(file, kept)| fs::copy(kept, file).is_ok()) {
            let pictures = pictures(exhibit)
                .map_err(|error| Undrawn::Experiment { name: exhibit.name.clone(), error: Box::new(error) })?;
            for ((file, kept), picture) in files.iter().zip(pictures) {
                // Half a picture must not be taken for a kept one.
                let part = kept.with_extension("part");
                fs::write(&part, &picture).and_then(|()| fs::rename(&part, kept)).map_err(written(kept))?;
                fs::write(file, &picture).map_err(written(file))?;
            }
        }
        Ok(())
    })?;
    forget_others(&exhibits, kept);
    Ok(())
}

/// Removes what is kept of pictures as they were.
fn forget_others(exhibits: &[&Exhibit], kept: &Path) {
    let keys: HashSet<String> = exhibits.iter().map(|exhibit| format!("{:016x}", key(exhibit))).collect();
    for entry in fs::read_dir(kept).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().and_then(|name| name.split('-').next()).is_none_or(|key| !keys.contains(key)) {
            // One that stays takes room, no more.
            let _ = fs::remove_file(entry.path());
        }
    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::path::Path;

    use super::*;
    use crate::gallery::Subject;
    use crate::problem::Line;

    fn exhibit(document: &str, view: &str, picture: &str) -> Exhibit {
        let experiment = flatland_engine::Experiment::from_json(document).unwrap();
        let subject = Subject::read(&Line::of(Path::new("a.md"), 1), picture, &experiment).unwrap();
        let shown = flatland::lesson::Step {
            title: String::new(),
            html: String::new(),
            document: experiment.to_json(),
            view: view.to_owned(),
            speed: 0,
            time: flatland::lesson::Time::Runs,
            keeps: false,
            map: None,
            notes: String::new(),
        };
        Exhibit { name: "a-1".to_owned(), shown, experiment, claims: Vec::new(), subject }
    }

    const QUADRATIC: &str = r#"{"version":1,"objective":{"name":"quadratic","curvatures":[1,10]},"start":[1,1],"steps":50,
        "runs":[{"policy":{"name":"constant","eta":0.2}},{"policy":{"name":"constant","eta":0.1}}]}"#;

    /// The y of a path that begins at the left edge, in tenths of pixels.
    fn height(svg: &str, color: &str, dashed: bool) -> f64 {
        let paths = svg.split("<path ").skip(1).map(|path| path.split("/>").next().unwrap());
        let path = paths
            .into_iter()
            .find(|path| path.contains(&format!("stroke=\"{color}\"")) && path.contains("dasharray") == dashed)
            .unwrap();
        let numbers = path.split("d=\"M80 ").nth(1).unwrap();
        numbers.split(['l', '"']).next().unwrap().trim().parse().unwrap()
    }

    /// λ₁ is 10 everywhere, and so is 2/η of the first run, which lies on it; that of the second is
    /// 20, twice as far above the axis of 0.
    #[test]
    fn a_chart_has_each_run_where_it_belongs() {
        let [light, dark] = pictures(&exhibit(QUADRATIC, "", "sharpness")).unwrap();
        let (sharpness, first, second) =
            (height(&light, "#0072b2", false), height(&light, "#0072b2", true), height(&light, "#d55e00", true));
        assert_eq!(sharpness, first);
        assert!(second < first - 100.0, "{second} {first}");
        assert!(dark.contains("#56a9e0") && !dark.contains("#0072b2"));
        assert!(!light.contains("NaN") && !light.contains("inf"));
    }

    /// The first run jumps between y = 1 and y = −1, so that its last iterates lie mirrored in the
    /// window, which is symmetric.
    #[test]
    fn a_plane_has_the_iterates_and_the_start_on_it() {
        let [light, _] = pictures(&exhibit(QUADRATIC, "window:-2~2~-2~2", "landscape to 3")).unwrap();
        assert!(light.contains("data:image/png;base64,iVBOR"));
        let discs: Vec<(f64, f64)> = light
            .split("<circle cx=\"")
            .skip(1)
            .map(|rest| {
                let mut numbers = rest.split('"').step_by(2).map(|number| number.parse::<f64>());
                (numbers.next().unwrap().unwrap(), numbers.next().unwrap().unwrap())
            })
            .collect();
        // The start is the last disc: (1, 1) lies at three quarters across and one quarter down.
        assert_eq!(discs.last(), Some(&(2160.0, 450.0)));
        assert!(discs.iter().any(|(_, y)| *y == 1350.0), "{discs:?}");
    }

    #[test]
    fn a_graph_has_one_variable_and_a_run_that_leaves_is_cut_off() {
        let well = r#"{"version":1,"objective":{"name":"double-well"},"start":[0.3],"steps":60,
            "runs":[{"policy":{"name":"constant","eta":1.1}},{"policy":{"name":"constant","eta":2.5}}]}"#;
        for picture in pictures(&exhibit(well, "", "landscape")).unwrap() {
            assert!(picture.matches("<path").count() >= 5 && !picture.contains("<image"));
            assert!(!picture.contains("NaN") && !picture.contains("inf"));
        }
    }

    #[test]
    fn what_has_been_drawn_is_kept_and_what_cannot_be_written_is_said() {
        let folder = std::env::temp_dir().join(format!("flatland-gallery-{}", std::process::id()));
        let (files, kept) = (folder.join("files"), folder.join("kept"));
        let group =
            Group { title: String::new(), sentence: String::new(), exhibits: vec![exhibit(QUADRATIC, "", "loss")] };
        draw(std::slice::from_ref(&group), &files, &kept).unwrap();
        let light = fs::read_to_string(files.join("a-1-light.svg")).unwrap();
        for file in fs::read_dir(&kept).unwrap() {
            fs::write(file.unwrap().path(), "kept").unwrap();
        }
        draw(std::slice::from_ref(&group), &files, &kept).unwrap();
        assert_eq!(fs::read_to_string(files.join("a-1-light.svg")).unwrap(), "kept");
        assert!(light.starts_with("<svg"));
        fs::write(kept.join("0123456789abcdef-a-1-light.svg"), "older").unwrap();
        draw(std::slice::from_ref(&group), &files, &kept).unwrap();
        assert_eq!(fs::read_dir(&kept).unwrap().count(), 2, "older pictures are gone");
        let blocked = files.join("a-1-light.svg");
        let error = draw(&[group], &blocked, &kept).unwrap_err().to_string();
        assert!(error.contains("a-1-light.svg cannot be written"), "{error}");
        fs::remove_dir_all(folder).unwrap();
    }
}
