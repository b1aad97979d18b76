//! `flatland list`: the catalogues, from the descriptions beside the code.

use std::io::{self, BufWriter, Write};

use flatland_engine::number::exact;
use flatland_engine::spec::{Description, Parameter, ParameterKind};
use flatland_engine::{data, objective, policy};
use flatland_host::catalogue;

use crate::{Failure, ListFormat};

/// Prints the catalogues.
pub fn list(format: ListFormat) -> Result<(), Failure> {
    let mut output = BufWriter::new(io::stdout().lock());
    match format {
        ListFormat::Text => text(&mut output)?,
        ListFormat::Json => writeln!(output, "{:#}", catalogue::document())?,
    }
    Ok(output.flush()?)
}

fn text(output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "Objectives")?;
    for entry in objective::catalogue() {
        describe(output, entry.description)?;
        writeln!(output, "    start {}", list_of(entry.default_start))?;
        if let Ok(objective) = entry.build_default() {
            for (what, value) in [
                ("minimum", objective.minimum()),
                ("sharpness of the flattest minimum", objective.flattest_sharpness()),
            ] {
                let value = value.map_or("not known".to_owned(), |value| exact(value).to_string());
                writeln!(output, "    {what} {value}")?;
            }
        }
    }
    writeln!(output, "\nNetworks")?;
    for entry in objective::networks() {
        describe(output, entry.description)?;
    }
    writeln!(output, "\nData of networks")?;
    for entry in data::catalogue() {
        describe(output, entry.description)?;
    }
    writeln!(output, "\nPolicies")?;
    for entry in policy::catalogue() {
        describe(output, entry.description)?;
    }
    Ok(())
}

fn describe(output: &mut impl Write, description: &Description) -> io::Result<()> {
    let Description { name, title, summary, source, parameters, .. } = description;
    writeln!(output, "\n  {name}  ({title})\n    {summary}\n    Source: {source}")?;
    for Parameter { key, help, kind, .. } in *parameters {
        let range = match kind {
            ParameterKind::Number { default, bounds, .. } => format!("default {}; a number {bounds}", exact(*default)),
            ParameterKind::OptionalNumber { absent, bounds, .. } => format!("default: {absent}; a number {bounds}"),
            ParameterKind::Choice { default, options } => format!("default {default}; one of {}", options.join(", ")),
            ParameterKind::Text { default, .. } => format!("default {default:?}"),
            ParameterKind::Numbers { default, bounds, max_length } => {
                format!("default {}; 1 to {max_length} numbers {bounds}", list_of(default))
            }
            ParameterKind::Widths { default, bounds, max_length } => {
                format!("default {}; up to {max_length} whole numbers, each {bounds}", list_of(default))
            }
            ParameterKind::Flag { default } => format!("default {default}; true or false"),
            ParameterKind::Part { default, options } => {
                let names: Vec<_> = options().iter().map(|option| option.name).collect();
                format!("default {{\"name\": \"{default}\"}}; one of {}", names.join(", "))
            }
        };
        writeln!(output, "    {key}: {help} ({range})")?;
    }
    Ok(())
}

/// Numbers in brackets.
fn list_of(numbers: &[f64]) -> String {
    let numbers: Vec<_> = numbers.iter().map(|number| exact(*number).to_string()).collect();
    format!("[{}]", numbers.join(", "))
}
