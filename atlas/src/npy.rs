//! NumPy's file format, version 1.0, for single precision.

/// What every such file begins with, and its version.
const MAGIC: &[u8; 8] = b"\x93NUMPY\x01\x00";

/// Numbers begin at a multiple of this.
const ALIGNMENT: usize = 64;

/// What stands before the numbers of an array of shape (rows, columns), or (rows, columns, depth)
/// where a pixel has several; these follow as little-endian single precision, row by row from the
/// top.
#[must_use]
pub fn header(columns: usize, rows: usize, depth: usize) -> Vec<u8> {
    let shape = if depth == 1 { format!("({rows}, {columns})") } else { format!("({rows}, {columns}, {depth})") };
    let mut words = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    // The length that follows the magic counts the words, the padding and the line's end.
    let before = MAGIC.len() + 2;
    let padding = (before + words.len() + 1).next_multiple_of(ALIGNMENT) - (before + words.len() + 1);
    words.extend(std::iter::repeat_n(' ', padding));
    words.push('\n');
    let mut header = MAGIC.to_vec();
    header.extend((words.len() as u16).to_le_bytes());
    header.extend(words.as_bytes());
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_at_a_multiple_of_64_bytes() {
        for (columns, rows, depth) in [(3, 2, 1), (1600, 1200, 4), (1, 1, 4)] {
            let header = header(columns, rows, depth);
            assert_eq!(header.len() % ALIGNMENT, 0);
            assert_eq!(usize::from(u16::from_le_bytes([header[8], header[9]])), header.len() - 10);
            assert_eq!(header.last(), Some(&b'\n'));
        }
        let text = String::from_utf8_lossy(&header(3, 2, 1)).into_owned();
        assert!(text.contains("'shape': (2, 3), }"), "{text}");
    }
}
