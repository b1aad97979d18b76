//! The files that networks learn from: those that come with the page are fetched from it, and those
//! of the person's are where [`own`] keeps them.

use flatland_engine::{
    Experiment,
    data::{self, shelf},
};

use super::{Supply, own};
use crate::fetch;

/// The folder of the data sets that come with the page.
const FOLDER: &str = "./data/";

/// The names of the files that a document's network needs and that are not on the engine's shelf;
/// none if it is no document of a network.
fn lacking(document: &str) -> Vec<String> {
    let Ok(experiment) = Experiment::from_json(document) else { return Vec::new() };
    if !experiment.is_network() {
        return Vec::new();
    }
    let names = data::files(experiment.objective.part("data"));
    names.into_iter().filter(|name| shelf::get(name).is_none()).map(str::to_owned).collect()
}

/// Whether a document's network needs a file that is not at hand.
pub fn lacks(document: &str) -> bool {
    !lacking(document).is_empty()
}

/// Puts all files that a document's network needs on the engine's shelf.
pub fn supply(document: String) -> Supply {
    Box::pin(async move {
        for name in lacking(&document) {
            let shipped = shelf::SHIPPED.iter().find(|shipped| shipped.name == name);
            let bytes = match shipped {
                Some(shipped) => download(shipped.file).await.map_err(|why| {
                    format!("The data set {name} could not be fetched ({why}). Check the connection and try again.")
                })?,
                None => own::get(&name).await?,
            };
            shelf::put(&name, bytes).map_err(|error| error.to_string())?;
        }
        Ok(())
    })
}

/// A file of the page's own folder of data sets.
async fn download(file: &str) -> Result<Vec<u8>, String> {
    let response = fetch::get(&format!("{FOLDER}{file}")).await?;
    fetch::bytes(&response).await.map_err(|error| crate::browser::text_of(&error))
}
