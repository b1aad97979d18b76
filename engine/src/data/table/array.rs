//! Arrays of numbers, whatever format they come in.

use super::{MAX_CELLS, MAX_ROWS, Table, TableError, Target, is_usable};

type Result<T> = std::result::Result<T, TableError>;

/// An array, stored with the last index running fastest.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

/// The types of numbers, each with its bytes in memory order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    U8,
    I8,
    I16Big,
    I32Big,
    F32Big,
    F64Big,
    I32Little,
    I64Little,
    F32Little,
    F64Little,
}

impl Type {
    /// The bytes of a number.
    const fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::I16Big => 2,
            Self::I32Big | Self::F32Big | Self::I32Little | Self::F32Little => 4,
            Self::F64Big | Self::I64Little | Self::F64Little => 8,
        }
    }

    fn decode(self, bytes: &[u8]) -> Vec<f64> {
        match self {
            Self::U8 => bytes.iter().map(|byte| f64::from(*byte)).collect(),
            Self::I8 => decode(bytes, |bytes| i8::from_be_bytes(bytes).into()),
            Self::I16Big => decode(bytes, |bytes| i16::from_be_bytes(bytes).into()),
            Self::I32Big => decode(bytes, |bytes| i32::from_be_bytes(bytes).into()),
            Self::F32Big => decode(bytes, |bytes| f32::from_be_bytes(bytes).into()),
            Self::F64Big => decode(bytes, f64::from_be_bytes),
            Self::I32Little => decode(bytes, |bytes| i32::from_le_bytes(bytes).into()),
            // Beyond 2⁵³ they are rounded, as everywhere.
            Self::I64Little => decode(bytes, |bytes| i64::from_le_bytes(bytes) as f64),
            Self::F32Little => decode(bytes, |bytes| f32::from_le_bytes(bytes).into()),
            Self::F64Little => decode(bytes, f64::from_le_bytes),
        }
    }
}

fn decode<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
    bytes.as_chunks().0.iter().map(|bytes| number(*bytes)).collect()
}

impl Array {
    /// The array of this shape whose numbers are `bytes`.
    pub fn new(shape: Vec<usize>, kind: Type, bytes: &[u8]) -> Result<Self> {
        if shape.contains(&0) {
            return Err(TableError::Empty);
        }
        let rows = shape.first().copied().unwrap_or(1);
        if rows > MAX_ROWS {
            return Err(TableError::TooManyRows { found: rows });
        }
        let cells = shape.iter().try_fold(1_usize, |cells, length| cells.checked_mul(*length));
        let Some(cells) = cells.filter(|cells| *cells <= MAX_CELLS) else {
            return Err(TableError::TooManyCells { found: cells });
        };
        let (expected, found) = (cells * kind.size(), bytes.len());
        if found < expected {
            return Err(TableError::Truncated { expected, found });
        }
        if found > expected {
            return Err(TableError::TooLong { expected, found });
        }
        Ok(Self { shape, values: kind.decode(bytes) })
    }

    /// A table whose targets are the last column.
    pub fn with_last_column(self) -> Result<Table> {
        let width = match *self.shape {
            [_, width] if width >= 2 => width,
            [_, _, _] => return Err(TableError::NoLabels),
            _ => return Err(shape("rows of at least two numbers, the last of which is the target", self.shape)),
        };
        self.check(width)?;
        let rows = self.values.chunks_exact(width);
        let targets = rows.clone().filter_map(|row| row.last().copied()).collect();
        let inputs = rows.clone().flat_map(|row| &row[..width - 1]).copied().collect();
        Ok(Table { rows: rows.len(), features: width - 1, inputs, target: Target::Numbers(targets), image: None })
    }

