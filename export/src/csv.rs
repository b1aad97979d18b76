//! Records as comma-separated values.
//!
//! Numbers are in the shortest form that reads back as the same bits, with `inf` and `NaN` for what
//! is not finite; what does not exist is empty. The column `product` is step_size × sharpness,
//! whatever the method. The columns that an experiment asks for stand behind the coordinates; with
//! several starts the quartiles over them of loss, λ₁ and product (2λ₁/threshold) stand last.

use std::borrow::Cow;
use std::io::{self, Write};

use flatland_engine::ensemble::{Ensemble, Quartiles};
use flatland_engine::{Descent, Experiment, FieldError, Record};

const COLUMNS: &str = "step,loss,gradient_norm,sharpness,step_size,product,reference,function_evaluations,\
                       gradient_evaluations,hvp_evaluations";

/// The quantities that quartiles are of, in their order.
pub const QUANTITIES: [&str; 3] = ["loss", "sharpness", "product"];

/// The names of the columns with quartiles, in the order of [`Row::quartiles`].
pub fn quartile_names() -> impl Iterator<Item = String> {
    QUANTITIES.into_iter().flat_map(|quantity| Quartiles::NAMES.map(|name| format!("{quantity}_{name}")))
}

/// An iterate of a run.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The run.
    pub run: usize,

    /// Which of the starts it is from, where each has its rows.
    pub member: Option<usize>,

    /// What was recorded.
    pub record: &'a Record,

    /// The descent that has just recorded it.
    pub descent: &'a Descent,

    /// The quartiles over all starts of [`QUANTITIES`], where there are several.
    pub quartiles: Option<[Quartiles; 3]>,
}

impl<'a> Row<'a> {
    /// The last row of run number `run` of an ensemble, with the quartiles where it has several
    /// starts.
    pub fn of(run: usize, ensemble: &'a mut Ensemble) -> Self {
        let quartiles = ensemble.is_plural().then(|| ensemble.quartiles());
        let descent = ensemble.lead();
        Self { run, member: None, record: descent.record(), descent, quartiles }
    }
}

/// Writes the head, with the column `member` where each start has its rows.
///
/// # Errors
///
/// If `output` cannot be written to.
pub fn head(mut output: impl Write, experiment: &Experiment, has_members: bool) -> io::Result<()> {
    write!(output, "run,{}{COLUMNS}", if has_members { "member," } else { "" })?;
    for i in 0..experiment.start.len() {
        write!(output, ",x{i}")?;
    }
    for column in &experiment.columns {
        write!(output, ",{}", column.name())?;
    }
    if experiment.ensemble.is_some() && !has_members {
        for name in quartile_names() {
            write!(output, ",{name}")?;
        }
    }
    writeln!(output)
}

/// Writes a row.
///
/// # Errors
///
/// If `output` cannot be written to.
pub fn row(mut output: impl Write, row: &Row<'_>) -> io::Result<()> {
    let Record { step, loss, gradient_norm, sharpness, evaluations, .. } = row.record;
    write!(output, "{},", row.run)?;
    if let Some(member) = row.member {
        write!(output, "{member},")?;
    }
    write!(output, "{step},{loss:?},{gradient_norm:?},{sharpness:?}")?;
    for number in [row.record.step_size, row.record.step_times_sharpness(), row.record.reference] {
        optional(&mut output, number)?;
    }
    write!(output, ",{},{},{}", evaluations.function, evaluations.gradient, evaluations.hvp)?;
    for x in row.descent.coordinates() {
        write!(output, ",{x:?}")?;
    }
    let quartiles = row.quartiles.into_iter().flatten().flat_map(Quartiles::to_array);
    for value in row.descent.columns().iter().copied().chain(quartiles) {
        optional(&mut output, Some(value).filter(|value| !value.is_nan()))?;
    }
    writeln!(output)
}

fn optional(mut output: impl Write, number: Option<f64>) -> io::Result<()> {
    match number {
        Some(number) => write!(output, ",{number:?}"),
        None => write!(output, ","),
    }
}

