//! Opens what was dropped, pasted or chosen: an experiment's document or a link of the page. What
//! is shown stays if it is neither.

use flatland_engine::experiment::link;
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use yew::platform::spawn_local;

use super::dialog;
use crate::{
    lab::{AS_BEFORE, Lab, LabHandle, cannot_open},
    needs,
};

/// Documents may have a megabyte; more is not even read.
const MOST_BYTES: usize = 1 << 20;

/// What files begin with that are no text, and what they are.
const SIGNATURES: [(&[u8], &str); 7] = [
    (&[0x89, 0x50, 0x4e, 0x47], "a PNG picture"),
    (&[0xff, 0xd8, 0xff], "a JPEG picture"),
    (&[0x47, 0x49, 0x46, 0x38], "a GIF picture"),
    (&[0x25, 0x50, 0x44, 0x46], "a PDF document"),
    (&[0x50, 0x4b, 0x03, 0x04], "a ZIP archive, as spreadsheets are too"),
    (&[0x1f, 0x8b], "a compressed file"),
    (&[0x93, 0x4e, 0x55, 0x4d], "an array for NumPy"),
];

/// The room that takes data.
const NETWORKS: &str = "networks";

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// An experiment, which is shown now.
    Experiment,
    /// Data for networks, which their room looks at.
    Data,
}

impl Opened {
    /// Opens the room for it, if it has one.
    pub fn show(self, lab: &LabHandle) {
        if self == Self::Data {
            lab.0.open_dialog(NETWORKS);
        }
    }
}

/// Whether a file holds data to learn from, by the end of its name.
fn is_data(name: &str) -> bool {
    const ENDS: [&str; 7] = ["csv", "tsv", "npy", "npz", "gz", "-ubyte", "idx"];
    let name = name.to_ascii_lowercase();
    ENDS.iter().any(|end| name.ends_with(end))
}

/// Takes what was dropped on the page or pasted into it: files or, without files, a text.
pub fn take(lab: LabHandle, files: Vec<File>, text: String) {
    if files.is_empty() && text.trim().is_empty() {
        return;
    }
    spawn_local(async move {
        match attempt(&lab, &files, &text).await {
            Ok(Opened::Data) if lab.has_open(NETWORKS) => {}
            Ok(opened) => {
                dialog::close_open();
                opened.show(&lab);
            }
            // The page's own messages lie behind an open dialog.
            Err(wrong) if dialog::say(&wrong) => {}
            Err(wrong) => {
                dialog::close_open();
                lab.complain(&wrong);
            }
        }
    });
}

/// Opens files or, without files, a text; what went wrong, if something did.
pub async fn attempt(lab: &Lab, files: &[File], text: &str) -> Result<Opened, String> {
    if !files.is_empty() && files.iter().all(|file| is_data(&file.name())) {
        let offer = super::networks::taker().await.map_err(|missing| missing.to_string())?;
        offer(files.to_vec());
        return Ok(Opened::Data);
    }
    let (what, text) = match files {
        [] => ("This".to_owned(), Ok(text.to_owned())),
        [file] => (format!("“{}”", file.name()), read(file).await),
        _ => return Err("One experiment at a time can be opened: choose one of the files.".to_owned()),
    };
    if let Ok(text) = &text
        && !needs::can_read(text)
    {
        needs::fetch(text).await.map_err(|missing| missing.to_string())?;
    }
    let opened = text.and_then(|text| match found(&text)? {
        Found::Document(json) => lab.open_document(json).map_err(|error| error.to_string()),
        Found::Link(fragment) => lab.open_link(fragment).map_err(|error| error.to_string()),
    });
    opened.map(|()| Opened::Experiment).map_err(|wrong| cannot_open(&what, &wrong, AS_BEFORE))
}

/// The text of a file, or what is wrong with it.
async fn read(file: &File) -> Result<String, String> {
    let mebibytes = |bytes: f64| format!("{:.1} MiB", bytes / MOST_BYTES as f64);
    if file.size() > MOST_BYTES as f64 {
        let [most, size] = [MOST_BYTES as f64, file.size()].map(mebibytes);
        return Err(format!("expected at most {most}; it has {size}"));
    }
    let buffer = JsFuture::from(file.array_buffer()).await;
    let buffer = buffer.map_err(|_| "it cannot be read: expected a file, not a folder".to_owned())?;
    decoded(&Uint8Array::new(&buffer).to_vec())
}

