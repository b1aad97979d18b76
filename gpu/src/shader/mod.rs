//! The shader of a map: WGSL, the same for the browser and the host, made from the programs and the
//! rule of a plan.
//!
//! It does what `atlas/src/cohort/` does, a pixel a thread, in single precision, with three entry
//! points that share all functions: `advance` takes steps, `finish` takes the last ones and looks
//! at what the orbit does, `scout` goes on where that decides nothing yet. The state of a pixel is
//! carried between them in a buffer, word by word, so that each can be dispatched in small
//! portions.
//!
//! Single precision needs rules of its own:
//!
//! - A gradient that is no larger than what rounding of x makes of it, ‖g‖ ≤ [`NOISE`]·‖H‖·|x|, is
//!   none: the run has converged, though ‖g‖ may be above the tolerance. A constant step beyond
//!   2/λ₁ would leave even there, and goes on, as normalized ones do.
//! - A run that no step moves any more has converged if its gradient would vanish within [`NEAR`],
//!   and is stalled else.
//! - At the end, an orbit that is [`POINTLIKE`](flatland_atlas::POINTLIKE) around a point where the
//!   gradient would vanish within as much has converged.
//!
//! - Returns are recognized within [`RETURN`]. On a cycle that attracts, rounding mostly repeats
//!   itself, but where a cycle attracts weakly, just below the doubling of its period, it may
//!   repeat itself after two rounds alone.
//!
//! Converged runs take fewer steps than in double precision, by those from the seventh digit on.

mod entries;
mod program;
mod rules;

use std::fmt::Write as _;

use flatland_atlas::rule::Kind;
use flatland_atlas::{Closed, MAX_PERIOD, Measure, Target};

pub use program::literal;

/// The relative error of a gradient at x that rounding x causes, with a few units to spare.
pub const NOISE: f64 = 4.8e-7;

/// How far, relative to |x|, the minimum may be where a run comes to rest.
pub const NEAR: f64 = 1e-4;

/// How near an iterate returns on a cycle: a cycle whose swing shrinks by a factor m a round is
/// moved by rounding of 10⁻⁷ to a cycle of twice as many points 10⁻⁷/(1 − m) apart, which this
/// allows for down to m ≈ 0.97.
pub const RETURN: f64 = 4.0 * flatland_atlas::RETURN;

/// Threads of a workgroup.
pub const GROUP: u32 = 64;

/// Iterates before the last that `finish` computes, to look for cycles.
pub const TAIL: u32 = 2 * MAX_PERIOD as u32;

/// A measure's number, the code and the count stand before the iterate.
pub const HEAD: usize = 3;

/// The code of a run that came to a point where a part of f has no derivative: whether f has one,
/// the engine must tell.
pub const SINGULAR: u32 = 8;

/// Gradients above this are not looked at closely.
const QUIET: f64 = 1e-3;

/// The text of a shader, and what its caller must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shader {
    /// WGSL.
    pub text: String,

    /// Words of a pixel's state: code, count, number, the iterate, and more.
    pub words: usize,

    /// Whether runs that the first look leaves open are followed further, by `scout`.
    pub scouts: bool,
}

/// What is followed along a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Follows {
    Nothing,
    Share,
    Growth,
}

/// What a state's number is in the shader.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    Float,
    Whole,
    Signed,
    Point,
}

/// A number of a run's state.
struct Field {
    name: &'static str,
    kind: Type,

    /// Whether it is kept between dispatches.
    is_kept: bool,

    /// What it begins with.
    value: String,
}

struct Maker<'a> {
    closed: &'a Closed,
    n: usize,
    measure: Measure,
    fields: Vec<Field>,
}

impl Shader {
    /// The shader of a plan's closed form.
    #[must_use]
    pub fn new(closed: &Closed, measure: Measure) -> Self {
        let mut maker = Maker { closed, n: closed.programs.dimension, measure, fields: Vec::new() };
        maker.fields = maker.fields();
        let text = maker.text();
        let words = maker.fields.iter().filter(|field| field.is_kept).map(|field| maker.words(field.kind)).sum();
        Self { text, words, scouts: maker.scouts() }
    }
}

