//! The side of the page: what is known of the drawing, its colors, and what lies under the pointer.

use std::cell::OnceCell;

use flatland_atlas::bifurcation::Diagram;
use flatland_atlas::paint::{Range, Sample};
use flatland_atlas::{Map, MapError, Picture, Plan};
use flatland_engine::Experiment;

use crate::crew::reason;
use crate::hits::Hits;
use crate::threshold::{self, Curve};
use crate::{Drawing, Legend, Order, Reading, legend};

/// A drawing in the making.
#[derive(Clone)]
pub struct Sheet {
    experiment: Experiment,
    order: Order,
    state: State,

    /// Where the edge lies; it is found when it is first asked for.
    threshold: OnceCell<Option<Curve>>,
}

#[derive(Clone)]
enum State {
    Map { map: Box<Map>, reason: String, picture: Box<Picture> },
    Diagram { diagram: Box<Diagram>, hits: Hits },
}

impl Sheet {
    /// A drawing of so many pixels, of which nothing is known.
    ///
    /// # Errors
    ///
    /// If the order is not valid, or the size is beyond the limit.
    pub fn new(experiment: &Experiment, order: Order, columns: usize, rows: usize) -> Result<Self, MapError> {
        let state = state(experiment, &order, columns, rows)?;
        Ok(Self { experiment: experiment.clone(), order, state, threshold: OnceCell::new() })
    }

    /// The order as it stands.
    #[must_use]
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// The pixels that are still to be computed, or the columns, those first that make the coarsest
    /// picture.
    #[must_use]
    pub fn work(&self) -> Vec<u32> {
        match &self.state {
            State::Map { picture, .. } => picture.work().0,
            State::Diagram { hits, .. } => hits.work(),
        }
    }

    /// How many of the pixels or columns to be computed first make the coarsest picture.
    #[must_use]
    pub fn coarse(&self) -> usize {
        match &self.state {
            State::Map { picture, .. } => picture.work().1.first().copied().unwrap_or_default(),
            State::Diagram { hits, .. } => hits.coarse(),
        }
    }

    /// Takes in what a worker has computed of these pixels or columns.
    pub fn put(&mut self, pixels: &[u32], numbers: &[f32]) {
        match &mut self.state {
            State::Map { picture, .. } => {
                for (pixel, sample) in pixels.iter().zip(numbers.chunks_exact(4)) {
                    let sample = Sample { code: sample[0], number: sample[1], last: [sample[2], sample[3]] };
                    picture.put(*pixel as usize, sample);
                }
            }
            State::Diagram { hits, .. } => hits.put(pixels, numbers),
        }
    }

    /// The share of the pixels that are known.
    #[must_use]
    pub fn share(&self) -> f64 {
        match &self.state {
            State::Map { picture, .. } => picture.known() as f64 / picture.samples().len() as f64,
            State::Diagram { hits, .. } => hits.share(),
        }
    }

    /// Why pixels are computed one by one; empty where they are computed many at once.
    #[must_use]
    pub fn reason(&self) -> &str {
        match &self.state {
            State::Map { reason, .. } => reason,
            State::Diagram { .. } => "every iterate leaves a mark",
        }
    }

    /// Whether it is a bifurcation diagram.
    #[must_use]
    pub fn is_diagram(&self) -> bool {
        matches!(self.state, State::Diagram { .. })
    }

    /// Whether each pixel is a run of a network, which takes long.
    #[must_use]
    pub fn is_of_network(&self) -> bool {
        matches!(&self.state, State::Map { map, .. } if map.experiment.is_network())
    }

    /// The ends of the color scale: those that the order sets, or that the pixels ask for; empty
    /// where there is no scale.
    #[must_use]
    pub fn range(&self) -> Range {
        match (&self.state, self.order.limits) {
            (State::Diagram { .. }, _) => Range::EMPTY,
            (State::Map { .. }, Some([low, high])) => Range { low, high },
            (State::Map { picture, .. }, None) => picture.range(),
        }
    }

