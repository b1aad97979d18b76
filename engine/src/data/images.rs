//! Images of handwritten digits from the program's own files: what digits and MNIST share.

use super::table::{self, Table, TableError, Target};
use super::{DataSet, Samples, Targets, shelf, split};
use crate::spec::{ErrorKind, FieldError};

/// A table from the files under these names on the shelf: one of images with their labels, or one
/// of images and one of labels.
pub(super) fn table(name: &str, labels: Option<&str>) -> Result<Table, FieldError> {
    let get = |name| shelf::get(name).ok_or_else(|| not_at_hand(name));
    let images = get(name)?;
    let table = match labels {
        None => table::read(&images, None),
        Some(labels) => table::read_with_labels(&images, &get(labels)?),
    };
    table.map_err(|error| error.in_field(""))
}

/// The chosen rows of a table whose labels are digits, as they are in files whose content was
/// checked when it was put on the shelf.
pub(super) fn samples(table: &Table, rows: &[usize]) -> Result<Samples, FieldError> {
    let labels = match &table.target {
        Target::Numbers(numbers) => rows.iter().map(|row| numbers[*row] as usize).collect::<Vec<_>>(),
        Target::Words { words, place: (line, column) } => {
            let cell = words.concat();
            return Err(TableError::NotANumber { line: *line, column: *column, cell }.in_field(""));
        }
    };
    let inputs = split::gather(&table.inputs, table.features, rows);
    Ok(Samples { count: rows.len(), inputs, targets: split::one_hot(&labels, 10), labels })
}

/// The data set of training and test images of this size, standardized by the training images.
pub(super) fn data_set(mut train: Samples, mut test: Samples, image: (usize, usize), source: &'static str) -> DataSet {
    let standardization = split::standardize(&mut train.inputs, &mut test.inputs);
    DataSet {
        train,
        test,
        targets: Targets::Classes { names: (0..10).map(|digit| digit.to_string()).collect() },
        inputs: image.0 * image.1,
        image: Some(image),
        standardization: Some(standardization),
        column_standardization: Vec::new(),
        source,
    }
}

/// A file of the program's that was not put on the shelf.
fn not_at_hand(name: &str) -> FieldError {
    let file = shelf::SHIPPED.iter().find(|shipped| shipped.name == name).map_or(name, |shipped| shipped.file);
    FieldError::new(
        ErrorKind::Missing,
        "",
        format!("the file {file} of the data set at hand"),
        "that it is not",
        "wait until it is loaded, or load it again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_at_hand_is_named() {
        let error = not_at_hand("mnist/test-images");
        assert_eq!(error.kind, ErrorKind::Missing);
        assert!(error.expected.contains("mnist/test-1000-images.idx3-ubyte.gz"));
    }
}
