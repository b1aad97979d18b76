//! What the Atlas says: what lies under the pointer, how the map is computed, why something was
//! refused.

use flatland_atlas::{Axis, MapError, Measure};
use flatland_drawing::{Order, Reading};

use super::{board::measure_name, stage::Progress};
use crate::browser;
use crate::numbers::{DIGITS, significant, whole};

/// What is said where nothing lies under the pointer.
const HINT: &str =
    "Drag to move, scroll to zoom, click a point to open its run in the Lab, or pin it with Shift and a click.";
/// The same for fingers.
const TOUCH_HINT: &str =
    "Drag to move, zoom with two fingers, tap a point to read it; a second tap opens its run in the Lab.";

/// What is said where nothing lies under the pointer, or the finger.
pub fn hint() -> &'static str {
    if browser::is_touched() { TOUCH_HINT } else { HINT }
}

/// The most digits that are asked for: they tell all doubles.
const MOST_DIGITS: usize = 17;

/// The fields of the rail that a complaint may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// How many steps each run takes.
    Steps,
    /// The lower end across.
    XFrom,
    /// The higher end across.
    XTo,
    /// The lower end up.
    YFrom,
    /// The higher end up.
    YTo,
    /// The lower end of the color scale.
    Low,
    /// The higher end of the color scale.
    High,
    /// The width of a picture.
    Width,
    /// The height of a picture.
    Height,
}

/// What is wrong with what was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Complaint {
    /// In words; empty where nothing is.
    pub text: String,
    /// The fields that it is about.
    pub fields: Vec<Field>,
}

impl Complaint {
    /// Why an order was refused, at the fields that it is about; `label` names a field of the
    /// experiment.
    pub fn of(error: &MapError, wanted: &Order, label: impl Fn(&str) -> String) -> Self {
        let fields = match &error.field {
            field if *field == wanted.x.field => vec![Field::XFrom, Field::XTo],
            field if *field == wanted.y.field => vec![Field::YFrom, Field::YTo],
            field if field == "steps" => vec![Field::Steps],
            field if field == "limits" => vec![Field::Low, Field::High],
            field if field == "size" => vec![Field::Width, Field::Height],
            _ => Vec::new(),
        };
        Self { text: refusal(error, label), fields }
    }
}

/// What is wrong, in the words of the field that holds it: without its place in the document, or
/// that a document may do without it.
fn refusal(error: &MapError, label: impl Fn(&str) -> String) -> String {
    let MapError { field, expected, found, remedy } = error;
    let name = match field.as_str() {
        "" => return error.to_string(),
        "steps" => "Steps".to_owned(),
        "limits" => "The color scale".to_owned(),
        "size" => "The picture".to_owned(),
        field => label(field),
    };
    let bounds = short(expected);
    let bounds = bounds.strip_suffix(" and at most 1e150").filter(|rest| rest.contains("above 0")).unwrap_or(&bounds);
    let what = match bounds.strip_prefix("a number ") {
        Some(bounds) => format!(" must be {bounds}"),
        None => format!(": expected {bounds}"),
    };
    // A field cannot be left out.
    let cure = if remedy.contains("leave") { String::new() } else { format!(" {}.", capital(remedy)) };
    format!("{name}{what}; got {}.{cure}", short(found))
}

