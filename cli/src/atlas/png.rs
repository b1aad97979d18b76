//! The picture, with what it shows as text inside.

use std::io::{self, Write};

use super::Drawing;

/// Writes the picture.
pub fn write(output: &mut impl Write, drawing: &Drawing) -> io::Result<()> {
    let mut encoder = png::Encoder::new(output, drawing.columns as u32, drawing.rows as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let software = concat!("flatland ", env!("CARGO_PKG_VERSION"));
    let description = plain(&drawing.description.to_string());
    for (key, text) in
        [("Title", plain(&drawing.title)), ("Software", software.to_owned()), ("Description", description)]
    {
        encoder.add_text_chunk(key.to_owned(), text)?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&drawing.colors)?;
    Ok(writer.finish()?)
}

/// Text for programs that read no more than ASCII: everything else as JSON escapes it.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            plain.push(letter);
        } else {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                plain.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    plain
}
