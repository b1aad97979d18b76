//! What holds for every entry of the catalogues, so that adding one is one file and one line.
#![allow(missing_docs)]

mod common;

use std::collections::HashSet;

use common::{Trace, constant, experiment};
use flatland_engine::experiment::{RunSpec, Spec};
use flatland_engine::objective::Dimension;
use flatland_engine::spec::{Description, ParameterKind, Scale};
use flatland_engine::{Descent, Experiment, Outcome, objective, policy};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Closed forms and networks.
fn objectives() -> impl Iterator<Item = &'static objective::Entry> {
    objective::catalogue().iter().chain(objective::networks())
}

fn descriptions() -> impl Iterator<Item = &'static Description> {
    let objectives = objectives().map(|entry| entry.description);
    objectives.chain(policy::catalogue().iter().map(|entry| entry.description))
}

#[test]
fn names_are_unique_kebab_case_and_found() {
    let mut names = HashSet::new();
    for Description { name, .. } in descriptions() {
        assert!(names.insert(name), "{name} stands there twice");
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{name}");
        assert!(objective::find(name).is_some() || policy::find(name).is_some());
    }
}

#[test]
fn what_is_found_is_listed() {
    for name in ["constant", "line-search", "gd-warmup", "expression"] {
        let found = policy::find(name).expect("a policy");
        assert_eq!(found.description.name, name);
        assert!(policy::catalogue().iter().any(|entry| std::ptr::eq(entry, found)));
    }
    assert!(policy::find("no-such-policy").is_none());
}

#[test]
fn descriptions_are_complete() {
    for description in descriptions() {
        let Description { name, title, short, latex, summary, source, parameters } = description;
        assert!(!title.is_empty() && !source.is_empty(), "{name}");
        // In Wasm formulas are there on request alone.
        let has_formulas = cfg!(any(feature = "latex", not(target_arch = "wasm32")));
        assert_eq!(!latex.is_empty(), has_formulas, "{name}");
        assert!((1..=12).contains(&short.chars().count()), "{name}: {short}");
        assert!(summary.ends_with('.') && !summary.contains("  "), "{name}: {summary}");
        assert_eq!(latex.matches('{').count(), latex.matches('}').count(), "{name}: {latex}");
        let keys: HashSet<_> = parameters.iter().map(|parameter| parameter.key).collect();
        assert_eq!(keys.len(), parameters.len(), "{name}");
        assert!(!keys.contains("name"), "{name}: the key that experiments use for the name");
    }
}

#[test]
fn defaults_and_sliders_are_inside_the_bounds() {
    let check_slider = |bounds: flatland_engine::spec::Bounds, (min, max): (f64, f64), scale| {
        min < max && bounds.contains(min) && bounds.contains(max) && (scale == Scale::Linear || min > 0.0)
    };
    for Description { name, parameters, .. } in descriptions() {
        for parameter in *parameters {
            let is_consistent = match parameter.kind {
                ParameterKind::Number { default, bounds, slider, scale } => {
                    bounds.contains(default) && check_slider(bounds, slider, scale)
                }
                ParameterKind::OptionalNumber { bounds, slider, scale, .. } => check_slider(bounds, slider, scale),
                ParameterKind::Choice { default, options } => options.contains(&default),
                ParameterKind::Text { default, check } => check(default).is_ok(),
                ParameterKind::Flag { .. } => true,
                ParameterKind::Widths { default, bounds, max_length } => {
                    default.len() <= max_length
                        && default.iter().all(|&width| bounds.contains(width) && width.fract() == 0.0)
                }
                ParameterKind::Part { default, options } => options().iter().any(|option| option.name == default),
                ParameterKind::Numbers { default, bounds, max_length } => {
                    (1..=max_length).contains(&default.len()) && default.iter().all(|&number| bounds.contains(number))
                }
            };
            assert!(is_consistent, "{name}.{}", parameter.key);
        }
    }
}

