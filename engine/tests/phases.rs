//! Phases and events of runs whose course is known in closed form.
#![allow(missing_docs)]

mod common;

use common::{assert_close, constant, experiment};
use flatland_engine::experiment::{Spec, Stop};
use flatland_engine::phase::{Crossing, Event, EventKind, Log, MAX_EVENTS, Phase, Sighting, Watch};
use flatland_engine::policy::Evaluations;
use flatland_engine::{Descent, Experiment, Outcome, Record};
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

/// f_k = ½·1.5^(2k) is above 10⁶ for the first time at k = 18. Steady growth is no edge, and no
/// catapult either: nothing gets flatter.
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
    // A window in the chaos, with a symmetric cycle of six; and the chaos, where there is no orbit.
    assert_eq!(period_of_double_well(1.7), Some(6));
    let (phases, _) = watch(&experiment(Spec::new("double-well"), &[0.3], constant(1.7), 20_000));
    assert_eq!(phases.last(), Some(&Phase::Orbit(6)));
    let (phases, _) = watch(&experiment(Spec::new("double-well"), &[0.3], constant(1.4), 20_000));
    assert!(!phases.iter().any(|phase| matches!(phase, Phase::Orbit(_))));
}

/// On the river y_k = 3 − 2·0.975^k and λ₁ = y² while x is nothing: it exceeds 2/η = 4 when 0.975^k
/// < ½, at k = 28.
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

/// Lewkowycz et al. (2020): with 2 < ηλ₁ < 4 at f ≈ 0 the loss of ½(xy)² first grows and then
/// falls, in a flatter place.
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

/// Once settled below, a run has crossed downwards; the number of crossings is even or odd as the
/// side it is on.
#[test]
fn crossings_alternate() {
    for policy in ["nonmonotone-line-search", "line-search", "cdat", "barzilai-borwein", "normalized"] {
        let (_, events) = watch(&experiment(Spec::new("rosenbrock"), &[-1.2, 1.0], Spec::new(policy), 2000));
        for (i, (_, crossing)) in crossings(&events).into_iter().enumerate() {
            assert_eq!(crossing, if i % 2 == 0 { Crossing::Up } else { Crossing::Down }, "{policy}");
        }
    }
}

/// exp(x) − x at η = 3.11: a stable cycle of three (30 digits, by an independent computation), its
/// multiplier 0.2707.
#[test]
fn a_cycle_of_three_is_named() {
    let start = experiment(Spec::new("exp-minus-linear"), &[1.0], constant(3.11), 3000);
    let (phases, _) = watch(&start);
    assert_eq!(phases.last(), Some(&Phase::Orbit(3)));
    let mut descent = Descent::new(&start, 0).expect("valid");
    while descent.advance().is_some() {}
    let cycle = [0.974_624_758_359_573, -4.157_412_319_320_9, -1.096_077_223_458_44];
    assert!(cycle.iter().any(|x| (descent.iterate()[0] - x).abs() < 1e-12), "{:?}", descent.iterate());
}

/// ηλ₁ = 2.05 multiplies x by −1.05 at every step; near the minimum of the double well, ηλ₁ = 1.8
/// multiplies x + 1 by −0.8.
#[test]
fn plain_growth_and_plain_convergence_are_no_edge() {
    let steady = |experiment: &Experiment| watch(experiment).0;
    let parabola = Spec::new("quadratic").with("curvatures", vec![10.0]);
    let growing = steady(&experiment(parabola, &[1.0], constant(0.205), 200));
    assert!(growing.iter().all(|phase| *phase == Phase::AboveTheEdge), "{growing:?}");
    let shrinking = steady(&Experiment {
        stop: Stop::default(),
        ..experiment(Spec::new("double-well"), &[1.6], constant(0.9), 500)
    });
    assert!(!shrinking.contains(&Phase::EdgeOfStability), "{shrinking:?}");
    assert_eq!(shrinking[40], Phase::BelowTheEdge);
}

