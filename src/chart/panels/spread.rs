//! What the several starts of an ensemble show: the quartiles behind a run's line.

use plotters::style::Color as _;

use super::Painter;
use crate::{
    chart::{
        Line,
        band::Band,
        trace::{Map, Source},
    },
    protocol::Quantity,
    session::{Run, Session, series::Series},
    view_settings::Panel,
};

/// Opacity of a band.
const OPACITY: f64 = 0.15;

/// Lower quartile, median and upper quartile of a quantity over a run's starts, if there are
/// several and the quantity is one of the three that have them.
pub fn quartiles<'a>(session: &Session, run: &'a Run, quantity: Quantity) -> Option<[&'a Series; 3]> {
    session.experiment().ensemble?;
    let place = match quantity {
        Quantity::Loss => 0,
        Quantity::Sharpness => 1,
        Quantity::Product => 2,
        _ => return None,
    };
    let from = session.experiment().columns.len() + 3 * place;
    match run.history.asked().get(from..from + 3)? {
        [lower, median, upper] => Some([lower, median, upper]),
        _ => None,
    }
}

impl<'a> Painter<'a, '_> {
    /// The quantity whose quartiles a panel shows.
    fn spread_of(panel: Panel) -> Option<Quantity> {
        match panel {
            Panel::Loss => Some(Quantity::Loss),
            Panel::Sharpness => Some(Quantity::Sharpness),
            Panel::Product => Some(Quantity::Product),
            _ => None,
        }
    }

    /// The band between the quartiles of each run.
    pub(super) fn bands(&self, panel: Panel, map: Map) -> Vec<Band<'a>> {
        let Some(quantity) = Self::spread_of(panel) else { return Vec::new() };
        let runs = self.session.runs().iter().enumerate().rev();
        let band = |(index, run)| {
            let [lower, _, upper] = quartiles(self.session, run, quantity)?;
            let (mut lower, mut upper) = (self.line(index, lower), self.line(index, upper));
            (lower.source.map, upper.source.map) = (map, map);
            Some(Band { lower: lower.source, upper: upper.source, color: lower.color.mix(OPACITY * lower.opacity) })
        };
        runs.filter_map(band).collect()
    }

    /// The median of a run's starts, which takes over the label and the weight of its line: that is
    /// drawn thin, on top.
    pub(super) fn median(&self, panel: Panel, index: usize, line: &mut Line<'a>) -> Option<Line<'a>> {
        let [_, median, _] = quartiles(self.session, &self.session.runs()[index], Self::spread_of(panel)?)?;
        let source = Source { series: median, ..line.source };
        let median =
            Line { source, opacity: line.opacity, label: std::mem::take(&mut line.label), ..self.line(index, median) };
        line.width = (0.5 * line.width).max(1.0);
        line.dashes = None;
        Some(median)
    }
}
