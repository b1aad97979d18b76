//! The lessons that have been fetched.

use std::{cell::RefCell, collections::HashMap, rc::Rc, thread::LocalKey};

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::{
    fetch,
    lesson::{CONTENTS_FILE, Lesson, Summary},
};

/// The folder of the page's files of lessons, and of the gallery.
pub const FOLDER: &str = "./lessons/";

/// Where the content of a file is kept, once it has been fetched.
pub type Kept<T> = LocalKey<RefCell<Option<Rc<T>>>>;

thread_local! {
    static CONTENTS: RefCell<Option<Rc<Vec<Summary>>>> = const { RefCell::new(None) };
    static LESSONS: RefCell<HashMap<String, Rc<Lesson>>> = RefCell::default();
}

/// All lessons.
///
/// # Errors
///
/// If their list does not arrive: a sentence.
pub async fn contents() -> Result<Rc<Vec<Summary>>, String> {
    fetched_once(&CONTENTS, "lesson", CONTENTS_FILE).await
}

/// What a file holds, which is fetched once and kept; `what` is in it.
///
/// # Errors
///
/// If it does not arrive: a sentence. The next call tries again.
pub async fn fetched_once<T: DeserializeOwned>(
    kept: &'static Kept<T>,
    what: &str,
    file: &str,
) -> Result<Rc<T>, String> {
    if let Some(known) = kept.with_borrow(Clone::clone) {
        return Ok(known);
    }
    let found = Rc::new(fetched(what, file).await?);
    kept.set(Some(Rc::clone(&found)));
    Ok(found)
}

/// The lesson of a name, if it has been fetched.
pub fn known(name: &str) -> Option<Rc<Lesson>> {
    LESSONS.with_borrow(|lessons| lessons.get(name).cloned())
}

/// The lesson of a name that is in the list.
///
/// # Errors
///
/// If it does not arrive: a sentence.
pub async fn lesson(name: &str) -> Result<Rc<Lesson>, String> {
    if let Some(known) = known(name) {
        return Ok(known);
    }
    let lesson = Rc::new(fetched::<Lesson>("lesson", &format!("{name}.json")).await?);
    LESSONS.with_borrow_mut(|lessons| lessons.insert(name.to_owned(), Rc::clone(&lesson)));
    Ok(lesson)
}

/// What a file holds; `what` is in it.
///
/// # Errors
///
/// If it does not arrive: a sentence.
async fn fetched<T: DeserializeOwned>(what: &str, file: &str) -> Result<T, String> {
    let missing = |why: String| {
        format!(
            "The {what} could not be fetched ({why}). Check the connection and try again; if the page has been open for long, reload it."
        )
    };
    let response = fetch::get(&format!("{FOLDER}{file}")).await.map_err(missing)?;
    let text = fetch::call(&response, "text", &JsValue::UNDEFINED).await;
    let text = text.ok().and_then(|text| text.as_string()).ok_or_else(|| missing("it was cut off".to_owned()))?;
    serde_json::from_str(&text).map_err(|error| missing(format!("it cannot be read: {error}")))
}
