//! The same bits everywhere: this file runs on the host and in a browser against the same constants.
//!
//! A constant changes only with the meaning of an experiment, and then all links that were ever shared change with it.
#![allow(missing_docs)]

mod common;

use common::{Trace, constant, experiment};
use flatland_engine::experiment::Spec;
use flatland_engine::{Outcome, objective, policy};
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
    assert_eq!(trace.outcome, Outcome::Budget { step: 10_000 });
    let mut hash = Hash::new();
    hash.trace(&trace);
    assert_eq!(hash.0, 0xb04a_836a_e125_c578, "{:#018x}", hash.0);
}

/// The objectives that the constants of the policies are about.
const FIRST_OBJECTIVES: [&str; 10] = [
    "quadratic",
    "power",
    "double-well",
    "scalar-factorization",
    "product",
    "minimalist",
    "river",
    "rosenbrock",
    "himmelblau",
    "flatland-toy",
];

/// 300 steps of one on the other, with their defaults.
fn pair(objective: &str, policy: &str) -> Trace {
    Trace::of(&experiment(Spec::new(objective), &[], Spec::new(policy), 300))
}

/// For each policy, on the first objectives.
#[test]
fn every_policy_has_the_same_bits_everywhere() {
    let expected = [
        ("constant", 0xf2ef_a855_9ca9_e8ff),
        ("nonmonotone-line-search", 0xade9_ebd4_ad61_9342),
        ("capped-nonmonotone-line-search", 0xc2d5_f9a3_a0d2_69a4),
        ("polyak-nonmonotone-line-search", 0x4de3_bef7_3a37_8b97),
        ("line-search", 0x2b0f_72f5_9dde_a46e),
        ("armijo", 0xd2d7_fa11_43ec_394f),
        ("polyak", 0x567c_a7c4_d55e_3cff),
        ("sharpness", 0xcdd9_2739_5326_0bae),
        ("cdat", 0x535d_059b_bea9_bdf8),
        ("barzilai-borwein", 0x2e8a_c9fd_9667_7f8c),
        ("adgd", 0x0347_e95a_8f73_3a01),
        ("normalized", 0xcddb_8144_bba2_c4e8),
        ("clipped", 0x789a_3776_cd42_04b5),
    ];
    let found: Vec<_> = policy::catalogue()
        .iter()
        .map(|policy| {
            let mut hash = Hash::new();
            for objective in FIRST_OBJECTIVES {
                hash.trace(&pair(objective, policy.description.name));
            }
            (policy.description.name, hash.0)
        })
        .collect();
    assert_eq!(found, expected, "{found:#018x?}");
}

/// For each later objective, with all policies.
#[test]
fn every_later_objective_has_the_same_bits_everywhere() {
    let expected = [
        ("cosh", 0xc290_6bbc_194d_f25f),
        ("exp-minus-linear", 0x600a_0751_c6f1_1548),
        ("log-cosh", 0x441c_d6f3_9627_e0a9),
        ("soft-factorization", 0x4651_287e_b09e_eea6),
        ("matrix-factorization", 0xc79f_8097_ec28_dc21),
        ("phase-retrieval", 0xb436_87e9_5d12_eba2),
        ("logistic", 0xdf74_b742_011a_f0fe),
    ];
    let later = objective::catalogue().iter().map(|entry| entry.description.name);
    let later = later.filter(|name| !FIRST_OBJECTIVES.contains(name));
    let found: Vec<_> = later
        .map(|objective| {
            let mut hash = Hash::new();
            for policy in policy::catalogue() {
                hash.trace(&pair(objective, policy.description.name));
            }
            (objective, hash.0)
        })
        .collect();
    assert_eq!(found, expected, "{found:#018x?}");
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