/// The text that bytes hold, in UTF-8 or UTF-16; what they are instead, if they hold none.
fn decoded(bytes: &[u8]) -> Result<String, String> {
    if let Some((_, what)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Err(format!("it is {what}; expected the JSON of an experiment"));
    }
    let at = |place: usize| bytes.get(place).copied();
    // With a mark, or with every other byte of the first two letters 0.
    let is_little = bytes.starts_with(&[0xff, 0xfe]) || (at(0) > Some(0) && at(1) == Some(0) && at(3) == Some(0));
    let is_big = bytes.starts_with(&[0xfe, 0xff]) || (at(0) == Some(0) && at(1) > Some(0) && at(2) == Some(0));
    let (name, text) = match (is_little, is_big) {
        (true, _) => ("UTF-16LE", utf16(bytes, u16::from_le_bytes)),
        (_, true) => ("UTF-16BE", utf16(bytes, u16::from_be_bytes)),
        _ => ("UTF-8", std::str::from_utf8(bytes).ok().map(str::to_owned)),
    };
    let text = text.ok_or_else(|| format!("its text is not {name}; save it as UTF-8 and open that"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.trim().is_empty() { Err("the file is empty".to_owned()) } else { Ok(text.to_owned()) }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).ok().filter(|_| rest.is_empty())
}

/// What can be opened.
#[derive(Debug, PartialEq, Eq)]
enum Found<'a> {
    /// An experiment's document.
    Document(&'a str),
    /// What stands behind the # of a link.
    Link(&'a str),
}

/// The document that a text is, or the link in it, whatever stands around it.
fn found(text: &str) -> Result<Found<'_>, String> {
    let text = text.trim();
    if text.starts_with('{') {
        return Ok(Found::Document(text));
    }
    if let Some(fragment) = link::find(text) {
        return Ok(Found::Link(fragment));
    }
    let kind = kind_of(text).map_or_else(String::new, |kind| format!("{kind}; "));
    Err(format!("{kind}expected an experiment, which begins with {{, or a link of this page"))
}

/// What a text without an experiment is, if that can be seen.
fn kind_of(text: &str) -> Option<&'static str> {
    let begins = |wanted: &str| text.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted));
    let is_script = |line: &str| {
        line.starts_with("import ") || line.starts_with("from ") || (line.starts_with("#!") && line.contains("python"))
    };
    let commas = |line: Option<&str>| line.map_or(0, |line| line.matches(',').count());
    let mut lines = text.lines();
    if begins("<?xml") || begins("<svg") {
        Some("it is a picture or another document in XML")
    } else if begins("<!doctype") || begins("<html") {
        Some("it is a page in HTML")
    } else if text.lines().any(is_script) {
        Some("it is a script")
    } else {
        let [first, second] = [commas(lines.next()), commas(lines.next())];
        (first > 0 && first == second).then_some("it is a table (CSV)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_three_encodings_with_and_without_a_mark() {
        let text = r#"{"größer": "λ"}"#;
        for marked in ["\u{feff}", ""] {
            let text = format!("{marked}{text}");
            let units: Vec<u16> = text.encode_utf16().collect();
            let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            for bytes in [text.as_bytes(), &little, &big] {
                assert_eq!(decoded(bytes).as_deref(), Ok(r#"{"größer": "λ"}"#));
            }
        }
    }

    #[test]
    fn what_is_no_text_is_named() {
        for (bytes, sentence) in [
            (&[0x89, 0x50, 0x4e, 0x47, 0x0d][..], "it is a PNG picture; expected the JSON of an experiment"),
            (&[0xff, 0xd8, 0xff, 0xe0], "it is a JPEG picture; expected the JSON of an experiment"),
            (b"", "the file is empty"),
            (b" \n", "the file is empty"),
            (b"{\"\xe9\"}", "its text is not UTF-8; save it as UTF-8 and open that"),
            (&[0xff, 0xfe, 0x41], "its text is not UTF-16LE; save it as UTF-8 and open that"),
        ] {
            assert_eq!(decoded(bytes), Err(sentence.to_owned()));
        }
    }

    #[test]
    fn a_link_is_found_whatever_stands_around_it() {
        for (text, fragment) in [
            ("https://example.org/#lab={'version':1}&step=3", "lab={'version':1}&step=3"),
            ("See https://example.org/x#a and https://example.org/#theme=dark&lab=%7B%7D.", "theme=dark&lab=%7B%7D."),
            ("https://example.org/#lab%253D%257B", "lab%253D%257B"),
            ("https://example.org/#LAB=1#2", "LAB=1#2"),
        ] {
            assert_eq!(found(text), Ok(Found::Link(fragment)), "{text}");
        }
        assert_eq!(found("  {\"version\": 1}\n"), Ok(Found::Document("{\"version\": 1}")));
    }

    #[test]
    fn other_texts_are_refused_by_what_they_are() {
        let expected = "expected an experiment, which begins with {, or a link of this page";
        for (text, kind) in [
            ("Dear diary", ""),
            ("https://example.org/#syllab=1", ""),
            ("<SVG xmlns", "it is a picture or another document in XML; "),
            ("<!DOCTYPE html>", "it is a page in HTML; "),
            ("# a comment\nimport numpy", "it is a script; "),
            ("step,f\n0,1\n", "it is a table (CSV); "),
        ] {
            assert_eq!(found(text), Err(format!("{kind}{expected}")), "{text}");
        }
    }
}
