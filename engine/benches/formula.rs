//! Typed formulas against the same objectives written by hand, in one run: evaluations and recorded
//! steps per second.
#![allow(missing_docs)]

#[cfg(not(target_arch = "wasm32"))]
mod host {
    use std::hint::black_box;

    use criterion::{Criterion, Throughput, criterion_group};
    use flatland_engine::descent::Descent;
    use flatland_engine::experiment::{Experiment, RunSpec, Spec};
    use flatland_engine::objective::{self, Objective};
    use nalgebra::{DMatrix, DVector};

    /// The objectives by name and as people would type them.
    const CASES: [(&str, &str); 4] = [
        ("double-well", "f(x) = 1/4*(x^2 - 1)^2"),
        ("scalar-factorization", "f(x, y) = 1/2*(x*y - 1)^2"),
        ("river", "f(x, y) = logcosh(x*y) + a/2*(y - y0)^2; a = 0.05; y0 = 3"),
        ("rosenbrock", "f(x, y) = (1 - x)^2 + b*(y - x^2)^2; b = 100"),
    ];

    /// So many points that none is evaluated twice in a row.
    const POINTS: usize = 256;

    fn build(spec: &Spec, dimension: usize) -> Box<dyn Objective> {
        let entry = objective::find(&spec.name).expect("an objective of the catalogue");
        entry.build(spec, dimension).expect("a valid objective")
    }

    /// Points of [−1, 1]ⁿ along a line of irrational slope.
    fn points(dimension: usize) -> Vec<DVector<f64>> {
        let coordinate = |i: usize, j: usize| 2.0 * (0.618_034 * i as f64 + 0.414_214 * j as f64).fract() - 1.0;
        (0..POINTS).map(|i| DVector::from_fn(dimension, |j, _| coordinate(i, j + 1))).collect()
    }

    /// Descent with a small constant step, thousands of steps long.
    fn descent(spec: &Spec, dimension: usize) -> Descent {
        let policy = Spec::new("constant").with("eta", 1e-3);
        let mut experiment = Experiment::new(spec.clone(), vec![RunSpec::new(policy)]);
        experiment.start = vec![0.3; dimension];
        experiment.steps = 10_000_000;
        experiment.stop.gradient_norm = 0.0;
        Descent::new(&experiment, 0).expect("a valid experiment")
    }

    fn formula(criterion: &mut Criterion) {
        for (name, text) in CASES {
            let dimension = if name == "double-well" { 1 } else { 2 };
            let points = points(dimension);
            let objectives = [("written", Spec::new(name)), ("typed", Spec::new("formula").with("expression", text))]
                .map(|(what, spec)| (what, build(&spec, dimension), spec));
            agree(objectives[0].1.as_ref(), objectives[1].1.as_ref(), &points, name);
            for (what, objective, spec) in &objectives {
                let mut group = criterion.benchmark_group(format!("formula/{name}"));
                group.throughput(Throughput::Elements(POINTS as u64));
                let mut gradient = DVector::zeros(dimension);
                group.bench_function(format!("value and gradient/{what}"), |bencher| {
                    bencher.iter(|| {
                        for x in &points {
                            black_box(objective.value(x));
                            objective.gradient(x, &mut gradient);
                            black_box(&gradient);
                        }
                    });
                });
                let mut hessian = DMatrix::zeros(dimension, dimension);
                // What descent asks for at every iterate.
                group.bench_function(format!("iterate/{what}"), |bencher| {
                    bencher.iter(|| {
                        for x in &points {
                            black_box(objective.measure(x, &mut gradient, Some(&mut hessian)));
                            black_box(&gradient);
                        }
                    });
                });
                group.bench_function(format!("sharpness/{what}"), |bencher| {
                    bencher.iter(|| {
                        for x in &points {
                            black_box(objective.sharpness(x, &mut hessian));
                        }
                    });
                });
                group.bench_function(format!("recorded steps/{what}"), |bencher| {
                    let mut run = descent(spec, dimension);
                    bencher.iter(|| {
                        for _ in 0..POINTS {
                            if !run.go_on() {
                                run = descent(spec, dimension);
                            }
                            black_box(run.record());
                        }
                    });
                });
                group.finish();
            }
        }
    }

    /// Both are the same function: values, gradients and sharpness agree to 1e-12, as rounding
    /// differs.
    fn agree(written: &dyn Objective, typed: &dyn Objective, points: &[DVector<f64>], name: &str) {
        let n = written.dimension();
        let measure = |objective: &dyn Objective, x: &DVector<f64>| {
            let mut gradient = DVector::zeros(n);
            objective.gradient(x, &mut gradient);
            let sharpness = objective.sharpness(x, &mut DMatrix::zeros(n, n));
            [objective.value(x), sharpness].into_iter().chain(gradient.iter().copied()).collect::<Vec<_>>()
        };
        for x in points {
            for (a, b) in measure(written, x).into_iter().zip(measure(typed, x)) {
                assert!((a - b).abs() <= 1e-12 * a.abs().max(1.0), "{name} at {x}: {a} and {b}");
            }
        }
    }

    criterion_group!(benches, formula);

    pub fn main() {
        benches();
        Criterion::default().configure_from_args().final_summary();
    }
}

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    host::main();
}
