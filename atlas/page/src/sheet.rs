//! The side of the page: what is known of the drawing, its colors, and what lies under the pointer.

use flatland_atlas::bifurcation::Diagram;
use flatland_atlas::paint::{self, Look, Range, Rgb, Sample};
use flatland_atlas::{COARSEST, Fate, Map, Measure, Picture, Plan};
use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::order::{Drawing, Order, experiment};
use crate::worker::reason;

/// A drawing in the making.
#[wasm_bindgen]
pub struct Sheet {
    document: String,
    order: Order,
    state: State,
}

enum State {
    Map { map: Box<Map>, reason: String, picture: Box<Picture> },
    Diagram { diagram: Box<Diagram>, hits: Hits },
}

/// The hits of a diagram, column by column from the left, each from the top.
struct Hits {
    columns: usize,
    rows: usize,
    numbers: Vec<f32>,

    /// Whether each column is known.
    is_known: Vec<bool>,
}

#[wasm_bindgen]
impl Sheet {
    /// A drawing of so many pixels, of which nothing is known.
    ///
    /// # Errors
    ///
    /// If the experiment or the order is not valid, or the size is beyond the limit.
    #[wasm_bindgen(constructor)]
    pub fn new(document: &str, order: &str, columns: usize, rows: usize) -> Result<Self, String> {
        let order = Order::read(order)?;
        let state = state(document, &order, columns, rows)?;
        Ok(Self { document: document.to_owned(), order, state })
    }

    /// The order as it stands, as JSON.
    pub fn order(&self) -> String {
        serde_json::to_string(&self.order).unwrap_or_default()
    }

    /// The pixels that are still to be computed, or the columns, those first that make the coarsest picture.
    pub fn work(&self) -> Vec<u32> {
        match &self.state {
            State::Map { picture, .. } => picture.work().0,
            State::Diagram { hits, .. } => {
                let mut columns: Vec<u32> =
                    (0..hits.columns as u32).filter(|column| !hits.is_known[*column as usize]).collect();
                columns.sort_by_key(|column| std::cmp::Reverse(column.trailing_zeros().min(COARSEST.trailing_zeros())));
                columns
            }
        }
    }

    /// How many of the pixels or columns to be computed first make the coarsest picture.
    pub fn coarse(&self) -> usize {
        match &self.state {
            State::Map { picture, .. } => picture.work().1.first().copied().unwrap_or_default(),
            State::Diagram { hits, .. } => hits.is_known.iter().step_by(COARSEST).filter(|known| !**known).count(),
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
            State::Diagram { hits, .. } => {
                for (column, numbers) in pixels.iter().zip(numbers.chunks_exact(hits.rows)) {
                    let column = *column as usize;
                    if column < hits.columns {
                        hits.numbers[column * hits.rows..][..hits.rows].copy_from_slice(numbers);
                        hits.is_known[column] = true;
                    }
                }
            }
        }
    }

    /// The share of the pixels that are known.
    pub fn share(&self) -> f64 {
        match &self.state {
            State::Map { picture, .. } => picture.known() as f64 / picture.samples().len() as f64,
            State::Diagram { hits, .. } => {
                hits.is_known.iter().filter(|known| **known).count() as f64 / hits.columns as f64
            }
        }
    }

    /// Why pixels are computed one by one; empty where they are computed many at once.
    pub fn reason(&self) -> String {
        match &self.state {
            State::Map { reason, .. } => reason.clone(),
            State::Diagram { .. } => "every iterate leaves a mark".to_owned(),
        }
    }

    /// The ends of the color scale that the pixels of this drawing ask for; the lower one is above the higher one where there are none.
    pub fn range(&self) -> Vec<f64> {
        let range = match &self.state {
            State::Map { picture, .. } => picture.range(),
            State::Diagram { .. } => Range::EMPTY,
        };
        vec![range.low, range.high]
    }

