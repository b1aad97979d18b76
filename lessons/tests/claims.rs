//! Every lesson that ships: it is read, and what it claims is played.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use flatland_engine::data::shelf;
use flatland_lessons::{Lesson, claims, read};

const DIGITS: &[u8] = include_bytes!("../../static/data/digits.csv.gz");

fn all() -> Vec<Lesson> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/lessons");
    read(&folder).unwrap_or_else(|problems| {
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