    /// The colors, four bytes a pixel, on a scale.
    #[must_use]
    pub fn rgba(&self, is_dark: bool, range: Range) -> Vec<u8> {
        match &self.state {
            State::Map { picture, .. } => picture.rgba(range, is_dark),
            State::Diagram { diagram, hits } => hits.rgba(diagram, is_dark),
        }
    }

    /// The numbers of all pixels, row by row from the top, and how many each has: of a map the code
    /// of the fate, what the measure says and the last iterate's first two coordinates, and of a
    /// diagram the hits.
    #[must_use]
    pub fn numbers(&self) -> (Vec<f32>, usize) {
        match &self.state {
            State::Map { picture, .. } => (picture.samples().iter().flat_map(crate::numbers).collect(), 4),
            State::Diagram { hits, .. } => (hits.by_rows(), 1),
        }
    }

    /// Moves the window by so many pixels; the picture keeps what it knows.
    pub fn pan(&mut self, right: i32, down: i32) {
        let (columns, rows) = self.size();
        let across = -f64::from(right) / columns as f64;
        let up = f64::from(down) / rows as f64;
        let before = self.order.clone();
        self.order.x = self.order.x.between(across, 1.0 + across);
        self.order.y = self.order.y.between(up, 1.0 + up);
        self.change(before, |picture| Some(picture.moved(i64::from(right), i64::from(down))));
    }

    /// Zooms by a factor around a point, in shares of the sides from the left and from the top; a
    /// factor below 1 shows less.
    pub fn zoom(&mut self, [left, top]: [f64; 2], factor: f64) {
        let (columns, rows) = self.size();
        let span = |at: f64| (at - at * factor, at + (1.0 - at) * factor);
        let (x, y) = (span(left), span(top));
        let before = self.order.clone();
        self.order.x = self.order.x.between(x.0, x.1);
        self.order.y = self.order.y.between(1.0 - y.1, 1.0 - y.0);
        self.change(before, |picture| picture.stretched(columns, rows, x.0, x.1, y.0, y.1));
    }

    /// The same drawing with other pixels.
    pub fn resize(&mut self, columns: usize, rows: usize) {
        let Ok(state) = state(&self.experiment, &self.order, columns, rows) else { return };
        let old = std::mem::replace(&mut self.state, state);
        if let (State::Map { picture: old, .. }, State::Map { picture, .. }) = (old, &mut self.state)
            && let Some(stretched) = old.stretched(columns, rows, 0.0, 1.0, 0.0, 1.0)
        {
            **picture = stretched;
        }
    }

    /// What lies at a point, in shares of the sides from the left and from the top; None where
    /// nothing is known.
    #[must_use]
    pub fn read(&self, [left, top]: [f64; 2]) -> Option<Reading> {
        let (columns, rows) = self.size();
        let (column, row) = ((left * columns as f64) as usize, (top * rows as f64) as usize);
        let at = [self.order.x.at_pixel(column, columns), self.order.y.at_pixel(rows.saturating_sub(row + 1), rows)];
        match &self.state {
            State::Map { map, picture, .. } => {
                let (sample, is_own) = picture.at(column, row)?;
                Some(Reading::of(at, &sample, is_own, map.measure, map.experiment.start.len()))
            }
            State::Diagram { hits, .. } => Some(Reading::Hits { at, hits: f64::from(hits.at(column, row)?) }),
        }
    }

    /// The experiment of the run at a point.
    ///
    /// # Errors
    ///
    /// If the point is beyond the axes and not valid.
    pub fn experiment_at(&self, [left, top]: [f64; 2]) -> Result<Experiment, MapError> {
        let (columns, rows) = self.size();
        let place = |share: f64, count: usize| ((share * count as f64) as usize).min(count - 1);
        let x = self.order.x.at_pixel(place(left, columns), columns);
        match &self.state {
            State::Map { map, .. } => {
                Ok(map.experiment_at(x, self.order.y.at_pixel(rows - 1 - place(top, rows), rows))?)
            }
            State::Diagram { diagram, .. } => diagram.experiment_at(x),
        }
    }

