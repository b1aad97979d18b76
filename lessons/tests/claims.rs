//! Every lesson that ships: it is read, and what it claims is played.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use flatland_engine::data::shelf;
use flatland_lessons::{Lesson, claims, gallery, read};

const DIGITS: &[u8] = include_bytes!("../../static/data/digits.csv.gz");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../static")
}

fn all() -> Vec<Lesson> {
    read(&root().join("lessons")).unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    })
}

#[test]
fn every_claim_of_every_lesson_holds() {
    shelf::put("digits", DIGITS.to_vec()).unwrap();
    let mut failures = Vec::new();
    for lesson in all() {
        let started = std::time::Instant::now();
        for step in &lesson.steps {
            failures.extend(claims::check(&step.experiment, &step.claims).unwrap());
        }
        println!("{:.1} s for {}", started.elapsed().as_secs_f64(), lesson.summary.name);
    }
    let failures: Vec<String> = failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_lesson_asks_and_claims() {
    for lesson in all() {
        let name = &lesson.summary.name;
        assert!(lesson.steps.iter().any(|step| step.shown.html.contains("class=\"question\"")), "{name} asks nothing");
        for step in &lesson.steps {
            assert!(!step.claims.is_empty(), "“{}” of {name} claims nothing", step.shown.title);
        }
    }
}

/// Texts are made into the page as they are: nothing in them may want a script, a style of its own
/// or a file.
#[test]
fn texts_keep_to_the_pages_policy() {
    for step in all().iter().flat_map(|lesson| &lesson.steps) {
        for sign in ["<script", " style=", " on", "<img", "src=", "<iframe", "<merror", "javascript:"] {
            let tags = step.shown.html.split('<').filter_map(|part| part.split('>').next());
            let found = tags.map(|tag| format!("<{tag}")).find(|tag| tag.contains(sign));
            assert_eq!(found, None, "“{}”", step.shown.title);
        }
    }
}

#[test]
fn every_claim_of_the_gallery_holds() {
    let mut failures = Vec::new();
    let mut count = 0;
    for exhibit in gallery::read(&root().join("gallery")).unwrap().iter().flat_map(|group| &group.exhibits) {
        count += exhibit.claims.len();
        // What the networks' room claims has tests in the engine.
        let is_of_networks = exhibit.experiment.is_network();
        assert!(is_of_networks || !exhibit.claims.is_empty(), "“{}” claims nothing", exhibit.shown.title);
        failures.extend(claims::check(&exhibit.experiment, &exhibit.claims).unwrap());
    }
    let failures: Vec<String> = failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty() && count > 40, "{count} claims\n{}", failures.join("\n"));
}
