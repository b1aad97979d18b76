//! The figures for pgfplots, set by pdfLaTeX.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::process::Command;

use flatland_engine::experiment::{Experiment, RunSpec, Spec};
use flatland_engine::policy;
use flatland_export::pgfplots;

/// Labels that people may type, with every kind of sign that has a meaning for TeX.
const LABELS: [&str; 8] = [
    "100 % of $5 & #1_a^b~c {d} \\e",
    "η = 2/λ₁, x² ≤ 10⁻³ − 1 → ∞",
    "<a> | \"b\" – “c” — ‘d’ …",
    "größer, déjà vu, Åse, ñ, Łódź, žluť, £ € § ×·÷ ½ ª ±",
    "đ ð þ ŋ ą ħ ı ſ",
    "ΑΒ αβγδεζηθικλμνξπρστυφχψω ΓΔΘΛΞΠΣΦΨΩ ℓ∇∂√≠≈‖∈",
    "шаг, 步长, 🏔",
    "\u{a0}\u{ad}\u{200b}\u{301}",
];

/// A document around the figure of an experiment.
fn document(experiment: &Experiment) -> String {
    let figure = pgfplots::tables(experiment, 50, "https://example.org/#lab=η").unwrap();
    let head = "\\documentclass{article}\n\\usepackage{pgfplots}\n\\pgfplotsset{compat=1.18}\n\\begin{document}\n";
    format!("{head}{figure}\\end{{document}}\n")
}

#[test]
#[ignore = "needs pdflatex and pgfplots"]
fn stock_pdflatex_sets_every_title_and_label() {
    let folder = std::env::temp_dir().join(format!("flatland-pgfplots-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut runs: Vec<RunSpec> =
        policy::catalogue().iter().map(|entry| RunSpec::new(Spec::new(entry.description.name))).collect();
    runs.extend(LABELS.iter().map(|label| RunSpec::new(Spec::new("constant").with("eta", 0.1)).labeled(label)));
    for (number, runs) in runs.chunks(8).enumerate() {
        let experiment = Experiment::new(Spec::new("river"), runs.to_vec()).complete_and_check().unwrap();
        fs::write(folder.join(format!("figure{number}.tex")), document(&experiment)).unwrap();
        let mut command = Command::new("pdflatex");
        command.args(["-interaction=nonstopmode", "-halt-on-error", &format!("figure{number}.tex")]);
        let output = command.current_dir(&folder).output().unwrap();
        let log = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{log}");
        assert!(!log.contains("Missing character"), "{log}");
    }
    fs::remove_dir_all(&folder).unwrap();
}
