//! The scores as a table: columns, rows in an order, and the table as CSV and as Markdown.

use std::cmp::Ordering;

use flatland_export::csv;

use crate::{
    chart::panels,
    lab::title_of,
    numbers::{DIGITS, percent, raw, significant, whole},
    session::{
        Session,
        score::{self, Floor, Score},
    },
};

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in files.
    pub key: String,
    /// Its name for people.
    pub title: String,
    /// How its numbers are shown.
    pub show: fn(f64) -> String,
}

/// What is known of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The run's place in the experiment.
    pub index: usize,
    /// The place of its color.
    pub color: usize,
    /// Its name.
    pub name: String,
    /// A number a column, NaN for what does not exist: the first start's, or the medians.
    pub values: Vec<f64>,
    /// Lower quartile, median and upper quartile a column, where they are known.
    pub quartiles: Vec<[f64; 3]>,
}

/// The starts that scores are of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Starts {
    size: u64,
    spread: f64,
    seed: u64,
}

/// The order of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The column; `None` for the order of the experiment.
    pub by: Option<usize>,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

/// The scores of all runs up to the step shown furthest.
#[derive(Clone, Debug)]
pub struct Table {
    /// The experiment's document.
    pub experiment: String,
    /// The objective's name.
    pub title: String,
    /// The last step that counts.
    pub frontier: u64,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, in the order of the experiment.
    pub rows: Vec<Row>,
    /// f*.
    pub floor: Floor,
    /// What is said of it: the starts, where there are several.
    pub starts: Option<Starts>,
    is_thinned: bool,
    is_median: bool,
}

/// A number of steps or calls, of which there are infinitely many to what is never reached.
fn whole_or_never(value: f64) -> String {
    if value == f64::INFINITY { "never".to_owned() } else { whole(value) }
}

fn shortly(value: f64) -> String {
    significant(value, DIGITS)
}

/// The columns for some levels, in the order of [`numbers`].
fn columns(levels: &[f64], has_accuracy: bool) -> Vec<Column> {
    let column =
        |key: &str, title: &str, show: fn(f64) -> String| Column { key: key.to_owned(), title: title.to_owned(), show };
    let mut columns = vec![
        column("final_loss", "Final loss", shortly),
        column("best_loss", "Best loss", shortly),
        column("worst_loss_after_10", "Worst after step 10", shortly),
    ];
    for level in levels {
        for (key, title) in [("steps", "Steps"), ("calls", "Calls")] {
            columns.push(column(
                &format!("{key}_to_{}", raw(*level)),
                &format!("{title} to {}", shortly(*level)),
                whole_or_never,
            ));
        }
    }
    columns.extend([
        column("share_above_2", "Steps with ηλ₁ > 2", percent),
        column("share_rising", "Steps uphill", percent),
        column("final_sharpness", "Final λ₁", shortly),
        column("flattest_sharpness", "Flattest λ₁", shortly),
    ]);
    columns.extend(has_accuracy.then(|| column("final_test_accuracy", "Final test accuracy", percent)));
    columns
}

/// The numbers of a run in the order of the columns.
fn numbers(score: &Score, has_accuracy: bool) -> Vec<f64> {
    let mut numbers = vec![score.final_loss, score.best_loss, score.worst_loss];
    for arrival in &score.arrivals {
        numbers.extend([arrival.map(|arrival| arrival.step as f64), arrival.map(|arrival| arrival.calls)]);
    }
    numbers.extend([score.share_above, score.share_rising, score.final_sharpness, score.flattest]);
    numbers.extend(has_accuracy.then_some(score.test_accuracy));
    numbers.into_iter().map(|number| number.unwrap_or(f64::NAN)).collect()
}

