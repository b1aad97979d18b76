//! How fast the graphics card at hand draws some maps, beside its processor and an estimate of the
//! arithmetic limit.
//!
//! `cargo run --release -p flatland-gpu --example speed -- [WIDTH HEIGHT STEPS [TFLOPS]]`, with the
//! card's rate for multiplications and additions in single precision to have the limit computed.
#![allow(missing_docs)]

#[cfg(not(target_arch = "wasm32"))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    host::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
mod host {
    use std::error::Error;
    use std::time::Instant;

    use flatland_atlas::{Axis, Map, Measure, Plan, Way, compute};
    use flatland_engine::Experiment;
    use flatland_gpu::{Gpu, check};
    use pollster::block_on;

    const CASES: [(&str, &str, &str, &str, &str, Measure); 4] = [
        (
            r#"{"name": "double-well"}"#,
            "[0.3]",
            r#"{"name": "constant", "eta": 1.1}"#,
            "runs[0].policy.eta=lin:1.05:1.9",
            "start[0]=lin:0.2:0.9",
            Measure::Outcome,
        ),
        (
            r#"{"name": "scalar-factorization"}"#,
            "[3, 0.5]",
            r#"{"name": "constant", "eta": 0.3}"#,
            "start[0]=lin:-4:4",
            "start[1]=lin:-4:4",
            Measure::Minimizer,
        ),
        (
            r#"{"name": "scalar-factorization"}"#,
            "[3, 0.5]",
            r#"{"name": "nonmonotone-line-search"}"#,
            "start[0]=lin:-4:4",
            "start[1]=lin:-4:4",
            Measure::Outcome,
        ),
        (
            r#"{"name": "river"}"#,
            "[0.001, 1]",
            r#"{"name": "constant", "eta": 0.5}"#,
            "start[0]=lin:0.001:2",
            "start[1]=lin:1:4",
            Measure::Lyapunov,
        ),
    ];

    /// Operations of a step besides the objective's: the step, the gradient's norm, and tests of
    /// stopping rules.
    const BESIDES: usize = 12;

    pub fn main() -> Result<(), Box<dyn Error>> {
        let numbers: Vec<f64> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
        let number = |index: usize, default: f64| numbers.get(index).copied().unwrap_or(default);
        let (columns, rows, steps) = (number(0, 200.0) as usize, number(1, 150.0) as usize, number(2, 1000.0) as u64);
        let opening = Instant::now();
        let gpu = block_on(Gpu::open())?;
        println!("{} opened in {:.0?}; {columns} × {rows} pixels, {steps} steps", gpu.adapter(), opening.elapsed());
        for (objective, start, policy, x, y, measure) in CASES {
            let json = format!(
                r#"{{"version": 1, "objective": {objective}, "start": {start}, "steps": {steps}, "runs": [{{"policy": {policy}}}]}}"#
            );
            let map = Map::new(&Experiment::from_json(&json)?, 0, Axis::parse(x)?, Axis::parse(y)?, measure)?;
            let at = |i: usize| (map.x.at_pixel(i % columns, columns), map.y.at_pixel(i / columns, rows));
            let points: Vec<_> = (0..columns * rows).map(at).collect();
            let plan = Plan::new(map);
            let since = Instant::now();
            let kernel = block_on(gpu.prepare(&plan))?;
            let compiled = since.elapsed();
            // The first run learns how much fits into a portion.
            block_on(kernel.run(&points))?;
            let since = Instant::now();
            let pixels = block_on(kernel.run(&points))?;
            let took = since.elapsed().as_secs_f64();
            let taken: u64 = pixels.iter().map(|pixel| pixel.fate.steps(steps)).sum();
            let found = check(&plan, &points, &pixels, 500);
            println!("{objective} {policy} {}:", measure.name());
            println!(
                "  card: {:.3e} steps/s ({taken} in {took:.3} s, compiled in {compiled:.0?})",
                taken as f64 / took
            );
            println!("  {} of {} differ from double precision", found.differing, found.compared);
            let few = &points[..points.len().min(4096)];
            let since = Instant::now();
            let exact = compute(&plan, few);
            let taken: u64 = exact.iter().map(|pixel| pixel.fate.steps(steps)).sum();
            println!("  one core: {:.3e} steps/s", taken as f64 / since.elapsed().as_secs_f64());
            if let (Way::Closed(closed), Some(rate)) = (&plan.way, numbers.get(3)) {
                let bends = matches!(measure, Measure::Share | Measure::Lyapunov);
                let program = if bends { &closed.programs.curvature } else { &closed.programs.slope };
                let operations = program.operations.len() + BESIDES;
                println!(
                    "  arithmetic limit: {:.3e} steps/s ({operations} operations a step)",
                    rate * 1e12 / operations as f64
                );
            }
        }
        Ok(())
    }
}
