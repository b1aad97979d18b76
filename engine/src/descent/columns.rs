//! Columns beyond the record, which an experiment asks for by name.
//!
//! All belong to the iterate xₖ of the record. The estimates look back at the step that led there, s = xₖ − xₖ₋₁ and
//! y = gₖ − gₖ₋₁, and use nothing that a first-order method does not know. What does not exist is NaN. Recording costs
//! the run nothing: its evaluations are those of the policy.
//!
//! Source: Galli et al., 2026, arXiv 2606.06722; the estimates of Fox, Galli, Schmidt & Rauhut, 2024 (OPT workshop).

use crate::objective::Objective;
use crate::policy::Point;
use crate::segment::Segment;

use super::Record;

/// The window of [`Column::Large`] where an experiment gives none.
pub const DEFAULT_WINDOW: u64 = 10;

/// A column beyond the record, in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// [`Record::threshold`].
    Threshold,

    /// The local segment smoothness l(xₖ, ηₖ), see [`crate::segment`].
    Segment,

    /// The η at which η·l(xₖ, η) = 2.
    Crossing,

    /// Whether steps are large: 1 if ηₖ·l ≥ 1, plus 2 if η·l was above 2 at this step or one of the last `window`.
    Large,

    /// 2(fₖ − fₖ₋₁ − gₖ₋₁ᵀs)/‖s‖²: the smoothness for which the descent lemma is an equality.
    LApprox,

    /// |sᵀy|/‖s‖².
    LBb1,

    /// ‖y‖²/|sᵀy|.
    LBb2,

    /// ‖y‖/‖s‖.
    LBb3,
}

impl Column {
    /// All of them, in their order.
    pub const ALL: [Self; 8] = [
        Self::Threshold,
        Self::Segment,
        Self::Crossing,
        Self::Large,
        Self::LApprox,
        Self::LBb1,
        Self::LBb2,
        Self::LBb3,
    ];

    /// The name in experiments and in the heads of tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Threshold => "threshold",
            Self::Segment => "segment",
            Self::Crossing => "crossing",
            Self::Large => "large",
            Self::LApprox => "l_approx",
            Self::LBb1 => "l_bb1",
            Self::LBb2 => "l_bb2",
            Self::LBb3 => "l_bb3",
        }
    }

    /// The column with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}

/// The columns of one run.
pub(super) struct Columns {
    asked: Vec<Column>,
    window: u64,

    /// The last step with η·l above 2.
    last_beyond: Option<u64>,

    values: Vec<f64>,
}

impl Columns {
    pub fn new(asked: Vec<Column>, window: u64) -> Self {
        Self { values: vec![f64::NAN; asked.len()], asked, window, last_beyond: None }
    }

    /// The values at the last iterate, in the order in which they were asked for.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Measures at `point`, to which a step from `previous` has led unless it is the start.
    pub fn measure(&mut self, objective: &dyn Objective, record: &Record, point: &Point, previous: Option<&Point>) {
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
