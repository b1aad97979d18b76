//! What the colors of a drawing mean.

use flatland_atlas::bifurcation::Diagram;
use flatland_atlas::paint::{self, Look, Range, Rgb, Sample};
use flatland_atlas::{Map, Measure, Picture};

/// Colors of a scale.
const SHADES: usize = 32;

/// Colors that stand for a part of a scale in a small space.
const FEW: usize = 5;

/// The meanings of colors: kinds, and numbers along a scale.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend {
    /// Kinds of runs.
    pub kinds: Vec<Kind>,

    /// Numbers.
    pub scale: Option<ColorScale>,

    /// What the dashed curve is, if there is one.
    pub curve: Option<&'static str>,
}

/// Runs that fared alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// How.
    pub label: String,

    /// Their color, or several where it depends on a number.
    pub colors: Vec<Rgb>,

    /// The share of the pixels that are known; None where it is part of another kind.
    pub share: Option<f64>,
}

/// The colors of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct ColorScale {
    /// What the numbers are.
    pub label: &'static str,

    /// The number at the lower end.
    pub low: f64,

    /// The number at the higher end.
    pub high: f64,

    /// Pixels below the lower end, which have its color.
    pub below: usize,

    /// Pixels above the higher end.
    pub above: usize,

    /// The colors from end to end, evenly spaced.
    pub colors: Vec<Rgb>,

    /// Numbers of interest.
    pub marks: Vec<ScaleMark>,

    /// Whether its ends may be chosen.
    pub is_free: bool,
}

/// A number of interest on a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleMark {
    /// Its name.
    pub label: &'static str,

    /// Where it is, from 0 to 1.
    pub share: f64,
}

impl Legend {
    /// One legend for several drawings on one scale: shares belong to each drawing alone, and are
    /// left out.
    #[must_use]
    pub fn together(legends: Vec<Self>) -> Self {
        if legends.len() <= 1 {
            return legends.into_iter().next().unwrap_or_default();
        }
        let mut all = Self::default();
        for legend in legends {
            for kind in legend.kinds {
                if all.kinds.iter().all(|known| known.label != kind.label) {
                    all.kinds.push(Kind { share: None, ..kind });
                }
            }
            all.scale = match (all.scale.take(), legend.scale) {
                (Some(mut scale), Some(other)) => {
                    // What is marked in one alone, such as its own 2/η, is not so for the others.
                    scale.marks.retain(|mark| other.marks.contains(mark));
                    Some(ColorScale { below: scale.below + other.below, above: scale.above + other.above, ..scale })
                }
                (scale, other) => scale.or(other),
            };
            all.curve = all.curve.or(legend.curve);
        }
        all
    }
}

/// Of a bifurcation diagram.
pub fn of_diagram(diagram: &Diagram, is_dark: bool) -> Legend {
    let hits = |share: f64| libm::pow(diagram.iterates as f64, share) as u32;
    let colors = shares().filter_map(|share| diagram.shade(hits(share), is_dark)).collect();
    let (low, high) = (1.0, diagram.iterates as f64);
    let scale = ColorScale { label: "hits", low, high, below: 0, above: 0, colors, marks: Vec::new(), is_free: false };
    Legend { kinds: Vec::new(), scale: Some(scale), curve: None }
}

/// Of a map on a scale.
pub fn of_map(map: &Map, picture: &Picture, range: Range, is_dark: bool) -> Legend {
    let key = Key { map, picture, look: Look { measure: map.measure, range, is_dark } };
    let kinds = match map.measure {
        Measure::Outcome => key.outcomes(),
        Measure::Minimizer => key.minimizers(),
        _ => key.others(),
    };
    Legend { kinds, scale: key.scale(), curve: None }
}

/// What a legend is made of.
struct Key<'a> {
    map: &'a Map,
    picture: &'a Picture,
    look: Look,
}

