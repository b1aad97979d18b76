//! The loss, its gradient and the sharpness over a grid: what a landscape is drawn from.
//!
//! Points where one of them is not finite hold what the objective answers there (NaN or ±∞); the
//! caller decides how to show it.

use nalgebra::{DMatrix, DVector};

use crate::experiment::{ErrorKind, Experiment, FieldError};
use crate::vector::dot;

/// The answers at every point of a grid, row by row from the greatest y down, x growing.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// f.
    pub values: Vec<f64>,

    /// λ₁, the algebraically largest eigenvalue of the Hessian.
    pub sharpness: Vec<f64>,

    /// ‖∇f‖; for an objective of one variable f′ with its sign.
    pub gradient: Vec<f64>,

    /// The infimum of f, where it is known.
    pub minimum: Option<f64>,
}

/// Evaluates an experiment's objective on `columns` × `rows` points that span `window` = `[x_min,
/// x_max, y_min, y_max]`, ends included.
///
/// For an objective of one variable y is ignored. With more than two variables, those beyond the
/// second stay at the start.
///
/// # Errors
///
/// If the experiment's objective is not valid.
pub fn survey(experiment: &Experiment, window: [f64; 4], columns: usize, rows: usize) -> Result<Grid, FieldError> {
    if experiment.is_network() {
        let found = format!("\"{}\", whose weights have none", experiment.objective.name);
        let remedy = "a landscape is drawn over the first two: take another objective";
        let expected = "an objective whose variables have names";
        return Err(FieldError::new(ErrorKind::Dimension, "objective", expected, found, remedy));
    }
    let objective = experiment.build_objective()?;
    let [x_min, x_max, y_min, y_max] = window;
    let mut point = DVector::from_column_slice(&experiment.start);
    let dimension = point.len();
    let mut workspace = DMatrix::zeros(dimension, dimension);
    let mut gradient = DVector::zeros(dimension);
    let mut grid = Grid {
        values: Vec::with_capacity(columns * rows),
        sharpness: Vec::with_capacity(columns * rows),
        gradient: Vec::with_capacity(columns * rows),
        minimum: objective.minimum(),
    };
    for row in 0..rows {
        for column in 0..columns {
            point[0] = at(x_min, x_max, column, columns);
            if dimension > 1 {
                point[1] = at(y_max, y_min, row, rows);
            }
            grid.values.push(objective.value(&point));
            grid.sharpness.push(objective.sharpness(&point, &mut workspace));
            objective.gradient(&point, &mut gradient);
            grid.gradient.push(if dimension == 1 { gradient[0] } else { dot(&gradient, &gradient).sqrt() });
        }
    }
    Ok(grid)
}

/// The `index`-th of `count` evenly spaced numbers from `from` to `to`.
fn at(from: f64, to: f64, index: usize, count: usize) -> f64 {
    from + (to - from) * index as f64 / count.saturating_sub(1).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_holds_f_and_its_sharpness_from_the_top_left() {
        let json = r#"{"version":1,"objective":{"name":"scalar-factorization","mu":1},"start":[3,0.5],
            "runs":[{"policy":{"name":"constant","eta":0.2}}]}"#;
        let experiment = Experiment::from_json(json).expect("valid");
        let grid = survey(&experiment, [-1.0, 3.0, 0.0, 2.0], 5, 3).expect("valid");
        assert_eq!(grid.values.len(), 15);
        // (−1, 2): ½(−2 − 1)² = 4.5; (3, 0): ½; on the right of the middle row (3, 1): ½·2² = 2.
        assert_eq!((grid.values[0], grid.values[14], grid.values[9]), (4.5, 0.5, 2.0));
        // At (1, 1), a minimizer, λ₁ = x² + y² = 2.
        assert_eq!(grid.sharpness[7], 2.0);
        assert_eq!(grid.minimum, Some(0.0));
        // ∇f = (xy − 1)(y, x): at (−1, 2) −3·(2, −1), at (1, 1) nothing.
        assert!((grid.gradient[0] - 45.0_f64.sqrt()).abs() < 1e-15 && grid.gradient[7] == 0.0);
    }

    /// Drawn or listed, the weights of a network are no axes.
    #[test]
    fn a_network_has_no_landscape() {
        let json =
            r#"{"version":1,"objective":{"name":"network","hidden":[]},"runs":[{"policy":{"name":"constant"}}]}"#;
        let drawn = Experiment::from_json(json).expect("valid");
        // One input and one output: a weight and a bias.
        let listed = Experiment { start: vec![0.5, 0.25], ..drawn.clone() };
        for experiment in [drawn, listed] {
            let error = survey(&experiment, [-1.0, 1.0, -1.0, 1.0], 2, 2).expect_err("no landscape").to_string();
            assert!(error.contains("found \"network\", whose weights have none"), "{error}");
        }
    }

    #[test]
    fn the_derivative_of_one_variable_keeps_its_sign() {
        let json = r#"{"version":1,"objective":{"name":"double-well"},"start":[3],
            "runs":[{"policy":{"name":"constant","eta":0.2}}]}"#;
        let experiment = Experiment::from_json(json).expect("valid");
        let grid = survey(&experiment, [-3.0, 3.0, 0.0, 1.0], 3, 1).expect("valid");
        // An even function: f′ is odd.
        assert!(grid.gradient[0] < 0.0 && grid.gradient[0] == -grid.gradient[2] && grid.gradient[1] == 0.0);
    }
}
