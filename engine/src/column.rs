//! The columns beyond the record that an experiment asks for by name.

/// The window of [`Column::Large`] where an experiment gives none.
pub const DEFAULT_WINDOW: u64 = 10;

/// A column beyond the record, in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// [`crate::Record::threshold`].
    Threshold,

    /// The local segment smoothness l(xₖ, ηₖ), see [`crate::segment`].
    Segment,

    /// The η at which η·l(xₖ, η) = 2.
    Crossing,

    /// Whether steps are large: 1 if ηₖ·l ≥ 1, plus 2 if η·l was above 2 at this step or one of the
    /// last `window`.
    Large,

    /// 2(fₖ − fₖ₋₁ − gₖ₋₁ᵀs)/‖s‖²: the smoothness for which the descent lemma is an equality.
    LApprox,

    /// |sᵀy|/‖s‖².
    LBb1,

    /// ‖y‖²/|sᵀy|.
    LBb2,

    /// ‖y‖/‖s‖.
    LBb3,

    /// λ₂, the second largest eigenvalue of the Hessian.
    Lambda2,

    /// λ₃, the third largest.
    Lambda3,

    /// uᵀs, the last step's part along the top eigenvector u at xₖ. Of u and −u the one that makes
    /// the smaller angle with the one before, so that a change of sign is one of the step.
    Projection,
}

impl Column {
    /// All of them, in their order.
    pub const ALL: [Self; 11] = [
        Self::Threshold,
        Self::Segment,
        Self::Crossing,
        Self::Large,
        Self::LApprox,
        Self::LBb1,
        Self::LBb2,
        Self::LBb3,
        Self::Lambda2,
        Self::Lambda3,
        Self::Projection,
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
            Self::Lambda2 => "lambda2",
            Self::Lambda3 => "lambda3",
            Self::Projection => "projection",
        }
    }

    /// The column with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}
