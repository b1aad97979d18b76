//! The same bits everywhere: this file runs on the host and in a browser against the same
//! constants.
//!
//! A constant changes only with the meaning of an experiment, and then all links that were ever
//! shared change with it.
#![allow(missing_docs)]

mod common;

use common::{Trace, constant, experiment};
use flatland_engine::ensemble::Ensemble;
use flatland_engine::experiment::{EnsembleSpec, Spec};
use flatland_engine::{Experiment, Outcome, objective, policy};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The hash FNV-1a with 64 bits.
struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn integer(&mut self, value: u64) {
        for byte in value.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// All NaNs are one: WebAssembly leaves their bits open.
    fn number(&mut self, value: f64) {
        self.integer(if value.is_nan() { u64::MAX } else { value.to_bits() });
    }

    fn optional(&mut self, value: Option<f64>) {
        self.number(value.unwrap_or(f64::NAN));
    }

    /// Every bit of every record and iterate.
    fn trace(&mut self, trace: &Trace) {
        for (record, iterate) in trace.records.iter().zip(&trace.iterates) {
            self.integer(record.step);
            self.number(record.loss);
            self.number(record.gradient_norm);
            self.number(record.sharpness);
            self.optional(record.step_size);
            self.optional(record.reference);
            self.integer(u64::from(record.trials));
            self.integer(record.evaluations.function);
            self.integer(record.evaluations.gradient);
            self.integer(record.evaluations.hvp);
            iterate.iter().for_each(|&x| self.number(x));
        }
    }
}

/// Chaotic but bounded: a single different bit would grow by the factor 3 every two steps or so.
#[test]
fn a_chaotic_double_well_has_the_same_bits_everywhere() {
    let trace = Trace::new("double-well", &[0.3], constant(1.7), 10_000);
    assert_eq!(trace.outcome, Outcome::Budget { step: 10_000, calls: None });
    let mut hash = Hash::new();
    hash.trace(&trace);
    assert_eq!(hash.0, 0xb04a_836a_e125_c578, "{:#018x}", hash.0);
}

/// A line for each objective and policy, `objective policy hash`, of 1 000 steps with their
/// defaults.
const PAIRS: &str = include_str!("determinism.txt");

fn hashes_of_all_pairs() -> String {
    let mut lines = String::new();
    for objective in objective::catalogue() {
        for policy in policy::catalogue() {
            let (objective, policy) = (objective.description.name, policy.description.name);
            let mut hash = Hash::new();
            hash.trace(&Trace::of(&experiment(Spec::new(objective), &[], Spec::new(policy), 1000)));
            lines += &format!("{objective} {policy} {:016x}\n", hash.0);
        }
    }
    lines
}

#[test]
fn every_policy_on_every_objective_has_the_same_bits_everywhere() {
    assert_same_lines(&hashes_of_all_pairs(), PAIRS, "determinism.txt");
}

#[track_caller]
fn assert_same_lines(found: &str, expected: &str, file: &str) {
    let differences: Vec<_> = found.lines().filter(|line| !expected.lines().any(|known| known == *line)).collect();
    assert!(differences.is_empty(), "not in {file}: {differences:#?}");
    assert_eq!(found.lines().count(), expected.lines().count(), "{file} has lines for what is no more");
}

mod networks {
    use flatland_engine::Descent;
    use flatland_engine::column::Column;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// A line for each network and policy, `number policy hash`, of a few dozen steps.
    const LINES: &str = include_str!("determinism-networks.txt");

    /// Every activation, loss, initialization and depth, with and without biases; some with the
    /// dense Hessian, some of more than 64 parameters, whose eigenvalues are tracked.
    fn networks() -> Vec<Spec> {
        // In Wasm they are not there until somebody asks for them.
        objective::install_networks();
        let network = |data: Spec, hidden: &[f64], activation: &str, loss: &str| {
            let network = Spec::new("network").with("data", data).with("hidden", hidden.to_vec());
            network.with("activation", activation).with("loss", loss)
        };
        let points = |name: &str| Spec::new(name).with("samples", 20.0);
        let (normal, pytorch, xavier) = (Spec::new("normal"), Spec::new("pytorch"), Spec::new("xavier"));
        vec![
            network(Spec::new("chebyshev"), &[12.0, 8.0], "tanh", "half-mean-squared-error")
                .with("initialization", normal),
            network(points("moons"), &[8.0, 6.0], "relu", "mean-squared-error")
                .with("initialization", pytorch.with("scale", 2.0)),
            network(points("moons"), &[5.0], "gelu", "cross-entropy"),
            network(points("circles"), &[4.0, 3.0, 3.0], "softplus", "mean-squared-error")
                .with("initialization", xavier)
                .with("bias", false),
            network(points("spirals"), &[5.0, 5.0, 5.0, 4.0], "tanh", "cross-entropy"),
            network(points("moons"), &[], "linear", "half-mean-squared-error").with("bias", false),
        ]
    }