/// Minima of 2, 2, 1 and 100, where the loss has no digits left for ‖∇f‖²/2λ₁ below some 1e-14: no
/// edge and no orbit.
#[test]
fn rounding_is_named_as_that() {
    for (formula, start, policy) in [
        ("f(x, y) = exp((2 - x)^2) + exp((3 - y)^2)", [0.0, 0.0], Spec::new("armijo")),
        ("f(x, y) = cosh(x) + cosh(2*y)", [1.0, 1.0], Spec::new("armijo")),
        ("f(x, y) = cosh(x) + cosh(2*y)", [1.0, 1.0], Spec::new("line-search")),
        ("f(x, y) = 1 + 1.1*x^2 + y^2", [1.0, 1.0], Spec::new("armijo")),
        ("f(x, y) = 1 + 1.1*x^2 + y^2", [1.0, 1.0], Spec::new("line-search")),
        ("f(x, y) = 100 + x^2 + y^2", [1.1, 0.3], Spec::new("armijo").with("eta0", 1.000_000_1)),
    ] {
        let objective = Spec::new("formula").with("expression", formula);
        let (phases, _) = watch(&experiment(objective, &start, policy, 400));
        let wrong = phases.iter().position(|phase| matches!(phase, Phase::EdgeOfStability | Phase::Orbit(_)));
        assert_eq!(wrong, None, "{formula}");
        assert!(phases.contains(&Phase::AtLastDigits), "{formula}");
    }
    // A cycle between ±1 of x⁴/4 at η = 2 has one loss, too, and is no rounding.
    let (phases, _) = watch(&experiment(Spec::new("power").with("p", 4.0), &[1.0], constant(2.0), 60));
    assert_eq!(phases.last(), Some(&Phase::Orbit(2)));
}

/// λ₁ = y² rises for 20 steps and then falls: the word goes with it, three records later.
#[test]
fn sharpening_ends_where_the_sharpness_falls() {
    // f = ½x²·y with x = 0: λ₁ = y, and the second coordinate goes where a rule sends it.
    let hill = Spec::new("formula").with("expression", "f(x, y) = x^2*(5 - (y - 2)^2)/2 - y/10");
    let (phases, events) = watch(&experiment(hill, &[0.0, 0.0], constant(1.0), 60));
    // y grows by 0.1 a step and λ₁ = 5 − (y − 2)² is largest at y = 2, step 20; ηλ₁ is above 2
    // there, and was at most 2 at the start.
    assert_eq!(entered(&events)[0], (1, Phase::ProgressiveSharpening));
    let first = phases.iter().position(|phase| *phase != Phase::ProgressiveSharpening && *phase != Phase::Starting);
    assert!(first.is_some_and(|first| first < 24), "{phases:?}");
    assert!(!phases[24..].contains(&Phase::ProgressiveSharpening), "{phases:?}");
}

#[test]
fn events_have_their_words() {
    let (_, events) = watch(&on_parabola(1.0, constant(2.5), Stop { loss: 1e6, ..Stop::default() }));
    let words: Vec<_> = events.iter().map(|event| event.kind.words()).collect();
    assert_eq!(words, ["above the threshold", "above the edge", "diverged"]);
    assert_eq!(EventKind::Crossed(Crossing::Down).words(), "below the threshold");
    let named = [
        (Phase::Orbit(3), "period-3 orbit"),
        (Phase::AtLastDigits, "at the loss's last digits"),
        (Phase::Unbounded, "unbounded below"),
    ];
    for (phase, words) in named {
        assert_eq!(EventKind::Entered(phase).words(), words);
    }
}

/// A run that flickers for ever has no story, but it has an end.
#[test]
fn the_log_keeps_so_many_events_and_the_end() {
    let mut log = Log::new(1);
    let record = |step: u64, sharpness: f64| Record {
        step,
        loss: 1.0 + (step % 7) as f64,
        gradient_norm: 1.0,
        sharpness,
        step_size: Some(1.0),
        threshold: Some(2.0),
        reference: None,
        trials: 0,
        evaluations: Default::default(),
    };
    // Twenty iterates below and twenty above, again and again.
    for step in 0..600_000 {
        log.see(&record(step, if step / 20 % 2 == 0 { 0.5 } else { 9.0 }), &[(step % 11) as f64], None);
    }
    assert_eq!(log.events().len(), MAX_EVENTS);
    let last = record(600_000, 0.5);
    log.see(&last, &[0.0], Some(&Outcome::Unbounded { step: 600_000, loss: -1e13, limit: 1e12 }));
    assert_eq!(log.events().len(), MAX_EVENTS + 1);
    assert_eq!(log.events().last().map(|event| event.kind), Some(EventKind::Entered(Phase::Unbounded)));
}

