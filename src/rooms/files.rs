//! Files that are saved from the page.

use flatland_engine::Experiment;
use js_sys::{Array, JSON};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

use crate::lab::title_of;

/// After so many milliseconds the address of a saved file goes: the download has begun long before.
const KEPT_MS: i32 = 60_000;

/// A file's name without its ending: the objective's title in letters that every system takes.
pub fn name_of(experiment: &Experiment) -> String {
    let letters = title_of(experiment).to_lowercase();
    let words: Vec<&str> = letters
        .split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit())
        .filter(|word| !word.is_empty())
        .collect();
    format!("flatland-{}", words.join("-"))
}

/// The name of a file about one run: its place and its policy follow.
pub fn name_of_run(experiment: &Experiment, index: usize) -> String {
    let policy = experiment.runs.get(index).map_or("", |run| run.policy.name.as_str());
    format!("{}-run{}-{policy}", name_of(experiment), index + 1)
}

/// A document with a line for each value.
pub fn indented(json: &str) -> String {
    let value = JSON::parse(json);
    let text =
        value.and_then(|value| JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &JsValue::from(2)));
    text.map_or_else(|_| json.to_owned(), String::from) + "\n"
}

/// Offers a text for saving.
pub fn save_text(name: &str, text: &str, media_type: &str) {
    if let Some(blob) = blob(&Array::of1(&text.into()), media_type) {
        save(name, &blob);
    }
}

/// Parts, such as texts, bytes and other blobs, one after the other.
pub fn blob(parts: &Array, media_type: &str) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    // Of text, bytes and blobs there is always one.
    Blob::new_with_blob_sequence_and_options(parts, &options).ok()
}

/// Offers a file for saving.
pub fn save(name: &str, blob: &Blob) {
    // A browser that has neither addresses of blobs nor links cannot save, nor say so.
    let _ = try_save(name, blob);
}

fn try_save(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let Some(window) = web_sys::window() else { return Ok(()) };
    let Some((document, body)) = window.document().and_then(|document| Some((document.clone(), document.body()?)))
    else {
        return Ok(());
    };
    let address = Url::create_object_url_with_blob(blob)?;
    let link: HtmlElement = document.create_element("a")?.unchecked_into();
    link.set_attribute("href", &address)?;
    link.set_attribute("download", name)?;
    body.append_child(&link)?;
    link.click();
    body.remove_child(&link)?;
    let forget = Closure::once_into_js(move || drop(Url::revoke_object_url(&address)));
    window.set_timeout_with_callback_and_timeout_and_arguments_0(forget.unchecked_ref(), KEPT_MS)?;
    Ok(())
}

/// What is said after something was to be copied.
pub fn copied(worked: bool, done: &str) -> String {
    if worked { done } else { "This browser does not let the page copy. Save the file instead." }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_is_the_objective_in_plain_letters() {
        let of = |json: &str| name_of(&Experiment::from_json(json).expect("valid"));
        let runs = r#""runs":[{"policy":{"name":"constant"}}]"#;
        assert_eq!(of(&format!(r#"{{"version":1,"objective":{{"name":"river"}},{runs}}}"#)), "flatland-river");
        assert_eq!(
            of(&format!(r#"{{"version":1,"objective":{{"name":"minimalist"}},{runs}}}"#)),
            "flatland-minimalist-example"
        );
    }

    #[test]
    fn files_of_two_runs_have_two_names() {
        let runs = r#"[{"policy":{"name":"constant","eta":0.3}},{"policy":{"name":"nonmonotone-line-search"}}]"#;
        let json = format!(r#"{{"version":1,"objective":{{"name":"river"}},"runs":{runs}}}"#);
        let experiment = Experiment::from_json(&json).expect("valid");
        let names = [0, 1].map(|index| name_of_run(&experiment, index));
        assert_eq!(names, ["flatland-river-run1-constant", "flatland-river-run2-nonmonotone-line-search"]);
    }
}
