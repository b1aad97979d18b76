//! The scripts against the engine: every policy, every objective, formulas and their kinks, changes
//! in mid-run, ends of runs; networks in a module of their own. All scripts of a test run in one
//! Python.
//!
//! Needs Python 3 with NumPy (`PYTHON` names another than `python3`), so it is left out unless
//! asked for: `cargo xtask test --only python`.
#![allow(missing_docs)]

mod networks;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use flatland_engine::{
    Descent, Experiment,
    descent::{Outcome, Stall},
    experiment::{Change, RunSpec, Spec},
    objective, policy,
};
use flatland_export::python;
use nalgebra::{DMatrix, DVector};

/// Enough for every policy to show its rule, and few enough that rounding, which grows at the edge
/// of stability, stays small.
const STEPS: u64 = 16;

/// Rounding of two libraries' elementary functions, about 10⁻¹⁶ a step, times its growth over the
/// steps and the cancellation in the losses and differences of gradients that some policies divide
/// by.
const TOLERANCE: f64 = 1e-7;

/// The exact line search ends where the loss cannot tell steps apart, which is at the root of a
/// rounding, times the growth.
const TOLERANCE_OF_A_MINIMUM: f64 = 1e-2;

/// Runs every script in the folder given and prints its output after its name, then the derivatives
/// at the start.
const DRIVER: &str = r#"
import pathlib, runpy, sys
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    print("==", path.stem)
    script = runpy.run_path(str(path), run_name="__main__")
    objective, start = script["objective"], script["START"]
    print("derivatives", *objective.gradient(start), *objective.hessian(start).flatten())
"#;

