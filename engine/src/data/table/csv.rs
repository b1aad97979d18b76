//! Text with separators: RFC 4180 with a comma, a semicolon or a tab, whichever the first line has
//! most of. A quoted cell must end in its line.

use std::borrow::Cow;

use super::{MAX_CELLS, MAX_ROWS, Table, TableError, Target, is_usable};

type Result<T> = std::result::Result<T, TableError>;

/// Reads a table whose labels stand in the column `label`, or in the last one.
///
/// With a `label` the first line must name the columns. Otherwise it does if one of its cells but
/// the last is not a number, or if only its last is not while the second line's is.
pub(super) fn read(text: &str, label: Option<&str>) -> Result<Table> {
    let lines = || text.lines().enumerate().map(|(i, line)| (i + 1, line)).filter(|(_, line)| !line.trim().is_empty());
    let (first_line, first) = lines().next().ok_or(TableError::Empty)?;
    let separator = separator(first);
    let names =
        Cells::new(first, separator).collect::<Option<Vec<_>>>().ok_or(TableError::Quote { line: first_line })?;
    let columns = names.len();
    if columns < 2 {
        return Err(TableError::OneColumn);
    }
    let label_column = match label {
        None => columns - 1,
        Some(label) => names.iter().position(|name| name == label).ok_or_else(|| TableError::NoSuchColumn {
            name: label.to_owned(),
            known: names.iter().map(|name| name.clone().into_owned()).collect(),
        })?,
    };
    let is_header = label.is_some() || is_header(&names, lines().nth(1).map(|(_, line)| line), separator);
    let rows = lines().count() - usize::from(is_header);
    match rows {
        0 => return Err(TableError::Empty),
        _ if rows > MAX_ROWS => return Err(TableError::TooManyRows { found: rows }),
        _ if rows.checked_mul(columns).is_none_or(|cells| cells > MAX_CELLS) => {
            return Err(TableError::TooManyCells { found: rows.checked_mul(columns) });
        }
        _ => {}
    }
    let (mut inputs, mut labels) = (Vec::new(), Vec::new());
    for (line, text) in lines().skip(usize::from(is_header)) {
        let cells = || Cells::new(text, separator);
        let found = cells().count();
        if cells().any(|cell| cell.is_none()) {
            return Err(TableError::Quote { line });
        }
        if found != columns {
            return Err(TableError::Ragged { line, expected: columns, found });
        }
        for (i, cell) in cells().flatten().enumerate() {
            if i == label_column {
                labels.push((line, cell));
            } else {
                let not_a_number = || TableError::NotANumber { line, column: i + 1, cell: cell.clone().into_owned() };
                inputs.push(number(&cell).ok_or_else(not_a_number)?);
            }
        }
    }
    let target = target(labels, label_column + 1)?;
    Ok(Table { rows, features: columns - 1, inputs, target, image: None })
}

fn number(cell: &str) -> Option<f64> {
    cell.parse().ok().filter(|number| is_usable(*number))
}

/// The separator that stands in a line most often outside of quotes; a comma where none does.
fn separator(line: &str) -> char {
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    let mut is_quoted = false;
    for character in line.chars() {
        is_quoted ^= character == '"';
        counts.iter_mut().filter(|(c, _)| *c == character && !is_quoted).for_each(|(_, count)| *count += 1);
    }
    // Of those that are as many the first.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(',', |(separator, _)| separator)
}