    /// A table with targets from another array; arrays of three dimensions are images.
    pub fn with_labels(self, labels: Self) -> Result<Table> {
        let (rows, features, image) = match *self.shape {
            [rows, features] => (rows, features, None),
            [rows, height, width] => (rows, height * width, Some((height, width))),
            _ => return Err(shape("rows of inputs or images: two or three dimensions", self.shape)),
        };
        self.check(features)?;
        let found = match *labels.shape {
            [count] | [count, 1] => count,
            _ => return Err(shape("one label an image: a single dimension", labels.shape)),
        };
        if found != rows {
            return Err(TableError::LabelCount { expected: rows, found });
        }
        labels.check(1)?;
        Ok(Table { rows, features, inputs: self.values, target: Target::Numbers(labels.values), image })
    }

    /// Whether all numbers, in rows of `width`, can be used.
    fn check(&self, width: usize) -> Result<()> {
        match self.values.iter().position(|number| !is_usable(*number)) {
            None => Ok(()),
            Some(place) => Err(TableError::NotANumber {
                line: place / width + 1,
                column: place % width + 1,
                cell: self.values[place].to_string(),
            }),
        }
    }
}

fn shape(expected: &'static str, found: Vec<usize>) -> TableError {
    TableError::Shape { expected, found }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(shape: &[usize], values: &[f64]) -> Array {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Array::new(shape.to_vec(), Type::F64Little, &bytes).unwrap()
    }

    #[test]
    fn the_last_column_or_another_array_has_the_targets() {
        let table = array(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).with_last_column().unwrap();
        let (inputs, target) = (vec![1.0, 2.0, 4.0, 5.0], Target::Numbers(vec![3.0, 6.0]));
        assert_eq!(table, Table { rows: 2, features: 2, inputs, target, image: None });
        let images = array(&[2, 1, 2], &[1.0, 2.0, 3.0, 4.0]);
        let table = images.clone().with_labels(array(&[2, 1], &[0.0, 1.0])).unwrap();
        assert_eq!((table.features, table.image), (2, Some((1, 2))));
        assert_eq!(images.clone().with_last_column(), Err(TableError::NoLabels));
        let error = images.clone().with_labels(array(&[3], &[0.0; 3]));
        assert_eq!(error, Err(TableError::LabelCount { expected: 2, found: 3 }));
        let error = images.with_labels(array(&[1, 2], &[0.0; 2]));
        assert!(matches!(error, Err(TableError::Shape { found, .. }) if found == [1, 2]));
    }

    #[test]
    fn numbers_that_cannot_be_used_are_named() {
        for number in [f64::NAN, f64::INFINITY, 1e200] {
            let error = array(&[2, 2], &[1.0, 2.0, number, 4.0]).with_last_column().unwrap_err();
            assert_eq!(error, TableError::NotANumber { line: 2, column: 1, cell: number.to_string() });
            let error = array(&[2, 1], &[1.0, 2.0]).with_labels(array(&[2], &[0.0, number])).unwrap_err();
            assert_eq!(error, TableError::NotANumber { line: 2, column: 1, cell: number.to_string() });
        }
    }

    /// No memory is taken: the bytes are not there.
    #[test]
    fn shapes_are_checked_first() {
        let error = |shape: &[usize]| Array::new(shape.to_vec(), Type::U8, &[]).unwrap_err();
        assert_eq!(error(&[2, 0]), TableError::Empty);
        assert_eq!(error(&[MAX_ROWS + 1, 1]), TableError::TooManyRows { found: MAX_ROWS + 1 });
        assert_eq!(error(&[1, MAX_CELLS + 1]), TableError::TooManyCells { found: Some(MAX_CELLS + 1) });
        assert_eq!(error(&[1, usize::MAX, 2]), TableError::TooManyCells { found: None });
        assert_eq!(error(&[1, MAX_CELLS]), TableError::Truncated { expected: MAX_CELLS, found: 0 });
        let long = Array::new(vec![1, 1], Type::I16Big, &[0; 3]);
        assert_eq!(long, Err(TableError::TooLong { expected: 2, found: 3 }));
    }
}
