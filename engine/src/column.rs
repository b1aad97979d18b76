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

    /// λ₄.
    Lambda4,

    /// λ₅.
    Lambda5,

    /// λ₆.
    Lambda6,

    /// λ₇.
    Lambda7,

    /// λ₈.
    Lambda8,

    /// The largest residual ‖Hv − λv‖ among the eigenvalues that are tracked by products; 0 where
    /// they are right to rounding.
    Residual,

    /// How many eigenvalues are above [`crate::Record::threshold`], counted up to 8. Where they are
    /// tracked by products, one more is tracked from the next iterate on as long as the last one is
    /// above three quarters of it, which is 1.5/η for plain steps.
    Unstable,

    /// λ_min, the least eigenvalue.
    LambdaMin,

    /// The trace of the Hessian, exact where it is written down and else Hutchinson's estimate.
    Trace,

    /// The standard error of the trace; 0 where it is exact.
    TraceError,

    /// The share of the training samples that a network takes for what they are.
    Accuracy,

    /// The same of the test samples.
    TestAccuracy,

    /// A network's loss on the test samples.
    TestLoss,

    /// The share of a network's hidden units that are 0 on every training sample.
    DeadUnits,

    /// ‖∂f/∂(W_l, b_l)‖ of a network's first layer, l = 1: the part of ‖∇f‖ that belongs to it.
    LayerGradient1,

    /// The same of its layer 2.
    LayerGradient2,

    /// The same of its layer 3.
    LayerGradient3,

    /// The same of its layer 4.
    LayerGradient4,

    /// The same of its layer 5.
    LayerGradient5,

    /// The same of its layer 6.
    LayerGradient6,

    /// The same of its layer 7.
    LayerGradient7,

    /// The same of its layer 8.
    LayerGradient8,

    /// uᵀs, the last step's part along the top eigenvector u at xₖ. Of u and −u the one that makes
    /// the smaller angle with the one before, so that a change of sign is one of the step.
    Projection,
}

impl Column {
    /// All of them, in their order.
    pub const ALL: [Self; 33] = [
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
        Self::Lambda4,
        Self::Lambda5,
        Self::Lambda6,
        Self::Lambda7,
        Self::Lambda8,
        Self::Residual,
        Self::Unstable,
        Self::LambdaMin,
        Self::Trace,
        Self::TraceError,
        Self::Accuracy,
        Self::TestAccuracy,
        Self::TestLoss,
        Self::DeadUnits,
        Self::LayerGradient1,
        Self::LayerGradient2,
        Self::LayerGradient3,
        Self::LayerGradient4,
        Self::LayerGradient5,
        Self::LayerGradient6,
        Self::LayerGradient7,
        Self::LayerGradient8,
        Self::Projection,
    ];

    /// The gradients of the layers, from the first on.
    pub const LAYERS: [Self; 8] = [
        Self::LayerGradient1,
        Self::LayerGradient2,
        Self::LayerGradient3,
        Self::LayerGradient4,
        Self::LayerGradient5,
        Self::LayerGradient6,
        Self::LayerGradient7,
        Self::LayerGradient8,
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
            Self::Lambda4 => "lambda4",
            Self::Lambda5 => "lambda5",
            Self::Lambda6 => "lambda6",
            Self::Lambda7 => "lambda7",
            Self::Lambda8 => "lambda8",
            Self::Residual => "residual",
            Self::Unstable => "unstable",
            Self::LambdaMin => "lambda_min",
            Self::Trace => "trace",
            Self::TraceError => "trace_error",
            Self::Accuracy => "accuracy",
            Self::TestAccuracy => "test_accuracy",
            Self::TestLoss => "test_loss",
            Self::DeadUnits => "dead_units",
            Self::LayerGradient1 => "layer_gradient1",
            Self::LayerGradient2 => "layer_gradient2",
            Self::LayerGradient3 => "layer_gradient3",
            Self::LayerGradient4 => "layer_gradient4",
            Self::LayerGradient5 => "layer_gradient5",
            Self::LayerGradient6 => "layer_gradient6",
            Self::LayerGradient7 => "layer_gradient7",
            Self::LayerGradient8 => "layer_gradient8",
            Self::Projection => "projection",
        }
    }

    /// For λ₂ and those below it, the number of the eigenvalue, counted from 0 for λ₁.
    #[must_use]
    pub fn rank(self) -> Option<usize> {
        let ranked =
            [Self::Lambda2, Self::Lambda3, Self::Lambda4, Self::Lambda5, Self::Lambda6, Self::Lambda7, Self::Lambda8];
        ranked.iter().position(|column| *column == self).map(|place| place + 1)
    }

    /// The layer of a network, counted from 1, that the column is about.
    #[must_use]
    pub fn layer(self) -> Option<usize> {
        Self::LAYERS.iter().position(|column| *column == self).map(|place| place + 1)
    }

    /// The column with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}
