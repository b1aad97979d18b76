//! Bifurcation diagrams.

use std::time::Instant;

use flatland_atlas::bifurcation::{Diagram, Quantity};
use flatland_atlas::{Axis, MapError};
use flatland_engine::Experiment;
use flatland_host::{Cost, diagram};
use serde_json::json;

use super::{Arguments, Drawing, cores, document, progress};
use crate::Failure;
use crate::run::say;

/// The ground where no iterate came by, of a light and of a dark picture.
const GROUNDS: [[u8; 3]; 2] = [[255, 255, 255], [22, 24, 29]];

/// Computes and paints a diagram.
pub fn draw(
    arguments: &Arguments,
    experiment: &Experiment,
    quantity: &str,
    (columns, rows): (usize, usize),
) -> Result<Drawing, Failure> {
    let quantity = Quantity::named(quantity, experiment.start.len())?;
    let end = |name: &str, value: Option<f64>| {
        let missing = || MapError::new(name, "the end of a diagram's axis up", "none", format!("add --{name} NUMBER"));
        value.ok_or_else(missing)
    };
    let up = (end("from", arguments.from)?, end("to", arguments.to)?);
    let x = Axis::parse(&arguments.x)?;
    let diagram = Diagram::new(experiment, arguments.run, x, quantity, up, arguments.iterates)?;
    if arguments.gpu {
        say("diagrams are computed by the engine alone: the graphics card is not used");
    }
    if let Some(cost) = Cost::of(&diagram.experiment, columns)? {
        say(&cost.to_string());
    }
    let since = Instant::now();
    let bar = progress(columns, "columns");
    let computed = diagram::compute(&diagram, (columns, rows), || {
        bar.inc(1);
        true
    });
    bar.finish_and_clear();
    let diverged = computed.iter().filter(|column| column.has_diverged).count();
    let way = format!(
        "{columns} columns on {} in double precision with the engine in {:.2} s, {diverged} of them diverged",
        cores(),
        since.elapsed().as_secs_f64()
    );
    say(&way);
    let ground = GROUNDS[usize::from(arguments.dark)];
    let hits = |row: usize| computed.iter().map(move |column| column.hits[row]);
    let colors = (0..rows).flat_map(hits).flat_map(|hits| diagram.shade(hits, arguments.dark).unwrap_or(ground));
    Ok(Drawing {
        columns,
        rows,
        colors: colors.collect(),
        numbers: (0..rows).flat_map(hits).map(|hits| hits as f32).collect(),
        depth: 1,
        title: format!("{} (up) of the last iterates over {} (across)", quantity.name(), diagram.x.field),
        description: json!({
            "experiment": document(&diagram.experiment),
            "run": diagram.run,
            "x": diagram.x,
            "quantity": quantity.name(),
            "from": diagram.low,
            "to": diagram.high,
            "iterates": diagram.iterates,
            "computed": [way],
        }),
    })
}
