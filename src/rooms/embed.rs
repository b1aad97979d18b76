//! Whether the page is shown inside of another one, which its address says, and the chunk that then
//! talks to it.

use percent_encoding::percent_decode_str;
use yew::{platform::spawn_local, prelude::*};

use super::guest;
use crate::{browser, chunk::in_chunk, lab::LabHandle};

/// Starts talking; the second argument says whether time is to run or to rest, if the address does.
type Start = fn(LabHandle, Option<bool>);

in_chunk!(
    rooms,
    fn starter() -> Start {
        guest::start
    }
);

/// Makes the page a guest of the one around it, if its address says that it is one.
#[hook]
pub fn use_host(lab: &LabHandle) {
    use_effect_with(lab.clone(), |lab| {
        let query = browser::query();
        if parameter(&query, "embed").as_deref() != Some("1") {
            return;
        }
        browser::be_guest(&parameter(&query, "show").unwrap_or_default().replace(',', " "));
        let autoplay = parameter(&query, "autoplay").map(|value| value != "0");
        let lab = lab.clone();
        spawn_local(async move {
            match starter().await {
                Ok(start) => start(lab, autoplay),
                Err(missing) => lab.complain(&missing.to_string()),
            }
        });
    });
}

/// The value of a parameter of an address's query.
pub(super) fn parameter(query: &str, name: &str) -> Option<String> {
    let mut parts = query.trim_start_matches('?').split('&').map(|part| part.split_once('=').unwrap_or((part, "")));
    let (_, value) = parts.find(|(key, _)| *key == name)?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::parameter;

    #[test]
    fn parameters_are_found_by_their_names() {
        let query = "?embed=1&show=chart1%2Cscene&autoplay";
        for (name, value) in [("embed", Some("1")), ("show", Some("chart1,scene")), ("autoplay", Some("")), ("x", None)]
        {
            assert_eq!(parameter(query, name).as_deref(), value, "{name}");
        }
        assert_eq!(parameter("", "embed"), None);
    }
}