/// Whole numbers without their decimals.
fn short(text: &str) -> String {
    let whole = |word: &str| match word.strip_suffix(".0") {
        Some(number) if number.ends_with(|c: char| c.is_ascii_digit()) => number.to_owned(),
        _ => word.to_owned(),
    };
    text.split(' ').map(whole).collect::<Vec<_>>().join(" ")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Digits that tell a two-thousandth of the way between the ends of an axis: at least 4.
pub fn digits_within(axis: &Axis) -> usize {
    let size = axis.from.abs().max(axis.to.abs());
    let digits = libm::log10(2000.0 * size / (axis.to - axis.from)).ceil();
    // What is no number asks for the fewest.
    (digits.max(0.0) as usize).clamp(DIGITS, MOST_DIGITS)
}

/// An end of an axis with as many digits as tell it from the other, and some more.
pub fn rounded(axis: &Axis, end: f64) -> f64 {
    let digits = digits_within(axis).max(8);
    format!("{end:.*e}", digits - 1).parse().unwrap_or(end)
}

/// What lies at a point.
pub fn reading(reading: &Reading, order: &Order, labels: &[String; 2]) -> String {
    let number = |value: f64| if value.is_nan() { "not a number".to_owned() } else { significant(value, DIGITS) };
    let place = |[x, y]: [f64; 2]| {
        [(&order.x, x, &labels[0]), (&order.y, y, &labels[1])]
            .map(|(axis, value, label)| format!("{label} = {}", significant(value, digits_within(axis))))
    };
    let mut parts = Vec::new();
    match reading {
        Reading::Run { at, fate, is_own, number: what, last } => {
            parts.extend(place(*at));
            parts.push(format!("{}{fate}", if *is_own { "" } else { "nearby: " }));
            if let (Some(what), Some(measure)) = (what, order.measure) {
                let what = what.map_or_else(str::to_owned, number);
                parts.push(format!("{}: {what}", measure_name(measure)));
            }
            let last: Vec<String> = last.iter().copied().map(number).collect();
            // Weights of networks have no names.
            if !last.is_empty() {
                parts.push(format!("ends at {}", last.join(", ")));
            }
        }
        Reading::Hits { at, hits } => {
            parts.extend(place(*at));
            parts.push(format!("{} hits", whole(*hits)));
        }
    }
    parts.join(" · ")
}

/// How the drawings are computed, how far they are, and how fast the last one was.
pub fn way(progress: &Progress) -> String {
    let Progress { share, reason, card, workers, rates } = progress;
    let is_on_card = card.is_some();
    let what = match card {
        Some(name) => format!("Graphics card {name}: single precision"),
        None => {
            let how = match reason.as_str() {
                "" => "many runs at once".to_owned(),
                reason => format!("run by run with the engine ({reason})"),
            };
            let plural = if *workers == 1 { "worker" } else { "workers" };
            format!("Processor, {workers} {plural}: {how}, double precision")
        }
    };
    if *share < 1.0 {
        return format!("{what} · {} %", (100.0 * share).floor());
    }
    let Some(rates) = rates else { return what };
    let checked = if is_on_card && rates.compared > 0.0 {
        let (differing, compared) = (whole(rates.differing), whole(rates.compared));
        format!(" · {differing} of {compared} checked pixels differ in double precision")
    } else {
        String::new()
    };
    format!("{what} · {} steps a second{checked}", per_second(rates.steps / rates.seconds.max(1e-9)))
}

/// A short text for steps a second.
fn per_second(rate: f64) -> String {
    if rate >= 1e6 { format!("{} million", significant(rate / 1e6, DIGITS)) } else { whole(rate.round()) }
}

/// What the drawing shows, for those who do not see it.
pub fn description(title: &str, order: &Order, labels: &[String; 2]) -> String {
    let range = |axis: &Axis, label: &str| {
        let digits = digits_within(axis);
        format!("{label} from {} to {}", significant(axis.from, digits), significant(axis.to, digits))
    };
    let kind = match order.measure {
        Some(measure) => format!("Map of {title}, {}", measure_name(measure)),
        None => format!("Bifurcation diagram of {title}"),
    };
    format!(
        "{kind}: {}, {}. Arrow keys move a cursor, Enter opens the run there, Shift and Enter pin it, plus and minus zoom, 0 shows all.",
        range(&order.x, &labels[0]),
        range(&order.y, &labels[1])
    )
}

/// The measures that can be chosen, with their names.
pub fn measures(is_network: bool) -> impl Iterator<Item = (String, String)> {
    Measure::ON_PAGE[usize::from(is_network)]
        .iter()
        .map(|&measure| (measure.name().to_owned(), measure_name(measure).to_owned()))
}

#[cfg(test)]
mod tests {
    use flatland_atlas::Scale;

    use super::*;
    use crate::pixels::crew::Rates;

    fn axis(field: &str, from: f64, to: f64) -> Axis {
        Axis { field: field.to_owned(), from, to, scale: Scale::Linear }
    }

    fn order() -> Order {
        Order {
            run: 0,
            x: axis("runs[0].policy.eta", 0.5, 2.2),
            y: axis("start[0]", -2.0, 2.0),
            measure: Some(Measure::Lyapunov),
            steps: None,
            limits: None,
        }
    }

    #[test]
    fn a_refusal_speaks_of_the_field_that_is_seen() {
        let said = |field: &str, expected: &str, found: &str, remedy: &str| {
            Complaint::of(&MapError::new(field, expected, found, remedy), &order(), |_| "η".to_owned())
        };
        let eta = said(
            "runs[0].policy.eta",
            "a number above 0.0 and at most 1e150",
            "-1.0",
            "choose a value in that range, or leave the field out for its default",
        );
        assert_eq!(
            eta,
            Complaint { text: "η must be above 0; got -1.".to_owned(), fields: vec![Field::XFrom, Field::XTo] }
        );
        let steps = said("steps", "at most 1000000 for a map", "2000000", "lower it: every pixel takes as many");
        assert_eq!(
            steps.text,
            "Steps: expected at most 1000000 for a map; got 2000000. Lower it: every pixel takes as many."
        );
        assert_eq!(steps.fields, [Field::Steps]);
        assert!(said("", "two numbers", "one", "add one").text.starts_with("the map: expected two numbers"));
    }

    #[test]
    fn digits_tell_neighbors_apart() {
        assert_eq!(digits_within(&axis("", 0.0, 1.0)), 4);
        assert_eq!(digits_within(&axis("", 0.712_345_678_9, 0.712_345_678_91)), 15);
        assert_eq!(digits_within(&axis("", 1.0, 1.0)), 17, "neighboring doubles need all digits");
        let deep = axis("", 0.712_345_678_9, 0.712_345_678_91);
        assert_eq!((rounded(&deep, deep.from), rounded(&deep, deep.to)), (deep.from, deep.to));
        assert_eq!(rounded(&axis("", 0.0, 1.0), 1.0 / 3.0), 0.333_333_33);
    }

    #[test]
    fn what_lies_under_the_pointer_is_said() {
        let labels = ["η".to_owned(), "start x".to_owned()];
        let run = |number| Reading::Run {
            at: [1.25, -0.5],
            fate: "chaotic".to_owned(),
            is_own: true,
            number: Some(number),
            last: vec![0.5, f64::NAN],
        };
        assert_eq!(
            reading(&run(Ok(0.3456)), &order(), &labels),
            "η = 1.25 · start x = −0.5 · chaotic · Lyapunov exponent: 0.3456 · ends at 0.5, not a number"
        );
        assert!(reading(&run(Err("none")), &order(), &labels).contains("Lyapunov exponent: none ·"));
        let hits = Reading::Hits { at: [1.0, 2.0], hits: 1234.0 };
        assert!(reading(&hits, &order(), &labels).ends_with("start x = 2 · 1\u{202f}234 hits"));
    }

    #[test]
    fn the_way_of_computing_is_said() {
        let rates = Rates { steps: 3e6, seconds: 2.0, compared: 24.0, differing: 1.0 };
        let processor = Progress { share: 1.0, workers: 2, rates: Some(rates), ..Progress::default() };
        assert_eq!(
            way(&processor),
            "Processor, 2 workers: many runs at once, double precision · 1.5 million steps a second"
        );
        let card = Progress { card: Some("X".to_owned()), ..processor.clone() };
        assert_eq!(
            way(&card),
            "Graphics card X: single precision · 1.5 million steps a second · 1 of 24 checked pixels differ in double precision"
        );
        let begun = Progress { share: 0.559, workers: 1, reason: "why".to_owned(), ..processor };
        assert_eq!(way(&begun), "Processor, 1 worker: run by run with the engine (why), double precision · 55 %");
    }

    #[test]
    fn the_drawing_is_described_with_few_digits() {
        let mut order = order();
        order.x.from = 0.022_000_000_000_000_002;
        let words = description("Constant step", &order, &["η".to_owned(), "start x".to_owned()]);
        assert!(
            words.starts_with("Map of Constant step, Lyapunov exponent: η from 0.022 to 2.2, start x from −2 to 2.")
        );
    }
}
