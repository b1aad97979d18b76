//! The pieces of Python, and which of them an objective or a policy needs.

/// NumPy.
pub const HEAD: &str = include_str!("../../python/head.py");
/// The loop.
pub const DESCENT: &str = include_str!("../../python/descent.py");
/// What the script prints.
pub const TAIL: &str = include_str!("../../python/tail.py");
/// Numbers with gradients and Hessians, for formulas.
pub const TAYLOR: &str = include_str!("../../python/taylor.py");
/// A typed formula.
pub const FORMULA: &str = include_str!("../../python/objectives/formula.py");
/// Series in a distance and its logarithm.
pub const SERIES: &str = include_str!("../../python/series.py");
/// A typed formula of which a part may have no derivative.
pub const EXPANSION: &str = include_str!("../../python/expansion.py");
/// Products of the last displacement and the change of the gradient.
pub const SECANT: &str = include_str!("../../python/policies/secant.py");
/// A rule of one's own.
pub const RULE: &str = include_str!("../../python/policies/rule.py");

/// The generator of random numbers.
pub const RANDOM: &str = include_str!("../../python/random.py");
const SEPARABLE: &str = include_str!("../../python/objectives/separable.py");
const SOFT: &str = include_str!("../../python/objectives/soft.py");
const OF_PRODUCT: &str = include_str!("../../python/objectives/of_product.py");
const LINE_SEARCH: &str = include_str!("../../python/policies/line_search.py");
const BARZILAI_BORWEIN: &str = include_str!("../../python/policies/barzilai_borwein.py");
const SCHEDULE: &str = include_str!("../../python/policies/schedule.py");
const PER_SMOOTHNESS: &str = include_str!("../../python/policies/per_smoothness.py");

/// An objective or a policy in Python.
pub struct Piece {
    entry: &'static str,
    /// The class or function that makes it from its parameters.
    pub name: &'static str,
    /// The pieces it needs, in their order; the last is its own.
    pub texts: &'static [&'static str],
}

/// The objective of this name.
pub fn objective(name: &str) -> Option<&'static Piece> {
    OBJECTIVES.iter().find(|piece| piece.entry == name)
}

/// The policy of this name.
pub fn policy(name: &str) -> Option<&'static Piece> {
    POLICIES.iter().find(|piece| piece.entry == name)
}

macro_rules! piece {
    ($entry:literal, $name:literal, [$($needed:ident),*], $file:literal) => {
        Piece { entry: $entry, name: $name, texts: &[$($needed,)* include_str!(concat!("../../python/", $file, ".py"))] }
    };
}

static OBJECTIVES: &[Piece] = &[
    piece!("quadratic", "Quadratic", [SEPARABLE], "objectives/quadratic"),
    piece!("power", "Power", [SEPARABLE], "objectives/power"),
    piece!("cosh", "Cosh", [SEPARABLE], "objectives/cosh"),
    piece!("exp-minus-linear", "ExpMinusLinear", [SEPARABLE], "objectives/exp_minus_linear"),
    piece!("log-cosh", "LogCosh", [SEPARABLE, SOFT], "objectives/log_cosh"),
    piece!("double-well", "DoubleWell", [SEPARABLE], "objectives/double_well"),
    piece!("scalar-factorization", "ScalarFactorization", [OF_PRODUCT], "objectives/scalar_factorization"),
    piece!("product", "Product", [], "objectives/product"),
    piece!("minimalist", "Minimalist", [OF_PRODUCT], "objectives/minimalist"),
    piece!("soft-factorization", "SoftFactorization", [OF_PRODUCT, SOFT], "objectives/soft_factorization"),
    piece!("river", "River", [OF_PRODUCT, SOFT], "objectives/river"),
    piece!("rosenbrock", "Rosenbrock", [], "objectives/rosenbrock"),
    piece!("himmelblau", "Himmelblau", [], "objectives/himmelblau"),
    piece!("matrix-factorization", "MatrixFactorization", [], "objectives/matrix_factorization"),
    piece!("phase-retrieval", "PhaseRetrieval", [RANDOM], "objectives/phase_retrieval"),
    piece!("logistic", "Logistic", [], "objectives/logistic"),
    piece!("flatland-toy", "FlatlandToy", [], "objectives/flatland_toy"),
];

