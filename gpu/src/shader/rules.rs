//! How each rule chooses η, as statements of a shader. They are those of
//! `atlas/src/cohort/steps.rs` and `search.rs`, line by line.

use flatland_atlas::rule::{BB_MIN, ETA_MAX, ETA_MIN, Growth, Kind, MAX_ARMIJO_TRIALS, MAX_TRIALS, Search};

use super::program::literal;

/// Trials in all searches of one step, so that a step always ends soon; the engine has no such
/// limit.
const ALL_TRIALS: u32 = 4_000;

/// Numbers that a rule carries from step to step besides the step before, with what they begin
/// with.
pub fn memory(kind: Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::Cdat => &[("numerator", "0.0f"), ("denominator", "0.0f")],
        Kind::BarzilaiBorwein { .. } => &[("eta", "0.0f")],
        Kind::Adgd { is_second: true } => &[("eta", "0.0f"), ("theta", "0.33333333f")],
        Kind::Adgd { is_second: false } => &[("eta", "0.0f"), ("theta", "0.0f")],
        Kind::Search(_) => &[("eta", "own.s2"), ("weight", "0.0f"), ("mean", "0.0f")],
        _ => &[],
    }
}

/// Whether a rule looks at the iterate and the gradient before.
pub fn looks_back(kind: Kind) -> bool {
    matches!(kind, Kind::BarzilaiBorwein { .. } | Kind::Adgd { .. })
}

/// The statements that put the step's size into `eta`.
pub fn choose(kind: Kind) -> String {
    let secant = "let s = (*run).x - (*run).previous_x;
        let y = at.g - (*run).previous_g;
        let ss = inner(s, s);";
    match kind {
        Kind::Constant => "    eta = own.s0;\n".to_owned(),
        Kind::Clipped => "    eta = min(own.s0, own.s0 * own.s1 / sqrt(square));\n".to_owned(),
        Kind::Normalized => "    eta = own.s0 / sqrt(square);\n".to_owned(),
        Kind::Sharpness => "    eta = own.s0 / abs(sharpness(at));\n".to_owned(),
        Kind::Polyak => "    eta = (at.f - own.s0) / square;\n".to_owned(),
        Kind::Cdat => "    (*run).numerator = own.s1 * (*run).numerator + (1.0f - own.s1) * square;
    (*run).denominator = own.s1 * (*run).denominator + (1.0f - own.s1) * abs(inner(at.g, times(at, at.g)));
    eta = own.s0 * (*run).numerator / (*run).denominator;\n"
            .to_owned(),
        Kind::BarzilaiBorwein { is_long } => {
            let size = if is_long { "ss / sy" } else { "sy / inner(y, y)" };
            format!(
                "    eta = own.s0;
    if (step > 0u) {{
        {secant}
        let sy = inner(s, y);
        eta = own.s1;
        if (sy > 0.0f) {{
            eta = {size};
        }}
        eta = min(max(eta, {}), own.s1);
    }}\n",
                literal(BB_MIN)
            )
        }
        Kind::Adgd { is_second } => {
            let size = if is_second {
                "eta = sqrt(0.66666667f + (*run).theta) * (*run).eta;
        if (ss > 0.0f) {
            let excess = 2.0f * (*run).eta * (*run).eta * (yy / ss) - 1.0f;
            if (excess > 0.0f) {
                eta = min(eta, (*run).eta / sqrt(excess));
            }
        }"
            } else {
                "eta = sqrt(1.0f + (*run).theta) * (*run).eta;
        if (yy > 0.0f) {
            eta = min(eta, sqrt(0.5f * (ss / yy)));
        }"
            };
            format!(
                "    eta = own.s0;
    if (step > 0u) {{
        {secant}
        let yy = inner(y, y);
        {size}
        (*run).theta = eta / (*run).eta;
    }}\n"
            )
        }
        Kind::Armijo => format!(
            "    eta = nan();
    var trial = own.s0;
    for (var trials = 0u; trials < {MAX_ARMIJO_TRIALS}u; trials++) {{
        let there = loss((*run).x - trial * at.g, own.q);
        if (is_finite(there) && there <= at.f - trial * (own.s1 * square)) {{
            eta = trial;
            break;
        }}
        trial *= own.s2;
    }}\n"
        ),
        Kind::Search(search) => search_text(search),
    }
}

fn search_text(search: Search) -> String {
    let Search { starts_from_polyak, growth, stops_at_eta_min } = search;
    let (least, most) = (literal(ETA_MIN), literal(ETA_MAX));
    let first = if starts_from_polyak { "(at.f - own.s6) / (own.s5 * square + 1e-8f)" } else { "(*run).eta" };
    let is_capped = matches!(growth, Growth::OnceBelow | Growth::UpTo);
    let cap = if is_capped { "\n    first = min(first, own.s4);" } else { "" };
    // Each leaves a larger trial in `trial`, or ends the search.
    let larger = match growth {
        Growth::Never => "break;",
        Growth::Doubling => "trial = 2.0f * held;",
        Growth::Unbounded => "trial = held / own.s0;",
        Growth::OnceBelow => {
            "if (!(held == first && held / own.s0 < own.s4)) {
                break;
            }
            trial = held / own.s0;"
        }
        Growth::UpTo => {
            "if (!(held < own.s4)) {
                break;
            }
            trial = min(held / own.s0, own.s4);"
        }
    };
    // From the cap a cut would not lead back to the step that holds.
    let kept = if growth == Growth::UpTo {
        "if (has_held) {
                break;
            }
            "
    } else {
        ""
    };
    let floor = if stops_at_eta_min { format!(" || trial < {least}") } else { String::new() };
    format!(
        "    let old = own.s3 * (*run).weight;
    (*run).weight = old + 1.0f;
    (*run).mean = (old * (*run).mean + at.f) / (*run).weight;
    let bar = max((*run).mean, at.f);
    var first = clamp({first}, {least}, {most});{cap}
    var trial = first;
    var held = {least};
    var has_held = false;
    var trials = 0u;
    var cuts = 0u;
    for (var all = 0u; all < {ALL_TRIALS}u; all++) {{
        let there = loss((*run).x - trial * at.g, own.q);
        if (is_finite(trial) && is_finite(there) && there <= bar - trial * (own.s1 * square)) {{
            held = trial;
            has_held = true;
            trials = 0u;
            if (cuts > 0u) {{
                break;
            }}
            {larger}
        }} else {{
            {kept}trials++;
            cuts++;
            trial *= own.s0;
            if (trials >= {MAX_TRIALS}u{floor}) {{
                break;
            }}
        }}
    }}
    eta = held;\n"
    )
}
