//! The programs of every objective with a closed form, against the objective's own derivatives.

use flatland_atlas::program::lanes::{LANES, Registers};
use flatland_atlas::program::{Differentiated, Sources, TranslateError};
use flatland_engine::Experiment;
use flatland_engine::experiment::{RunSpec, Spec};
use flatland_engine::objective;
use nalgebra::{DMatrix, DVector};

/// A complete experiment of an objective.
fn experiment(spec: Spec, start: &[f64]) -> Experiment {
    let mut experiment = Experiment::new(spec, vec![RunSpec::new(Spec::new("constant"))]);
    experiment.start = start.to_vec();
    experiment.complete_and_check().expect("valid")
}

/// Points in general position around a start.
fn points(start: &[f64]) -> Vec<Vec<f64>> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..50).map(|_| start.iter().map(|x| x + 2.0 * random() - 1.0).collect()).collect()
}

fn assert_close(found: f64, expected: f64, scale: f64, what: &str) {
    // The objective's own code and the program round differently: a few units for each of some
    // twenty operations.
    assert!((found - expected).abs() <= 1e-12 * scale.max(expected.abs()), "{what}: {found} and not {expected}");
}

fn compare(spec: Spec, start: &[f64]) {
    let experiment = experiment(spec, start);
    let name = experiment.objective.name.clone();
    let n = experiment.start.len();
    let objective = experiment.build_objective().expect("valid");
    let programs =
        Differentiated::new(Sources { objective: &experiment.objective, dimension: n, parameters: &[] }).expect(&name);
    let (mut gradient, mut hessian) = (DVector::zeros(n), DMatrix::zeros(n, n));
    for point in points(&experiment.start) {
        let x = DVector::from_column_slice(&point);
        let value = objective.value(&x);
        objective.gradient(&x, &mut gradient);
        objective.hessian(&x, &mut hessian);
        // Where terms cancel the error is that of the terms.
        let scale = value.abs().max(gradient.amax()).max(hessian.amax()).max(1.0);
        let found = programs.curvature.at(&point);
        assert_close(found[0], value, scale, &name);
        assert_close(programs.loss.at(&point)[0], value, scale, &name);
        let mut entries = found[1 + n..].iter();
        for i in 0..n {
            assert_close(found[1 + i], gradient[i], scale, &name);
            assert_close(programs.slope.at(&point)[1 + i], gradient[i], scale, &name);
            assert_close(programs.gradient.at(&point)[i], gradient[i], scale, &name);
            for j in i..n {
                assert_close(*entries.next().expect("an entry"), hessian[(i, j)], scale, &name);
            }
        }
    }
}

#[test]
fn every_closed_form_of_the_catalogue_is_the_objective() {
    let mut compared = 0;
    for entry in objective::catalogue() {
        let spec = Spec::new(entry.description.name);
        let complete = experiment(spec.clone(), &[]);
        if complete.start.len() > flatland_atlas::MAX_DIMENSION
            || objective::expression(&complete.objective, complete.start.len()).is_none()
        {
            continue;
        }
        compared += 1;
        compare(spec, &[]);
    }
    assert_eq!(compared, 15, "of the catalogue, all but matrix factorization, phase retrieval and the typed formula");
}

#[test]
fn so_are_its_variants() {
    compare(Spec::new("power").with("p", 3.5), &[0.7, -1.2, 0.4]);
    compare(Spec::new("cosh"), &[0.7, -1.2]);
    compare(Spec::new("exp-minus-linear"), &[0.7, -1.2, 0.1, 0.2]);
    compare(Spec::new("log-cosh"), &[0.7, -1.2]);
    compare(Spec::new("product").with("mu", -1.5), &[0.7, -1.2, 1.4]);
    compare(Spec::new("quadratic").with("curvatures", vec![3.0, -1e-7, 0.5]), &[0.7, -1.2, 0.4]);
    compare(Spec::new("scalar-factorization").with("regularization", 0.3).with("mu", -2.0), &[1.0, 1.0]);
    compare(Spec::new("soft-factorization").with("loss", "sqrt"), &[1.0, 2.0]);
    compare(Spec::new("river").with("coupling", "square").with("a", 0.2), &[1.0, 2.0]);
    compare(Spec::new("logistic").with("points", vec![1.0, -2.0, 0.5, 0.25, 3.0, 1e-3]), &[0.1, 0.2]);
    compare(Spec::new("logistic").with("points", vec![1.0, -2.0, 0.5]), &[0.1, 0.2, 0.3]);
}