/// Formulas at points where a part has no derivative, or is no number: true derivatives, means at
/// ties, one-sided domains, and what does not exist. The engine's own tests hold most of these
/// against closed forms.
const SINGULAR: &[(&str, &[f64])] = &[
    ("f(x, y) = abs(x - 1)^2 + 3*y^2", &[1.0, 0.0]),
    ("f(x, y) = abs(x - 1)^2 + y^2/2", &[1.0, 2.0]),
    ("abs(x^2)", &[0.0]),
    ("abs(sin(x))^2", &[0.0]),
    ("abs(x)*abs(x)", &[0.0]),
    ("max(x, 0)^2 + min(x, 0)^2", &[0.0]),
    ("max(x, 0) + min(x, 0) + x^2", &[0.0]),
    ("max(x^2, -x^2)", &[0.0]),
    ("max(x, -x)^2", &[0.0]),
    ("relu(x)^2 + relu(-x)^2", &[0.0]),
    ("f(x, y) = (3*sqrt(x^2 + y^2))^2", &[0.0, 0.0]),
    ("f(x, y) = sqrt((x - 1)^4) + y^2", &[1.0, 2.0]),
    ("sqrt(x^6)", &[0.0]),
    ("(x^4)^0.75", &[0.0]),
    ("abs(x)^3", &[0.0]),
    ("abs(x)^2.5 + x^2", &[0.0]),
    ("(x - 1)^y + (y - 3)^2", &[1.0, 3.0]),
    ("(x - 1)^y + (y - 3)^2", &[1.0, 3.5]),
    ("f(x, y) = sqrt(x^2 + y^2)*sqrt(x^2 + y^2)*(1 + x)", &[0.0, 0.0]),
    ("cosh(abs(x)) + cos(abs(3*x))", &[0.0]),
    ("f(x, y) = abs(x*y)*x*y + x^2", &[0.0, 0.0]),
    ("exp(-1/x^2) + x^2", &[0.0]),
    ("abs(x)^y + y", &[1.0, 2.0]),
    ("sign(x)*x^3 + 2*x", &[0.0]),
    ("sqrt(x^2)^3 + sqrt(x^4)", &[0.0]),
    ("f(x, y, z) = sqrt(x^2 + y^2 + z^2)^2 + z", &[0.0, 0.0, 0.0]),
    ("f(x, y) = relu(x + y)^2 + relu(-x - y)^2", &[1.0, -1.0]),
    ("logcosh(sqrt(x^2))", &[0.0]),
    ("f(x, y) = max(x^2 + y^2, x^2 + y^2 - x^4)", &[0.0, 0.0]),
    ("x^4*log(abs(x) + 1)", &[0.0]),
    ("sinh(abs(x))^2 + tan(abs(x))*abs(x) + tanh(abs(x))*x", &[0.0]),
    ("softplus(abs(x)) - x/2 + sigmoid(abs(x)^3)", &[0.0]),
    ("f(x, y) = exp(-1/(x^2 + y^2)) + tanh(x^2/abs(x - 1))", &[0.0, 0.0]),
    // No gradient, or no Hessian.
    ("abs(x)^1.5", &[0.0]),
    ("x^1.5", &[0.0]),
    ("f(x, y) = sqrt(x^2 + y^2)", &[0.0, 0.0]),
    ("f(x, y) = sqrt((x - 1)^2) + (y - 2)^2 - 3*x", &[1.0, 2.0]),
    ("f(x, y) = sqrt((x - 1)^2) + (y - 2)^2", &[1.0, 5.0]),
    ("f(x, y) = abs(x)^2 + sqrt(y)", &[0.0, 0.0]),
    ("f(x, y) = x^y", &[-2.0, 3.0]),
    ("f(x, y) = (x^2*y^4)^0.25", &[0.0, 0.0]),
    ("f(x, y) = (x^2 + y^2)^1.5 + abs(x)", &[0.0, 0.0]),
    ("f(x, y) = abs(x) + sqrt(abs(y))", &[0.0, 0.0]),
    ("sign(x) + x^2", &[0.0]),
    // Ties.
    ("relu(x) + (x - 1)^2", &[0.0]),
    ("max(0, x) + (x - 1)^2", &[0.0]),
    ("max(x, 0) + (x - 1)^2", &[0.0]),
    ("(x + abs(x))/2 + (x - 1)^2", &[0.0]),
    ("-min(0, -x) + (x - 1)^2", &[0.0]),
    ("x*(1 + sign(x))/2 + (x - 1)^2", &[0.0]),
    ("abs(x)", &[0.0]),
    ("max(x, -x)", &[0.0]),
    ("relu(x) + relu(-x)", &[0.0]),
    ("x*sign(x)", &[0.0]),
    ("relu(x)^2", &[0.0]),
    ("max(0, x)*x", &[0.0]),
    ("exp(abs(x)) + abs(x)", &[0.0]),
    ("f(x, y) = max(abs(x), abs(y)) + x*y", &[0.0, 0.0]),
    ("f(x, y) = max(x^2, y)", &[1.0, 1.0]),
    ("f(x, y, z) = max(x, max(y, z)) + x*y*z", &[1.0, 1.0, 1.0]),
    // Outside of the domain.
    ("x - log(2 + x)", &[-5.67]),
    ("f(x, y) = sqrt(x) + (y - 1)^2", &[-1.0, 1.0]),
    ("f(x, y) = y*log(x)", &[-1.0, 0.0]),
    ("log(cosh(x))", &[712.0]),
    ("log(1 + exp(x))", &[1000.0]),
    ("log(x^2)", &[0.0]),
    ("f(x, y) = y^2 + 1/x", &[0.0, 1.0]),
    ("relu(log(x))", &[-1.0]),
    // Parts that are infinite, or constant, where f is neither.
    ("1/(1 + exp(x))", &[1000.0]),
    ("f(x, y) = exp(-exp(x)) + y^2", &[800.0, 1.0]),
    ("x/cosh(x)", &[800.0]),
    ("f(x, y) = y - exp(-1/max(0, 1 - x^2 - y^2))", &[2.0, 1.0]),
    ("f(x, y) = y - exp(-1/relu(1 - x^2 - y^2))", &[2.0, 1.0]),
    ("f(x, y) = relu(x)^1.5 + 2^sign(x) + y", &[-1.0, 3.0]),
];