impl Key<'_> {
    fn color(&self, code: u8, number: f64) -> Option<Rgb> {
        let sample = Sample { code: f32::from(code), number: number as f32, last: [0.0; 2] };
        self.look.color(&sample, None)
    }

    fn share(&self, pixels: usize) -> Option<f64> {
        let all: usize = self.picture.census().iter().sum();
        Some(if all == 0 { 0.0 } else { pixels as f64 / all as f64 })
    }

    /// A kind that some pixels are of; None where none is.
    fn of_pixels(&self, label: &str, pixels: usize, colors: Vec<Rgb>) -> Option<Kind> {
        (pixels > 0).then(|| Kind { label: label.to_owned(), colors, share: self.share(pixels) })
    }

    fn undefined(&self) -> Option<Kind> {
        self.of_pixels("f is not a number", self.picture.census()[7], vec![paint::UNDEFINED])
    }

    fn diverged(&self) -> Option<Kind> {
        let colors = self.color(5, self.look.range.high).into_iter().collect();
        self.of_pixels("diverged", self.picture.census()[5], colors)
    }

    fn outcomes(&self) -> Vec<Kind> {
        let census = self.picture.census();
        let steps = (0..FEW).filter_map(|i| self.color(1, self.steps_at(i as f64 / (FEW - 1) as f64))).collect();
        let cycles = paint::PERIODS.iter().map(|(_, color)| *color).collect();
        let mut kinds: Vec<Kind> = [
            self.of_pixels("converged, by steps", census[1], steps),
            self.of_pixels("in a cycle, by length", census[2], cycles),
            self.of_pixels("chaotic", census[3], vec![paint::CHAOTIC]),
            self.of_pixels("still on its way", census[4], vec![paint::UNSETTLED]),
            self.diverged(),
            self.of_pixels("stalled", census[6], vec![paint::STALLED]),
            self.undefined(),
        ]
        .into_iter()
        .flatten()
        .collect();
        if census[2] > 0 {
            let part = |label: String, color: Rgb| Kind { label, colors: vec![color], share: None };
            kinds.extend(paint::PERIODS.map(|(period, color)| part(format!("cycle of {period}"), color)));
            kinds.push(part("other cycles".to_owned(), paint::OTHER_PERIOD));
        }
        kinds
    }

    fn minimizers(&self) -> Vec<Kind> {
        let census = self.picture.census();
        let others = census[2] + census[3] + census[4] + census[6];
        let beside = self.picture.beside_minimizers();
        let mut kinds: Vec<Kind> = [
            self.diverged(),
            self.of_pixels("converged to a maximum or a saddle", beside, vec![paint::NO_MINIMIZER]),
            self.of_pixels("not converged", others, vec![paint::UNSETTLED]),
            self.undefined(),
        ]
        .into_iter()
        .flatten()
        .collect();
        let is_line = self.map.experiment.start.len() == 1;
        let part = |label: String, color: Rgb| Kind { label, colors: vec![color], share: None };
        let found = self.picture.minimizers();
        for ([x, y], color) in found.iter().zip(paint::MINIMIZERS) {
            let place = if is_line { format!("x = {x:.3}") } else { format!("({x:.3}, {y:.3})") };
            kinds.push(part(place.replace('-', "−"), color));
        }
        if found.len() > paint::MINIMIZERS.len() {
            kinds.push(part("other minimizers".to_owned(), paint::OTHER_MINIMIZER));
        }
        kinds
    }

    fn others(&self) -> Vec<Kind> {
        let why = match self.map.measure {
            Measure::Sharpness => "λ₁ is not a number",
            Measure::Share | Measure::Lyapunov => "none: no step was taken",
            _ => "none",
        };
        let without = self.of_pixels(why, self.picture.without_number(), vec![paint::NO_VALUE]);
        [self.diverged(), without, self.undefined()].into_iter().flatten().collect()
    }

    /// The number of steps at a share of the scale, which is spread by its logarithm.
    fn steps_at(&self, share: f64) -> f64 {
        let [low, high] = [self.look.range.low, self.look.range.high].map(|end| end.max(1e-12));
        low * libm::pow(high / low, share)
    }

    fn scale(&self) -> Option<ColorScale> {
        let range = self.look.range;
        if range.low > range.high {
            return None;
        }
        let ramp = |code: u8, number: &dyn Fn(f64) -> f64| {
            shares().filter_map(|share| self.color(code, number(share))).collect()
        };
        let plain = |label, [low, high]: [f64; 2], colors| {
            let is_free = !matches!(self.map.measure, Measure::Share | Measure::Accuracy);
            ColorScale { label, low, high, below: 0, above: 0, colors, marks: Vec::new(), is_free }
        };
        let (below, above) = self.picture.beyond(range);
        Some(match self.map.measure {
            Measure::Outcome => {
                if self.picture.census()[1] == 0 {
                    return None;
                }
                plain("steps to converge", [range.low, range.high], ramp(1, &|share| self.steps_at(share)))
            }
            Measure::Sharpness => {
                let scale = plain("λ₁ at the end", [range.low, range.high], ramp(4, &|share| range.number_at(share)));
                ColorScale { below, above, marks: self.marks(), ..scale }
            }
            Measure::Loss => {
                let scale = plain("loss at the end", [range.low, range.high], ramp(4, &|share| range.number_at(share)));
                ColorScale { below, above, ..scale }
            }
            Measure::Accuracy => plain("test accuracy", [0.0, 1.0], ramp(4, &|share| share)),
            Measure::Share => plain("steps with η·λ₁ > 2", [0.0, 1.0], ramp(4, &|share| share)),
            Measure::Lyapunov => {
                let most = range.low.abs().max(range.high.abs());
                let colors = ramp(4, &|share| (2.0 * share - 1.0) * most);
                let (below, above) = self.picture.beyond(Range { low: -most, high: most });
                ColorScale { below, above, ..plain("Lyapunov exponent", [-most, most], colors) }
            }
            Measure::Minimizer => return None,
        })
    }

    /// What is marked on a scale of λ₁: where its sign changes, and 2/η where η is the same all
    /// over the map.
    fn marks(&self) -> Vec<ScaleMark> {
        let (map, range) = (self.map, self.look.range);
        let policy = &map.experiment.runs[map.run].policy;
        let eta_field = format!("runs[{}].policy.eta", map.run);
        let is_fixed = map.x.field != eta_field && map.y.field != eta_field && policy.name == "constant";
        let threshold = is_fixed.then(|| ("2/η", 2.0 / policy.number("eta")));
        let inside = |number: f64| range.low < number && number < range.high;
        let all = [Some(("0", 0.0)), threshold].into_iter().flatten();
        all.filter(|(_, number)| inside(*number))
            .map(|(label, number)| ScaleMark { label, share: range.share(number) })
            .collect()
    }
}

