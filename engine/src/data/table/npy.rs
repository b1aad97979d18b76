//! NumPy's format NPY (NumPy Enhancement Proposal 1), versions 1 to 3: a magic number, the length
//! of a header, the header as a Python dictionary, then the numbers.

use super::TableError;
use super::array::{Array, Type};

const MAGIC: &[u8] = b"\x93NUMPY";

/// Whether bytes begin as NPY does.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

pub(super) fn read(bytes: &[u8]) -> Result<Array, TableError> {
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        return Err(TableError::Magic { found: bytes.iter().take(4).copied().collect() });
    };
    let truncated = |expected| TableError::Truncated { expected, found: bytes.len() };
    // The version, then the length in two bytes or in four.
    let (length, rest) = match rest {
        [1, _, a, b, rest @ ..] => (u16::from_le_bytes([*a, *b]).into(), rest),
        [2 | 3, _, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest),
        [1..=3, ..] | [] => return Err(truncated(MAGIC.len() + 6)),
        _ => return Err(TableError::Header { expected: "version 1, 2 or 3" }),
    };
    let start = bytes.len() - rest.len();
    let (header, numbers) = rest.split_at_checked(length).ok_or_else(|| truncated(start.saturating_add(length)))?;
    let header = std::str::from_utf8(header).map_err(|_| TableError::Header { expected: "text" })?;
    let value = |key| value(header, key).ok_or(TableError::Header { expected: "'descr', 'fortran_order' and 'shape'" });
    let kind = kind(value("'descr'")?)?;
    let order = value("'fortran_order'")?;
    let shape = shape(value("'shape'")?)?;
    if order.starts_with("True") {
        return Err(TableError::FortranOrder);
    }
    if !order.starts_with("False") {
        return Err(TableError::Header { expected: "True or False for 'fortran_order'" });
    }
    Array::new(shape, kind, numbers)
}

/// What follows a key and its colon.
fn value<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = header.split_once(key)?;
    Some(rest.trim_start().strip_prefix(':')?.trim_start())
}

fn kind(value: &str) -> Result<Type, TableError> {
    let quoted = value.strip_prefix('\'').and_then(|rest| rest.split_once('\''));
    // Anything else than a text is a record with several fields.
    let name = quoted.map_or(value, |(name, _)| name);
    match name {
        "|u1" => Ok(Type::U8),
        "<i4" => Ok(Type::I32Little),
        "<i8" => Ok(Type::I64Little),
        "<f4" => Ok(Type::F32Little),
        "<f8" => Ok(Type::F64Little),
        other => Err(TableError::UnsupportedType { found: other.to_owned() }),
    }
}

fn shape(value: &str) -> Result<Vec<usize>, TableError> {
    let expected = "a tuple of whole numbers for 'shape'";
    let inner = value.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inner, _)| inner.trim());
    let inner = inner.ok_or(TableError::Header { expected })?;
    // A single length has a comma behind it.
    let inner = inner.strip_suffix(',').unwrap_or(inner);
    if inner.is_empty() {
        return Ok(Vec::new());
    }
    inner.split(',').map(|length| length.trim().parse().map_err(|_| TableError::Header { expected })).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file as NumPy writes it: the header is padded so that the numbers begin at a multiple of
    /// 64.
    pub fn file(version: u8, descr: &str, order: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
        let mut header = format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}");
        let before = if version == 1 { 10 } else { 12 };
        while (before + header.len() + 1) % 64 != 0 {
            header.push(' ');
        }
        header.push('\n');
        let length = (header.len() as u32).to_le_bytes();
        let length = if version == 1 { &length[..2] } else { &length };
        [MAGIC, &[version, 0], length, header.as_bytes(), numbers].concat()
    }

    #[test]
    fn reads_every_type_and_version() {
        let two = |bytes: &[u8; 2]| bytes.to_vec();
        for version in 1..=3 {
            for (descr, bytes, expected) in [
                ("'|u1'", two(&[0, 255]), [0.0, 255.0]),
                ("'<i4'", [(-2_i32).to_le_bytes(), 65536_i32.to_le_bytes()].concat(), [-2.0, 65536.0]),
                ("'<i8'", [(-3_i64).to_le_bytes(), (1_i64 << 40).to_le_bytes()].concat(), [-3.0, 1_099_511_627_776.0]),
                ("'<f4'", [1.5_f32.to_le_bytes(), (-2.0_f32).to_le_bytes()].concat(), [1.5, -2.0]),
                ("'<f8'", [0.1_f64.to_le_bytes(), (-2.0_f64).to_le_bytes()].concat(), [0.1, -2.0]),
            ] {
                let whole = file(version, descr, "False", "(1, 2)", &bytes);
                let array = read(&whole).unwrap();
                assert_eq!((array.shape, array.values), (vec![1, 2], expected.to_vec()), "{descr}");
                for length in MAGIC.len()..whole.len() {
                    assert!(matches!(read(&whole[..length]), Err(TableError::Truncated { .. })), "{length}");
                }
            }
        }
        assert_eq!(read(&file(1, "'|u1'", "False", "(2,)", &[3, 4])).unwrap().shape, [2]);
    }

    /// The bytes of `numpy.save(f, numpy.arange(6, dtype="<i4").reshape(2, 3))` of NumPy 2.4.
    #[test]
    fn reads_a_file_of_numpy() {
        let head = b"\x93NUMPY\x01\x00v\x00{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }";
        let mut file = head.to_vec();
        file.resize(127, b' ');
        file.push(b'\n');
        file.extend((0_i32..6).flat_map(i32::to_le_bytes));
        let array = read(&file).unwrap();
        assert_eq!((array.shape, array.values), (vec![2, 3], vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]));
    }

    #[test]
    fn headers_are_checked() {
        let of = |descr: &str, order: &str, shape: &str| read(&file(1, descr, order, shape, &[1, 2])).unwrap_err();
        assert_eq!(of("'|u1'", "True", "(1, 2)"), TableError::FortranOrder);
        for name in [">f8", "<c16", "|O", "<U3", "|b1"] {
            let found = name.to_owned();
            assert_eq!(of(&format!("'{name}'"), "False", "(1, 2)"), TableError::UnsupportedType { found });
        }
        let record = of("[('x', '<f8')]", "False", "(2,)");
        assert!(matches!(record, TableError::UnsupportedType { found } if found.starts_with("[('x'")));
        for (order, shape) in
            [("Maybe", "(2,)"), ("False", "2"), ("False", "(2"), ("False", "(a, 2)"), ("False", "(-1,)")]
        {
            assert!(matches!(of("'|u1'", order, shape), TableError::Header { .. }), "{order} {shape}");
        }
        assert!(matches!(read(b"\x93NUMPY\x04\x00\x00\x00"), Err(TableError::Header { .. })));
        assert_eq!(read(b"\x93NUMB"), Err(TableError::Magic { found: b"\x93NUM".to_vec() }));
    }
}
