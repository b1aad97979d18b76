//! Ticks of an axis: at round numbers, with labels that differ from each other whatever the range.
//!
//! A tick is an exact decimal number, so that its label can be too. Where the labels would be too
//! long for their room, what they have in common is said once in a note, in which “…” stands for
//! the label: `2.7 + … · 10⁻¹⁰`.

use super::{
    axis::{Axis, Spacing, index_below, multiple, step},
    decimal::{Decimal, power_of_ten, short, superscript},
};

/// A tick: its value and how it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where.
    pub value: f64,
    /// What is written there.
    pub label: String,
}

/// The ticks of an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AxisTicks {
    /// From the least to the greatest.
    pub ticks: Vec<Tick>,
    /// What a label stands for, such as `2.7 + …`; empty where it stands for itself.
    pub note: String,
}

/// Digits that a number may have before what is common to all ticks is taken off.
const MOST_DIGITS: u64 = 10_000;

impl Axis {
    /// Ticks at round numbers, about `wanted` of them and never more than twice as many, with
    /// labels about as wide as `room` digits.
    pub fn ticks(&self, wanted: usize, room: f64) -> AxisTicks {
        match self.spacing {
            Spacing::Linear => linear(self.lo, self.hi, wanted, room),
            Spacing::Log10 => log10(self.lo, self.hi, wanted, room),
            Spacing::Log2 => AxisTicks { ticks: log2(self.lo, self.hi, wanted), note: String::new() },
        }
    }
}

fn linear(lo: f64, hi: f64, wanted: usize, room: f64) -> AxisTicks {
    if !(lo.is_finite() && hi.is_finite() && lo < hi) {
        return AxisTicks { ticks: vec![Tick { value: lo, label: short(lo) }], note: String::new() };
    }
    let step = step(lo, hi, wanted);
    // Ends that rounding has moved a little keep their ticks.
    let slack = 1e-9 * (hi / 2.0 - lo / 2.0);
    let (first, last) = (-index_below(slack - lo, step), index_below(hi + slack, step));
    labelled(&(first..=last).map(|index| multiple(step, index)).collect::<Vec<_>>(), room)
}

/// Labels for multiples of one power of ten.
fn labelled(ticks: &[Decimal], room: f64) -> AxisTicks {
    let written = |labels: Vec<String>, note: String| AxisTicks {
        ticks: ticks.iter().zip(labels).map(|(tick, label)| Tick { value: tick.value(), label }).collect(),
        note,
    };
    let fits = |labels: &[String]| labels.iter().all(|label| width(label) <= room);
    let labels: Vec<String> = ticks.iter().map(|tick| tick.short()).collect();
    if fits(&labels) {
        return written(labels, String::new());
    }
    let has_base = ticks.iter().any(|tick| tick.trimmed().digits.unsigned_abs() >= MOST_DIGITS);
    let base = ticks.first().copied().filter(|_| has_base);
    let offset = |tick: &Decimal| Decimal { digits: tick.digits - base.map_or(0, |base| base.digits), ..*tick };
    let rest: Vec<Decimal> = ticks.iter().map(offset).collect();
    let said = base.map_or_else(String::new, |base| format!("{} + ", in_full(base)));
    let exponent = rest.iter().filter(|tick| tick.digits != 0).map(|tick| tick.exponent()).max().unwrap_or(0);
    if (-2..=3).contains(&exponent) {
        // Short enough without a power of ten.
        let note = if base.is_some() { format!("{said}…") } else { String::new() };
        return written(rest.iter().map(|tick| tick.short()).collect(), note);
    }
    let labels = rest.iter().map(|tick| Decimal { power: tick.power - exponent, ..*tick }.plain()).collect();
    written(labels, format!("{said}… · 10{}", superscript(exponent)))
}

/// Every digit of a number.
fn in_full(number: Decimal) -> String {
    match number.exponent() {
        _ if number.trimmed().digits.unsigned_abs() < MOST_DIGITS => number.short(),
        -4..=15 => number.plain(),
        _ => number.scientific(),
    }
}

/// About how wide a label is, in digits.
fn width(label: &str) -> f64 {
    label.chars().map(|c| if c.is_ascii_alphanumeric() || c == '−' { 1.0 } else { 0.6 }).sum()
}

fn log10(lo: f64, hi: f64, wanted: usize, room: f64) -> AxisTicks {
    let first = (libm::log10(lo) - 1e-9).ceil() as i32;
    let last = (libm::log10(hi) + 1e-9).floor() as i32;
    let decades = last - first + 1;
    if decades < 3 {
        // Too short for whole decades alone: 1, 2 and 5 of each.
        let fine: Vec<Decimal> = (first - 1..=last)
            .flat_map(|power| [1, 2, 5].map(|digits| Decimal { digits, power }))
            .filter(|tick| (lo * (1.0 - 1e-9)..=hi * (1.0 + 1e-9)).contains(&tick.value()))
            .collect();
        return if fine.len() >= 2 { labelled(&fine, room) } else { linear(lo, hi, wanted, room) };
    }
    let stride = (decades as usize).div_ceil(wanted.max(1)) as i32;
    let tick = |power| Tick { value: Decimal { digits: 1, power }.value(), label: power_of_ten(power) };
    let ticks = (first..=last).filter(|power| power.rem_euclid(stride) == 0).map(tick).collect();
    AxisTicks { ticks, note: String::new() }
}