/// Evenly spaced shares from end to end.
fn shares() -> impl Iterator<Item = f64> {
    (0..SHADES).map(|i| i as f64 / (SHADES - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_drawings_share_a_legend() {
        let kind = |label: &str, share| Kind { label: label.to_owned(), colors: vec![[0; 3]], share: Some(share) };
        let one = Legend { kinds: vec![kind("converged", 0.5), kind("diverged", 0.5)], ..Legend::default() };
        let other = Legend {
            kinds: vec![kind("chaotic", 0.2), kind("diverged", 0.8)],
            curve: Some("λ₁ = 2/η"),
            ..Legend::default()
        };
        assert_eq!(Legend::together(vec![one.clone()]), one);
        let all = Legend::together(vec![one, other]);
        let labels: Vec<&str> = all.kinds.iter().map(|kind| kind.label.as_str()).collect();
        assert_eq!(labels, ["converged", "diverged", "chaotic"]);
        assert!(all.kinds.iter().all(|kind| kind.share.is_none()));
        assert_eq!(all.curve, Some("λ₁ = 2/η"));
    }

    #[test]
    fn only_what_all_drawings_mark_is_marked_in_their_legend() {
        let legend = |threshold| Legend {
            scale: Some(ColorScale {
                label: "λ₁ at the end",
                low: -1.0,
                high: 9.0,
                below: 1,
                above: 0,
                colors: Vec::new(),
                marks: vec![ScaleMark { label: "0", share: 0.1 }, ScaleMark { label: "2/η", share: threshold }],
                is_free: true,
            }),
            ..Legend::default()
        };
        let marks = |others: [f64; 2]| {
            let scale = Legend::together(others.map(legend).to_vec()).scale.expect("a scale");
            assert_eq!(scale.below, 2);
            scale.marks.iter().map(|mark| mark.label).collect::<Vec<_>>()
        };
        assert_eq!(marks([0.5, 0.7]), ["0"]);
        assert_eq!(marks([0.5, 0.5]), ["0", "2/η"]);
    }
}
