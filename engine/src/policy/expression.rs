//! A step-size rule that somebody has typed.

use std::sync::OnceLock;

use super::{Entry, Policy, PolicyFailure, Step, StepContext, assumed_minimum};
use crate::formula::{self, Formula};
use crate::program::Evaluator;
use crate::spec::ParameterValue;
use crate::spec::{Description, Parameter, ParameterKind};
use crate::vector::dot;

const DEFAULT: &str = "min(0.3, 1.9/lambda)";

/// The variables of a rule, in the order in which they are given to it.
pub const VARIABLES: [&str; 12] =
    ["k", "f", "f_best", "f_star", "g2", "lambda", "eta", "curvature", "R", "s2", "sy", "y2"];

pub(super) const ENTRY: Entry = Entry {
    description: &Description {
        name: "expression",
        title: "Your own rule",
        short: "own rule",
        latex: Description::tex(r"\eta_k = \text{what you type}"),
        summary: "In k, f, f_best, f_star, g2 = ‖g‖², lambda = λ₁, eta (the last step), curvature = gᵀHg/‖g‖², R (the mean \
                  of all losses, at least f), s2 = ‖s‖², sy = sᵀy, y2 = ‖y‖². Before the first step eta, s2, sy and y2 \
                  are 1. What is not used is not computed.",
        source: "Yours",
        parameters: &[Parameter {
            key: "expression",
            symbol: "η",
            help: "the rule for the step size",
            order: None,
            kind: ParameterKind::Text { default: DEFAULT, check },
        }],
    },
    build: |spec| {
        let text = match spec.parameters.get("expression") {
            Some(ParameterValue::Text(text)) => text.as_str(),
            _ => DEFAULT,
        };
        if !formula::ARE_DEFERRED {
            install();
        }
        match BUILD.get() {
            Some(build) => build(Formula::with_variables(text, &VARIABLES).ok()),
            None => Box::new(Unread),
        }
    },
};

/// Makes a policy of a rule.
type FromFormula = fn(Option<Formula>) -> Box<dyn Policy>;

static BUILD: OnceLock<FromFormula> = OnceLock::new();

/// Has typed rules computed from now on, where that is deferred.
pub(crate) fn install() {
    BUILD.get_or_init(|| {
        |rule| {
            Box::new(Expression {
                rule: rule.map(|rule| Evaluator::new(rule.program().clone())),
                best: f64::INFINITY,
                sum: 0.0,
                count: 0.0,
            })
        }
    });
}

/// A rule that nothing has been there to read, which no checked experiment has: every step is NaN.
#[derive(Clone)]
struct Unread;

impl Policy for Unread {
    fn step_size(&mut self, _context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        Ok(Step::of(f64::NAN))
    }
}

fn check(text: &str) -> Result<(), (String, String)> {
    match Formula::with_variables(text, &VARIABLES) {
        Ok(_) => Ok(()),
        Err(error) => Err((error.expected, format!("{} at column {}", error.found, error.column))),
    }
}

#[derive(Clone)]
struct Expression {
    /// None only for a text that was never checked; then every step is NaN, which ends the run by
    /// name.
    rule: Option<Evaluator>,
    best: f64,
    sum: f64,
    count: f64,
}

impl Policy for Expression {
    fn step_size(&mut self, context: &mut StepContext<'_>) -> Result<Step, PolicyFailure> {
        let Some(rule) = &mut self.rule else { return Ok(Step::of(f64::NAN)) };
        let program = rule.program();
        let uses =
            |name: &str| VARIABLES.iter().position(|variable| *variable == name).is_some_and(|i| program.depends_on(i));
        let needs_loss = uses("f") || uses("f_best") || uses("R");
        let loss = if needs_loss { context.loss() } else { f64::NAN };
        self.best = self.best.min(loss);
        self.sum += loss;
        self.count += 1.0;
        let reference = (self.sum / self.count).max(loss);
        let squared = context.gradient_norm_squared();
        let needs_change = uses("s2") || uses("sy") || uses("y2");
        let [last, s2, sy, y2] = match context.previous() {
            None => [1.0; 4],
            Some(previous) if !needs_change => [previous.eta, f64::NAN, f64::NAN, f64::NAN],
            Some(previous) => {
                let s = context.iterate() - previous.iterate;
                let y = context.gradient() - previous.gradient;
                [previous.eta, dot(&s, &s), dot(&s, &y), dot(&y, &y)]
            }
        };
        let values = [
            context.step() as f64,
            loss,
            self.best,
            assumed_minimum(None, context),
            squared,
            if uses("lambda") { context.sharpness() } else { f64::NAN },
            last,
            if uses("curvature") { context.curvature() / squared } else { f64::NAN },
            reference,
            s2,
            sy,
            y2,
        ];
        let reference = uses("R").then_some(reference);
        let result = program.results[0];
        let eta = rule.at(&values, 0)[result];
        Ok(Step { reference, ..Step::of(eta) })
    }
}

#[cfg(test)]
mod tests {
    use crate::descent::{Descent, Outcome, Record};
    use crate::experiment::{Experiment, RunSpec, Spec};

    fn run(policy: Spec) -> (Vec<Record>, Outcome) {
        let mut experiment = Experiment::new(Spec::new("scalar-factorization"), vec![RunSpec::new(policy)]);
        experiment.start = vec![3.0, 0.5];
        experiment.steps = 60;
        let mut descent = Descent::new(&experiment, 0).unwrap();
        let records = std::iter::from_fn(|| descent.advance()).collect();
        (records, descent.outcome().cloned().unwrap())
    }

