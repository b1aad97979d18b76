//! Recorded steps per second.
#![allow(missing_docs)]

#[cfg(not(target_arch = "wasm32"))]
mod host {
    use std::hint::black_box;

    use criterion::{Criterion, Throughput, criterion_group};
    use flatland_engine::Experiment;
    use flatland_engine::descent::{Descent, Recording};
    use flatland_engine::experiment::{RunSpec, Spec, Stop};
    use flatland_engine::policy;

    const STEPS: u64 = 10_000;

    /// All steps are taken: none of the stopping rules but the budget applies.
    fn experiment(objective: Spec, policy: Spec) -> Experiment {
        let experiment = Experiment::new(objective, vec![RunSpec::new(policy)]);
        let stop = Stop { gradient_norm: 0.0, ..Stop::default() };
        // From here both objectives follow the same chaotic map at η = 1.7.
        let dimension = if experiment.objective.name == "double-well" { 1 } else { 2 };
        Experiment { start: vec![0.3; dimension], steps: STEPS, stop, ..experiment }
    }

    fn descent(criterion: &mut Criterion) {
        let constant = |eta: f64| Spec::new("constant").with("eta", eta);
        let cases = [
            ("double-well/constant", Spec::new("double-well"), constant(1.7), true),
            ("double-well/constant/no-sharpness", Spec::new("double-well"), constant(1.7), false),
            ("scalar-factorization/constant", Spec::new("scalar-factorization"), constant(1.7), true),
            ("scalar-factorization/constant/no-sharpness", Spec::new("scalar-factorization"), constant(1.7), false),
            (
                "scalar-factorization/nonmonotone-line-search",
                Spec::new("scalar-factorization"),
                Spec::new("nonmonotone-line-search"),
                true,
            ),
        ];
        let mut group = criterion.benchmark_group("descent");
        for (name, objective, policy, sharpness) in cases {
            let experiment = experiment(objective, policy);
            let run = || {
                let mut descent = Descent::with_recording(&experiment, 0, Recording { sharpness }).expect("valid");
                let mut steps = 0;
                while let Some(record) = descent.advance() {
                    steps = black_box(record).step;
                }
                steps
            };
            assert_eq!(run(), STEPS, "{name} stops early");
            group.throughput(Throughput::Elements(STEPS));
            group.bench_function(name, |bencher| bencher.iter(run));
        }
        group.finish();
    }

    /// Every policy with its defaults on scalar factorization, sharpness recorded; a run that ends
    /// starts again.
    fn policies(criterion: &mut Criterion) {
        let mut group = criterion.benchmark_group("policies");
        for policy in policy::catalogue() {
            let spec = Spec::new(policy.description.name);
            let experiment =
                Experiment { start: vec![3.0, 0.5], ..experiment(Spec::new("scalar-factorization"), spec) };
            group.throughput(Throughput::Elements(STEPS));
            group.bench_function(policy.description.name, |bencher| {
                bencher.iter(|| {
                    let mut descent = Descent::new(&experiment, 0).expect("valid");
                    for _ in 0..STEPS {
                        if black_box(descent.advance()).is_none() {
                            descent = Descent::new(&experiment, 0).expect("valid");
                            black_box(descent.advance());
                        }
                    }
                });
            });
        }
        group.finish();
    }

    criterion_group!(benches, descent, policies);

    pub fn main() {
        benches();
        Criterion::default().configure_from_args().final_summary();
    }
}

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    host::main();
}