#[test]
fn so_are_typed_formulas() {
    for (text, start) in [
        ("f(x, y) = (a - x)^2 + b*(y - x^2)^2; a = 1 [-1, 2]; b = 5 [0, 20]", &[0.5, 0.5][..]),
        ("x^4/4 - cos(3*x)*sinh(y) + tan(x*y/9)", &[0.5, 0.5]),
        ("f(u, v) = exp(-u^2)*sqrt(1 + v^2) + log(2 + u^2 + v^2) + tanh(u - v)", &[0.5, 0.5]),
        ("softplus(x) + logcosh(2*y) + relu(x - y) + abs(x + y) + max(x, y^2, x*y) + min(x, y)", &[0.4, 0.3]),
        ("(3 + x^2)^y + 2^x + (x^2 + 1)^(-1.5) + 1/(x^2 + y^2 + 1)^3", &[0.4, 0.3]),
        ("sign(x)*x^3 + cosh(x)/(1 + x^2)", &[0.4]),
        ("f(x1 … x4) = sum(x1^2, x2*x3, x4^4) - sin(x1*x4)", &[0.4, 1.0, 2.0, 0.1]),
    ] {
        compare(Spec::new("formula").with("expression", text), start);
    }
}

#[test]
fn parameters_can_be_inputs() {
    let river = experiment(Spec::new("river").with("a", 0.2).with("y0", 5.0), &[]);
    let sources = Sources { objective: &river.objective, dimension: 2, parameters: &["y0", "a"] };
    let programs = Differentiated::new(sources).expect("a closed form");
    let constants = Differentiated::new(Sources { parameters: &[], ..sources }).expect("a closed form");
    let (free, fixed) = (programs.curvature.at(&[0.3, 1.7, 5.0, 0.2]), constants.curvature.at(&[0.3, 1.7]));
    for (free, fixed) in free.iter().zip(fixed) {
        assert_close(*free, fixed, 1.0, "river");
    }
    let text = "f(x, y) = (a - x)^2 + b*(y - x^2)^2; a = 1 [-1, 2]; b = 5 [0, 20]";
    let typed = experiment(Spec::new("formula").with("expression", text), &[]);
    let sources = Sources { objective: &typed.objective, dimension: 2, parameters: &["b"] };
    let programs = Differentiated::new(sources).expect("a closed form");
    assert_close(programs.loss.at(&[0.5, 1.0, 7.0])[0], 0.25 + 7.0 * 0.75 * 0.75, 1.0, "formula");
}

#[test]
fn lanes_compute_what_single_points_do_to_the_last_bit() {
    let text = "softplus(x) + logcosh(2*y) + max(x, y^2, x*y) + (3 + x^2)^y + tan(x)/sqrt(1 + y^2) - sign(x)*abs(y)";
    let typed = experiment(Spec::new("formula").with("expression", text), &[0.1, 0.2]);
    let sources = Sources { objective: &typed.objective, dimension: 2, parameters: &[] };
    let program = Differentiated::new(sources).expect("a closed form").curvature;
    let mut registers = Registers::new(&program);
    let points: Vec<_> = points(&[0.1, 0.2]).into_iter().cycle().take(LANES).collect();
    for (lane, point) in points.iter().enumerate() {
        (registers.lane_mut(0)[lane], registers.lane_mut(1)[lane]) = (point[0], point[1]);
    }
    registers.run(&program);
    for (lane, point) in points.iter().enumerate() {
        for (place, expected) in program.results.iter().zip(program.at(point)) {
            assert_eq!(registers.lane(*place)[lane].to_bits(), expected.to_bits());
        }
    }
}

#[test]
fn equal_operations_are_joined_and_constants_folded() {
    let well = experiment(Spec::new("double-well"), &[]);
    let sources = Sources { objective: &well.objective, dimension: 1, parameters: &[] };
    let programs = Differentiated::new(sources).expect("a closed form");
    // x², x² − 1, times x.
    assert_eq!(programs.gradient.operations.len(), 3, "{:?}", programs.gradient);
}

#[test]
fn what_has_no_programs_says_why() {
    let phase = experiment(Spec::new("phase-retrieval"), &[]);
    let sources = Sources { objective: &phase.objective, dimension: 2, parameters: &[] };
    assert_eq!(
        Differentiated::new(sources).expect_err("none").to_string(),
        "the objective \"phase-retrieval\" has no closed form"
    );
    let power = experiment(Spec::new("power"), &[1.0; 5]);
    let sources = Sources { objective: &power.objective, dimension: 5, parameters: &[] };
    assert_eq!(Differentiated::new(sources).expect_err("too many"), TranslateError::Dimension(5));
}