/// Runs of formulas whose ends have reasons: the formula, the start, the policies and the number of
/// steps.
const ENDS: &[(&str, &[f64], &[&str], u64)] = &[
    (
        "f(x, y) = x^2 + y^2 - 2",
        &[0.5, 0.5],
        &["polyak", "sps-max", "sqrt-loss", "gd-polyak", "polyak-nonmonotone-line-search", "ponos"],
        100,
    ),
    ("f(x, y) = x^2 + y^2 - 2", &[2.0, 2.0], &["polyak"], 100),
    ("x", &[1.0], &["cdat", "sharpness", "silver", "long-steps", "line-search", "nonmonotone-line-search"], 100),
    ("x", &[1.0], &["wolfe", "goldstein", "exact-line-search"], 100),
    ("x + abs(x)^1.5", &[0.0], &["sharpness", "silver", "cdat"], 100),
    ("-x^4", &[2.0], &["adgd", "constant"], 5000),
    ("-exp(x)", &[1.0], &["constant"], 5000),
    ("x - log(2 + x)", &[-1.9], &["constant", "normalized"], 100),
    ("max(x, -2*x)", &[0.0], &["armijo"], 100),
];

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
    let typed = |formula: &str, start: &[f64], policies: &[&str], steps| {
        let runs = policies.iter().map(|name| RunSpec::new(Spec::new(name))).collect();
        let mut experiment = Experiment::new(Spec::new("formula").with("expression", formula), runs);
        (experiment.start, experiment.steps) = (start.to_vec(), steps);
        experiment.complete_and_check().expect("valid")
    };
    for (index, (formula, start)) in SINGULAR.iter().enumerate() {
        cases.push((format!("singular-{index:02}"), typed(formula, start, &["constant"], STEPS)));
    }
    for (index, (formula, start, policies, steps)) in ENDS.iter().enumerate() {
        cases.push((format!("end-{index}"), typed(formula, start, policies, *steps)));
    }
    cases
}

/// What a script must print.
struct Expected {
    name: String,

    /// f, λ₁ and η at each step.
    rows: Vec<[f64; 3]>,

    /// The first words of the line on how the run ended.
    end: String,

    /// ∇f and ∇²f at the start.
    derivatives: Vec<f64>,
}

impl Expected {
    /// What the engine has for the run.
    fn of(name: String, experiment: &Experiment, run: usize) -> Self {
        let descent = Descent::new(experiment, run).expect("valid");
        let x = DVector::from_column_slice(descent.iterate());
        let (mut gradient, mut hessian) = (DVector::zeros(x.len()), DMatrix::zeros(x.len(), x.len()));
        descent.objective().measure(&x, &mut gradient, None);
        descent.objective().hessian(&x, &mut hessian);
        Self::along(name, descent, gradient.iter().chain(hessian.iter()).copied().collect())
    }

    /// What a run has that has these derivatives at the start.
    fn along(name: String, mut descent: Descent, derivatives: Vec<f64>) -> Self {
        let rows = std::iter::from_fn(|| descent.advance())
            .map(|r| [r.loss, r.sharpness, r.step_size.unwrap_or(f64::NAN)])
            .collect();
        let outcome = descent.outcome().expect("ended");
        let end = match outcome {
            Outcome::Budget { .. } => "all steps".to_owned(),
            // Scripts print ASCII only.
            Outcome::Stalled { why: Stall::Policy(why), .. } => {
                format!("stalled: {why}").replace("gᵀHg", "g H g").replace("λ₁", "the sharpness")
            }
            _ => outcome.name().to_owned(),
        };
        Self { name, rows, end, derivatives }
    }