    fn typed(rule: &str) -> (Vec<Record>, Outcome) {
        run(Spec::new("expression").with("expression", rule))
    }

    /// A rule is the built-in policy with the same formula: the steps agree to 1e-12, and what is
    /// counted agrees exactly.
    #[test]
    fn typed_rules_are_the_built_in_policies() {
        for (rule, policy) in [
            ("0.2", Spec::new("constant").with("eta", 0.2)),
            ("1.9/abs(lambda)", Spec::new("sharpness").with("c", 1.9)),
            ("(f - f_star)/g2", Spec::new("polyak")),
            ("2/abs(curvature)", Spec::new("cdat")),
            ("0.1/sqrt(g2)", Spec::new("normalized").with("eta", 0.1)),
        ] {
            let ((typed, _), (built_in, _)) = (typed(rule), run(policy));
            assert_eq!(typed.len(), built_in.len(), "{rule}");
            // Rounding differs from the first step on: where descent is chaotic, only the first
            // steps can agree.
            for (typed, built_in) in typed.iter().zip(&built_in).take(10) {
                match (typed.step_size, built_in.step_size) {
                    (Some(typed), Some(built_in)) => assert!((typed - built_in).abs() <= 1e-10 * built_in, "{rule}"),
                    (typed, built_in) => assert_eq!(typed, built_in),
                }
                assert_eq!(typed.evaluations, built_in.evaluations, "{rule}");
            }
        }
    }

    #[test]
    fn what_a_rule_remembers_is_what_happened() {
        let (records, _) = typed("min(0.05*(k + 1)/(k + 1), s2 + sy + y2 + eta + f_best + R + 1)");
        assert!(records.len() > 10);
        let mean = (records[0].loss + records[1].loss) / 2.0;
        assert_eq!(records[1].reference, Some(mean.max(records[1].loss)));
    }

    /// Each variable alone, so that none leans on what another one has asked for: against
    /// hand-written derivatives of ½(xy − 1)².
    #[test]
    fn every_variable_is_what_it_says() {
        for name in super::VARIABLES {
            let mut experiment = Experiment::new(
                Spec::new("scalar-factorization"),
                vec![RunSpec::new(Spec::new("expression").with("expression", &*format!("0.05 + 0.001*{name}")))],
            );
            experiment.start = vec![3.0, 0.5];
            experiment.steps = 2;
            let mut descent = Descent::new(&experiment, 0).unwrap();
            let mut rows = Vec::new();
            while let Some(record) = descent.advance() {
                rows.push((record, [descent.iterate()[0], descent.iterate()[1]]));
            }
            let gradient = |[x, y]: [f64; 2]| [(x * y - 1.0) * y, (x * y - 1.0) * x];
            let dot = |a: [f64; 2], b: [f64; 2]| a[0] * b[0] + a[1] * b[1];
            let minus = |a: [f64; 2], b: [f64; 2]| [a[0] - b[0], a[1] - b[1]];
            let (start, now) = (rows[0].1, rows[1].1);
            let (losses, g) = ([rows[0].0.loss, rows[1].0.loss], gradient(now));
            let (s, change) = (minus(now, start), minus(g, gradient(start)));
            let mixed = 2.0 * now[0] * now[1] - 1.0;
            let [a, b] = [now[1] * now[1], now[0] * now[0]];
            let value = match name {
                "k" => 1.0,
                "f" => losses[1],
                "f_best" => losses[0].min(losses[1]),
                "f_star" => 0.0,
                "g2" => dot(g, g),
                "lambda" => 0.5 * (a + b) + (0.25 * (a - b) * (a - b) + mixed * mixed).sqrt(),
                "eta" => rows[0].0.step_size.unwrap(),
                "curvature" => (a * g[0] * g[0] + 2.0 * mixed * g[0] * g[1] + b * g[1] * g[1]) / dot(g, g),
                "R" => (0.5 * (losses[0] + losses[1])).max(losses[1]),
                "s2" => dot(s, s),
                "sy" => dot(s, change),
                "y2" => dot(change, change),
                _ => panic!("a variable without a test: {name}"),
            };
            let expected = 0.05 + 0.001 * value;
            let found = rows[1].0.step_size.unwrap();
            assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{name}: {found} {expected}");
            let first = rows[0].0.step_size;
            match name {
                "k" => assert_eq!(first, Some(0.05)),
                "eta" | "s2" | "sy" | "y2" => assert_eq!(first, Some(0.05 + 0.001), "{name}: 1 before the first step"),
                _ => {}
            }
        }
    }

    #[test]
    fn a_rule_that_cannot_be_read_is_refused_where_it_breaks() {
        let rule = Spec::new("expression").with("expression", "0.1 + wolf");
        let experiment = Experiment::new(Spec::new("scalar-factorization"), vec![RunSpec::new(rule)]);
        let error = Descent::new(&experiment, 0).err().unwrap().to_string();
        assert!(error.contains("wolf") && error.contains("column 7"), "{error}");
    }

    #[test]
    fn nan_zero_and_negative_steps_end_a_run_by_name() {
        for rule in ["0/0", "0", "-1", "log(-1)", "1/(k - k)"] {
            let (records, outcome) = typed(rule);
            assert!(matches!(outcome, Outcome::Stalled { step: 0, .. }), "{rule}: {outcome}");
            assert_eq!(records.len(), 1);
        }
    }
}
