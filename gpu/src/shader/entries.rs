//! The entry points.

use std::fmt::Write as _;

use flatland_atlas::{MAX_PERIOD, POINTLIKE, RETURN};

use super::program::literal;
use super::{Follows, GROUP, Maker, TAIL};

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
            let last = numbers.steps - numbers.first;
            kept[last] = run.x;
            let scale = max(1.0f, far(run.x));
            var period = 0u;
            for (var p = 1u; p <= {MAX_PERIOD}u && 2u * p <= last; p++) {{
                let is_back = far(kept[last] - kept[last - p]) <= {returns} * scale;
                if (is_back && far(kept[last - p] - kept[last - 2u * p]) <= {returns} * scale) {{
                    period = p;
                    break;
                }}
            }}
            run.code = 4u;
            // A run that comes back to nothing is marked by a count of 1.
            run.count = select(0u, 1u, period == 0u);
            if (period > 0u) {{
                var size = 0.0f;
                for (var back = 1u; back < period; back++) {{
                    size = max(size, far(kept[last] - kept[last - back]));
                }}
                if (size > {pointlike} * scale) {{
                    run.code = 2u;
                    run.count = period;
                }} else if (is_noise(run.x, slope(run.x, own.q).g, own, {pointlike} * scale)) {{
                    run.code = 1u;
                    run.count = numbers.steps;
                }}
            }}
        }}
    }}
{number}    store(pixel, run);
}}
",
            head("finish"),
            room = TAIL + 1,
            returns = literal(RETURN),
            pointlike = literal(POINTLIKE),
        );
        if self.scouts() {
            let _ = writeln!(
                text,
                "{}    var run = load(pixel, own);
    if (run.code != 4u || run.count != 1u) {{
        return;
    }}
    run.code = 0u;
    for (var step = numbers.first; step < numbers.last && run.code == 0u; step++) {{
        take_and_follow(&run, own, step);
    }}
    // Only its fate is changed.
    state[pixel] = select(4u, 3u, run.followed > 0u && exponent_of(run) > 0.0f);
    state[numbers.count + pixel] = 0u;
}}
",
                head("scout")
            );
        }
    }
}
