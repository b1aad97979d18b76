//! Maps.

use std::time::Instant;

use flatland_atlas::paint::Sample;
use flatland_atlas::{Axis, Map, MapError, Measure, Picture, Plan, Way};
use flatland_engine::Experiment;
use flatland_host::Cost;
use flatland_host::map::Canvas;
use indicatif::ProgressBar;
use serde_json::json;

use super::{Arguments, Drawing, cores, document, progress, speed};
use crate::Failure;
use crate::run::say;

/// Computes and paints a map.
pub fn draw(
    arguments: &Arguments,
    experiment: &Experiment,
    (columns, rows): (usize, usize),
) -> Result<Drawing, Failure> {
    let measure = Measure::named(&arguments.measure).ok_or_else(|| {
        let names = Measure::ALL.map(Measure::name).join(", ");
        MapError::new("measure", format!("one of {names}"), format!("\"{}\"", arguments.measure), "choose one of these")
    })?;
    let x = Axis::parse(&arguments.x)?;
    let y = Axis::parse(arguments.y.as_deref().unwrap_or_default())?;
    let map = Map::new(experiment, arguments.run, x, y, measure)?;
    let picture = Picture::new(columns, rows, measure)?;
    let mut canvas = Canvas { plan: Plan::new(map), picture, steps: 0 };
    let work = canvas.picture.work().0;
    if let Some(cost) = Cost::of(&canvas.plan.map.experiment, work.len())? {
        say(&cost.to_string());
    }
    let bar = progress(work.len(), "runs");
    let mut ways = Vec::new();
    let mut rest = work.as_slice();
    if arguments.gpu {
        rest = on_card(&mut canvas, rest, &bar, &mut ways);
    }
    if !rest.is_empty() {
        on_cores(&mut canvas, rest, &bar, &mut ways);
    }
    bar.finish_and_clear();
    for way in &ways {
        say(way);
    }
    say(&census(&canvas.picture));
    Ok(drawn(arguments, canvas, &ways))
}

/// Computes what the graphics card can, and returns what is left.
#[cfg(feature = "gpu")]
fn on_card<'a>(canvas: &mut Canvas, work: &'a [u32], bar: &ProgressBar, ways: &mut Vec<String>) -> &'a [u32] {
    super::gpu::fill(canvas, work, bar, ways)
}

#[cfg(not(feature = "gpu"))]
fn on_card<'a>(_: &mut Canvas, work: &'a [u32], _: &ProgressBar, ways: &mut Vec<String>) -> &'a [u32] {
    ways.push(
        "this flatland was built without graphics cards (its feature \"gpu\"): computed on the processor".to_owned(),
    );
    work
}

/// Computes pixels on all cores.
fn on_cores(canvas: &mut Canvas, work: &[u32], bar: &ProgressBar, ways: &mut Vec<String>) {
    let since = Instant::now();
    let before = canvas.steps;
    canvas.fill(work, |done| {
        bar.inc(done as u64);
        true
    });
    let how = match &canvas.plan.way {
        Way::Closed(_) => "many at once".to_owned(),
        Way::Engine(reason) => format!("one by one with the engine, since {reason}"),
    };
    let speed = speed(canvas.steps - before, since);
    ways.push(format!("{} runs on {} in double precision, {how}: {speed}", work.len(), cores()));
}

/// How many runs ended in which way.
fn census(picture: &Picture) -> String {
    const WORDS: [&str; 8] =
        ["unknown", "converged", "periodic", "chaotic", "unsettled", "diverged", "stalled", "undefined"];
    let counts = picture.census();
    let words: Vec<String> = WORDS
        .iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    words.join(", ")
}

fn drawn(arguments: &Arguments, canvas: Canvas, ways: &[String]) -> Drawing {
    let Canvas { plan, picture, .. } = canvas;
    let (columns, rows) = picture.size();
    let range = picture.range();
    let mut colors = Vec::with_capacity(3 * columns * rows);
    for pixel in picture.rgba(range, arguments.dark).chunks_exact(4) {
        colors.extend(&pixel[..3]);
    }
    let numbers = picture.samples().iter().flat_map(|sample| {
        let Sample { code, number, last } = *sample;
        [code, number, last[0], last[1]]
    });
    let Map { experiment, run, x, y, measure, .. } = &plan.map;
    Drawing {
        columns,
        rows,
        colors,
        numbers: numbers.collect(),
        depth: 4,
        title: format!("{} over {} (across) and {} (up)", measure.name(), x.field, y.field),
        description: json!({
            "experiment": document(experiment),
            "run": run,
            "x": x,
            "y": y,
            "measure": measure,
            "range": if range.low <= range.high { json!([range.low, range.high]) } else { json!(null) },
            "minimizers": picture.minimizers(),
            "computed": ways,
        }),
    }
}
