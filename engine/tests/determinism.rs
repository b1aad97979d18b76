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
        ("nls-no-tune", 0x2604_351a_93ac_1d4a),
        ("ponos", 0xc023_f4e0_766e_1947),
        ("grippo-lampariello-lucidi", 0x5c0c_297f_d5fd_a3c9),
        ("zhang-hager", 0xed65_cb9e_b478_059b),
        ("armijo", 0xd2d7_fa11_43ec_394f),
        ("goldstein", 0x2375_e131_7b99_fa55),
        ("wolfe", 0xdd77_fab5_0b13_3aed),
        ("exact-line-search", 0x5ee3_a058_1fcc_a461),
        ("polyak", 0x567c_a7c4_d55e_3cff),
        ("sps-max", 0x89c2_ef2f_2666_a48e),
        ("gd-polyak", 0x8643_f288_7998_5fc6),
        ("sharpness", 0xcdd9_2739_5326_0bae),
        ("cdat", 0x535d_059b_bea9_bdf8),
        ("barzilai-borwein", 0x2e8a_c9fd_9667_7f8c),
        ("global-barzilai-borwein", 0x5357_d800_d6a8_0681),
        ("adgd", 0x0347_e95a_8f73_3a01),
        ("adgd-2019", 0x766d_721e_03a5_6d28),
        ("strongly-adapted", 0x267e_cf59_5746_6963),
        ("normalized", 0xcddb_8144_bba2_c4e8),
        ("clipped", 0x789a_3776_cd42_04b5),
        ("l0-l1", 0xd51e_7ced_0c69_2d52),
        ("sqrt-loss", 0xdc94_aea8_40ff_016e),
        ("adagrad-norm", 0x3b6f_9268_2663_4589),
        ("dog", 0x5383_f1e3_f546_2b22),
        ("decay", 0x66fd_c1d1_4b24_af89),
        ("warmup", 0x7a50_746c_2fe7_5be2),
        ("gd-warmup", 0x0890_7610_c661_ed57),
        ("cyclic", 0xc266_d3da_5ec8_7e47),
        ("silver", 0xe25b_9384_914d_99ab),
        ("long-steps", 0xdcf8_bdfa_978a_fe85),
        ("heavy-ball", 0x3d53_706a_d8e6_7242),
        ("nesterov", 0x09ca_496b_a3fa_5a7b),
        ("sam", 0x79c3_1007_0622_c078),
        ("gradient-flow", 0x7f37_5ea7_b54b_be89),
        ("expression", 0x6dbb_1af7_aff1_d4a9),
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
        ("cosh", 0xab5b_70f6_b7d4_c23b),
        ("exp-minus-linear", 0xada8_a992_590d_9a89),
        ("log-cosh", 0x59dc_b4ae_fb58_a9a1),
        ("soft-factorization", 0x6acc_f6d6_c794_78dd),
        ("matrix-factorization", 0xb02c_ae2f_bec5_8ea7),
        ("phase-retrieval", 0x204d_a7db_10f7_f9be),
        ("logistic", 0x9f52_16a2_e08f_18eb),
        ("formula", 0x21f3_b99d_0001_7cf5),
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
