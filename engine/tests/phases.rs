//! Phases and events of runs whose course is known in closed form.
#![allow(missing_docs)]

mod common;

use common::{assert_close, constant, experiment};
use flatland_engine::experiment::{Spec, Stop};
use flatland_engine::phase::{Crossing, Event, EventKind, Log, Phase};
use flatland_engine::{Descent, Experiment};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The phase at every iterate, and the events.
fn watch(experiment: &Experiment) -> (Vec<Phase>, Vec<Event>) {
    let mut descent = Descent::new(experiment, 0).expect("valid");
    let mut log = Log::new(experiment.start.len());
    let mut phases = Vec::new();
    while let Some(record) = descent.advance() {
        phases.push(log.see(&record, descent.iterate(), descent.outcome()).phase);
    }
    (phases, log.events().to_vec())
}

fn on_parabola(curvature: f64, policy: Spec, stop: Stop) -> Experiment {
    let parabola = Spec::new("quadratic").with("curvatures", vec![curvature]);
    Experiment { stop, ..experiment(parabola, &[1.0], policy, 1000) }
}

fn entered(events: &[Event]) -> Vec<(u64, Phase)> {
    let phases = events.iter().filter_map(|event| match event.kind {
        EventKind::Entered(phase) => Some((event.step, phase)),
        EventKind::Crossed(_) => None,
    });
    phases.collect()
}

fn crossings(events: &[Event]) -> Vec<(u64, Crossing)> {
    let crossings = events.iter().filter_map(|event| match event.kind {
        EventKind::Crossed(crossing) => Some((event.step, crossing)),
        EventKind::Entered(_) => None,
    });
    crossings.collect()
}

/// x_k = (−½)^k: the gradient falls to 10⁻⁸ at step 27, since 2⁻²⁷ < 10⁻⁸ < 2⁻²⁶.
#[test]
fn a_parabola_below_its_edge_converges_at_the_step_that_is_known() {
    let (phases, events) = watch(&on_parabola(1.0, constant(1.5), Stop { gradient_norm: 1e-8, ..Stop::default() }));
    assert_eq!(entered(&events), [(1, Phase::BelowTheEdge), (27, Phase::Converged)]);
    assert_eq!(crossings(&events), []);
    assert_eq!(phases.len(), 28);
}

/// f_k = ½·1.5^(2k) is above 10⁶ for the first time at k = 18. Steady growth is no edge, and no catapult either: nothing gets flatter.
#[test]
fn a_parabola_beyond_its_edge_is_above_it_until_it_diverges_at_the_step_that_is_known() {
    let (_, events) = watch(&on_parabola(1.0, constant(2.5), Stop { loss: 1e6, ..Stop::default() }));
    assert_eq!(crossings(&events), [(0, Crossing::Up)]);
    assert_close(events[0].product.expect("a step"), 2.5, 1e-15);
    assert_eq!(entered(&events), [(0, Phase::AboveTheEdge), (18, Phase::Diverged)]);
}

#[test]
fn a_run_without_a_step_stalls() {
    let (_, events) = watch(&on_parabola(1.0, Spec::new("expression").with("expression", "-1"), Stop::default()));
    assert_eq!(entered(&events), [(0, Phase::Stalled)]);
}

/// The period of the map x − ηx(x² − 1) after it has settled, straight from the map.
fn period_of_double_well(eta: f64) -> Option<u32> {
    let step = |x: f64| x - eta * x * (x * x - 1.0);
    let settled = (0..100_000).fold(0.3, |x, _| step(x));
    let mut x = settled;
    (1..=64).find(|_| {
        x = step(x);
        (x - settled).abs() < 1e-9
    })
}

/// The 2-cycle is stable from η = 1 to √5 − 1; beyond, its period doubles.
#[test]
fn the_double_well_doubles_its_period() {
    let end_of_two = 5.0_f64.sqrt() - 1.0;
    for (eta, period) in [(1.05, 2), (1.1, 2), (0.99 * end_of_two, 2), (1.25, 4), (1.28, 4), (1.2925, 8), (1.3, 16)] {
        assert_eq!(period_of_double_well(eta), Some(period), "{eta}");
        let (phases, events) = watch(&experiment(Spec::new("double-well"), &[0.3], constant(eta), 20_000));
        assert_eq!(phases.last(), Some(&Phase::Orbit(period)), "{eta}");
        assert_eq!(entered(&events).last().map(|(_, phase)| *phase), Some(Phase::Orbit(period)));
    }
    // In the chaos there is no orbit.
    let (phases, _) = watch(&experiment(Spec::new("double-well"), &[0.3], constant(1.7), 20_000));
    assert!(!phases.iter().any(|phase| matches!(phase, Phase::Orbit(_))));
}

