//! Reading an experiment's document: UTF-8, or UTF-16 as Windows PowerShell writes it, never with
//! letters replaced in silence. What is no document is called by its name.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flatland_engine::Experiment;
use flatland_engine::experiment::{ErrorKind, FieldError, MAX_INPUT_BYTES};

pub use crate::data::Sealed;
use crate::{ReadError, data};

const SAVE_IT: &str = "give the experiment's document, which the page saves under Export";

/// Reads the experiment in `file`, or from standard input where that is "-", and the files that its
/// data need; their paths are relative to the document's folder.
///
/// # Errors
///
/// If a file cannot be read, or does not hold an experiment or the data that it needs.
pub fn read(file: &Path) -> Result<Experiment, ReadError> {
    let failure = |error| ReadError::Io(format!("read {}", file.display()), error);
    let input: Box<dyn Read> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(file).map_err(failure)?)
    };
    let mut bytes = Vec::new();
    // As many bytes of UTF-16 hold more characters than the engine takes: it then says that they
    // are too many.
    input.take(2 * MAX_INPUT_BYTES as u64 + 4).read_to_end(&mut bytes).map_err(failure)?;
    let experiment = experiment(&bytes)?;
    fetch_data(&experiment, file.parent().unwrap_or(Path::new("")))?;
    Ok(experiment)
}

/// Puts all files that the experiment's data need where the engine finds them; paths are relative to
/// `folder`.
///
/// # Errors
///
/// Where a file cannot be read or is too large, is not the one that its SHA-256 says, or has a
/// SHA-256 but no path.
pub fn fetch_data(experiment: &Experiment, folder: &Path) -> Result<(), ReadError> {
    data::fetch(experiment, folder)
}

/// Makes an experiment independent of the folder that its files lie in. All of them are then where
/// the engine finds them.
///
/// # Errors
///
/// As [`fetch_data`].
pub fn sealed(experiment: &Experiment, folder: &Path) -> Result<Sealed, ReadError> {
    data::seal(experiment, folder)
}

fn experiment(bytes: &[u8]) -> Result<Experiment, FieldError> {
    let text = text(bytes)?;
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if trimmed.is_empty() {
        return Err(error((1, 0), "nothing: the file is empty".to_owned(), SAVE_IT));
    }
    Experiment::from_json(&text).map_err(|wrong| match wrong.kind {
        ErrorKind::Syntax { .. } if wrong.field.is_empty() => {
            kind_of_text(trimmed).map_or(wrong, |(kind, remedy)| error((1, 1), kind.to_owned(), remedy))
        }
        _ => wrong,
    })
}

/// The document as text.
fn text(bytes: &[u8]) -> Result<String, FieldError> {
    let units = |unit: fn([u8; 2]) -> u16| bytes.chunks_exact(2).map(move |pair| unit([pair[0], pair[1]]));
    let utf16 = match bytes {
        [0xff, 0xfe, ..] => Some(char::decode_utf16(units(u16::from_le_bytes)).collect()),
        [0xfe, 0xff, ..] => Some(char::decode_utf16(units(u16::from_be_bytes)).collect()),
        _ => None,
    };
    if let Some(text) = utf16 {
        let whole: Result<String, _> = text;
        return whole
            .ok()
            .filter(|_| bytes.len().is_multiple_of(2))
            .ok_or_else(|| error((1, 1), "broken UTF-16".to_owned(), "save the file as UTF-8"));
    }
    if let Some(kind) = kind_of_bytes(bytes) {
        return Err(error((1, 1), kind.to_owned(), SAVE_IT));
    }
    String::from_utf8(bytes.to_vec()).or_else(|wrong| {
        let valid = wrong.utf8_error().valid_up_to();
        if valid >= MAX_INPUT_BYTES {
            // Too long in any case.
            return Ok(String::from_utf8_lossy(bytes).into_owned());
        }
        let before = &bytes[..valid];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let column = 1 + before.iter().rev().take_while(|byte| **byte != b'\n').count();
        let found = format!("a byte that is not UTF-8, {:#04x}, at line {line}, column {column}", bytes[valid]);
        Err(error((line, column), found, "save the file as UTF-8"))
    })
}

