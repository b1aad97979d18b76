//! The entry points.

use std::fmt::Write as _;

use flatland_atlas::{CERTAIN, DRIFT, MAX_PERIOD, POINTLIKE, SPREAD};

use super::program::literal;
use super::{Follows, GROUP, Maker, RETURN, SINGULAR, TAIL};

impl Maker<'_> {
    /// `advance`, `finish` and, where it is needed, `scout`.
    pub fn entries(&self, text: &mut String) {
        let number = match self.follows() {
            Follows::Nothing => "",
            Follows::Share => {
                "    if (run.taken > 0u) {\n        run.number = f32(run.beyond) / f32(run.taken);\n    }\n"
            }
            Follows::Growth => "    run.number = exponent_of(run);\n",
        };
        let head = |name: &str| {
            format!(
                "@compute @workgroup_size({GROUP})
fn {name}(@builtin(global_invocation_id) id: vec3<u32>) {{
    let pixel = numbers.offset + id.x;
    if (pixel >= numbers.end) {{
        return;
    }}
    let own = own_of(points[pixel]);
"
            )
        };
        let begin = "    var run: Run;
    if (numbers.first == 0u) {
        run = begin(points[pixel], own);
    } else {
        run = load(pixel, own);
    }
";
        let _ = writeln!(
            text,
            "{}{begin}    for (var step = numbers.first; step < numbers.last && run.code == 0u; step++) {{
        take(&run, own, step);
    }}
    store(pixel, run);
}}
",
            head("advance")
        );
        let _ = writeln!(
            text,
            "{}{begin}    if (run.code == 0u) {{
        var kept: array<V, {room}>;
        for (var step = numbers.first; step < numbers.steps && run.code == 0u; step++) {{
            kept[step - numbers.first] = run.x;
            take(&run, own, step);
        }}
        if (run.code == 0u) {{
            let at = slope(run.x, own.q);
            run.code = judge(run.x, at.f, at.g, own, numbers.steps);
            run.count = numbers.steps;
        }}
        if (run.code == 0u) {{
{orbit}        }}
    }}
{number}    store(pixel, run);
}}
",
            head("finish"),
            room = TAIL + 1,
            orbit = self.first_look(),
        );
        if self.scouts() {
            self.scout(text, &head("scout"));
        }
    }

    /// What `finish` makes of an orbit that has used up its steps. A search has neither cycles nor
    /// chaos.
    fn first_look(&self) -> String {
        if self.kind().is_search() {
            return "            run.code = 4u;
            run.count = 0u;
            if (is_noise(run.x, slope(run.x, own.q).g, own, REACH * max(1.0f, far(run.x)))) {
                run.code = 1u;
                run.count = numbers.steps;
            }
"
            .replace("REACH", &literal(POINTLIKE));
        }
        format!(
            "            let last = numbers.steps - numbers.first;
            kept[last] = run.x;
            let period = period_of(&kept, last, run.mark, numbers.steps - numbers.steps / 2u);
            run.code = 4u;
            // A run that the first look leaves open is marked by a count of 1.
            run.count = select(0u, 1u, period == OPEN || period == MOVES);
            if (period == POINT) {{
                if (is_noise(run.x, slope(run.x, own.q).g, own, {pointlike} * max(1.0f, far(run.x)))) {{
                    run.code = 1u;
                    run.count = numbers.steps;
                }}
            }} else if (period > 1u && period < POINT) {{
                run.code = 2u;
                run.count = period;
            }}
",
            pointlike = literal(POINTLIKE),
        )
    }

    /// What an orbit does, as `flatland_atlas::orbit` has it: the length of its cycle, or one of
    /// three numbers beyond all lengths. What rounding moves is the tolerance of returns here.
    pub fn period(&self, text: &mut String) {
        let _ = writeln!(
            text,
            "const POINT = 1000u;
const MOVES = 1001u;
const OPEN = 1002u;

fn period_of(kept: ptr<function, array<V, {room}>>, last: u32, mark: V, age: u32) -> u32 {{
    let x = (*kept)[last];
    let scale = max(1.0f, far(x));
    for (var p = 1u; p <= {MAX_PERIOD}u && 2u * p <= last; p++) {{
        if (far(x - (*kept)[last - p]) > {returns} * scale) {{
            continue;
        }}
        if (far((*kept)[last - p] - (*kept)[last - 2u * p]) > {returns} * scale) {{
            continue;
        }}
        var size = 0.0f;
        var gap = 3e38f;
        for (var back = 1u; back < p; back++) {{
            let distance = far(x - (*kept)[last - back]);
            size = max(size, distance);
            gap = min(gap, distance);
        }}
        if (size <= {pointlike} * scale) {{
            return POINT;
        }}
        let moved = far((*kept)[last - age % p] - mark);
        return select(MOVES, p, moved <= max({drift} * gap, {returns} * scale));
    }}
    return OPEN;
}}
",
            room = TAIL + 1,
            returns = literal(RETURN),
            pointlike = literal(POINTLIKE),
            drift = literal(DRIFT),
        );
    }

    /// The second look, as `flatland_atlas::cohort` has it.
    fn scout(&self, text: &mut String, head: &str) {
        let spread = literal(SPREAD);
        let [grown, shrunk] = [format!("before <= {spread} * after"), format!("after <= {spread} * before")];
        let steady =
            if self.n == 1 { format!("{grown} && {shrunk}") } else { format!("all({grown}) && all({shrunk})") };
        let _ = writeln!(
            text,
            "{head}    var run = load(pixel, own);
    if (run.code != 4u || run.count != 1u) {{
        return;
    }}
    run.code = 0u;
    run.v = first_direction();
    let mark = run.x;
    let half = (numbers.last - numbers.first) / 2u;
    var kept: array<V, {room}>;
    var logs = vec2<f32>(0.0f);
    var before = V();
    var after = V();
    var middle = run.x;
    var first = 0u;
    var count = 0u;
    for (var part = 0u; part < 2u && run.code == 0u; part++) {{
        run.mantissa = 1.0f;
        run.exponent = 0;
        var low = run.x;
        var high = run.x;
        for (var taken = 1u; taken <= half && run.code == 0u; taken++) {{
            take_and_follow(&run, own, numbers.first + part * half + taken - 1u);
            low = min(low, run.x);
            high = max(high, run.x);
            if (part == 0u) {{
                continue;
            }}
            if (far(run.x - middle) <= {returns} * max(1.0f, far(run.x))) {{
                first = select(first, taken, first == 0u);
                count = select(count, count + 1u, taken == first * (count + 1u));
            }}
            if (taken + {TAIL}u >= half) {{
                kept[taken + {TAIL}u - half] = run.x;
            }}
        }}
        middle = run.x;
        logs[part] = logs_of(run);
        before = after;
        after = high - low;
    }}
    var code = 4u;
    var number = 0u;
    if (run.code == 0u) {{
        let period = period_of(&kept, {TAIL}u, mark, 2u * half);
        if (period > 1u && period < POINT) {{
            code = 2u;
            number = period;
        }} else if (period == OPEN) {{
            if (first > {MAX_PERIOD}u && count >= 4u && count == half / first) {{
                code = 2u;
                number = first;
            }} else {{
                let exponent = (logs.x + logs.y) / f32(2u * half);
                let is_positive = exponent > {certain} / sqrt(2.0f * f32(max(numbers.steps, 1u)));
                let parts = logs.x > 0.0f && logs.y > 0.0f && is_positive;
                let is_steady = {steady};
                code = select(4u, 3u, parts && is_steady);
            }}
        }}
    }}
    if (run.code == {SINGULAR}u) {{
        code = run.code;
    }}
    // Only its fate is changed.
    state[pixel] = code;
    state[numbers.count + pixel] = number;
}}
",
            room = TAIL + 1,
            returns = literal(RETURN),
            certain = literal(CERTAIN),
        );
    }
}
