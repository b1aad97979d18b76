//! How much the gradient changes along −∇f, against the length of the step: Figure 4 of “Flatland”
//! (arXiv 2606.06722).

use flatland_engine::segment::Profile;
use web_sys::HtmlCanvasElement;

use super::{Facts, Stage, Stroke, axes};
use crate::chart::{
    Size,
    axis::{Axis, short, significant},
    palette::Palette,
    panels::ChartStyle,
};

/// Draws the quotient, its running supremum, the hyperbola 2/h, η, and the crossing.
pub fn paint(
    on: &HtmlCanvasElement,
    profile: &Profile,
    facts: Facts,
    palette: &Palette,
    style: ChartStyle<'_>,
    size: Size,
) {
    let weight = style.weight;
    let Some((x, y)) = scales(profile) else {
        Stage::set(on, &axes(Axis::log10(1e-3, 1.0), Axis::log10(1e-3, 1.0), style), palette, size);
        return;
    };
    let Some(stage) = Stage::set(on, &axes(x, y, style), palette, size) else { return };
    let color = palette.run(facts.color);
    let scale = stage.brush.type_scale;
    let quotient = Stroke { opacity: 0.55, ..Stroke::solid(color, 1.25 * scale) };
    let supremum = Stroke::solid(color, weight);
    let hyperbola = Stroke::dashed(palette.ink, (6.0, 4.0), scale);
    let pairs = |values: &'_ [f64]| profile.steps.iter().copied().zip(values.to_vec()).collect::<Vec<_>>();
    stage.curve(profile.steps.iter().map(|h| (*h, 2.0 / h)), hyperbola);
    stage.curve(pairs(&profile.quotients), quotient);
    stage.curve(pairs(&profile.suprema), supremum);
    // λ₁ belongs to the limit h → 0: a short dash at the left.
    if profile.sharpness > 0.0 {
        let end = x.value(0.09);
        stage.curve([(x.lo, profile.sharpness), (end, profile.sharpness)], Stroke::solid(palette.ink, 2.0 * scale));
        let (right, height) = stage.at(end, profile.sharpness);
        stage.brush.label_on_halo("λ₁", (right, height - 6.0 * scale), palette.ink, palette.page, "right");
    }
    if facts.eta > 0.0 {
        stage.vertical(
            facts.eta,
            &format!("η = {}", short(facts.eta)),
            Stroke::solid(palette.beyond, 1.5 * scale),
            true,
            palette,
        );
    }
    if let Some(crossing) = profile.crossing {
        stage.brush.disc(stage.at(crossing, 2.0 / crossing), 5.0, (palette.page, 1.0), palette.ink, 2.0);
    }
    stage.key(&[("quotient", quotient), ("l(x, h)", supremum), ("2/h", hyperbola)], palette);
    stage.leave();
}

/// Axes around the steps, and around the quotients and the crossing with some room.
fn scales(profile: &Profile) -> Option<(Axis, Axis)> {
    let (first, last) = (*profile.steps.first()?, *profile.steps.last()?);
    let values = profile.quotients.iter().chain(&profile.suprema).copied().filter(|l| *l > 0.0 && l.is_finite());
    let (lo, hi) = values.fold((f64::INFINITY, 0.0_f64), |(lo, hi), value| (lo.min(value), hi.max(value)));
    if !(first > 0.0 && last > first && last.is_finite() && hi > 0.0) {
        return None;
    }
    // What lies four decades below the rest is rounding where the gradient comes back to itself.
    let lo = lo.max(hi * 1e-4);
    Some((Axis::log10(first, last), Axis::log10(lo / 2.0, hi * 3.0)))
}

/// Whether η is beyond the crossing, and by how much.
pub fn sentence(profile: &Profile, facts: Facts) -> String {
    let Some(crossing) = profile.crossing else {
        return "The gradient does not change along itself here: there is no crossing with 2/h.".to_owned();
    };
    let (eta, ratio) = (significant(facts.eta), significant(facts.eta / crossing));
    let at = significant(crossing);
    if facts.eta > crossing {
        format!(
            "η = {eta} is {ratio} times the crossing at h = {at}: the step is beyond what is sure to lower the loss."
        )
    } else {
        format!(
            "η = {eta} is {ratio} of the crossing at h = {at}, the largest step known to lower the loss: it must fall."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(crossing: Option<f64>) -> Profile {
        let (steps, quotients) = (vec![0.01, 0.1, 1.0], vec![2.0, 1e-9, 8.0]);
        Profile { steps, suprema: vec![4.0, 4.0, 8.0], quotients, crossing, sharpness: 5.0 }
    }

    fn facts(eta: f64) -> Facts {
        Facts { step: 0, eta, threshold: 2.0 / eta, is_plain: true, earlier: 0, color: 0 }
    }

    #[test]
    fn the_sentence_says_on_which_side_and_by_how_much() {
        assert!(sentence(&profile(Some(0.4)), facts(0.5)).contains("1.25 times the crossing at h = 0.4"));
        assert!(sentence(&profile(Some(0.4)), facts(0.1)).contains("0.25 of the crossing"));
        assert!(sentence(&profile(None), facts(0.1)).contains("no crossing"));
    }

    #[test]
    fn the_scales_hold_what_matters_and_need_something_to_hold() {
        let (x, y) = scales(&profile(Some(0.4))).expect("scales");
        assert_eq!((x.lo, x.hi), (0.01, 1.0));
        assert!(y.lo < 2.0 && y.lo > 1e-5 && y.hi > 8.0);
        let empty = Profile { quotients: vec![f64::NAN; 3], suprema: vec![f64::NAN; 3], ..profile(None) };
        assert_eq!(scales(&empty), None);
    }
}
