//! NumPy's file format, version 1.0, for single precision.

use std::io::{self, Write};

use super::Drawing;

/// What every such file begins with, and its version.
const MAGIC: &[u8; 8] = b"\x93NUMPY\x01\x00";

/// Numbers begin at a multiple of this.
const ALIGNMENT: usize = 64;

/// Writes the numbers: (rows, columns), and how many a pixel has where those are several.
pub fn write(output: &mut impl Write, drawing: &Drawing) -> io::Result<()> {
    output.write_all(&header(drawing))?;
    for number in &drawing.numbers {
        output.write_all(&number.to_le_bytes())?;
    }
    Ok(())
}

fn header(drawing: &Drawing) -> Vec<u8> {
    let Drawing { columns, rows, depth, .. } = drawing;
    let shape = if *depth == 1 { format!("({rows}, {columns})") } else { format!("({rows}, {columns}, {depth})") };
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