impl Table {
    /// The scores of each run's own start.
    pub fn new(session: &Session, levels: &[f64]) -> Self {
        let experiment = session.experiment();
        let floor = score::floor(session);
        let scores = score::scores(session, levels, floor);
        let has_accuracy = experiment.columns.contains(&flatland_engine::column::Column::TestAccuracy);
        let row = |(index, score): (usize, &Score)| Row {
            index,
            color: session.runs()[index].color,
            name: panels::title(session, index),
            values: numbers(score, has_accuracy),
            quartiles: Vec::new(),
        };
        Self {
            experiment: experiment.to_json(),
            title: title_of(experiment).to_owned(),
            frontier: session.frontier(),
            columns: columns(levels, has_accuracy),
            rows: scores.iter().enumerate().map(row).collect(),
            floor,
            starts: experiment.ensemble.map(|starts| Starts {
                size: starts.size,
                spread: starts.spread,
                seed: experiment.seed,
            }),
            is_thinned: session.is_thinned(),
            is_median: false,
        }
    }

    /// The table with the medians over all starts in place of the first start's numbers, and their
    /// quartiles beside them: three numbers a column, run after run.
    pub fn over_starts(&self, numbers: &[f64]) -> Self {
        let threes: Vec<[f64; 3]> = numbers.chunks_exact(3).map(|three| [three[0], three[1], three[2]]).collect();
        let mut table = Self { is_median: true, ..self.clone() };
        for (row, quartiles) in table.rows.iter_mut().zip(threes.chunks(self.columns.len().max(1))) {
            row.values = quartiles.iter().map(|three| three[1]).collect();
            row.quartiles = quartiles.to_vec();
        }
        table
    }

    /// The rows in an order; what does not exist stands last either way.
    pub fn sorted(&self, order: Order) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        if let Some(by) = order.by {
            let value = |row: &Row| row.values.get(by).copied().unwrap_or(f64::NAN);
            rows.sort_by(|a, b| {
                let (x, y) = (value(a), value(b));
                let ascending = x.partial_cmp(&y).unwrap_or_else(|| x.is_nan().cmp(&y.is_nan()));
                let turned = order.is_descending && !x.is_nan() && !y.is_nan();
                if turned { ascending.reverse() } else { ascending }
            });
        } else if order.is_descending {
            rows.reverse();
        }
        rows
    }

    /// What the numbers are of, where there are several starts.
    fn about_starts(&self) -> String {
        let Some(Starts { size, spread, seed }) = self.starts else { return String::new() };
        if self.is_median {
            format!("Median of {size} starts, seed {seed}, spread {}; the quartiles stand below. ", raw(spread))
        } else {
            format!("Numbers of the first start alone; those of all {size} are being computed. ")
        }
    }

    /// What has to be known to read the numbers.
    pub fn note(&self) -> String {
        let floor = shortly(self.floor.value);
        let floor = if self.floor.is_known {
            format!("f* = {floor}")
        } else {
            format!("f* is not known: the least loss of all runs, {floor}, stands for it")
        };
        let thinned = if self.is_thinned {
            " Of the oldest steps only every 16th is kept: the two shares are those of the newer ones."
        } else {
            ""
        };
        format!(
            "{}Levels are those of f − f*, where {floor}. Calls are evaluations of f, gradients and Hessian-vector products together.{thinned}",
            self.about_starts()
        )
    }

    /// The table as comma-separated values.
    pub fn to_csv(&self) -> String {
        let mut head = vec!["run".to_owned(), "name".to_owned()];
        for Column { key, .. } in &self.columns {
            if self.is_median {
                head.extend(["q1", "median", "q3"].map(|name| format!("{key}_{name}")));
            } else {
                head.push(key.clone());
            }
        }
        let starts = self.starts.filter(|_| self.is_median);
        if starts.is_some() {
            head.extend(["starts", "seed", "spread"].map(str::to_owned));
        }
        let mut text = head.join(",") + "\n";
        for row in &self.rows {
            let mut cells = vec![row.index.to_string(), csv::text(&row.name).into_owned()];
            let numbers = if self.is_median { row.quartiles.as_flattened() } else { &row.values };
            cells.extend(numbers.iter().map(|number| raw(*number)));
            if let Some(Starts { size, spread, seed }) = starts {
                cells.extend([size.to_string(), seed.to_string(), raw(spread)]);
            }
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        text
    }

    /// The table in Markdown.
    pub fn to_markdown(&self, order: Order) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let heads = std::iter::once("Run".to_owned()).chain(self.columns.iter().map(|column| column.title.clone()));
        let rules = std::iter::once("---".to_owned()).chain(self.columns.iter().map(|_| "---:".to_owned()));
        let mut text = line(heads.collect()) + &line(rules.collect());
        for row in self.sorted(order) {
            let cell = |(i, column): (usize, &Column)| {
                let reach = row.quartiles.get(i).map(|three| reach(column, three)).filter(|reach| !reach.is_empty());
                let reach = reach.map_or_else(String::new, |reach| format!(" ({reach})"));
                (column.show)(row.values.get(i).copied().unwrap_or(f64::NAN)) + &reach
            };
            let name = std::iter::once(row.name.replace('|', "\\|"));
            text.push_str(&line(name.chain(self.columns.iter().enumerate().map(cell)).collect()));
        }
        if self.is_median {
            let about = self.about_starts().replace("stand below", "stand in brackets");
            text.push_str(&format!("\n{}\n", about.trim()));
        }
        text
    }
}