static POLICIES: &[Piece] = &[
    piece!("constant", "Constant", [], "policies/constant"),
    piece!("nonmonotone-line-search", "nonmonotone", [LINE_SEARCH], "policies/nonmonotone"),
    piece!("capped-nonmonotone-line-search", "capped", [LINE_SEARCH], "policies/capped"),
    piece!("polyak-nonmonotone-line-search", "polyak_search", [LINE_SEARCH], "policies/polyak_search"),
    piece!("line-search", "monotone", [LINE_SEARCH], "policies/monotone"),
    piece!("nls-no-tune", "no_tune", [RANDOM, LINE_SEARCH], "policies/random_trial"),
    piece!("ponos", "ponos", [LINE_SEARCH], "policies/ponos"),
    piece!("grippo-lampariello-lucidi", "grippo_lampariello_lucidi", [LINE_SEARCH], "policies/classical"),
    piece!("zhang-hager", "zhang_hager", [LINE_SEARCH], "policies/classical"),
    piece!("armijo", "Armijo", [], "policies/armijo"),
    piece!("armijo-sls", "Armijo", [], "policies/armijo"),
    piece!("goldstein", "Goldstein", [], "policies/goldstein"),
    piece!("wolfe", "Wolfe", [], "policies/wolfe"),
    piece!("exact-line-search", "ExactLineSearch", [], "policies/exact_line_search"),
    piece!("polyak", "Polyak", [], "policies/polyak"),
    piece!("sps-max", "BoundedPolyak", [], "policies/sps_max"),
    piece!("gd-polyak", "GdPolyak", [], "policies/gd_polyak"),
    piece!("sharpness", "SharpnessOracle", [], "policies/sharpness"),
    piece!("cdat", "Cdat", [], "policies/cdat"),
    piece!("barzilai-borwein", "BarzilaiBorwein", [SECANT], "policies/barzilai_borwein"),
    piece!(
        "global-barzilai-borwein",
        "global_barzilai_borwein",
        [SECANT, BARZILAI_BORWEIN, LINE_SEARCH],
        "policies/global_barzilai_borwein"
    ),
    piece!("adgd", "AdaptiveGradientDescent", [SECANT], "policies/adgd"),
    piece!("adgd-2019", "AdaptiveGradientDescent", [SECANT], "policies/adgd"),
    piece!("strongly-adapted", "StronglyAdapted", [], "policies/strongly_adapted"),
    piece!("normalized", "Normalized", [], "policies/normalized"),
    piece!("clipped", "Clipped", [], "policies/clipped"),
    piece!("l0-l1", "GeneralizedSmoothness", [], "policies/l0_l1"),
    piece!("sqrt-loss", "SqrtLoss", [], "policies/sqrt_loss"),
    piece!("adagrad-norm", "AdaGradNorm", [], "policies/adagrad_norm"),
    piece!("dog", "DistanceOverGradients", [], "policies/dog"),
    piece!("decay", "decay", [SCHEDULE], "policies/decay"),
    piece!("warmup", "warmup", [SCHEDULE], "policies/warmup"),
    piece!("gd-warmup", "gd_warmup", [SCHEDULE], "policies/gd_warmup"),
    piece!("cyclic", "cyclic", [SCHEDULE], "policies/cyclic"),
    piece!("silver", "silver", [SCHEDULE, PER_SMOOTHNESS], "policies/silver"),
    piece!("long-steps", "long_steps", [SCHEDULE, PER_SMOOTHNESS], "policies/long_steps"),
    piece!("heavy-ball", "HeavyBall", [], "policies/heavy_ball"),
    piece!("nesterov", "Nesterov", [], "policies/nesterov"),
    piece!("sam", "SharpnessAware", [], "policies/sam"),
    piece!("gradient-flow", "GradientFlow", [], "policies/gradient_flow"),
    piece!("central-flow", "CentralFlow", [], "policies/central_flow"),
];

#[cfg(test)]
mod tests {
    use flatland_engine::{objective as objectives, policy as policies};

    use super::*;

    #[test]
    fn every_entry_of_the_catalogues_has_its_piece() {
        for entry in objectives::catalogue() {
            let name = entry.description.name;
            assert!(name == "formula" || objective(name).is_some(), "{name} is missing in Python");
        }
        for entry in policies::catalogue() {
            let name = entry.description.name;
            assert!(name == "expression" || policy(name).is_some(), "{name} is missing in Python");
        }
    }
}