    /// What the script printed, from the output of all.
    fn section<'a>(&self, text: &'a str) -> &'a str {
        let after = text.split(&format!("== {}\n", self.name)).nth(1).expect(&self.name);
        after.split("\n== ").next().expect("a section")
    }

    /// Where the script's output differs from it.
    fn complaints(&self, section: &str) -> Vec<String> {
        let Self { name, rows, end, derivatives } = self;
        let mut complaints = Vec::new();
        let found: Vec<Vec<f64>> =
            section.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).map(numbers).collect();
        if !section.contains(&format!("# {end}")) {
            complaints.push(format!(
                "{name}: the engine {end}, the script: {}",
                section.lines().filter(|l| l.starts_with('#')).collect::<String>()
            ));
        }
        if found.len() != rows.len() {
            complaints.push(format!("{name}: {} rows instead of {}", found.len(), rows.len()));
        }
        let tolerance = if name.contains("exact-line-search") { TOLERANCE_OF_A_MINIMUM } else { TOLERANCE };
        for (step, (found, row)) in found.iter().zip(rows).enumerate() {
            let differs = found.iter().zip(row).any(|(found, row)| !agrees(*found, *row, tolerance));
            if differs {
                complaints.push(format!("{name} at step {step}: {found:?} instead of {row:?}"));
                break;
            }
        }
        let found = named(section, "derivatives");
        // Rounding of two ways to differentiate; what cancels in one entry is of the size of the
        // others.
        let scale = derivatives.iter().filter(|entry| entry.is_finite()).fold(1.0_f64, |scale, d| scale.max(d.abs()));
        let is_same =
            |(found, entry): (&f64, &f64)| agrees(*found, *entry, 0.0) || (found - entry).abs() <= 1e-12 * scale;
        if found.len() != derivatives.len() || !found.iter().zip(derivatives).all(is_same) {
            complaints.push(format!("{name}: derivatives {found:?} instead of {derivatives:?}"));
        }
        complaints
    }
}

/// The numbers of the line that begins with this word.
fn named(section: &str, word: &str) -> Vec<f64> {
    numbers(section.lines().find(|line| line.split(' ').next() == Some(word)).expect(word))
}

/// The numbers of a line, without its first word.
fn numbers(line: &str) -> Vec<f64> {
    line.split(' ').skip(1).map(|number| number.parse().expect("a number")).collect()
}

/// The output of all scripts, each a name and a text, run by `driver`: a program of Python that
/// gets the folder they lie in, and `arguments`.
fn output(folder: &str, driver: &str, scripts: &[(String, String)], arguments: &[&Path]) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(folder);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for scripts");
    for (name, script) in scripts {
        fs::write(folder.join(format!("{name}.py")), script).expect("written");
    }
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python)
        .args(["-c", driver])
        .arg(&folder)
        .args(arguments)
        .env("MPLBACKEND", "Agg")
        // Matrices are small, and threads that wait for each other take 20 times as long on a busy
        // machine.
        .env("OPENBLAS_NUM_THREADS", "1")
        .stderr(Stdio::inherit())
        .output()
        .expect("Python starts");
    assert!(
        output.status.success(),
        "a script failed: {}",
        String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or("")
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
#[ignore = "needs Python 3 with NumPy: cargo xtask test --only python"]
fn scripts_agree_with_the_engine() {
    let (mut scripts, mut expected) = (Vec::new(), Vec::new());
    for (name, experiment) in cases() {
        for run in 0..experiment.runs.len() {
            let script = python::script(&experiment, run, "a link \"\"\" of any kind\\").expect("valid");
            let name = format!("{name}.{run}");
            scripts.push((name.clone(), script));
            expected.push(Expected::of(name, &experiment, run));
        }
    }
    let text = output("scripts", DRIVER, &scripts, &[]);
    let complaints: Vec<String> =
        expected.iter().flat_map(|expected| expected.complaints(expected.section(&text))).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn agrees(found: f64, expected: f64, tolerance: f64) -> bool {
    found == expected
        || (found.is_nan() && expected.is_nan())
        // Near a minimum of value 0 the loss is a rounding, in both.
        || (found - expected).abs() <= tolerance * expected.abs().max(1e-12)
}
