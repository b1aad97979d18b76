//! What a chart can show.

use flatland_engine::column::Column;

use super::NamedOption;
use crate::protocol::Quantity;

/// What a chart can show. From the spectrum on they ask the engine for columns of their own; the
/// last three are of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// f(x_k).
    Loss,
    /// λ₁ and 2/η_k.
    Sharpness,
    /// η_k·λ₁ against 2.
    Product,
    /// ‖∇f(x_k)‖.
    GradientNorm,
    /// η_k with 2/λ₁ on the same axis.
    StepSize,
    /// f(x_k) with the reference R_k.
    Reference,
    /// λ₁, λ₂ and λ₃, and further ones that are recorded.
    Spectrum,
    /// The segment smoothness l(x_k, η_k), with λ₁ and 2/η_k.
    Segment,
    /// Estimates of λ₁ that a first-order method can make.
    Estimators,
    /// The last step's part along the top eigenvector.
    Projection,
    /// The trace of the Hessian, estimated where it is not written down.
    Trace,
    /// The shares of training and test samples that are taken for what they are.
    Accuracy,
    /// The loss on the test samples.
    TestLoss,
    /// The share of hidden units that answer 0 to every training sample.
    DeadUnits,
    /// The norms of the gradient's parts that belong to the layers.
    Layers,
}

impl NamedOption for Panel {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Loss, "loss"),
        (Self::Sharpness, "sharpness"),
        (Self::Product, "product"),
        (Self::GradientNorm, "gradient"),
        (Self::StepSize, "step-size"),
        (Self::Reference, "reference"),
        (Self::Spectrum, "spectrum"),
        (Self::Segment, "segment"),
        (Self::Estimators, "estimators"),
        (Self::Projection, "projection"),
        (Self::Trace, "trace"),
        (Self::Accuracy, "accuracy"),
        (Self::TestLoss, "test-loss"),
        (Self::DeadUnits, "dead-units"),
        (Self::Layers, "layers"),
    ];
}

impl Panel {
    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Loss => "Loss f",
            Self::Sharpness => "Sharpness λ₁ and threshold 2/η",
            Self::Product => "Product η·λ₁",
            Self::GradientNorm => "Gradient ‖∇f‖",
            Self::StepSize => "Step size η and 2/λ₁",
            Self::Reference => "Loss f and reference R",
            Self::Spectrum => "Largest eigenvalues λ₁, λ₂, λ₃",
            Self::Segment => "Segment smoothness l and λ₁",
            Self::Estimators => "Estimates of λ₁",
            Self::Projection => "Step along the top eigenvector",
            Self::Trace => "Trace of the Hessian",
            Self::Accuracy => "Accuracy on test samples",
            Self::TestLoss => "Loss on test samples",
            Self::DeadUnits => "Share of dead units",
            Self::Layers => "Gradients of the layers",
        }
    }

    /// The columns that the engine must record for it.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Spectrum => &[Column::Lambda2, Column::Lambda3],
            Self::Segment => &[Column::Segment, Column::Large],
            Self::Estimators => &[Column::LApprox, Column::LBb1, Column::LBb2, Column::LBb3],
            Self::Projection => &[Column::Projection],
            Self::Trace => &[Column::Trace],
            Self::Accuracy => &[Column::TestAccuracy, Column::Accuracy],
            Self::TestLoss => &[Column::TestLoss],
            Self::DeadUnits => &[Column::DeadUnits],
            Self::Layers => &Column::LAYERS,
            _ => &[],
        }
    }

    /// What it shows of every run, or, where it is of one alone, of that run.
    pub fn quantity(self) -> Quantity {
        match self {
            Self::Loss | Self::Reference => Quantity::Loss,
            Self::Product => Quantity::Product,
            Self::GradientNorm => Quantity::GradientNorm,
            Self::StepSize => Quantity::StepSize,
            _ => Quantity::Sharpness,
        }
    }

    /// Whether it shows columns that the engine records on request, of every run.
    pub fn is_asked(self) -> bool {
        matches!(self, Self::Projection | Self::Trace | Self::Accuracy | Self::TestLoss | Self::DeadUnits)
    }

    /// All that say something of networks alone.
    pub fn of_networks() -> impl Iterator<Item = Self> {
        Self::ALL.iter().map(|(panel, _)| *panel).filter(|panel| panel.is_of_networks())
    }

    /// Whether it says something of networks alone.
    pub fn is_of_networks(self) -> bool {
        matches!(self, Self::Accuracy | Self::TestLoss | Self::DeadUnits | Self::Layers)
    }

    /// Whether it is of the selected run alone.
    pub fn is_of_one_run(self) -> bool {
        matches!(self, Self::Spectrum | Self::Segment | Self::Estimators | Self::Layers)
    }

    /// Whether its usual scale is logarithmic.
    pub fn is_usually_log(self) -> bool {
        matches!(
            self,
            Self::Loss
                | Self::Product
                | Self::GradientNorm
                | Self::StepSize
                | Self::Reference
                | Self::Estimators
                | Self::Layers
        )
    }

    /// Whether it shows the loss, which may also be shown above the best.
    pub fn is_of_loss(self) -> bool {
        matches!(self, Self::Loss | Self::Reference)
    }

    /// Whether it can be drawn on either scale.
    pub fn has_two_scales(self) -> bool {
        !self.is_asked()
    }
}
