//! A slider over a linear or logarithmic range. Its range is soft: a value outside rests at an end.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::chart::axis::round_to;

/// Places a slider has.
const NOTCHES: f64 = 1000.0;

/// What a slider is to be.
pub struct Slider {
    /// What it sets.
    pub label: String,
    /// The value now.
    pub value: f64,
    /// The ends of the range.
    pub range: (f64, f64),
    /// Whether equal ratios are equal lengths.
    pub is_log: bool,
    /// What is said of the value.
    pub text: String,
    /// Takes a value; without it, the slider only shows one.
    pub on_input: Option<Callback<f64>>,
}

impl Slider {
    /// The slider on the page.
    pub fn view(self) -> Html {
        let Self { label, range, is_log, text, on_input, .. } = self;
        let place = (fraction(self.value, range, is_log) * NOTCHES).round();
        let is_disabled = on_input.is_none();
        let oninput = move |event: InputEvent| {
            let place = event.target_unchecked_into::<HtmlInputElement>().value_as_number() / NOTCHES;
            if let Some(on_input) = &on_input {
                on_input.emit(round_to(value(place, range, is_log), 3));
            }
        };
        html! {
            <input class="slider" type="range" min="0" max={NOTCHES.to_string()} step="1" value={place.to_string()}
                aria-label={label} aria-valuetext={text} disabled={is_disabled} {oninput} />
        }
    }
}

fn fraction(value: f64, (lo, hi): (f64, f64), is_log: bool) -> f64 {
    let share = if is_log { libm::log(value / lo) / libm::log(hi / lo) } else { (value - lo) / (hi - lo) };
    if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
}

fn value(fraction: f64, (lo, hi): (f64, f64), is_log: bool) -> f64 {
    if is_log { lo * libm::pow(hi / lo, fraction) } else { lo + fraction * (hi - lo) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_values_undo_each_other() {
        for (range, is_log) in [((1e-3, 10.0), true), ((-2.0, 2.0), false)] {
            for share in [0.0, 0.25, 1.0] {
                assert!((fraction(value(share, range, is_log), range, is_log) - share).abs() < 1e-12);
            }
        }
        assert_eq!(fraction(-1.0, (1e-3, 1.0), true), 0.0);
    }
}
