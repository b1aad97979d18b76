//! Why 2/η: f along one line through the iterate, with its quadratic and cubic models, the last
//! iterates and the next one's landing.

use flatland_engine::lens::Slice;
use web_sys::HtmlCanvasElement;

use super::{Facts, Stage, Stroke, axes, padded};
use crate::{
    chart::{
        Size,
        axis::{Axis, significant},
        palette::Palette,
        panels::ChartStyle,
    },
    view_settings::Line,
};

/// How far above the highest point shown the picture goes, in units of its height.
const HEADROOM: f64 = 0.45;

/// f on the slice between its samples.
fn on_slice(slice: &Slice, s: f64) -> f64 {
    let (from, to) = slice.span;
    let last = slice.samples.len().saturating_sub(1);
    let place = ((s - from) / (to - from)).clamp(0.0, 1.0) * last as f64;
    let (index, share) = (place as usize, place.fract());
    let at = |index: usize| slice.samples.get(index.min(last)).copied().unwrap_or(f64::NAN);
    at(index) + share * (at(index + 1) - at(index)) * f64::from(u8::from(share > 0.0))
}

/// The heights that are shown: all of the dots, and the lowest points of f and, if it is not far
/// below, of the quadratic.
fn heights(slice: &Slice) -> Axis {
    let dots = slice.places.iter().chain([&0.0]).map(|s| on_slice(slice, *s));
    let high = dots.filter(|f| f.is_finite()).fold(f64::NEG_INFINITY, f64::max);
    let low = slice.samples.iter().copied().filter(|f| f.is_finite()).fold(f64::INFINITY, f64::min);
    if !(low < f64::INFINITY && high > f64::NEG_INFINITY) {
        return Axis::linear(0.0, 1.0);
    }
    let height = (high - low).max(1e-12 * low.abs()).max(1e-300);
    let bottom = if slice.curvature > 0.0 { slice.quadratic(-slice.slope / slice.curvature) } else { low };
    let bottom = if bottom >= low - 0.5 * height { bottom.min(low) } else { low - 0.2 * height };
    let (bottom, _) = padded(bottom, high, 0.06);
    Axis::linear(bottom, high + HEADROOM * height)
}

/// Draws the picture.
pub fn paint(
    on: &HtmlCanvasElement,
    slice: &Slice,
    facts: Facts,
    palette: &Palette,
    style: ChartStyle<'_>,
    size: Size,
) {
    let weight = style.weight;
    let (from, to) = slice.span;
    let x = if from.is_finite() && to > from { Axis::linear(from, to) } else { Axis::linear(-1.0, 1.0) };
    let chart = axes(x, heights(slice), style);
    let Some(stage) = Stage::set(on, &chart, palette, size) else { return };
    let color = palette.run(facts.color);
    let scale = stage.brush.type_scale;
    let truth = Stroke { opacity: 0.75, ..Stroke::solid(palette.ink, weight + 0.75) };
    let quadratic = Stroke::dashed(palette.beyond, (6.0, 4.0), scale);
    let cubic = Stroke::dashed(palette.muted, (1.5, 4.0), scale);
    let last = slice.samples.len().saturating_sub(1).max(1) as f64;
    let s = |index: usize| from + (to - from) * index as f64 / last;
    stage.curve(slice.samples.iter().enumerate().map(|(i, f)| (s(i), *f)), truth);
    stage.curve((0..slice.samples.len()).map(|i| (s(i), slice.cubic(s(i)))), cubic);
    stage.curve((0..slice.samples.len()).map(|i| (s(i), slice.quadratic(s(i)))), quadratic);
    let on_curve = |s: f64| (s, on_slice(slice, s));
    let (earlier, next) = slice.places.split_at(facts.earlier.min(slice.places.len()));
    if let Some(next) = next.first() {
        stage.curve(
            [on_curve(0.0), on_curve(*next)],
            Stroke { opacity: 0.8, dashes: Some((2.0, 3.0)), ..Stroke::solid(color, 1.5 * scale) },
        );
    }
    let count = earlier.len() + 1;
    let iterates = earlier.iter().chain([&0.0]).enumerate().map(|(index, place)| {
        let age = (count - 1 - index) as f64;
        (on_curve(*place), if age == 0.0 { 0.75 } else { 0.35 / age })
    });
    stage.numbered(&iterates.collect::<Vec<_>>(), color, palette);
    if let Some(next) = next.first() {
        let at = stage.at(*next, on_slice(slice, *next));
        stage.brush.ring(at, 7.0, color, palette.page);
        let is_right = at.0 > stage.right - 60.0 * scale;
        let (offset, align) = if is_right { (-13.0, "right") } else { (13.0, "left") };
        let beside = (at.0 + offset * scale, at.1 + 4.0 * scale);
        stage.brush.label_on_halo("next", beside, palette.ink, palette.page, align);
    }
    stage.key(&[("f", truth), ("quadratic", quadratic), ("cubic", cubic)], palette);
    stage.leave();
}

