//! Steps of gradient descent on networks: `cargo bench -p flatland-engine --bench network`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flatland_engine::descent::{Descent, Recording};
use flatland_engine::experiment::Experiment;

/// Steps of a run that are timed together.
const STEPS: u64 = 20;

fn network(c: &mut Criterion) {
    let file =
        |name: &str| std::fs::read(format!("{}/../static/data/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a file");
    flatland_engine::data::shelf::put("digits", file("digits.csv.gz")).expect("the digits");
    let chebyshev =
        r#"{"name": "network", "data": {"name": "chebyshev", "degree": 6}, "loss": "half-mean-squared-error"}"#;
    let digits = r#"{"name": "network", "data": {"name": "digits"}, "hidden": [64, 64, 64, 64], "activation": "relu"}"#;
    for (name, objective, policy, count) in [
        ("Chebyshev, 701 parameters, plain", chebyshev, "constant", 0),
        ("Chebyshev, λ₁ to λ₃ at every step", chebyshev, "constant", 3),
        ("digits, 17 290 parameters, plain", digits, "constant", 0),
        ("digits, nonmonotone line search", digits, "nonmonotone-line-search", 0),
        ("digits, λ₁ at every step", digits, "constant", 1),
    ] {
        let spectrum = if count > 0 { format!(r#", "spectrum": {{"count": {count}}}"#) } else { String::new() };
        let json = format!(
            r#"{{"version": 1, "objective": {objective}, "runs": [{{"policy": {{"name": "{policy}"}}}}], "steps": 10000000,
                "stop": {{"gradient_norm": 0}}{spectrum}}}"#
        );
        let experiment = Experiment::from_json(&json).expect("valid");
        let mut group = c.benchmark_group("network");
        group.throughput(Throughput::Elements(STEPS)).sample_size(10);
        let mut descent = Descent::with_recording(&experiment, 0, Recording { sharpness: count > 0 }).expect("valid");
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for _ in 0..STEPS {
                    descent.go_on();
                }
            });
        });
        group.finish();
        assert!(descent.outcome().is_none(), "{name} has ended: {:?}", descent.outcome());
    }
}

criterion_group!(benches, network);
criterion_main!(benches);
