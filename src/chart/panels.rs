//! The Lab's charts, read off the session: loss, sharpness with each run's moving threshold, and their product.

use crate::{
    chart::{
        Chart, Line,
        axis::{Axis, round_bound, round_to, short, significant},
        palette::{Palette, dashes},
    },
    protocol::Quantity,
    session::{Run, Session, policy_at, series::Series},
};

/// The charts of the Lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// f(x_k), logarithmic.
    Loss,
    /// λ₁ and 2/η_k.
    Sharpness,
    /// η_k·λ₁ against 2.
    Product,
}

/// How the charts are to look, chosen by the person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Whether the loss is drawn on a logarithmic axis.
    pub log_loss: bool,
    /// Width of lines in CSS pixels.
    pub weight: f64,
}

/// The label of a run at the end of its line.
pub fn label(session: &Session, index: usize) -> String {
    let spec = &session.experiment().runs[index];
    if let Some(label) = &spec.label {
        return label.clone();
    }
    let policy = policy_at(spec, session.step());
    let short =
        flatland_engine::policy::find(&policy.name).map_or(policy.name.as_str(), |entry| entry.description.short);
    match policy.parameters.get("eta") {
        Some(flatland_engine::experiment::ParameterValue::Number(eta)) if policy.name == "constant" => {
            format!("η = {}", significant(*eta))
        }
        _ => short.to_owned(),
    }
}

/// The name of a run in a sentence.
pub fn title(session: &Session, index: usize) -> String {
    let spec = &session.experiment().runs[index];
    let policy = policy_at(spec, session.step());
    match (&spec.label, flatland_engine::policy::find(&policy.name)) {
        (Some(label), _) => label.clone(),
        (None, Some(entry)) if policy.name == "constant" => {
            format!("{} {}", entry.description.title, label(session, index))
        }
        (None, Some(entry)) => entry.description.title.to_owned(),
        (None, None) => policy.name.clone(),
    }
}

/// Room left and right of a panel's plot, in CSS pixels.
pub fn margins(panel: Panel) -> (f64, f64) {
    match panel {
        Panel::Loss | Panel::Sharpness => (46.0, 76.0),
        Panel::Product => (40.0, 52.0),
    }
}

/// What `panel` shows of the session.
pub fn chart<'a>(panel: Panel, session: &'a Session, palette: &Palette, look: Look) -> Chart<'a> {
    let x = steps_axis(session);
    let rows = session.frontier() as usize + 1;
    let (left, right) = margins(panel);
    let y = match panel {
        Panel::Loss => loss_axis(session, rows, look.log_loss),
        Panel::Sharpness => sharpness_axis(session, rows),
        Panel::Product => product_axis(session, rows),
    };
    let mut lines = Vec::new();
    if panel == Panel::Sharpness {
        for run in session.runs() {
            lines.push(threshold_line(run, rows, palette, look.weight));
        }
    }
    // The first run lies on top.
    for (index, run) in session.runs().iter().enumerate().rev() {
        let quantity = match panel {
            Panel::Loss => Quantity::Loss,
            Panel::Sharpness => Quantity::Sharpness,
            Panel::Product => Quantity::Product,
        };
        lines.push(Line {
            series: run.history.series(quantity),
            rows,
            color: palette.run(run.color),
            opacity: if panel == Panel::Product { 0.8 } else { 1.0 },
            width: look.weight,
            dashes: dashes(run.color),
            stepped: false,
            label: if panel == Panel::Product { String::new() } else { label(session, index) },
        });
    }
    let marks = session
        .runs()
        .iter()
        .zip(&session.experiment().runs)
        .flat_map(|(run, spec)| spec.changes.iter().map(|change| (change.step as f64, palette.run(run.color))))
        .collect();
    Chart {
        x,
        y,
        lines,
        level: (panel == Panel::Product).then_some((2.0, "edge: 2")),
        marks,
        cursor: (session.step() < session.frontier()).then_some(session.step() as f64),
        right,
        left,
        weight: look.weight,
    }
}

fn threshold_line<'a>(run: &'a Run, rows: usize, palette: &Palette, weight: f64) -> Line<'a> {
    let series = run.history.series(Quantity::Threshold);
    let bucket = series.bucket(0..rows);
    let changes = if bucket.is_empty() { 0.0 } else { bucket.max - bucket.min };
    let threshold = if run.history.is_plain(rows.saturating_sub(1).min(run.history.len().saturating_sub(1))) {
        "2/η"
    } else {
        "edge"
    };
    // A threshold that moves at every step would hide the picture behind its own: it is drawn thin and pale.
    let is_calm = changes == 0.0 || settled(series, rows);
    Line {
        series,
        rows,
        color: palette.run(run.color),
        opacity: if is_calm { 0.95 } else { 0.28 },
        width: if is_calm { weight * 0.8 } else { 1.0 },
        dashes: is_calm.then_some((5.0, 3.5)),
        stepped: true,
        label: if is_calm { format!("{threshold} = {}", short(round_to(bucket.last, 3))) } else { String::new() },
    }
}

/// Whether a threshold changes only now and then: at most one in ten of sixty sampled steps.
fn settled(series: &Series, rows: usize) -> bool {
    let end = rows.min(series.len());
    let stride = (end / 60).max(1);
    let pairs = (0..end.saturating_sub(1)).step_by(stride);
    let total = end.saturating_sub(1).div_ceil(stride);
    let moving =
        pairs.filter(|row| series.get(*row) != series.get(row + 1) && series.get(row + 1).is_some_and(f64::is_finite));
    moving.count() * 10 <= total
}