/// On the river y_k = 3 − 2·0.975^k and λ₁ = y² while x is nothing: it exceeds 2/η = 4 when 0.975^k < ½, at k = 28.
#[test]
fn the_river_sharpens_crosses_where_it_must_and_stays_at_the_edge() {
    let river = Spec::new("river").with("a", 0.05).with("y0", 3.0);
    let (phases, events) = watch(&experiment(river, &[1e-9, 1.0], constant(0.5), 4000));
    assert_eq!(crossings(&events)[0], (28, Crossing::Up));
    let first = events.iter().find(|event| event.step == 28).expect("the crossing");
    let y = 3.0 - 2.0 * 0.975_f64.powi(28);
    // What x contributes is far below a rounding.
    assert_close(first.sharpness, y * y, 1e-12);
    assert_close(first.product.expect("a step"), 0.5 * y * y, 1e-12);
    assert_eq!(first.step_size, Some(0.5));
    assert!(phases[1..28].iter().all(|phase| *phase == Phase::ProgressiveSharpening));
    let words: Vec<_> = entered(&events).into_iter().map(|(_, phase)| phase).collect();
    let place = |phase| words.iter().position(|word| *word == phase);
    assert!(
        place(Phase::EdgeOfStability) < place(Phase::Orbit(2)) && place(Phase::EdgeOfStability).is_some(),
        "{words:?}"
    );
    // The banks are soft: x → −x at a fixed height is a true cycle.
    assert_eq!(phases.last(), Some(&Phase::Orbit(2)));
}

/// Lewkowycz et al. (2020): with 2 < ηλ₁ < 4 at f ≈ 0 the loss of ½(xy)² first grows and then falls, in a flatter place.
#[test]
fn a_catapult_throws_the_loss_and_lands_below_the_threshold() {
    let factorization = Spec::new("scalar-factorization").with("mu", 0.0);
    for product in [2.3, 3.0, 3.8] {
        let start = [3.0, 0.01];
        let eta = product / (9.0 + 1e-4);
        let (_, events) = watch(&Experiment {
            stop: Stop { gradient_norm: 1e-8, ..Stop::default() },
            ..experiment(factorization.clone(), &start, constant(eta), 1000)
        });
        assert_eq!(crossings(&events)[0], (0, Crossing::Up));
        let phases: Vec<_> = entered(&events).into_iter().map(|(_, phase)| phase).collect();
        assert!(phases.contains(&Phase::Catapult), "{product}: {phases:?}");
        assert_eq!(phases.last(), Some(&Phase::Converged), "{product}: {phases:?}");
        let end = events.last().expect("an end");
        assert!(eta * end.sharpness < 2.0);
    }
}

/// The threshold of the heavy ball is (2 + 2β)/η: at η·λ₁ = 3 < 3.8 nothing is crossed.
#[test]
fn a_method_is_held_against_its_own_threshold() {
    let policy = Spec::new("heavy-ball").with("eta", 3.0).with("beta", 0.9);
    let (_, events) = watch(&on_parabola(1.0, policy, Stop { gradient_norm: 1e-6, ..Stop::default() }));
    assert_eq!(crossings(&events), []);
    assert_eq!(entered(&events).last().map(|(_, phase)| *phase), Some(Phase::Converged));
}

/// Once settled below, a run has crossed downwards; the number of crossings is even or odd as the side it is on.
#[test]
fn crossings_alternate() {
    for policy in ["nonmonotone-line-search", "line-search", "cdat", "barzilai-borwein", "normalized"] {
        let (_, events) = watch(&experiment(Spec::new("rosenbrock"), &[-1.2, 1.0], Spec::new(policy), 2000));
        for (i, (_, crossing)) in crossings(&events).into_iter().enumerate() {
            assert_eq!(crossing, if i % 2 == 0 { Crossing::Up } else { Crossing::Down }, "{policy}");
        }
    }
}