    /// Where the experiment itself is, in shares of the sides from the left and from the top;
    /// nowhere upwards in a diagram. None where a field is absent.
    #[must_use]
    pub fn here(&self) -> Option<(f64, Option<f64>)> {
        let (x, down) = match &self.state {
            State::Map { map, .. } => map.here().map(|(x, y)| (x, Some(1.0 - self.order.y.share(y))))?,
            State::Diagram { diagram, .. } => (diagram.here()?, None),
        };
        Some((self.order.x.share(x), down))
    }

    /// Where the edge of stability lies, if the drawing has one.
    #[must_use]
    pub fn threshold(&self) -> Option<&Curve> {
        let find = || match &self.state {
            State::Map { map, .. } => threshold::of_map(map),
            State::Diagram { diagram, .. } => threshold::of_diagram(diagram),
        };
        self.threshold.get_or_init(find).as_ref()
    }

    /// What the colors mean on a scale.
    #[must_use]
    pub fn legend(&self, is_dark: bool, range: Range) -> Legend {
        let legend = match &self.state {
            State::Map { map, picture, .. } => legend::of_map(map, picture, range, is_dark),
            State::Diagram { diagram, .. } => legend::of_diagram(diagram, is_dark),
        };
        let is_seen = self.threshold().is_some_and(|curve| curve.iter().flatten().any(|point| is_inside(*point)));
        let what = if self.is_diagram() { "the edge, λ₁ = 2/η" } else { "the edge at the start, η = 2/λ₁" };
        Legend { curve: is_seen.then_some(what), ..legend }
    }

    /// Columns and rows.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        match &self.state {
            State::Map { picture, .. } => picture.size(),
            State::Diagram { hits, .. } => hits.size(),
        }
    }

    /// Takes the changed order over, with what the old picture knows of it; an order that cannot be
    /// drawn is taken back.
    fn change(&mut self, before: Order, keep: impl FnOnce(&Picture) -> Option<Picture>) {
        let (columns, rows) = self.size();
        match state(&self.experiment, &self.order, columns, rows) {
            Err(_) => self.order = before,
            Ok(state) => {
                let old = std::mem::replace(&mut self.state, state);
                self.threshold = OnceCell::new();
                if let (State::Map { picture: old, .. }, State::Map { picture, .. }) = (old, &mut self.state)
                    && let Some(kept) = keep(&old)
                {
                    **picture = kept;
                }
            }
        }
    }
}

/// Whether a point is on the drawing, in shares of its sides.
fn is_inside(point: [f64; 2]) -> bool {
    point.iter().all(|share| (0.0..=1.0).contains(share))
}

fn state(experiment: &Experiment, order: &Order, columns: usize, rows: usize) -> Result<State, MapError> {
    let picture = Picture::new(columns, rows, order.measure.unwrap_or_default())?;
    Ok(match order.drawing(experiment)? {
        Drawing::Map(map) => {
            let plan = Plan::new(*map);
            let reason = reason(&plan).to_owned();
            State::Map { map: Box::new(plan.map), reason, picture: Box::new(picture) }
        }
        Drawing::Diagram(diagram) => State::Diagram { diagram, hits: Hits::new(columns, rows) },
    })
}

#[cfg(test)]
mod tests {
    use flatland_atlas::{Axis, Measure, Scale};

    use super::*;
    use crate::Crew;

