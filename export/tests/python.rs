//! The scripts against the engine: every policy, every objective, formulas, changes in mid-run. All scripts run in one Python.
//!
//! Needs Python 3 with NumPy (`PYTHON` names another than `python3`), so it is left out unless asked for:
//! `cargo xtask test --only python`.
#![allow(missing_docs)]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use flatland_engine::{
    Descent, Experiment,
    experiment::{Change, RunSpec, Spec},
    objective, policy,
};
use flatland_export::python;

/// Enough for every policy to show its rule, and few enough that rounding, which grows at the edge of stability, stays small.
const STEPS: u64 = 16;

/// Rounding of two libraries' elementary functions, about 10⁻¹⁶ a step, times its growth over the steps and the cancellation in
/// the losses and differences of gradients that some policies divide by.
const TOLERANCE: f64 = 1e-7;

/// The exact line search ends where the loss cannot tell steps apart, which is at the root of a rounding, times the growth.
const TOLERANCE_OF_A_MINIMUM: f64 = 1e-2;

/// Runs every script in the folder given and prints its output after its name.
const DRIVER: &str = r#"
import contextlib, io, pathlib, runpy, sys
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    print("==", path.stem)
    runpy.run_path(str(path), run_name="__main__")
"#;

fn experiment(objective: Spec, policies: impl IntoIterator<Item = Spec>) -> Experiment {
    let mut experiment = Experiment::new(objective, policies.into_iter().map(RunSpec::new).collect());
    experiment.steps = STEPS;
    experiment.complete_and_check().expect("valid")
}

fn cases() -> Vec<(String, Experiment)> {
    let mut cases = Vec::new();
    let river = || Spec::new("river");
    for entry in policy::catalogue() {
        let name = entry.description.name;
        let spec = match name {
            "expression" => {
                Spec::new(name).with("expression", "min(0.3, 1.9/lambda) * (1 + 0.1*tanh(curvature)) + 0*R + s2*0")
            }
            _ => Spec::new(name),
        };
        cases.push((format!("policy-{name}"), experiment(river(), [spec])));
    }
    let choices = [
        ("adgd", "variant", "first"),
        ("barzilai-borwein", "kind", "short"),
        ("capped-nonmonotone-line-search", "grid", "continuous"),
        ("l0-l1", "kind", "logarithmic"),
        ("decay", "kind", "inverse-sqrt"),
        ("decay", "kind", "step"),
        ("decay", "kind", "cosine"),
        ("gd-warmup", "peak", "below"),
        ("long-steps", "length", "3"),
    ];
    for (name, key, choice) in choices {
        let spec = Spec::new(name).with(key, choice);
        cases.push((format!("choice-{name}-{choice}"), experiment(river(), [spec])));
    }
    for entry in objective::catalogue() {
        let name = entry.description.name;
        let policies = [Spec::new("constant").with("eta", entry.constant_step), Spec::new("nonmonotone-line-search")];
        cases.push((format!("objective-{name}"), experiment(Spec::new(name), policies)));
    }
    let others = [
        Spec::new("river").with("coupling", "square"),
        Spec::new("soft-factorization").with("loss", "sqrt"),
        Spec::new("scalar-factorization").with("regularization", 0.1),
        Spec::new("formula").with(
            "expression",
            "f(x, y) = softplus(x*y) + logcosh(x - a) + abs(y)^1.5 + max(x, y^2) + exp(-x^2)/(1 + y^2) + 2^x; a = 0.3",
        ),
        Spec::new("formula").with(
            "expression",
            "f(x, y) = (x^2 + 1)^y + sqrt(1 + x^2) + log(2 + sin(x)*cos(y)) + tanh(x)*sinh(y/3) + cosh(x) + relu(x) + min(x, 1) + tan(y/9)",
        ),
    ];
    for (index, objective) in others.into_iter().enumerate() {
        let policies = [Spec::new("constant").with("eta", 0.05), Spec::new("cdat")];
        cases.push((format!("other-{index}"), experiment(objective, policies)));
    }
    let mut changed = experiment(river(), [Spec::new("constant").with("eta", 0.5), Spec::new("heavy-ball")]);
    for (run, policy) in [(0, "adgd"), (1, "silver")] {
        changed.runs[run].changes = vec![Change { step: 9, policy: Spec::new(policy) }];
    }
    changed.seed = 7;
    cases.push(("changed".to_owned(), changed.complete_and_check().expect("valid")));
    let seeded = Spec::new("phase-retrieval").with("data_seed", 3.5).with("measurements", 25.0);
    let mut seeded = experiment(seeded, [Spec::new("nls-no-tune"), Spec::new("central-flow")]);
    seeded.seed = 12_345;
    cases.push(("seeded".to_owned(), seeded));
    cases
}

#[test]
#[ignore = "needs Python 3 with NumPy: cargo xtask test --only python"]
fn scripts_agree_with_the_engine() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("scripts");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for scripts");
    let mut expected = Vec::new();
    for (name, experiment) in cases() {
        for run in 0..experiment.runs.len() {
            let script = python::script(&experiment, run, "a link \"\"\" of any kind\\").expect("valid");
            let name = format!("{name}.{run}");
            fs::write(folder.join(format!("{name}.py")), script).expect("written");
            let mut descent = Descent::new(&experiment, run).expect("valid");
            let rows: Vec<[f64; 3]> = std::iter::from_fn(|| descent.advance())
                .map(|r| [r.loss, r.sharpness, r.step_size.unwrap_or(f64::NAN)])
                .collect();
            expected.push((name, rows, descent.outcome().expect("ended").name()));
        }
    }
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python)
        .args(["-c", DRIVER, folder.to_str().expect("UTF-8")])
        .env("MPLBACKEND", "Agg")
        .stderr(Stdio::inherit())
        .output()
        .expect("Python starts");
    assert!(
        output.status.success(),
        "a script failed: {}",
        String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or("")
    );
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let mut complaints = Vec::new();
    for (name, rows, ending) in expected {
        let section =
            text.split(&format!("== {name}\n")).nth(1).expect(&name).split("\n== ").next().expect("a section");
        let found: Vec<Vec<f64>> = section
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
            .map(|line| line.split(' ').skip(1).map(|number| number.parse().expect("a number")).collect())
            .collect();
        if !section.contains(&format!("# {}", if ending == "budget" { "all steps" } else { ending })) {
            complaints.push(format!(
                "{name}: the engine {ending}, the script: {}",
                section.lines().filter(|l| l.starts_with('#')).collect::<String>()
            ));
        }
        if found.len() != rows.len() {
            complaints.push(format!("{name}: {} rows instead of {}", found.len(), rows.len()));
        }
        let tolerance = if name.contains("exact-line-search") { TOLERANCE_OF_A_MINIMUM } else { TOLERANCE };
        for (step, (found, row)) in found.iter().zip(&rows).enumerate() {
            let differs = found.iter().zip(row).any(|(found, row)| !agrees(*found, *row, tolerance));
            if differs {
                complaints.push(format!("{name} at step {step}: {found:?} instead of {row:?}"));
                break;
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn agrees(found: f64, expected: f64, tolerance: f64) -> bool {
    found == expected
        || (found.is_nan() && expected.is_nan())
        // Near a minimum of value 0 the loss is a rounding, in both.
        || (found - expected).abs() <= tolerance * expected.abs().max(1e-12)
}