impl Maker<'_> {
    fn kind(&self) -> Kind {
        self.closed.rule.kind
    }

    fn scouts(&self) -> bool {
        !self.kind().is_search()
    }

    fn follows(&self) -> Follows {
        match self.measure {
            Measure::Share => Follows::Share,
            Measure::Lyapunov => Follows::Growth,
            _ => Follows::Nothing,
        }
    }

    fn words(&self, kind: Type) -> usize {
        if kind == Type::Point { self.n } else { 1 }
    }

    /// What a run's state consists of; the first ones are read back.
    fn fields(&self) -> Vec<Field> {
        let field = |name, kind, value: &str| Field { name, kind, is_kept: true, value: value.to_owned() };
        let mut fields = vec![
            field("code", Type::Whole, "0u"),
            field("count", Type::Whole, "0u"),
            field("number", Type::Float, "nan()"),
            field("x", Type::Point, "start_of(point)"),
        ];
        if self.scouts() {
            fields.push(field("mark", Type::Point, "V()"));
        }
        if rules::looks_back(self.kind()) {
            fields.push(field("previous_x", Type::Point, "V()"));
            fields.push(field("previous_g", Type::Point, "V()"));
        }
        fields.extend(rules::memory(self.kind()).iter().map(|(name, value)| field(name, Type::Float, value)));
        if self.follows() == Follows::Share {
            fields.push(field("beyond", Type::Whole, "0u"));
            fields.push(field("taken", Type::Whole, "0u"));
        }
        if self.follows() == Follows::Growth || self.scouts() {
            let is_kept = self.follows() == Follows::Growth;
            let field = |name, kind, value: &str| Field { is_kept, ..field(name, kind, value) };
            fields.push(field("v", Type::Point, "first_direction()"));
            fields.push(field("mantissa", Type::Float, "1.0f"));
            fields.push(field("exponent", Type::Signed, "0"));
            fields.push(field("followed", Type::Whole, "0u"));
        }
        fields
    }

    fn text(&self) -> String {
        let mut text = String::from(include_str!("prelude.wgsl"));
        text.push('\n');
        text.push_str(&program::points(self.n));
        text.push_str(&program::functions(&self.closed.programs));
        text.push_str(&program::curvature(self.n));
        self.own(&mut text);
        self.state(&mut text);
        self.rest(&mut text);
        if self.follows() == Follows::Growth || self.scouts() {
            self.growth(&mut text);
        }
        self.judge(&mut text);
        self.take(&mut text, "take", self.follows(), false);
        if self.scouts() {
            self.take(&mut text, "take_and_follow", Follows::Growth, true);
            self.period(&mut text);
        }
        self.entries(&mut text);
        text
    }

    /// The rule's numbers and the objective's inputs of a pixel, and its start.
    fn own(&self, text: &mut String) {
        let slots = self.closed.rule.values.len();
        text.push_str("struct Own {\n    q: vec2<f32>,\n");
        for slot in 0..slots {
            let _ = writeln!(text, "    s{slot}: f32,");
        }
        text.push_str("}\n\nfn own_of(point: vec2<f32>) -> Own {\n    var own: Own;\n");
        for slot in 0..slots {
            let _ = writeln!(text, "    own.s{slot} = numbers.slots[{}].{};", slot / 4, ["x", "y", "z", "w"][slot % 4]);
        }
        let set = |text: &mut String, of: &dyn Fn(Target) -> Option<String>| {
            for (target, number) in self.closed.targets.iter().zip(["point.x", "point.y"]) {
                if let Some(place) = of(*target) {
                    let _ = writeln!(text, "    {place} = {number};");
                }
            }
        };
        set(text, &|target| match target {
            Target::Input(input) => Some(format!("own.q.{}", ["x", "y"][input % 2])),
            Target::Slot(slot) => Some(format!("own.s{slot}")),
            Target::Start(_) => None,
        });
        text.push_str("    return own;\n}\n\nfn start_of(point: vec2<f32>) -> V {\n");
        let parts: Vec<String> = (0..self.n).map(|i| program::component("numbers.start", 4, i)).collect();
        let _ = writeln!(text, "    var x = {};", program::vector(&parts));
        set(text, &|target| match target {
            Target::Start(coordinate) => Some(program::component("x", self.n, coordinate)),
            Target::Input(_) | Target::Slot(_) => None,
        });
        text.push_str("    return x;\n}\n\n");
    }

    /// The state of a run, and its way from and to the buffer.
    fn state(&self, text: &mut String) {
        let (mut members, mut begin, mut load, mut store) =
            (String::new(), String::new(), String::new(), String::new());
        let mut word = 0;
        for Field { name, kind, is_kept, value } in &self.fields {
            let shown = match kind {
                Type::Float => "f32",
                Type::Whole => "u32",
                Type::Signed => "i32",
                Type::Point => "V",
            };
            let _ = writeln!(members, "    {name}: {shown},");
            let _ = writeln!(begin, "    run.{name} = {value};");
            if !is_kept {
                continue;
            }
            for i in 0..self.words(*kind) {
                let (place, cast) = match kind {
                    Type::Point => (program::component(&format!("run.{name}"), self.n, i), "f32"),
                    _ => (format!("run.{name}"), shown),
                };
                let at = format!("state[{word}u * numbers.count + pixel]");
                let _ = writeln!(load, "    {place} = bitcast<{cast}>({at});");
                let _ = writeln!(store, "    {at} = bitcast<u32>({place});");
                word += 1;
            }
        }
        if self.fields.iter().any(|field| field.name == "v") {
            // Along no axis, so that no displacement stays in a coordinate plane by accident.
            let norm = (0..self.n).map(|i| 1.0 / ((i + 1) * (i + 1)) as f64).sum::<f64>().sqrt();
            let parts: Vec<String> = (0..self.n).map(|i| literal(1.0 / ((i + 1) as f64 * norm))).collect();
            let _ = writeln!(text, "fn first_direction() -> V {{\n    return {};\n}}\n", program::vector(&parts));
        }
        let _ = writeln!(
            text,
            "struct Run {{\n{members}}}\n\n\
             fn begin(point: vec2<f32>, own: Own) -> Run {{\n    var run: Run;\n{begin}    return run;\n}}\n\n\
             fn load(pixel: u32, own: Own) -> Run {{\n    var run = begin(points[pixel], own);\n{load}    return run;\n}}\n\n\
             fn store(pixel: u32, run: Run) {{\n{store}}}\n"
        );
    }

    /// Whether a gradient is noise: the way to where it would vanish is at most a share of x.
    fn rest(&self, text: &mut String) {
        text.push_str(
            "fn is_noise(x: V, g: V, own: Own, reach: f32) -> bool {
    let at = bend(x, own.q);
    let is_small = sqrt(inner(g, g)) <= reach * hessian_norm(at);\n",
        );
        // A constant step beyond the edge leaves the minimum, however near it is.
        let _ = match self.kind() {
            Kind::Constant | Kind::Clipped => {
                writeln!(text, "    return is_small && own.s0 * sharpness(at) <= 2.0f;\n}}\n")
            }
            _ => writeln!(text, "    return is_small;\n}}\n"),
        };
    }

    /// How displacements grow: the product of all factors as a mantissa and a whole exponent.
    fn growth(&self, text: &mut String) {
        let n = self.n;
        let even = literal(1.0 / (n as f64).sqrt());
        let restart = program::vector(&vec![even; n]);
        let _ = writeln!(
            text,
            "fn follow(run: ptr<function, Run>, at: Bend, eta: f32) {{
    let v = (*run).v - eta * times(at, (*run).v);
    var factor = 1.0f;
    var next = {restart};
    if (are_finite(v)) {{
        let size = far(v);
        if (size > 0.0f) {{
            let norm = size * sqrt(inner(v / size, v / size));
            factor = clamp(norm, 1e-18f, 1e18f);
            if (is_finite(norm) && norm > 0.0f) {{
                next = v / norm;
            }}
        }} else {{
            factor = 1e-18f;
        }}
    }} else if (!has_nan(v)) {{
        factor = 1e18f;
    }}
    (*run).v = next;
    let bits = bitcast<u32>((*run).mantissa * factor);
    (*run).exponent += i32(bits >> 23u) - 127;
    (*run).mantissa = bitcast<f32>((bits & 0x007fffffu) | 0x3f800000u);
    (*run).followed += 1u;
}}