    /// The colors, four bytes a pixel, on a scale from `low` to `high`.
    pub fn rgba(&self, is_dark: bool, low: f64, high: f64) -> Vec<u8> {
        match &self.state {
            State::Map { picture, .. } => picture.rgba(Range { low, high }, is_dark),
            State::Diagram { diagram, hits } => hits.rgba(diagram, is_dark),
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

    /// Zooms by a factor around a point, in shares of the sides from the left and from the top; a factor below 1 shows less.
    pub fn zoom(&mut self, left: f64, top: f64, factor: f64) {
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
        let Ok(state) = state(&self.document, &self.order, columns, rows) else { return };
        let old = std::mem::replace(&mut self.state, state);
        if let (State::Map { picture: old, .. }, State::Map { picture, .. }) = (old, &mut self.state)
            && let Some(stretched) = old.stretched(columns, rows, 0.0, 1.0, 0.0, 1.0)
        {
            **picture = stretched;
        }
    }

    /// What lies at a point, in shares of the sides from the left and from the top, as JSON; empty where nothing is known.
    pub fn read(&self, left: f64, top: f64) -> String {
        let (columns, rows) = self.size();
        let (column, row) = ((left * columns as f64) as usize, (top * rows as f64) as usize);
        let x = self.order.x.at_pixel(column, columns);
        let y = self.order.y.at_pixel(rows.saturating_sub(row + 1), rows);
        let mut reading = json!({ "x": x, "y": y });
        match &self.state {
            State::Map { map, picture, .. } => {
                let Some((sample, is_own)) = picture.at(column, row) else { return String::new() };
                reading["fate"] = json!(words(&sample, map.measure));
                reading["isOwn"] = json!(is_own);
                if !matches!(map.measure, Measure::Outcome | Measure::Minimizer) {
                    reading["number"] = value(f64::from(sample.number), map.measure);
                }
                let dimension = map.experiment.start.len().min(2);
                reading["last"] =
                    json!(sample.last[..dimension].iter().map(|x| f64::from(*x)).map(number).collect::<Vec<_>>());
            }
            State::Diagram { hits, .. } => {
                if column >= columns || row >= rows {
                    return String::new();
                }
                reading["hits"] = json!(hits.numbers[column * rows + row]);
            }
        }
        reading.to_string()
    }

    /// The experiment of the run at a point, as its document.
    ///
    /// # Errors
    ///
    /// If the point is beyond the axes and not valid.
    pub fn experiment_at(&self, left: f64, top: f64) -> Result<String, String> {
        let (columns, rows) = self.size();
        let place = |share: f64, count: usize| ((share * count as f64) as usize).min(count - 1);
        let x = self.order.x.at_pixel(place(left, columns), columns);
        match &self.state {
            State::Map { map, .. } => {
                let y = self.order.y.at_pixel(rows - 1 - place(top, rows), rows);
                map.experiment_at(x, y).map(|experiment| experiment.to_json()).map_err(|error| error.to_string())
            }
            State::Diagram { diagram, .. } => {
                diagram.experiment_at(x).map(|experiment| experiment.to_json()).map_err(|error| error.to_string())
            }
        }
    }

    /// Where the experiment itself is, in shares of the sides from the left and from the top; NaN upwards for a diagram, empty where a field
    /// is absent.
    pub fn here(&self) -> Vec<f64> {
        let place = match &self.state {
            State::Map { map, .. } => map.here().map(|(x, y)| (x, 1.0 - self.order.y.share(y))),
            State::Diagram { diagram, .. } => diagram.here().map(|x| (x, f64::NAN)),
        };
        place.map_or_else(Vec::new, |(x, down)| vec![self.order.x.share(x), down])
    }

    /// What the colors mean, as JSON: kinds with their colors and the share of the pixels that have them, and a scale from `low` to `high`.
    pub fn legend(&self, is_dark: bool, low: f64, high: f64) -> String {
        match &self.state {
            State::Map { map, picture, .. } => legend(map, picture, Range { low, high }, is_dark).to_string(),
            State::Diagram { diagram, .. } => {
                let ramp = (0..32).map(|i| f64::from(i) / 31.0);
                let hits = ramp.map(|share| (diagram.iterates as f64).powf(share));
                let colors: Vec<_> =
                    hits.map(|hits| diagram.shade(hits as u32, is_dark).map(css).unwrap_or_default()).collect();
                json!({ "kinds": [], "scale": { "label": "hits", "low": 1.0, "high": diagram.iterates, "colors": colors } }).to_string()
            }
        }
    }
}

impl Sheet {
    fn size(&self) -> (usize, usize) {
        match &self.state {
            State::Map { picture, .. } => picture.size(),
            State::Diagram { hits, .. } => (hits.columns, hits.rows),
        }
    }

    /// Takes the changed order over, with what the old picture knows of it; an order that cannot be drawn is taken back.
    fn change(&mut self, before: Order, keep: impl FnOnce(&Picture) -> Option<Picture>) {
        let (columns, rows) = self.size();
        match state(&self.document, &self.order, columns, rows) {
            Err(_) => self.order = before,
            Ok(state) => {
                let old = std::mem::replace(&mut self.state, state);
                if let (State::Map { picture: old, .. }, State::Map { picture, .. }) = (old, &mut self.state)
                    && let Some(kept) = keep(&old)
                {
                    **picture = kept;
                }
            }
        }
    }
}

impl Hits {
    fn rgba(&self, diagram: &Diagram, is_dark: bool) -> Vec<u8> {
        let mut bytes = vec![0; 4 * self.columns * self.rows];
        let mut shown = None;
        for column in 0..self.columns {
            // Until it is known a column shows the nearest one to its left.
            if self.is_known[column] {
                shown = Some(column);
            }
            let Some(source) = shown.filter(|source| column - source < COARSEST) else { continue };
            for (row, hits) in self.numbers[source * self.rows..][..self.rows].iter().enumerate() {
                if let Some([red, green, blue]) = diagram.shade(*hits as u32, is_dark) {
                    bytes[4 * (row * self.columns + column)..][..4].copy_from_slice(&[red, green, blue, 255]);
                }
            }
        }
        bytes
    }
}

fn state(document: &str, order: &Order, columns: usize, rows: usize) -> Result<State, String> {
    let drawing = order.of(&experiment(document)?).map_err(|error| error.to_string())?;
    let picture = Picture::new(columns, rows, order.measure.unwrap_or_default()).map_err(|error| error.to_string())?;
    Ok(match drawing {
        Drawing::Map(map) => {
            let plan = Plan::new(*map);
            let reason = reason(&plan).to_owned();
            State::Map { map: Box::new(plan.map), reason, picture: Box::new(picture) }
        }
        Drawing::Diagram(diagram) => {
            let numbers = vec![0.0; columns * rows];
            State::Diagram { diagram, hits: Hits { columns, rows, numbers, is_known: vec![false; columns] } }
        }
    })
}

/// How a run ended, in words.
fn words(sample: &Sample, measure: Measure) -> String {
    let has_count = measure == Measure::Outcome;
    let count = sample.number;
    match Fate::from_code(sample.code as u8, 0) {
        Some(Fate::Converged { .. }) if measure == Measure::Minimizer => match sample {
            sample if sample.is_minimizer() => "converged to a minimizer".to_owned(),
            sample if sample.number < 0.0 => {
                format!("converged to a maximum or a saddle: least eigenvalue {count:.3}").replace('-', "−")
            }
            _ => "converged where the Hessian is not a number".to_owned(),
        },
        Some(Fate::Converged { .. }) if has_count => format!("converged in {count} steps"),
        Some(Fate::Converged { .. }) => "converged".to_owned(),
        Some(Fate::Periodic { .. }) if has_count => format!("runs in a cycle of {count}"),
        Some(Fate::Periodic { .. }) => "runs in a cycle".to_owned(),
        Some(Fate::Chaotic) => "chaotic".to_owned(),
        Some(Fate::Unsettled) => "still on its way".to_owned(),
        Some(Fate::Diverged { .. }) if has_count => format!("diverged at step {count}"),
        Some(Fate::Diverged { .. }) => "diverged".to_owned(),
        Some(Fate::Stalled { .. }) if has_count => format!("stalled at step {count}"),
        Some(Fate::Stalled { .. }) => "stalled".to_owned(),
        Some(Fate::Undefined) => "f is not a number there".to_owned(),
        None => String::new(),
    }
}

fn number(value: f64) -> Value {
    match value {
        value if value.is_finite() => json!(value),
        value if value.is_nan() => json!("not a number"),
        value => json!(if value > 0.0 { "∞" } else { "−∞" }),
    }
}

/// What a measure says, or why it says nothing.
fn value(value: f64, measure: Measure) -> Value {
    match measure {
        Measure::Share | Measure::Lyapunov if value.is_nan() => json!("none, as no step was taken"),
        _ => number(value),
    }
}

fn css([red, green, blue]: Rgb) -> String {
    format!("rgb({red},{green},{blue})")
}

fn legend(map: &Map, picture: &Picture, range: Range, is_dark: bool) -> Value {
    let census = picture.census();
    let all: usize = census.iter().sum();
    let look = Look { measure: map.measure, range, is_dark };
    let color = |code: u8, number: f64| {
        let sample = Sample { code: f32::from(code), number: number as f32, last: [0.0; 2] };
        look.color(&sample, None).map(css).unwrap_or_default()
    };
    let share = |code: usize| if all == 0 { 0.0 } else { census[code] as f64 / all as f64 };
    let kind =
        |label: &str, color: String, share: Option<f64>| json!({ "label": label, "color": color, "share": share });
    let mut kinds = Vec::new();
    let mut add = |code: u8, label: &str, color: String| {
        if census[usize::from(code)] > 0 {
            kinds.push(kind(label, color, Some(share(usize::from(code)))));
        }
    };
    let is_outcome = map.measure == Measure::Outcome;
    if is_outcome {
        add(1, "converged, by steps", color(1, range.low.max(1.0)));
        add(2, "in a cycle, by length", color(2, 2.0));
        add(3, "chaotic", css(paint::CHAOTIC));
        add(4, "still on its way", css(paint::UNSETTLED));
        add(5, "diverged", color(5, range.high));
        add(6, "stalled", css(paint::STALLED));
    } else if map.measure == Measure::Minimizer {
        add(5, "diverged", color(5, range.high));
        if picture.beside_minimizers() > 0 {
            let share = picture.beside_minimizers() as f64 / all as f64;
            kinds.push(kind("converged to a maximum or a saddle", css(paint::NO_MINIMIZER), Some(share)));
        }
        if census[2] + census[3] + census[4] + census[6] > 0 {
            let others = share(2) + share(3) + share(4) + share(6);
            kinds.push(kind("not converged", css(paint::UNSETTLED), Some(others)));
        }
    } else {
        add(5, "diverged", color(5, range.high));
        if picture.without_number() > 0 {
            let why =
                if map.measure == Measure::Sharpness { "λ₁ is not a number" } else { "none: no step was taken" };
            let share = picture.without_number() as f64 / all as f64;
            kinds.push(kind(why, css(paint::NO_VALUE), Some(share)));
        }
    }
    if census[7] > 0 {
        kinds.push(kind("f is not a number", css(paint::UNDEFINED), Some(share(7))));
    }
    if is_outcome && census[2] > 0 {
        let periods = paint::PERIODS.map(|(period, color)| kind(&format!("cycle of {period}"), css(color), None));
        kinds.extend(periods);
        kinds.push(kind("other cycles", css(paint::OTHER_PERIOD), None));
    }
    if map.measure == Measure::Minimizer {
        let dimension = map.experiment.start.len();
        for (index, last) in picture.minimizers().iter().enumerate().take(paint::MINIMIZERS.len()) {
            let place = if dimension == 1 {
                format!("x = {:.3}", last[0])
            } else {
                format!("({:.3}, {:.3})", last[0], last[1])
            };
            let place = place.replace('-', "−");
            kinds.push(kind(&place, css(paint::MINIMIZERS[index]), None));
        }
        if picture.minimizers().len() > paint::MINIMIZERS.len() {
            kinds.push(kind("other minimizers", css(paint::OTHER_MINIMIZER), None));
        }
    }
    let ramp = |value: &dyn Fn(f64) -> f64, code: u8| -> Vec<String> {
        (0..32).map(|i| color(code, value(f64::from(i) / 31.0))).collect()
    };
    let geometric = |share: f64| range.low.max(1e-12) * (range.high.max(1e-12) / range.low.max(1e-12)).powf(share);
    let scale = match map.measure {
        _ if range.low > range.high => Value::Null,
        Measure::Outcome if census[1] > 0 => {
            json!({ "label": "steps to converge", "low": range.low, "high": range.high, "colors": ramp(&geometric, 1) })
        }
        Measure::Sharpness => {
            let colors = ramp(&|share| range.number_at(share), 4);
            json!({ "label": "λ₁ at the end", "low": range.low, "high": range.high, "colors": colors, "marks": marks(map, range) })
        }
        Measure::Share => {
            json!({ "label": "steps with η·λ₁ > 2", "low": 0.0, "high": 1.0, "colors": ramp(&|share| share, 4) })
        }
        Measure::Lyapunov => {
            let most = range.low.abs().max(range.high.abs());
            json!({ "label": "Lyapunov exponent", "low": -most, "high": most, "colors": ramp(&|share| (2.0 * share - 1.0) * most, 4) })
        }
        _ => Value::Null,
    };
    let mut scale = scale;
    if matches!(map.measure, Measure::Sharpness | Measure::Lyapunov) && scale.is_object() {
        let (below, above) = picture.beyond(range);
        (scale["below"], scale["above"]) = (json!(below), json!(above));
    }
    json!({ "kinds": kinds, "scale": scale })
}

/// What is marked on a scale of λ₁: where its sign changes, and 2/η where η is the same all over the map.
fn marks(map: &Map, range: Range) -> Vec<Value> {
    let policy = &map.experiment.runs[map.run].policy;
    let eta_field = format!("runs[{}].policy.eta", map.run);
    let is_fixed = map.x.field != eta_field && map.y.field != eta_field && policy.name == "constant";
    let threshold = is_fixed.then(|| ("2/η", 2.0 / policy.number("eta")));
    let inside = |number: f64| range.low < number && number < range.high;
    let all = [Some(("0", 0.0)), threshold].into_iter().flatten();
    all.filter(|(_, number)| inside(*number))
        .map(|(label, number)| json!({ "label": label, "share": range.share(number) }))
        .collect()
}

#[cfg(test)]
mod tests {
    use flatland_atlas::compute;

    use super::*;
    use crate::worker::{numbers, point};

    /// The double well over η and the start: five rows, the middle one at the maximum x = 0.
    fn sheet(measure: &str) -> Sheet {
        let document = r#"{"version": 1, "objective": {"name": "double-well"}, "start": [0.3],
            "runs": [{"policy": {"name": "constant", "eta": 0.5}}]}"#;
        let order = format!(
            r#"{{"run": 0, "x": {{"field": "runs[0].policy.eta", "from": 0.2, "to": 0.8, "scale": "linear"}},
                "y": {{"field": "start[0]", "from": -1.5, "to": 1.5, "scale": "linear"}}, "measure": "{measure}"}}"#
        );
        let mut sheet = Sheet::new(document, &order, 4, 5).expect("a sheet");
        let State::Map { map, .. } = &sheet.state else { panic!("a map") };
        let plan = Plan::new((**map).clone());
        let points: Vec<_> = (0..20).map(|pixel| point(&plan, pixel, 4, 5)).collect();
        let samples: Vec<f32> =
            compute(&plan, &points).iter().flat_map(|pixel| numbers(&Sample::new(pixel, map.measure))).collect();
        sheet.put(&(0..20).collect::<Vec<_>>(), &samples);
        sheet
    }

    #[test]
    fn pixels_without_a_value_have_words_and_a_place_in_the_legend() {
        for measure in ["share", "lyapunov"] {
            let sheet = sheet(measure);
            assert!(sheet.read(0.5, 0.5).contains("none, as no step was taken"), "{}", sheet.read(0.5, 0.5));
            assert!(sheet.legend(false, 0.0, 1.0).contains("none: no step was taken"));
            assert!(!sheet.read(0.5, 0.5).contains("NaN"));
        }
    }

    #[test]
    fn a_maximum_is_no_minimizer() {
        let sheet = sheet("minimizer");
        let legend = sheet.legend(false, 0.0, 1.0);
        assert!(legend.contains("converged to a maximum or a saddle"), "{legend}");
        assert!(legend.contains("x = −1.000") && legend.contains("x = 1.000") && !legend.contains("x = 0.000"));
        assert!(sheet.read(0.5, 0.5).contains("least eigenvalue −1.000"), "{}", sheet.read(0.5, 0.5));
        assert!(sheet.read(0.5, 0.1).contains("converged to a minimizer"));
    }
}
