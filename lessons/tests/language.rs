//! The language of lessons and their claims: what is wrong is refused with file and line, a claim
//! that does not hold fails.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use flatland_lessons::{Lesson, claims, lesson};

const HEAD: &str = "---\ntitle: A test\nsentence: It tests.\norder: 1\n---\n\n## One\n\nText.\n";
const EXPERIMENT: &str = "\n```experiment\n{\"version\":1,\"objective\":{\"name\":\"quadratic\",\"curvatures\":[1,10]},\"start\":[1,1],\"steps\":100,\n \
                          \"runs\":[{\"policy\":{\"name\":\"constant\",\"eta\":0.19}},{\"policy\":{\"name\":\"constant\",\"eta\":0.21}},\
                          {\"policy\":{\"name\":\"constant\",\"eta\":0.2}}]}\n```\n";

fn read(text: &str) -> Result<Lesson, String> {
    lesson(Path::new("test.md"), text).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// What is found of claims that do not hold.
fn failures(text: &str) -> Vec<String> {
    let lesson = read(&format!("{HEAD}{EXPERIMENT}\n```claims\n{text}\n```\n")).unwrap();
    let step = &lesson.steps[0];
    claims::check(&step.experiment, &step.claims).unwrap().iter().map(ToString::to_string).collect()
}

#[test]
fn claims_that_hold_pass() {
    for claim in [
        "run 1 uses up its steps",
        "with steps = 3000: run 1 converges",
        "with steps = 3000: run 2 diverges before step 200",
        "run 3 repeats itself every 2 steps",
        "run 1 at step 3: y = -0.729 within 1e-9",
        "run 1 at the end: loss < 1e-4*loss_start",
        "run 1 from step 0 to 99: product = 1.9 within 1 %",
        "run 1 from step 1 to the end: loss < loss_before",
        "run 1 somewhere from step 0 to 9: y < 0",
        "run 1 on average from step 0 to 99: eta = 0.19 within 1e-9",
        "run 1 in at least 50 % from step 0 to 99: y > 0",
        "run 1 in at most 50 % from step 0 to 99: y > 0",
        "run 2 from step 1 to the end: loss > loss_1",
        "run 1 at step 5: lambda2 = 1 within 1e-9",
        "with runs[0].policy.eta = 0.21, start[1] = 2: run 1 at the end: y^2 > 4*1.1^199",
    ] {
        assert_eq!(failures(claim), Vec::<String>::new(), "{claim}");
    }
}

#[test]
fn claims_that_do_not_hold_fail_with_file_and_line_and_what_was_found() {
    for (claim, found) in [
        ("run 1 diverges", "called budget, at step 100"),
        ("with steps = 3000: run 1 converges before step 20", "called converged, at step"),
        ("run 1 stalls", "called budget"),
        ("run 3 repeats itself every 4 steps", "every 2"),
        ("run 1 repeats itself every 2 steps", "does not repeat itself"),
        ("run 1 at step 3: y = -0.729 within 1e-20", "at step 3"),
        ("run 1 at step 101: y < 1", "only 100 steps"),
        ("run 1 from step 0 to 99: y > 0", "and 0 at step 1"),
        ("run 1 somewhere from step 0 to 99: loss > 5.6", "none such"),
        ("run 1 on average from step 0 to 99: eta = 0.2 within 1 %", "0.19"),
        ("run 1 in at least 51 % from step 0 to 99: y > 0", "50.0 %"),
        ("run 1 in at most 49 % from step 0 to 99: y > 0", "50.0 %"),
        // What is not there is no reason for a claim to hold.
        ("run 1 at the end: product < 2", "NaN"),
        ("run 1 at the end: product > 2", "NaN"),
        ("run 1 at step 0: loss > loss_before", "NaN"),
        ("run 1 at step 0: reference = 1 within 1e9", "NaN"),
        ("with runs[0].policy.eta = 0.21: run 1 at the end: loss < 1", "at step 100"),
    ] {
        let failures = failures(&format!("run 1 at step 0: loss = 5.5 within 1e-9\n{claim}"));
        let [failure] = &failures[..] else { panic!("{claim}: {failures:?}") };
        assert!(failure.starts_with("test.md:18: this claim does not hold"), "{claim}: {failure}");
        assert!(failure.contains(claim) && failure.contains(found), "{claim}: {failure}");
    }
}

#[test]
fn what_is_wrong_is_refused_with_its_line() {
    let claim = |text: &str| format!("{HEAD}{EXPERIMENT}\n```claims\n{text}\n```\n");
    let lab = |text: &str| format!("{HEAD}{EXPERIMENT}\n```lab\n{text}\n```\n");
    for (text, line, found) in [
        (String::new(), 1, "something else"),
        ("---\ntitle: A\n".to_owned(), 2, "the end of the file"),
        ("---\ntitle: A\nsentence: B\n---\n## One\n".to_owned(), 4, "\"order\""),
        ("---\ntitle: A\nsentence: B\norder: last\n---\n## One\n".to_owned(), 5, "\"last\""),
        ("---\ntitle: A\ncolor: red\n---\n".to_owned(), 3, "\"color: red\""),
        ("---\ntitle: A\nsentence: B\norder: 1\n---\n".to_owned(), 5, "none"),
        ("---\ntitle: A\nsentence: B\norder: 1\n---\nText.\n## One\n".to_owned(), 6, "text"),
        (HEAD.to_owned(), 7, "none"),
        (HEAD.replace("Text.", ""), 7, "none"),
        (format!("{HEAD}{EXPERIMENT}{EXPERIMENT}"), 16, "a second one"),
        (format!("{HEAD}{}", EXPERIMENT.replace("quadratic", "quadratik")), 11, "quadratik"),
        (lab("speed: 60\nstep: 200"), 18, "\"200\""),
        (lab("scene: cellar"), 17, "cellar"),
        (claim("run 1 sings"), 17, "“run 1 sings”"),
        (claim("run 1 diverges\n\nrun 4 diverges"), 19, "run 4, where there are 3"),
        (claim("run 1 at step 3: wolf < 2"), 17, "wolf"),
        (claim("run 1 at step 3: loss_4 < 2"), 17, "loss_4"),
        (claim("run 1 at step 3: loss = 2"), 17, "without “within"),
        (claim("run 1 at step 3: loss"), 17, "without <, > or ="),
        (claim("run 1 at noon: loss < 2"), 17, "“at noon”"),
        (claim("run 1 diverges soon"), 17, "diverges soon"),
        (claim("with runs[0].policy.size = 2: run 1 diverges"), 17, "runs[0].policy.size"),
        (claim("with steps = many: run 1 diverges"), 17, "“many”"),
        (format!("{HEAD}{EXPERIMENT}\n```map\n{{\"run\":0}}\n```\n"), 16, "cannot be read"),
        (format!("{HEAD}{EXPERIMENT}\n## Two <b>\n\nText.\n"), 16, "<b>"),
        (format!("{HEAD}{EXPERIMENT}\n## Two\n\nText $x.\n"), 18, "Text $x"),
    ] {
        let error = read(&text).expect_err(&text);
        assert!(error.starts_with(&format!("test.md:{line}: expected ")) && error.contains(found), "{text}\n{error}");
    }
}

#[test]
fn notes_are_for_the_lecturer_alone_and_hold_text_and_formulas() {
    let with = |notes: &str| read(&format!("{HEAD}{EXPERIMENT}\n```notes\n{notes}\n```\n"));
    let shown = with("Ask *first*: is $2/\\eta$ enough?").unwrap().steps[0].shown.clone();
    assert!(shown.notes.contains("Ask <em>first</em>: is <math"), "{}", shown.notes);
    assert!(!shown.html.contains("Ask"), "{}", shown.html);
    for (notes, found) in [
        ("", "test.md:16: expected notes of text and formulas; found nothing"),
        ("See [it](lesson:edge-2).", "test.md:17: expected notes of text and formulas; found a link to \"edge-2\""),
    ] {
        let error = with(notes).unwrap_err();
        assert!(error.contains(found), "{error}");
    }
}

#[test]
fn a_step_goes_on_with_the_one_before() {
    let text = format!(
        "{HEAD}{EXPERIMENT}\n```lab\nrun: 2\nstep: 7\n```\n\n## Two\n\nText.\n\n## Three\n\nText.\n\n```lab\nplay: 9\n```\n"
    );
    let lesson = read(&text).unwrap();
    let [one, two, three] = [0, 1, 2].map(|index| &lesson.steps[index].shown);
    assert_eq!([one.keeps, two.keeps, three.keeps], [false, true, false]);
    assert_eq!((&two.document, &two.view, two.time), (&one.document, &one.view, one.time));
    assert_eq!((&three.document, three.view.as_str()), (&one.document, ""));
    assert_ne!(three.time, one.time);
}

#[test]
fn a_space_in_a_formula_is_a_space() {
    let lesson = read(&format!("{HEAD}\nTake $a,\\ b \\text{{ or }} c$.\n{EXPERIMENT}")).unwrap();
    let html = &lesson.steps[0].shown.html;
    assert!(html.contains("<mtext>\u{a0}</mtext>") && !html.contains("&amp;nbsp;"), "{html}");
}

#[test]
fn what_is_written_the_page_reads() {
    let folder = std::env::temp_dir().join(format!("flatland-lessons-{}", std::process::id()));
    let lesson = read(&format!("{HEAD}{EXPERIMENT}")).unwrap();
    flatland_lessons::write(&[lesson], &folder).unwrap();
    let text = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let list: Vec<flatland::lesson::Summary> = serde_json::from_str(&text(flatland::lesson::CONTENTS_FILE)).unwrap();
    let read: flatland::lesson::Lesson = serde_json::from_str(&text("test.json")).unwrap();
    assert_eq!((list[0].name.as_str(), list[0].steps, read.name.as_str()), ("test", 1, "test"));
    let (link, notices) = flatland::permalink::read_document(&read.steps[0].document).unwrap();
    assert_eq!((link.experiment.runs.len(), notices.len()), (3, 0));
    std::fs::remove_dir_all(&folder).unwrap();
}