fn is_header(first: &[Cow<'_, str>], second: Option<&str>, separator: char) -> bool {
    let Some((label, features)) = first.split_last() else { return false };
    if features.iter().any(|cell| number(cell).is_none()) {
        return true;
    }
    let second_label = second.and_then(|line| Cells::new(line, separator).last().flatten());
    number(label).is_none() && second_label.is_some_and(|cell| number(&cell).is_some())
}

/// Numbers if all labels are, words if one is not.
fn target(labels: Vec<(usize, Cow<'_, str>)>, column: usize) -> Result<Target> {
    let not_a_number = |(line, cell): &(usize, Cow<'_, str>)| TableError::NotANumber {
        line: *line,
        column,
        cell: cell.clone().into_owned(),
    };
    // An empty label is a missing one, and so is NaN; an infinite or huge one is no number to
    // learn.
    let is_missing = |cell: &str| cell.is_empty() || cell.parse().is_ok_and(|number| !is_usable(number));
    if let Some(missing) = labels.iter().find(|(_, cell)| is_missing(cell)) {
        return Err(not_a_number(missing));
    }
    match labels.iter().find(|(_, cell)| number(cell).is_none()) {
        None => Ok(Target::Numbers(labels.iter().filter_map(|(_, cell)| number(cell)).collect())),
        Some((line, _)) => {
            let place = (*line, column);
            Ok(Target::Words { words: labels.into_iter().map(|(_, cell)| cell.into_owned()).collect(), place })
        }
    }
}

/// The cells of a line, trimmed; `None` for a quoted one that does not end as it should, which is
/// the last.
struct Cells<'a> {
    rest: Option<&'a str>,
    separator: char,
}

impl<'a> Cells<'a> {
    fn new(line: &'a str, separator: char) -> Self {
        Self { rest: Some(line), separator }
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = Option<Cow<'a, str>>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        // Not `trim_start`: a tab may be the separator.
        let quoted = rest.trim_start_matches(' ').strip_prefix('"');
        let Some(quoted) = quoted else {
            let (cell, rest) = match rest.split_once(self.separator) {
                Some((cell, rest)) => (cell, Some(rest)),
                None => (rest, None),
            };
            self.rest = rest;
            return Some(Some(Cow::Borrowed(cell.trim())));
        };
        self.rest = None;
        // The closing quote is the first that is not one of two.
        let mut end = 0;
        loop {
            let Some(length) = quoted[end..].find('"') else { return Some(None) };
            end += length + 1;
            if quoted[end..].starts_with('"') {
                end += 1;
            } else {
                break;
            }
        }
        let (cell, behind) = (&quoted[..end - 1], quoted[end..].trim_start_matches(' '));
        self.rest = behind.strip_prefix(self.separator);
        if self.rest.is_none() && !behind.trim().is_empty() {
            return Some(None);
        }
        Some(Some(if cell.contains('"') { Cow::Owned(cell.replace("\"\"", "\"")) } else { Cow::Borrowed(cell) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> (Vec<f64>, Vec<f64>) {
        match read(text, None).unwrap() {
            Table { inputs, target: Target::Numbers(targets), .. } => (inputs, targets),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn separators_are_found_out() {
        let expected = (vec![1.0, -2.5, 3e2, 0.5], vec![7.0, 8.0]);
        for text in ["1,-2.5,7\n3e2,.5,8\n", "1;-2.5;7\r\n3e2;.5;8", "1\t-2.5\t7\n\n3e2\t .5 \t8\n\n"] {
            assert_eq!(numbers(text), expected, "{text}");
        }
        // Commas within quotes do not count.
        assert_eq!(numbers("\"a,b,c,d\";\"e\"\"f\";y\n1;-2.5;7\n\"3e2\" ;\".5\"; 8"), expected);
    }

    #[test]
    fn the_first_line_may_name_the_columns() {
        assert_eq!(numbers("a,b\n1,2").0, [1.0]);
        assert_eq!(numbers(",b\n1,2").0, [1.0]);
        assert_eq!(numbers("0,label\n1,2").0, [1.0]);
        assert_eq!(numbers("0,5\n1,2").0, [0.0, 1.0]);
        let iris = read("5.1,3.5,setosa\n6.2,2.9,virginica\n", None).unwrap();
        let Target::Words { words, place } = iris.target else { panic!() };
        assert_eq!((iris.rows, iris.features, words, place), (2, 2, vec!["setosa".into(), "virginica".into()], (1, 3)));
    }

    #[test]
    fn labels_may_stand_in_a_named_column() {
        let table = read("x,class,y\n1,a,2\n3,4,5\n", Some("class")).unwrap();
        assert_eq!(table.inputs, [1.0, 2.0, 3.0, 5.0]);
        assert_eq!(table.target, Target::Words { words: vec!["a".into(), "4".into()], place: (2, 2) });
        let error = read("x,y\n1,2\n", Some("z")).unwrap_err();
        assert_eq!(error, TableError::NoSuchColumn { name: "z".into(), known: vec!["x".into(), "y".into()] });
        assert!(error.to_string().contains("x, y"));
    }

    #[test]
    fn errors_say_where() {
        let number = |line, column, cell: &str| TableError::NotANumber { line, column, cell: cell.into() };
        for (text, expected) in [
            ("", TableError::Empty),
            ("\n \n", TableError::Empty),
            ("a,b\n", TableError::Empty),
            ("1\n2\n", TableError::OneColumn),
            ("1,2\n\n3,4,5\n", TableError::Ragged { line: 3, expected: 2, found: 3 }),
            ("1,2,3\n4,word\n", TableError::Ragged { line: 2, expected: 3, found: 2 }),
            ("1,2\n1,2\n,3\n", number(3, 1, "")),
            ("1,2,3\n1,nan,3\n", number(2, 2, "nan")),
            ("1,2,3\n1,-inf,3\n", number(2, 2, "-inf")),
            ("1,2,3\n1,1e999,3\n", number(2, 2, "1e999")),
            ("a,b\n1,2\nx,3\n", number(3, 1, "x")),
            ("1,2\n1,\n", number(2, 2, "")),
            ("1,2\n1,NaN\n", number(2, 2, "NaN")),
            ("1,2\n\"1,2\n", TableError::Quote { line: 2 }),
            ("1,2\n\"1\"0,2\n", TableError::Quote { line: 2 }),
            ("\"1,2\n", TableError::Quote { line: 1 }),
        ] {
            assert_eq!(read(text, None), Err(expected), "{text}");
        }
    }

    #[test]
    fn counts_are_limited() {
        let rows = "1,2\n".repeat(MAX_ROWS + 1);
        assert_eq!(read(&rows, None), Err(TableError::TooManyRows { found: MAX_ROWS + 1 }));
        assert_eq!(read(&rows[4..], None).unwrap().rows, MAX_ROWS);
        // A few wide lines: the third would be one too many.
        let line = format!("{}1\n", "1,".repeat(MAX_CELLS / 3));
        let found = Some(3 * (MAX_CELLS / 3 + 1));
        assert_eq!(read(&line.repeat(3), None), Err(TableError::TooManyCells { found }));
    }
}
