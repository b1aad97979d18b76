//! Rows of a sweep as Parquet: compressed with zstd, with what they are rows of in the file's
//! metadata, once for readers of Parquet and once in the schema for those of Arrow.
//!
//! | key | what |
//! |---|---|
//! | `flatland.version` | the version of the engine |
//! | `flatland.experiment` | the completed experiment, as JSON |
//! | `flatland.over` | the fields with their ranges, as a JSON list of texts; absent if very long |
//! | `flatland.points` | the number of points of the whole grid |
//! | `flatland.shard` | which shard it is, such as `3/16`, if any |

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use bytes::Bytes;
use serde_json::json;

use super::{Grid, Shard};

/// The rows of a group, which readers can skip and share out; a column of it takes a megabyte.
const ROWS_OF_GROUP: usize = 1 << 17;

/// Beyond so many bytes the ranges are left out of the metadata: readers fetch all of it.
const MAX_OVER: usize = 1 << 16;

/// What stands in a file's metadata.
pub struct Metadata(Vec<(&'static str, String)>);

impl Metadata {
    /// That of the rows of `grid`, whose axes `over` names as people type them.
    #[must_use]
    pub fn new(grid: &Grid, over: &[String], shard: Option<Shard>) -> Self {
        let mut entries = vec![
            ("flatland.version", env!("CARGO_PKG_VERSION").to_owned()),
            ("flatland.experiment", grid.document.to_string()),
            ("flatland.points", grid.len().to_string()),
        ];
        if over.iter().map(String::len).sum::<usize>() <= MAX_OVER {
            entries.push(("flatland.over", json!(over).to_string()));
        }
        entries.extend(shard.map(|shard| ("flatland.shard", shard.to_string())));
        Self(entries)
    }
}

/// Writes batches as one file.
///
/// # Errors
///
/// If the batches have another schema, `batches` gives an error, or the output cannot be written.
pub fn write(
    mut output: impl Write + Send,
    schema: &SchemaRef,
    metadata: &Metadata,
    batches: impl IntoIterator<Item = io::Result<RecordBatch>>,
) -> io::Result<()> {
    let entries = metadata.0.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone()));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(format!("flatland {}", env!("CARGO_PKG_VERSION")))
        .set_key_value_metadata(Some(entries.collect()))
        .set_max_row_group_row_count(Some(ROWS_OF_GROUP))
        .build();
    let entries = metadata.0.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
    let schema = SchemaRef::new(schema.as_ref().clone().with_metadata(entries.collect::<HashMap<_, _>>()));
    let writer = ArrowWriter::try_new(&mut output, SchemaRef::clone(&schema), Some(properties));
    let mut writer = writer.map_err(of_parquet)?;
    for batch in batches {
        let batch = batch?.with_schema(SchemaRef::clone(&schema)).map_err(io::Error::other)?;
        writer.write(&batch).map_err(of_parquet)?;
    }
    writer.close().map_err(of_parquet)?;
    output.flush()
}

/// All rows of a file, in their order.
///
/// # Errors
///
/// If the bytes are no Parquet, or a part of a file only.
pub fn read(file: impl Into<Bytes>) -> io::Result<Vec<RecordBatch>> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(file.into()).map_err(of_parquet)?;
    let reader = reader.with_batch_size(ROWS_OF_GROUP).build().map_err(of_parquet)?;
    reader.map(|batch| batch.map_err(io::Error::other)).collect()
}

/// How many rows a file has, by what stands at its end.
///
/// # Errors
///
/// If the file cannot be read, is no Parquet, or a part of a file only.
pub fn count_rows(path: &Path) -> io::Result<usize> {
    let reader = SerializedFileReader::new(File::open(path)?).map_err(of_parquet)?;
    Ok(reader.metadata().file_metadata().num_rows().try_into().unwrap_or_default())
}

/// The error of the file beneath, where there is one.
fn of_parquet(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => error.downcast::<io::Error>().map_or_else(io::Error::other, |error| *error),
        other => io::Error::other(other),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Float64Array, Int64Array};
    use arrow_schema::{DataType, Field, Schema};

    use super::*;

    fn sample() -> (SchemaRef, RecordBatch) {
        let field = Field::new("loss", DataType::Float64, false);
        let schema = Arc::new(Schema::new(vec![Field::new("point", DataType::Int64, false), field]));
        let numbers = [0.0, -0.0, f64::NAN, f64::INFINITY, 5e-324, 0.1];
        let columns: Vec<arrow_array::ArrayRef> =
            vec![Arc::new(Int64Array::from_iter_values(0..6)), Arc::new(Float64Array::from(numbers.to_vec()))];
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
        (schema, batch)
    }

    fn bits(batch: &RecordBatch) -> Vec<u64> {
        let numbers = batch.column(1).as_any().downcast_ref::<Float64Array>().unwrap();
        numbers.values().iter().map(|number| number.to_bits()).collect()
    }

    #[test]
    fn what_is_read_is_what_was_written_to_the_last_bit() {
        let (schema, batch) = sample();
        let mut file = Vec::new();
        let metadata = Metadata(vec![("flatland.version", "1".to_owned())]);
        write(&mut file, &schema, &metadata, [Ok(batch.clone()), Ok(batch.clone())]).unwrap();
        let read = read(file).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(bits(&read[0]), [bits(&batch), bits(&batch)].concat());
    }

    #[test]
    fn a_file_that_is_cut_off_is_no_file() {
        let (schema, batch) = sample();
        let mut file = Vec::new();
        write(&mut file, &schema, &Metadata(Vec::new()), [Ok(batch)]).unwrap();
        for length in [0, 4, 100, file.len() / 2, file.len() - 1] {
            assert!(read(Bytes::copy_from_slice(&file[..length])).is_err(), "{length} bytes");
        }
    }

    /// A disk that is full after some bytes.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::Error::from(io::ErrorKind::StorageFull))?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_the_error_that_it_was() {
        for room in [0, 10, 300] {
            let (schema, batch) = sample();
            let error = write(Full(room), &schema, &Metadata(Vec::new()), [Ok(batch)]).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{room}: {error}");
        }
    }
}