/// A text as a cell: in quotes where it holds a comma, a quote or a line break (RFC 4180), and
/// behind an apostrophe where a spreadsheet would run it as a formula.
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula || text.contains([',', '"', '\n', '\r']) {
        let apostrophe = if is_formula { "'" } else { "" };
        format!("\"{apostrophe}{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}

/// The whole table, piece by piece, so that its length does not matter.
pub struct Table {
    experiment: Experiment,
    run: usize,
    ensemble: Option<Ensemble>,
    has_head: bool,
    rows: u64,
}

impl Table {
    /// The table of an experiment.
    ///
    /// # Errors
    ///
    /// If the experiment is not valid.
    pub fn new(experiment: Experiment) -> Result<Self, FieldError> {
        let ensemble = Some(Ensemble::new(&experiment, 0)?);
        Ok(Self { experiment, run: 0, ensemble, has_head: false, rows: 0 })
    }

    /// Rows written so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The next `rows` rows at the most, after the head; None when there are no more.
    ///
    /// # Errors
    ///
    /// Never for an experiment that [`Table::new`] took.
    pub fn piece(&mut self, rows: usize) -> Result<Option<Vec<u8>>, FieldError> {
        let mut text = Vec::new();
        // Writing to memory cannot fail.
        if !std::mem::replace(&mut self.has_head, true) {
            let _ = head(&mut text, &self.experiment, false);
        }
        let mut left = rows;
        while let Some(ensemble) = self.ensemble.as_mut().filter(|_| left > 0) {
            if ensemble.advance() {
                let _ = row(&mut text, &Row::of(self.run, ensemble));
                self.rows += 1;
                left -= 1;
            } else {
                self.run += 1;
                let is_there = self.run < self.experiment.runs.len();
                self.ensemble = if is_there { Some(Ensemble::new(&self.experiment, self.run)?) } else { None };
            }
        }
        Ok((!text.is_empty()).then_some(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_of_text_is_run_as_a_formula() {
        for (label, cell) in [
            ("NLS", "NLS"),
            ("a, \"b\"", "\"a, \"\"b\"\"\""),
            ("=1+1", "\"'=1+1\""),
            ("-2+3", "\"'-2+3\""),
            ("+1", "\"'+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("η=1", "η=1"),
            ("", ""),
        ] {
            assert_eq!(text(label), cell);
        }
    }

    /// Two starts: the quartiles of two values a ≤ b lie at (3a + b)/4, (a + b)/2 and (a + 3b)/4.
    #[test]
    fn a_table_of_several_starts_holds_their_quartiles() {
        let json = r#"{"version":1,"objective":{"name":"double-well"},"start":[0.4],"steps":3,"seed":5,
            "ensemble":{"size":2,"spread":0.05},"columns":["threshold"],"runs":[{"policy":{"name":"constant"}}]}"#;
        let experiment = Experiment::from_json(json).expect("valid");
        let mut table = Table::new(experiment.clone()).expect("valid");
        let text = String::from_utf8(table.piece(100).expect("valid").expect("rows")).expect("UTF-8");
        let mut lines = text.lines();
        let head = lines.next().expect("a head");
        assert!(head.ends_with(
            "x0,threshold,loss_q1,loss_median,loss_q3,sharpness_q1,sharpness_median,sharpness_q3,\
                                product_q1,product_median,product_q3"
        ));
        let mut members: Vec<Descent> = flatland_engine::ensemble::members(&experiment)
            .expect("valid")
            .iter()
            .map(|member| Descent::new(member, 0).expect("valid"))
            .collect();
        assert_eq!(members.len(), 2);
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), head.split(',').count());
            let records: Vec<Record> = members.iter_mut().map(|member| member.advance().expect("a row")).collect();
            for (first, of) in [(13, (|r| r.loss) as fn(&Record) -> f64), (16, |r| r.sharpness)] {
                let (a, b) = (of(&records[0]).min(of(&records[1])), of(&records[0]).max(of(&records[1])));
                let expected = [(3.0 * a + b) / 4.0, f64::midpoint(a, b), (a + 3.0 * b) / 4.0];
                for (cell, expected) in cells[first..].iter().zip(expected) {
                    let found: f64 = cell.parse().expect("a number");
                    // Two ways to interpolate: a few roundings.
                    assert!((found - expected).abs() <= 1e-15 * b.abs(), "{line}: {expected}");
                }
            }
        }
    }
}