    pub fn hashes() -> String {
        let mut lines = String::new();
        for (number, network) in networks().into_iter().enumerate() {
            for policy in policy::catalogue() {
                let policy = policy.description.name;
                let experiment = Experiment { seed: 5, ..experiment(network.clone(), &[], Spec::new(policy), 24) };
                let mut hash = Hash::new();
                hash.trace(&Trace::of(&experiment));
                lines += &format!("{number} {policy} {:016x}\n", hash.0);
            }
            // What columns ask for beyond the steps.
            let experiment = experiment(network, &[], constant(0.1), 24);
            let mut descent =
                Descent::new(&Experiment { columns: Column::ALL.to_vec(), ..experiment }, 0).expect("valid");
            let mut hash = Hash::new();
            while descent.go_on() {
                descent.columns().iter().for_each(|&value| hash.number(value));
            }
            lines += &format!("{number} columns {:016x}\n", hash.0);
        }
        lines
    }

    #[test]
    fn every_policy_has_the_same_bits_everywhere() {
        assert_same_lines(&hashes(), LINES, "determinism-networks.txt");
    }
}

/// After a new objective or policy, or a change that is meant: `cargo test -p flatland-engine
/// --test determinism -- --ignored`.
#[cfg(not(target_arch = "wasm32"))]
#[test]
#[ignore = "writes the constants that the other tests compare with"]
fn write_the_hashes() {
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"));
    std::fs::write(folder.join("determinism.txt"), hashes_of_all_pairs()).expect("written");
    std::fs::write(folder.join("determinism-networks.txt"), networks::hashes()).expect("written");
}

/// |x|^p and the river lean on transcendental functions, which hosts are free to round differently.
#[test]
fn transcendental_objectives_have_the_same_bits_everywhere() {
    let mut hash = Hash::new();
    for p in [1.2, 1.5, 2.5, 3.7] {
        let power = Spec::new("power").with("p", p);
        hash.trace(&Trace::of(&experiment(power, &[1.0, -0.3, 0.01], constant(0.3), 1000)));
    }
    hash.trace(&Trace::new("river", &[1e-3, 1.0], constant(0.5), 5000));
    assert_eq!(hash.0, 0xc9f1_5692_1d2c_e80e, "{:#018x}", hash.0);
}

/// Starts are drawn by a logarithm and a cosine, and quartiles sorted and interpolated.
#[test]
fn an_ensemble_has_the_same_bits_everywhere() {
    let ensemble = Some(EnsembleSpec { size: 16, spread: 0.05 });
    let river = experiment(Spec::new("river"), &[1e-3, 1.0], constant(0.5), 500);
    let mut ensemble = Ensemble::new(&Experiment { ensemble, seed: 7, ..river }, 0).expect("a valid experiment");
    let mut hash = Hash::new();
    while ensemble.advance() {
        ensemble.quartiles().iter().for_each(|q| [q.lower, q.median, q.upper].iter().for_each(|&x| hash.number(x)));
        ensemble.iterates().flatten().for_each(|&x| hash.number(x));
    }
    assert_eq!(hash.0, 0xe8bf_eeec_cbdc_60cc, "{:#018x}", hash.0);
}

/// Hosts differ in the last bits of these, so that the engine takes them from `libm`. Square roots
/// are exact everywhere.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn no_function_of_the_host_is_used() {
    const METHODS: [&str; 18] = [
        "acos", "asin", "atan", "atan2", "cbrt", "cos", "cosh", "exp", "exp_m1", "hypot", "ln", "ln_1p", "log10",
        "mul_add", "powf", "powi", "sin", "tanh",
    ];
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let text = std::fs::read_to_string(&path).expect("a source");
            // Tests may be as inexact as their tolerances.
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for method in METHODS {
                assert!(!code.contains(&format!(".{method}(")), "{}: {method}", path.display());
            }
        }
    }
    assert!(files > 50, "{files} files");
}