/// The quartiles of a column as they are shown; nothing where they are the median.
pub fn reach(column: &Column, [low, _, high]: &[f64; 3]) -> String {
    let is_point = low.is_nan() || low.partial_cmp(high) == Some(Ordering::Equal);
    if is_point { String::new() } else { format!("{} … {}", (column.show)(*low), (column.show)(*high)) }
}

#[cfg(test)]
mod tests {
    use flatland_engine::Experiment;

    use super::*;

    fn table(rows: &[[f64; 7]]) -> Table {
        let json = r#"{"version":1,"objective":{"name":"quadratic"},"seed":2,"ensemble":{"size":5,"spread":0.5},
            "runs":[{"policy":{"name":"constant"},"label":"=1|1"}]}"#;
        let session = Session::new(Experiment::from_json(json).expect("valid"));
        let mut table = Table::new(&session, &[]);
        let first = table.rows[0].clone();
        table.rows = rows
            .iter()
            .enumerate()
            .map(|(index, values)| Row { index, values: values.to_vec(), ..first.clone() })
            .collect();
        table
    }

    #[test]
    fn what_does_not_exist_stands_last_either_way() {
        let table = table(&[f64::NAN, 3.0, 1.0].map(|first| [first, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]));
        let order = |by, is_descending| -> Vec<usize> {
            table.sorted(Order { by, is_descending }).iter().map(|row| row.index).collect()
        };
        assert_eq!(order(Some(0), false), [2, 1, 0]);
        assert_eq!(order(Some(0), true), [1, 2, 0]);
        assert_eq!(order(None, true), [2, 1, 0]);
        assert_eq!(order(Some(1), false), [0, 1, 2]);
    }

    #[test]
    fn medians_stand_in_place_of_numbers_and_their_quartiles_beside_them() {
        let table = table(&[[9.0; 7]]);
        assert!(table.note().starts_with("Numbers of the first start alone; those of all 5 are being computed."));
        let median = table.over_starts(&[1.0, 2.0, 3.0].repeat(7));
        assert_eq!(median.rows[0].values, [2.0; 7]);
        assert!(median.note().starts_with("Median of 5 starts, seed 2, spread 0.5; the quartiles stand below."));
        let csv = median.to_csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines[0].starts_with("run,name,final_loss_q1,final_loss_median,final_loss_q3,best_loss_q1"), "{csv}");
        assert!(lines[1].starts_with("0,\"'=1|1\",1,2,3,1,2,3"), "{csv}");
        assert!(lines[1].ends_with(",5,2,0.5"), "{csv}");
        let markdown = median.to_markdown(Order::default());
        assert!(markdown.contains("| =1\\|1 | 2 (1 … 3) |"), "{markdown}");
        assert!(markdown.ends_with("spread 0.5; the quartiles stand in brackets.\n"), "{markdown}");
    }
}