    /// The double well over η and the start: five rows, the middle one at the maximum x = 0.
    fn sheet(measure: Measure) -> Sheet {
        let document = r#"{"version": 1, "objective": {"name": "double-well"}, "start": [0.3],
            "runs": [{"policy": {"name": "constant", "eta": 0.5}}]}"#;
        let axis = |field: &str, from, to| Axis { field: field.to_owned(), from, to, scale: Scale::Linear };
        let order = Order {
            run: 0,
            x: axis("runs[0].policy.eta", 0.2, 0.8),
            y: axis("start[0]", -1.5, 1.5),
            measure: Some(measure),
            steps: None,
            limits: None,
        };
        let experiment = Experiment::from_json(document).expect("valid");
        let mut sheet = Sheet::new(&experiment, order.clone(), 4, 5).expect("a sheet");
        let work = sheet.work();
        let numbers = Crew::new(&experiment, &order, 4, 5).expect("a crew").compute(&work);
        sheet.put(&work, &numbers);
        sheet
    }

    const MIDDLE: [f64; 2] = [0.5, 0.5];

    #[test]
    fn pixels_without_a_value_have_words_and_a_place_in_the_legend() {
        for measure in [Measure::Share, Measure::Lyapunov] {
            let sheet = sheet(measure);
            let Some(Reading::Run { number, .. }) = sheet.read(MIDDLE) else { panic!("a run") };
            assert_eq!(number, Some(Err("none, as no step was taken")));
            let legend = sheet.legend(false, Range { low: 0.0, high: 1.0 });
            assert!(legend.kinds.iter().any(|kind| kind.label == "none: no step was taken"));
        }
    }

    #[test]
    fn a_maximum_is_no_minimizer() {
        let sheet = sheet(Measure::Minimizer);
        let legend = sheet.legend(false, Range { low: 0.0, high: 1.0 });
        let has = |label: &str| legend.kinds.iter().any(|kind| kind.label == label);
        assert!(has("converged to a maximum or a saddle") && has("x = −1.000") && has("x = 1.000"));
        assert!(!has("x = 0.000"));
        let fate = |at| match sheet.read(at) {
            Some(Reading::Run { fate, .. }) => fate,
            _ => panic!("a run"),
        };
        assert!(fate(MIDDLE).contains("least eigenvalue −1.000"), "{}", fate(MIDDLE));
        assert_eq!(fate([0.5, 0.1]), "converged to a minimizer");
    }

    #[test]
    fn all_numbers_leave_row_by_row_from_the_top() {
        let sheet = sheet(Measure::Sharpness);
        let (numbers, depth) = sheet.numbers();
        assert_eq!((numbers.len(), depth), (80, 4));
        // From the top the start falls: 1.2 converges to 1, −1.2 to −1, where λ₁ = 2; x = 0 stays,
        // where λ₁ = −1.
        let sample = |row: usize| &numbers[16 * row..][..4];
        assert_eq!((sample(0)[0], sample(4)[0]), (1.0, 1.0));
        assert!((sample(0)[2] - 1.0).abs() < 1e-6 && (sample(4)[2] + 1.0).abs() < 1e-6);
        assert!((sample(0)[1] - 2.0).abs() < 1e-5 && sample(2)[1] == -1.0);
    }

    #[test]
    fn the_edge_is_named_where_it_is_seen() {
        let mut sheet = sheet(Measure::Outcome);
        let named = |sheet: &Sheet| sheet.legend(false, Range { low: 1.0, high: 2.0 }).curve;
        assert_eq!(named(&sheet), Some("the edge at the start, η = 2/λ₁"));
        // At x = 0 the well is concave, and no step size is beyond the edge.
        sheet.zoom([0.5, 0.5], 0.01);
        assert_eq!(named(&sheet), None);
    }

    #[test]
    fn limits_of_the_order_are_those_of_the_scale() {
        let mut sheet = sheet(Measure::Sharpness);
        let own = sheet.range();
        assert!(own.low < own.high);
        sheet.order.limits = Some([-3.0, 7.0]);
        assert_eq!(sheet.range(), Range { low: -3.0, high: 7.0 });
    }
}
