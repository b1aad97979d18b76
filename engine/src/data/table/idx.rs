//! The IDX format of MNIST (Y. LeCun): two zeros, a type, the number of dimensions, each of them in
//! four bytes, then the numbers; everything with the highest byte first.

use super::TableError;
use super::array::{Array, Type};

/// Whether bytes begin as IDX does.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0, 0])
}

pub(super) fn read(bytes: &[u8]) -> Result<Array, TableError> {
    let [0, 0, kind, dimensions, rest @ ..] = bytes else {
        return Err(TableError::Magic { found: bytes.iter().take(4).copied().collect() });
    };
    let kind = match kind {
        0x08 => Type::U8,
        0x09 => Type::I8,
        0x0b => Type::I16Big,
        0x0c => Type::I32Big,
        0x0d => Type::F32Big,
        0x0e => Type::F64Big,
        other => return Err(TableError::UnsupportedType { found: format!("{other:#04x}") }),
    };
    let dimensions = usize::from(*dimensions);
    if dimensions == 0 {
        return Err(TableError::Header { expected: "at least one dimension" });
    }
    let Some((header, numbers)) = rest.split_at_checked(4 * dimensions) else {
        return Err(TableError::Truncated { expected: 4 + 4 * dimensions, found: bytes.len() });
    };
    let shape = header.as_chunks().0.iter().map(|length| u32::from_be_bytes(*length) as usize).collect();
    Array::new(shape, kind, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_type() {
        for (kind, bytes, expected) in [
            (0x08, vec![0, 255], [0.0, 255.0]),
            (0x09, vec![0x80, 127], [-128.0, 127.0]),
            (0x0b, vec![0x80, 0, 0x01, 0x02], [-32768.0, 258.0]),
            (0x0c, vec![0xff, 0xff, 0xff, 0xfe, 0, 1, 0, 0], [-2.0, 65536.0]),
            (0x0d, vec![0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0], [1.5, -2.0]),
            (0x0e, vec![0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0], [1.5, -2.0]),
        ] {
            let file = [vec![0, 0, kind, 2, 0, 0, 0, 1, 0, 0, 0, 2], bytes].concat();
            let array = read(&file).unwrap();
            assert_eq!((array.shape, array.values), (vec![1, 2], expected.to_vec()), "{kind:#x}");
            for length in 4..file.len() {
                assert!(matches!(read(&file[..length]), Err(TableError::Truncated { .. })), "{length}");
            }
        }
    }

    #[test]
    fn headers_are_checked() {
        assert_eq!(read(&[1, 0, 8, 1]), Err(TableError::Magic { found: vec![1, 0, 8, 1] }));
        assert_eq!(read(&[0, 0, 8]), Err(TableError::Magic { found: vec![0, 0, 8] }));
        assert_eq!(read(&[0, 0, 0x0a, 1]), Err(TableError::UnsupportedType { found: "0x0a".into() }));
        assert!(matches!(read(&[0, 0, 8, 0]), Err(TableError::Header { .. })));
        let huge = [0, 0, 8, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(read(&huge), Err(TableError::TooManyRows { found: u32::MAX as usize }));
    }
}
