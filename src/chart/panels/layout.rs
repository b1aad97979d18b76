//! How a chart lays out its values: as chosen, or, where that cannot be, in another way that says
//! so.

use super::x;
use crate::{
    chart::trace::Map,
    protocol::Quantity,
    session::{Session, score},
    view_settings::{Panel, Scale, View},
};

/// See the module's header.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layout {
    /// Equal differences are equal lengths.
    Linear,
    /// Equal ratios are equal lengths.
    Log {
        /// Whether a loss is exactly 0 somewhere, which lies below every logarithmic axis.
        has_zero: bool,
    },
    /// A loss, linear although it should be logarithmic: it is 0 or negative where it is seen.
    NotPositive,
    /// A loss less the least loss of all runs so far, logarithmic.
    AboveBest(f64),
}

/// A loss that falls by this factor before it is exactly 0 has decades to show.
const DECADES: f64 = 100.0;

impl Layout {
    /// That of the chart in a slot.
    pub fn of(session: &Session, view: &View, slot: usize) -> Self {
        let (panel, scale) = (view.panels[slot], view.scales[slot]);
        let is_other = scale == Scale::Other && panel.has_two_scales();
        match (scale, panel.is_usually_log() != is_other) {
            (Scale::AboveBest, _) if panel.is_of_loss() => Self::AboveBest(score::best(session)),
            (_, false) => Self::Linear,
            (_, true) if panel.is_of_loss() => Self::of_loss(session, view),
            (_, true) => Self::Log { has_zero: false },
        }
    }

    /// That of losses which should be logarithmic, where they are seen.
    fn of_loss(session: &Session, view: &View) -> Self {
        let costs = x::Costs::new(session, view);
        let seen = session
            .runs()
            .iter()
            .enumerate()
            .map(|(index, run)| run.history.series(Quantity::Loss).bucket(x::span(session, view, &costs, index)));
        let (least, most) = seen.fold((f64::INFINITY, 0.0_f64), |(lo, hi), seen| (lo.min(seen.min), hi.max(seen.max)));
        if least > 0.0 {
            return Self::Log { has_zero: false };
        }
        // A minimum of 0 that is met exactly: the way there may still be one of many decades.
        let positive = super::scale::least_above(session, view, Quantity::Loss, 0.0);
        if least == 0.0 && positive * DECADES < most { Self::Log { has_zero: true } } else { Self::NotPositive }
    }

    /// Whether equal ratios are equal lengths.
    pub fn is_log(self) -> bool {
        matches!(self, Self::Log { .. } | Self::AboveBest(_))
    }

    /// What is shown of a loss.
    pub fn map(self) -> Map {
        if let Self::AboveBest(best) = self { Map::Above(best) } else { Map::Itself }
    }

    /// Its name on the button that changes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Log { .. } => "log",
            Self::Linear => "linear",
            Self::NotPositive => "linear: f ≤ 0",
            Self::AboveBest(_) => "f − f_best",
        }
    }

    /// A word on it for the chart itself; empty where there is nothing to say.
    pub fn note(self) -> String {
        match self {
            Self::Log { has_zero: true } => "▼ f = 0".to_owned(),
            Self::Log { .. } | Self::Linear => String::new(),
            Self::NotPositive => "f ≤ 0: linear axis".to_owned(),
            Self::AboveBest(best) => format!("f_best = {}", crate::chart::axis::significant(best)),
        }
    }

    /// The choice after `scale` for a panel laid out like this.
    pub fn next(self, scale: Scale, panel: Panel) -> Scale {
        match scale {
            // A linear axis instead of a linear one is no change.
            Scale::Usual if self == Self::NotPositive => Scale::AboveBest,
            Scale::Usual => Scale::Other,
            Scale::Other if panel.is_of_loss() => Scale::AboveBest,
            Scale::Other | Scale::AboveBest => Scale::Usual,
        }
    }
}

/// The title of the chart in a slot, with what is shown of the loss.
pub fn heading(view: &View, slot: usize) -> &'static str {
    match (view.panels[slot], view.scales[slot]) {
        (Panel::Loss, Scale::AboveBest) => "Loss f − f_best",
        (Panel::Reference, Scale::AboveBest) => "Loss f − f_best and reference R − f_best",
        (panel, _) => panel.title(),
    }
}