fn error((line, column): (usize, usize), found: String, remedy: &str) -> FieldError {
    FieldError {
        kind: ErrorKind::Syntax { line, column },
        field: String::new(),
        expected: "a JSON document".to_owned(),
        found,
        remedy: remedy.to_owned(),
    }
}

/// The kind of a file that is no text, by its first bytes.
fn kind_of_bytes(bytes: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 7] = [
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"\x93NUMPY", "a NumPy array"),
        (b"%PDF", "a PDF"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"\0asm", "a WebAssembly program"),
    ];
    kinds.into_iter().find(|(first, _)| bytes.starts_with(first)).map(|(_, kind)| kind)
}

/// The kind of a text that is not JSON, with what to do about it.
fn kind_of_text(text: &str) -> Option<(&'static str, &'static str)> {
    let first = text.lines().next().unwrap_or_default();
    if text.starts_with("http://") || text.starts_with("https://") || text.starts_with("#lab=") {
        Some(("a link", "open it in a browser, and save the experiment there under Export"))
    } else if text.starts_with('<') {
        Some(("a page or a picture (HTML, XML or SVG)", SAVE_IT))
    } else if !text.starts_with(['{', '[', '"']) && first.contains([',', ';', '\t']) {
        Some(("a table (CSV)", SAVE_IT))
    } else {
        None
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"version": 1, "objective": {"name": "double-well"},
        "runs": [{"policy": {"name": "constant"}, "label": "Über η"}]}"#;

    fn utf16(unit: fn(u16) -> [u8; 2], text: &str) -> Vec<u8> {
        format!("\u{feff}{text}").encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_experiment() {
        let expected = experiment(DOCUMENT.as_bytes()).unwrap();
        assert_eq!(expected.runs[0].label.as_deref(), Some("Über η"));
        for bytes in [
            format!("\u{feff}{DOCUMENT}").into_bytes(),
            utf16(u16::to_le_bytes, DOCUMENT),
            utf16(u16::to_be_bytes, DOCUMENT),
            DOCUMENT.replace('\n', "\r\n").into_bytes(),
        ] {
            assert_eq!(experiment(&bytes).as_ref(), Ok(&expected));
        }
    }

    #[test]
    fn what_is_no_document_is_called_by_its_name() {
        let mut broken = DOCUMENT.as_bytes().to_vec();
        let place = DOCUMENT.find('Ü').unwrap();
        broken.splice(place..place + 2, [0xdc]);
        let column = place - DOCUMENT.find('\n').unwrap();
        let mut odd = utf16(u16::to_le_bytes, DOCUMENT);
        odd.pop();
        for (bytes, part) in [
            (b"".to_vec(), "the file is empty".to_owned()),
            (b"\xef\xbb\xbf \r\n".to_vec(), "the file is empty".to_owned()),
            (utf16(u16::to_le_bytes, ""), "the file is empty".to_owned()),
            (broken, format!("not UTF-8, 0xdc, at line 2, column {column}; save the file as UTF-8")),
            (odd, "broken UTF-16".to_owned()),
            (b"\xff\xfe\x00\xd8".to_vec(), "broken UTF-16".to_owned()),
            (b"\x89PNG\r\n\x1a\n\0\0".to_vec(), "found a PNG picture".to_owned()),
            (b"\x93NUMPY\x01\0".to_vec(), "found a NumPy array".to_owned()),
            (b"run,step,loss\n0,0,1\n".to_vec(), "found a table (CSV)".to_owned()),
            (b"https://example.org/#lab=1abc\n".to_vec(), "found a link".to_owned()),
            (b"<!doctype html>".to_vec(), "found a page".to_owned()),
            (b"{\"version\": 1,\n oops}".to_vec(), "something else at line 2, column 2".to_owned()),
            (b"hello".to_vec(), "something else at line 1".to_owned()),
        ] {
            let message = experiment(&bytes).unwrap_err().to_string();
            assert!(message.contains(&part) && message.lines().count() == 1, "{message}: {part}");
        }
    }

    #[test]
    fn what_is_too_long_says_so_in_every_encoding() {
        let long = format!("{DOCUMENT}{}", " ".repeat(MAX_INPUT_BYTES));
        for bytes in [long.clone().into_bytes(), utf16(u16::to_le_bytes, &long)] {
            assert!(experiment(&bytes).unwrap_err().to_string().contains("right file"));
        }
    }
}