// The sum of the logarithms.
fn logs_of(run: Run) -> f32 {{
    return (f32(run.exponent) + log2(run.mantissa)) * 0.69314718f;
}}

fn exponent_of(run: Run) -> f32 {{
    if (run.followed == 0u) {{
        return nan();
    }}
    return logs_of(run) / f32(run.followed);
}}
"
        );
    }

    /// The stopping rules at an iterate: the code of the fate, 0 to go on.
    fn judge(&self, text: &mut String) {
        let quiet = match self.kind() {
            // The step is at most as long as noise.
            Kind::Constant | Kind::Clipped => "own.s0 * norm <= 2e-6f * far(x)".to_owned(),
            // Its steps are as long near a minimum as anywhere.
            Kind::Normalized => "false".to_owned(),
            _ => format!("norm <= {}", literal(QUIET)),
        };
        let _ = writeln!(
            text,
            "fn judge(x: V, f: f32, g: V, own: Own, step: u32) -> u32 {{
    if (step == 0u && is_nan(f)) {{
        return 7u;
    }}
    if (is_finite(f) && abs(f) <= numbers.limit && has_nan(g)) {{
        return {SINGULAR}u;
    }}
    if (!is_finite(f) || !are_finite(g) || abs(f) > numbers.limit) {{
        return 5u;
    }}
    let norm = sqrt(inner(g, g));
    if (norm <= numbers.tolerance) {{
        return 1u;
    }}
    if ({quiet} && is_noise(x, g, own, {noise} * far(x))) {{
        return 1u;
    }}
    return 0u;
}}
",
            noise = literal(NOISE)
        );
    }

    /// One step of a run, of its budget or later.
    fn take(&self, text: &mut String, name: &str, follows: Follows, is_later: bool) {
        let bends = follows != Follows::Nothing || self.kind().needs_curvature();
        let evaluate = if bends { "bend" } else { "slope" };
        let mut middle = rules::choose(self.kind());
        middle.push_str(
            "    if (!is_finite(eta) || eta <= 0.0f) {
        (*run).code = 6u;
        (*run).count = step;
        return;
    }\n",
        );
        match follows {
            Follows::Nothing => {}
            Follows::Share => middle.push_str(
                "    (*run).taken += 1u;
    (*run).beyond += select(0u, 1u, eta * sharpness(at) > 2.0f);\n",
            ),
            Follows::Growth if is_later => middle.push_str("    follow(run, at, eta);\n"),
            Follows::Growth => middle.push_str(
                "    if (step == numbers.steps / 2u) {
        // What has grown until now belongs to the first half.
        (*run).mantissa = 1.0f;
        (*run).exponent = 0;
        (*run).followed = 0u;
    }
    follow(run, at, eta);\n",
            ),
        }
        if rules::looks_back(self.kind()) {
            middle.push_str("    (*run).previous_x = (*run).x;\n    (*run).previous_g = at.g;\n");
        }
        if rules::memory(self.kind()).iter().any(|(name, _)| *name == "eta") {
            middle.push_str("    (*run).eta = eta;\n");
        }
        let mark = if self.scouts() && !is_later {
            "    if (step == numbers.steps / 2u) {\n        (*run).mark = x;\n    }\n"
        } else {
            ""
        };
        let square = if middle.contains("square") { "    let square = inner(at.g, at.g);\n" } else { "" };
        let _ = writeln!(
            text,
            "fn {name}(run: ptr<function, Run>, own: Own, step: u32) {{
    let x = (*run).x;
{mark}    let at = {evaluate}(x, own.q);
    let code = judge(x, at.f, at.g, own, step);
    if (code != 0u) {{
        (*run).code = code;
        (*run).count = step;
        return;
    }}
{square}    var eta = 0.0f;
{middle}    let next = x - eta * at.g;
    if (differs(next, x)) {{
        (*run).x = next;
        return;
    }}
    (*run).code = select(6u, 1u, is_noise(x, at.g, own, {near} * far(x)));
    (*run).count = step;
}}
",
            near = literal(NEAR)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read_back_as_they_were() {
        for value in [0.1_f32, -2.5, 1e-10, 3.4e38, 1.0, 16_777_216.0, f32::MIN_POSITIVE] {
            let text = literal(f64::from(value));
            let inner = text.trim_matches(['(', ')']).trim_end_matches('f');
            assert_eq!(inner.parse::<f32>().unwrap(), value, "{text}");
        }
        assert_eq!(literal(f64::NAN), "nan()");
        assert_eq!(literal(1e300), "(3.4e38f)");
        assert_eq!(literal(f64::NEG_INFINITY), "(-3.4e38f)");
        assert_eq!(literal(1e-42), "0.0f");
        assert_eq!(literal(-0.5), "(-0.5f)");
    }
}