#[test]
fn default_starts_fit_and_views_hold_them() {
    for entry in objective::catalogue() {
        let spec = Spec::new(entry.description.name);
        let start = entry.start_for(&spec);
        let objective = entry.build(&spec, start.len()).expect("the default start fits");
        assert_eq!(objective.dimension(), start.len());
        if let Dimension::Fixed(n) = entry.dimension {
            assert_eq!(n, start.len());
        }
        let [x_min, x_max, y_min, y_max] = entry.view;
        assert!(x_min < x_max && y_min < y_max);
        assert!((x_min..=x_max).contains(&start[0]), "{}", entry.description.name);
        if start.len() == 2 {
            assert!((y_min..=y_max).contains(&start[1]), "{}", entry.description.name);
        }
    }
}

#[test]
fn the_suggested_constant_step_does_not_diverge() {
    for entry in objective::catalogue() {
        let trace = Trace::new(entry.description.name, &[], constant(entry.constant_step), 2000);
        assert!(!matches!(trace.outcome, Outcome::Diverged { .. }), "{}: {}", entry.description.name, trace.outcome);
        // "Shows the phenomenon" means at least that it does not end at once.
        assert!(trace.records.len() > 20, "{}: {}", entry.description.name, trace.outcome);
    }
}

#[test]
fn every_pair_runs_and_says_how_it_ends() {
    for objective in objectives() {
        for policy in policy::catalogue() {
            let run = RunSpec::new(Spec::new(policy.description.name));
            let mut experiment = Experiment::new(Spec::new(objective.description.name), vec![run]);
            experiment.steps = 200;
            let trace = Trace::of(&experiment);
            let pair = format!("{} × {}", objective.description.name, policy.description.name);
            let (last, before) = trace.records.split_last().expect("a record");
            for record in before {
                assert!(record.loss.is_finite() && record.gradient_norm.is_finite(), "{pair}");
                assert!(record.step_size.is_some_and(|eta| eta > 0.0 && eta.is_finite()), "{pair}");
                assert!(record.threshold.is_some_and(|threshold| threshold > 0.0), "{pair}");
            }
            assert_eq!(last.step, trace.outcome.step(), "{pair}");
            // One at each iterate, which the record needs as well, and those that the policy asks
            // for.
            assert!(last.evaluations.gradient > last.step, "{pair}");
            if policy.description.name == "constant" {
                assert_eq!(last.evaluations.gradient, last.step + 1, "{pair}");
            }
            assert!(!trace.outcome.to_string().is_empty(), "{pair}");
        }
    }
}

#[test]
fn known_minima_are_lower_bounds_and_reached() {
    for entry in objective::catalogue() {
        let trace = Trace::new(entry.description.name, &[], Spec::new("line-search"), 20_000);
        let objective = entry.build(&Spec::new(entry.description.name), trace.iterates[0].len()).expect("valid");
        let Some(minimum) = objective.minimum() else {
            assert_eq!(entry.description.name, "formula", "only of a typed formula is the minimum unknown");
            continue;
        };
        assert!(trace.records.iter().all(|record| record.loss >= minimum), "{}", entry.description.name);
        assert!(trace.last().0.loss < minimum + 1e-6, "{}: {}", entry.description.name, trace.last().0.loss);
    }
}

#[test]
fn an_iterate_far_away_ends_the_run_without_a_panic() {
    for objective in objective::catalogue() {
        let dimension = objective.default_start.len();
        for policy in policy::catalogue() {
            for size in [1e150, -1e80, 0.0, 1e-150] {
                let objective = Spec::new(objective.description.name);
                let policy = Spec::new(policy.description.name);
                let mut descent =
                    Descent::new(&experiment(objective, &vec![size; dimension], policy, 50), 0).expect("valid");
                while descent.advance().is_some() {}
                assert!(descent.outcome().is_some());
            }
        }
    }
}