/// The axis of steps that all charts share.
pub fn steps_axis(session: &Session) -> Axis {
    Axis::linear(0.0, (session.frontier() as f64).max(20.0))
}

fn loss_axis(session: &Session, rows: usize, log: bool) -> Axis {
    let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
    for run in session.runs() {
        let series = run.history.series(Quantity::Loss);
        let bucket = series.bucket(0..rows);
        hi = hi.max(bucket.max);
        lo = lo.min(if log && bucket.min <= 0.0 { least_positive(run, rows) } else { bucket.min });
    }
    if !log {
        return if hi > lo { Axis::linear(lo.min(0.0), round_bound(hi)) } else { Axis::linear(0.0, 1.0) };
    }
    // A run that diverges may leave by hundreds of decades; the picture ends four above the start.
    let start = session.runs().iter().filter_map(|run| run.history.get(Quantity::Loss, 0)).fold(0.0, f64::max);
    hi = hi.min(start.max(1e-12) * 1e4);
    if !(lo > 0.0 && lo.is_finite() && hi > 0.0) {
        return Axis::log10(1e-3, 1.0);
    }
    lo = lo.max(1e-32).min(hi);
    let half_decades = |value: f64| value.log10() * 2.0;
    let lo = 10_f64.powf((half_decades(lo) - 0.05).floor() / 2.0);
    let hi = 10_f64.powf((half_decades(hi) + 0.1).ceil() / 2.0);
    if hi / lo < 10.0 { Axis::log10(hi / 10.0, hi) } else { Axis::log10(lo, hi) }
}

/// The least positive loss among a sample of the rows, for a run whose loss also reaches zero or less.
fn least_positive(run: &Run, rows: usize) -> f64 {
    let end = rows.min(run.history.len());
    (0..end)
        .step_by((end / 2000).max(1))
        .filter_map(|row| run.history.get(Quantity::Loss, row))
        .filter(|loss| *loss > 0.0)
        .fold(f64::INFINITY, f64::min)
}

/// From 0 (or the most negative curvature) to half above the largest threshold that is typical of a run.
fn sharpness_axis(session: &Session, rows: usize) -> Axis {
    let mut thresholds = 0.0_f64;
    let (mut least, mut most) = (0.0_f64, 0.0_f64);
    for run in session.runs() {
        let series = run.history.series(Quantity::Threshold);
        let end = rows.min(series.len());
        // The later half: a step size may begin anywhere.
        let later = end / 2..end;
        let stride = (later.len() / 128).max(1);
        let mut sample: Vec<f64> =
            later.step_by(stride).filter_map(|row| series.get(row)).filter(|t| t.is_finite()).collect();
        sample.sort_by(f64::total_cmp);
        if let Some(median) = sample.get(sample.len() / 2) {
            thresholds = thresholds.max(*median);
        }
        let bucket = run.history.series(Quantity::Sharpness).bucket(0..rows);
        least = least.min(bucket.min);
        most = most.max(bucket.max);
    }
    // The data is shown whole as long as it does not dwarf the thresholds.
    let hi = if thresholds > 0.0 { (1.5 * thresholds).max((1.1 * most).min(4.0 * thresholds)) } else { 1.2 * most };
    // Where nothing comes near a threshold, the picture is of the sharpness.
    let hi = if most > 0.0 && hi > 8.0 * most { 1.2 * most } else { hi };
    let hi = round_bound(hi);
    Axis::linear(if least < 0.0 { -round_bound(-least).min(hi) } else { 0.0 }, hi)
}

/// Powers of two around 2, as far as the data goes, from 1/8 to 16: what lies beyond is marked at the edge.
fn product_axis(session: &Session, rows: usize) -> Axis {
    let (mut lo, mut hi) = (0.5_f64, 6.0_f64);
    for run in session.runs() {
        let bucket = run.history.series(Quantity::Product).bucket(0..rows);
        if !bucket.is_empty() {
            lo = lo.min(bucket.min);
            hi = hi.max(bucket.max);
        }
    }
    let lo = lo.max(0.125).log2().floor().exp2();
    let hi = hi.min(16.0).log2().ceil().exp2();
    Axis::log2(lo, hi)
}

/// The coordinates of the first run over the steps: what stands in the landscape's place when there are more than two.
pub fn coordinates<'a>(session: &'a Session, palette: &Palette, look: Look) -> Chart<'a> {
    let rows = session.frontier() as usize + 1;
    let (mut lo, mut hi) = (0.0_f64, 0.0_f64);
    let mut lines = Vec::new();
    if let Some(run) = session.runs().first() {
        for (index, series) in run.history.coordinates().iter().enumerate() {
            let bucket = series.bucket(0..rows);
            (lo, hi) = (lo.min(bucket.min), hi.max(bucket.max));
            lines.push(Line {
                series,
                rows,
                color: palette.run(run.color),
                opacity: (1.0 - 0.12 * index as f64).max(0.3),
                width: look.weight,
                dashes: None,
                stepped: false,
                label: format!("x{}", subscript(index + 1)),
            });
        }
    }
    let bound = |value: f64| if value < 0.0 { -round_bound(-value) } else { round_bound(value) };
    Chart {
        x: steps_axis(session),
        y: Axis::linear(if lo < 0.0 { bound(lo) } else { 0.0 }, bound(hi)),
        lines,
        level: None,
        marks: Vec::new(),
        cursor: (session.step() < session.frontier()).then_some(session.step() as f64),
        right: 34.0,
        left: 34.0,
        weight: look.weight,
    }
}

fn subscript(number: usize) -> String {
    number.to_string().chars().filter_map(|c| char::from_u32('₀' as u32 + c.to_digit(10)?)).collect()
}