fn log2(lo: f64, hi: f64, wanted: usize) -> Vec<Tick> {
    let first = (libm::log2(lo) - 1e-9).ceil() as i32;
    let last = (libm::log2(hi) + 1e-9).floor() as i32;
    let stride = ((last - first + 1).max(1) as usize).div_ceil(wanted.max(1)) as i32;
    let tick = |power: i32| {
        let value = libm::ldexp(1.0, power);
        // A power that is short in decimal is written so.
        Tick { value, label: if (-3..10).contains(&power) { short(value) } else { format!("2{}", superscript(power)) } }
    };
    // 2 itself is always among them: it is the threshold.
    (first..=last).filter(|power| (power - 1).rem_euclid(stride) == 0).map(tick).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn labels(axis: Axis, wanted: usize) -> Vec<String> {
        axis.ticks(wanted, 6.5).ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_stand_at_round_numbers() {
        assert_eq!(labels(Axis::linear(0.0, 12.0), 6), ["0", "2", "4", "6", "8", "10", "12"]);
        assert_eq!(labels(Axis::linear(0.0, 230.0), 5), ["0", "50", "100", "150", "200"]);
        assert_eq!(labels(Axis::linear(0.0, 1e6), 4), ["0", "250 k", "500 k", "750 k", "1 M"]);
        assert_eq!(labels(Axis::log10(1e-3, 2.0), 6), ["10⁻³", "10⁻²", "10⁻¹", "1"]);
        assert_eq!(labels(Axis::log2(0.4, 9.0), 6), ["0.5", "1", "2", "4", "8"]);
        assert_eq!(labels(Axis::log2(1e-3, 2e3), 20)[0], "2⁻⁹");
    }

    #[test]
    fn an_axis_within_one_decade_still_has_ticks() {
        assert_eq!(labels(Axis::log10(21.0, 47.0), 5), ["30", "40"]);
        assert_eq!(labels(Axis::log10(0.15, 0.6), 5), ["0.2", "0.5"]);
        assert_eq!(labels(Axis::log10(1e-301, 1e-300), 5), ["10⁻³⁰¹", "2·10⁻³⁰¹", "5·10⁻³⁰¹", "10⁻³⁰⁰"]);
    }

    #[test]
    fn an_axis_of_forty_decades_has_few_ticks() {
        let ticks = labels(Axis::log10(1e-40, 1.0), 6);
        assert!((4..=8).contains(&ticks.len()), "{ticks:?}");
    }

    #[test]
    fn what_long_labels_have_in_common_is_said_once() {
        let scale = Axis::linear(2.700_000_059, 2.700_000_061).ticks(4, 6.5);
        assert_eq!(scale.note, "2.700000059 + … · 10⁻⁹");
        assert_eq!(
            scale.ticks.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>(),
            ["0", "0.5", "1", "1.5", "2"]
        );
        assert_eq!(scale.ticks[1].value, 2.700_000_059_5);
        assert_eq!(Axis::linear(1e13, 1e13 + 1.0).ticks(4, 6.5).note, "10¹³ + …");
        let small = Axis::linear(0.0, 1e-300).ticks(4, 6.5);
        assert_eq!(small.note, "… · 10⁻³⁰⁰");
        assert_eq!(small.ticks[1], Tick { value: 2.5e-301, label: "0.25".to_owned() });
    }

    /// Ranges of every size and place, narrow ones down to neighboring doubles: labels differ,
    /// ticks lie on the axis and rise.
    #[test]
    fn ticks_differ_in_their_labels_on_every_axis() {
        let mut seed = 7_u64;
        let mut random = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1_u64 << 53) as f64
        };
        for _ in 0..20_000 {
            let size = libm::pow(10.0, 630.0 * random() - 322.0).min(f64::MAX);
            let lo = if random() < 0.3 { -size } else { size };
            let relative = libm::pow(10.0, -16.0 * random());
            let hi = (lo + size * relative).max(lo.next_up());
            let mut axes =
                vec![Axis::linear(lo, hi), Axis::around(lo, hi), Axis::linear(0.0, size), Axis::linear(-size, size)];
            if lo > 0.0 && hi.is_finite() {
                axes.extend([Axis::log10(lo, hi), Axis::log2(lo, hi), Axis::log10(lo * 1e-9, hi)]);
            }
            for axis in axes.into_iter().filter(|axis| axis.lo > 0.0 || axis.spacing == Spacing::Linear) {
                let wanted = 2 + (9.0 * random()) as usize;
                let scale = axis.ticks(wanted, 6.5);
                let different: HashSet<&str> = scale.ticks.iter().map(|tick| tick.label.as_str()).collect();
                assert_eq!(different.len(), scale.ticks.len(), "{axis:?}: {scale:?}");
                assert!(scale.ticks.len() <= 2 * wanted + 2, "{axis:?}, {wanted} wanted: {scale:?}");
                for pair in scale.ticks.windows(2) {
                    assert!(pair[0].value < pair[1].value, "{axis:?}: {scale:?}");
                }
                let inside = |tick: &Tick| (-1e-6..=1.0 + 1e-6).contains(&axis.fraction(tick.value));
                assert!(scale.ticks.iter().all(inside), "{axis:?}: {scale:?}");
            }
            let around = Axis::around(lo.min(hi), hi.min(f64::MAX));
            assert!(
                around.lo <= lo && around.hi >= hi.min(f64::MAX) && around.lo < around.hi,
                "{lo:e} {hi:e}: {around:?}"
            );
        }
    }
}