/// The phases of made-up records (loss, λ₁, product), with iterates that never repeat.
fn phases_of(records: &[(f64, f64, f64)]) -> Vec<Sighting> {
    let mut watch = Watch::new(1);
    let see = |(step, &(loss, sharpness, product)): (usize, &(f64, f64, f64))| {
        let eta = product / sharpness;
        let record = Record {
            step: step as u64,
            loss,
            gradient_norm: 1.0,
            sharpness,
            step_size: Some(eta),
            threshold: Some(2.0 * sharpness / product),
            reference: None,
            trials: 0,
            evaluations: Evaluations::default(),
        };
        watch.see(&record, &[(step as f64).sqrt()], None)
    };
    records.iter().enumerate().map(see).collect()
}

/// A product of exactly 2 is at the edge and not above it, and a loss of exactly three times the
/// least is not thrown.
#[test]
fn limits_themselves_are_not_beyond_them() {
    let level = phases_of(&[(1.0, 1.0, 2.0); 30]);
    assert!(level.iter().all(|seen| seen.crossing.is_none() && seen.phase != Phase::AboveTheEdge), "{level:?}");
    // The loss rises from 1 by halves while λ₁ moves: it is above 3 at the iterates 5, 6 and 7, and
    // the third one counts.
    let thrown = |product: f64| {
        let rise = |k: u32| (1.0 + 0.5 * f64::from(k), 1.0 + 0.1 * f64::from(k), product);
        phases_of(&(0..=8).map(rise).collect::<Vec<_>>()).iter().position(|seen| seen.phase == Phase::Catapult)
    };
    assert_eq!((thrown(2.1), thrown(2.0)), (Some(7), None));
}

/// Once above 2, a full window that reaches both sides of 2 is at the edge whatever its mean, while
/// the loss wavers.
#[test]
fn a_window_on_both_sides_of_the_threshold_is_at_the_edge() {
    // The loss goes up and down by 1 %, and λ₁ stays.
    let wavering = |products: &dyn Fn(usize) -> f64| {
        let records: Vec<_> =
            (0..60).map(|k| (1.0 + 0.01 * f64::from([0, 1, 3, 1][k % 4]), 1.0, products(k))).collect();
        phases_of(&records).last().expect("60 of them").phase
    };
    // Means of 1.1, 4.5, 5.5, 4.6, 1.1 and 1.1.
    assert_eq!(wavering(&|k| if k % 12 == 0 { 2.1 } else { 1.0 }), Phase::EdgeOfStability);
    assert_eq!(wavering(&|k| if k % 12 == 0 { 1.9 } else { 4.7 }), Phase::EdgeOfStability);
    assert_eq!(wavering(&|k| if k % 2 == 0 { 6.0 } else { 5.0 }), Phase::AboveTheEdge);
    assert_eq!(wavering(&|k| if k % 12 == 0 { 2.0 } else { 4.8 }), Phase::AboveTheEdge);
    // Above 2 once, and not within the last window.
    assert_eq!(wavering(&|k| if k == 0 { 2.1 } else { 1.0 + 0.1 * (k % 2) as f64 }), Phase::BelowTheEdge);
    assert_eq!(
        wavering(&|k| match k {
            0 => 2.1,
            k if k % 12 == 0 => 2.0,
            _ => 1.0,
        }),
        Phase::BelowTheEdge
    );
}

/// A phase that is seen at one or two iterates is no word that could be read.
#[test]
fn a_phase_stays_until_it_has_been_missed_three_times_in_a_row() {
    let with_above = |count: usize| {
        let falling = |k: usize| (1.0 / (k + 1) as f64, 1.0, if (10..10 + count).contains(&k) { 2.1 } else { 0.5 });
        let seen = phases_of(&(0..20).map(falling).collect::<Vec<_>>());
        seen.iter().map(|seen| seen.phase).collect::<Vec<_>>()
    };
    assert!(with_above(2)[1..].iter().all(|phase| *phase == Phase::BelowTheEdge));
    let three = with_above(3);
    assert_eq!((three[11], three[12]), (Phase::BelowTheEdge, Phase::AboveTheEdge));
    assert_eq!((three[14], three[15]), (Phase::AboveTheEdge, Phase::BelowTheEdge));
}