/// Why the next step lands where it does.
pub fn sentence(slice: &Slice, facts: Facts, line: Line) -> String {
    let curvature = slice.curvature;
    if !curvature.is_finite() {
        return "There is no such line here: the gradient vanishes, or the Hessian is not finite.".to_owned();
    }
    let (name, number) = match line {
        Line::Eigenvector => ("λ₁", significant(curvature)),
        Line::Descent => ("κ", significant(curvature)),
    };
    let flatter = match slice.third {
        third if third.abs() <= 1e-6 * curvature.abs() => String::new(),
        third => format!(
            " D³f = {}: the curvature falls to the {}.",
            significant(third),
            if third > 0.0 { "left" } else { "right" }
        ),
    };
    if !facts.is_plain {
        let side = if slice.sharpness > facts.threshold { "above" } else { "below" };
        return format!(
            "{name} = {number}. This method’s own edge is λ₁ = {}: λ₁ = {} is {side} it.{flatter}",
            significant(facts.threshold),
            significant(slice.sharpness)
        );
    }
    let product = facts.eta * curvature;
    let factor = 1.0 - product;
    let head = format!("{name} = {number}, η{name} = {}", significant(product));
    let (size, factor_text) = (significant(factor.abs()), significant(factor));
    let what = match factor {
        _ if curvature <= 0.0 => "there is no valley along this line, and the step leads on downhill".to_owned(),
        factor if factor < -1.0 => format!(
            "beyond 2. The step multiplies the distance to the valley’s floor by 1 − η{name} = {factor_text}: it lands on the other side, farther out"
        ),
        factor if factor < 0.0 => format!(
            "below 2. The step multiplies the distance to the valley’s floor by 1 − η{name} = {factor_text}: it lands on the other side, nearer"
        ),
        _ => format!("below 1. The step stops short of the valley’s floor, at {size} of the distance"),
    };
    format!("{head}: {what}.{flatter}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(curvature: f64, third: f64) -> Slice {
        let samples = (0..=4).map(|i| 0.5 * curvature * f64::from(i - 2).powi(2)).collect();
        let places = vec![-1.0, 1.5];
        Slice { value: 0.0, slope: 0.0, curvature, third, sharpness: curvature, places, span: (-2.0, 2.0), samples }
    }

    fn facts(eta: f64, is_plain: bool) -> Facts {
        Facts { step: 7, eta, threshold: if is_plain { 2.0 / eta } else { 3.8 / eta }, is_plain, earlier: 1, color: 0 }
    }

    #[test]
    fn the_sentence_tells_the_three_ways_to_land_and_a_method_with_an_edge_of_its_own() {
        let say = |eta: f64, is_plain| sentence(&slice(4.0, -0.5), facts(eta, is_plain), Line::Eigenvector);
        assert!(
            say(0.6, true).contains("beyond 2")
                && say(0.6, true).contains("−1.4")
                && say(0.6, true).contains("farther")
        );
        assert!(say(0.4, true).contains("−0.6") && say(0.4, true).contains("nearer"));
        assert!(say(0.1, true).contains("short") && say(0.1, true).contains("0.6 of"));
        assert!(say(0.6, true).contains("falls to the right"));
        assert!(say(0.5, false).contains("own edge is λ₁ = 7.6") && say(0.5, false).contains("below"));
        assert!(sentence(&slice(-1.0, 0.0), facts(0.5, true), Line::Descent).contains("no valley"));
        assert!(sentence(&slice(f64::NAN, 0.0), facts(0.5, true), Line::Descent).contains("no such line"));
    }

    #[test]
    fn every_dot_and_the_floor_lie_within_the_heights() {
        let slice = slice(4.0, 0.0);
        let axis = heights(&slice);
        for place in [-1.0, 0.0, 1.5] {
            assert!((0.0..=1.0).contains(&axis.fraction(on_slice(&slice, place))), "{place}");
        }
        // Between the samples 0 and 2 at s = 0 and 1, and 2 and 8 at 1 and 2.
        assert_eq!((on_slice(&slice, 0.5), on_slice(&slice, 1.5), on_slice(&slice, 2.0)), (1.0, 5.0, 8.0));
        let nothing = Slice { samples: vec![f64::NAN; 3], ..slice };
        assert_eq!(heights(&nothing), Axis::linear(0.0, 1.0));
    }
}
