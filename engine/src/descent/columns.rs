//! Columns beyond the record, which an experiment asks for by name.
//!
//! All belong to the iterate xₖ of the record. The estimates look back at the step that led there,
//! s = xₖ − xₖ₋₁ and y = gₖ − gₖ₋₁, and use nothing that a first-order method does not know. What
//! does not exist is NaN. Recording costs the run nothing: its evaluations are those of the policy.
//!
//! Source: Galli et al., 2026, arXiv 2606.06722; the estimates of Fox, Galli, Schmidt & Rauhut,
//! 2024 (OPT workshop).

use crate::column::Column;
use crate::curvature::Curvature;
use crate::objective::Objective;
use crate::policy::Point;
use crate::segment::Segment;
use crate::spectrum::Precision;

use super::Record;
use super::spectrum::{Spectrum, is_of_spectrum, is_of_top};

/// The columns of one run.
#[derive(Clone)]
pub(super) struct Columns {
    asked: Vec<Column>,
    window: u64,

    /// The last step with η·l above 2.
    last_beyond: Option<u64>,

    spectrum: Spectrum,
    values: Vec<f64>,
}

impl Columns {
    pub fn new(asked: Vec<Column>, window: u64, dimension: usize) -> Self {
        let spectrum = Spectrum::new(dimension);
        Self { values: vec![f64::NAN; asked.len()], asked, window, last_beyond: None, spectrum }
    }

    /// The values at the last iterate, in the order in which they were asked for.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The precision with which the spectrum is to be tracked so that all that is asked for is
    /// known.
    pub fn precision(asked: &[Column], precision: Precision) -> Precision {
        let deepest = asked.iter().filter_map(|column| column.rank()).max().unwrap_or(0);
        Precision { count: precision.count.max(deepest as u64 + 1), ..precision }
    }

    /// Whether something is asked for that the tracked eigenvalues tell.
    pub fn needs_top(&self) -> bool {
        self.asked.iter().any(|column| is_of_top(*column))
    }

    /// Measures at `point`, to which a step from `previous` has led unless it is the start; the last
    /// argument says whether what is not measured at every step is due there, and whether
    /// `curvature` has tracked eigenvalues.
    pub fn measure(
        &mut self,
        objective: &dyn Objective,
        record: &Record,
        point: &Point,
        previous: Option<&Point>,
        curvature: &mut Curvature,
        [is_due, is_tracked]: [bool; 2],
    ) {
        if self.asked.is_empty() {
            return;
        }
        let mut segment = Segment::new(objective, &point.position, &point.gradient);
        let asks_for = |column| self.asked.contains(&column);
        let smoothness = match record.step_size {
            Some(eta) if asks_for(Column::Segment) || asks_for(Column::Large) => segment.smoothness(eta),
            _ => f64::NAN,
        };
        let product = record.step_size.unwrap_or(f64::NAN) * smoothness;
        if product > 2.0 {
            self.last_beyond = Some(record.step);
        }
        let is_recent = self.last_beyond.is_some_and(|step| record.step - step <= self.window);
        if self.asked.iter().any(|column| is_of_spectrum(*column)) {
            if is_due {
                self.spectrum.visit(objective, &point.position, &self.asked, record.threshold, curvature, is_tracked);
            } else {
                self.spectrum.forget();
            }
        }
        let spectrum = &self.spectrum;
        let back = previous.map(|previous| LookBack::new(point, previous));
        let estimate = |of: fn(&LookBack) -> f64| back.as_ref().map_or(f64::NAN, of);
        for (value, column) in self.values.iter_mut().zip(&self.asked) {
            *value = match column {
                Column::Threshold => record.threshold.unwrap_or(f64::NAN),
                Column::Segment => smoothness,
                Column::Crossing => segment.crossing().unwrap_or(f64::NAN),
                Column::Large if product.is_nan() => f64::NAN,
                Column::Large => f64::from(u8::from(product >= 1.0) + 2 * u8::from(is_recent)),
                Column::LApprox => estimate(|back| 2.0 * (back.rise - back.gs) / back.ss),
                Column::LBb1 => estimate(|back| back.sy.abs() / back.ss),
                Column::LBb2 => estimate(|back| back.yy / back.sy.abs()),
                Column::LBb3 => estimate(|back| (back.yy / back.ss).sqrt()),
                Column::Lambda2
                | Column::Lambda3
                | Column::Lambda4
                | Column::Lambda5
                | Column::Lambda6
                | Column::Lambda7
                | Column::Lambda8 => spectrum.eigenvalue(column.rank().unwrap_or(0)),
                Column::Residual => spectrum.residual,
                Column::Unstable => spectrum.unstable,
                Column::LambdaMin => spectrum.least,
                Column::Trace => spectrum.trace[0],
                Column::TraceError => spectrum.trace[1],
                // Test samples cost the run time, as the spectrum does.
                Column::TestAccuracy | Column::TestLoss if !is_due => f64::NAN,
                Column::Projection => previous.map_or(f64::NAN, |previous| {
                    let along = spectrum.direction.iter().zip(point.position.iter().zip(&previous.position));
                    along.map(|(u, (x, before))| u * (x - before)).sum()
                }),
                _ => match column.layer() {
                    Some(layer) => objective.layer_norm(&point.gradient, layer),
                    None => objective.own_column(*column, &point.position),
                },
            };
        }
    }
}

/// Products of the last displacement s and the change y of the gradient.
struct LookBack {
    /// f − f₋.
    rise: f64,

    /// g₋ᵀs.
    gs: f64,

    /// ‖s‖².
    ss: f64,

    /// sᵀy.
    sy: f64,

    /// ‖y‖².
    yy: f64,
}

impl LookBack {
    fn new(point: &Point, previous: &Point) -> Self {
        let mut back = Self { rise: point.loss - previous.loss, gs: 0.0, ss: 0.0, sy: 0.0, yy: 0.0 };
        for i in 0..point.position.len() {
            let s = point.position[i] - previous.position[i];
            let y = point.gradient[i] - previous.gradient[i];
            back.gs += previous.gradient[i] * s;
            back.ss += s * s;
            back.sy += s * y;
            back.yy += y * y;
        }
        back
    }
}
