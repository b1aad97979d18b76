//! A frame that shows the page, or a part of it, in a page of somebody's own.

use crate::lab::Place;

/// Heights of a frame with the whole board and with a part of it, in CSS pixels.
const HEIGHTS: [u32; 2] = [620, 380];
/// The value for the whole board with the fields and sliders beside it.
const CONTROLS: &str = "controls";

/// The parts that a frame can show: the value for its address, and the name for people.
pub fn parts(panels: &[(Place, String, String)]) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> =
        [("", "the whole board"), (CONTROLS, "the board and its controls"), ("scene", "the scene")]
            .map(|(value, name)| (value.to_owned(), name.to_owned()))
            .into();
    parts.extend(panels.iter().filter_map(|(place, name, title)| match place {
        Place::Chart(_) => Some((name.clone(), title.clone())),
        Place::Landscape => None,
    }));
    parts
}

/// The address of what the frame shows.
pub fn address(link: &str, part: &str) -> String {
    let (page, fragment) = link.split_once('#').unwrap_or((link, ""));
    let page = page.split('?').next().unwrap_or_default();
    let show = if part.is_empty() { String::new() } else { format!("&show={part}") };
    format!("{page}?embed=1{show}#{fragment}")
}

/// The frame in HTML.
pub fn frame(title: &str, link: &str, part: &str) -> String {
    let address = address(link, part).replace('&', "&amp;").replace('"', "%22");
    let height = HEIGHTS[usize::from(!["", CONTROLS].contains(&part))];
    format!(
        "<iframe src=\"{address}\" title=\"Flatland: {title}\" width=\"960\" height=\"{height}\" loading=\"lazy\" allow=\"clipboard-write\"></iframe>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_says_what_it_shows_and_is_valid_html() {
        let link = "https://example.org/x/?embed=0#lab={\"a\":1}&step=3";
        assert_eq!(
            frame("River", link, "chart1"),
            "<iframe src=\"https://example.org/x/?embed=1&amp;show=chart1#lab={%22a%22:1}&amp;step=3\" title=\"Flatland: River\" \
             width=\"960\" height=\"380\" loading=\"lazy\" allow=\"clipboard-write\"></iframe>"
        );
        assert!(frame("River", link, "").contains("?embed=1#lab="));
        let with_controls = frame("River", link, "controls");
        assert!(with_controls.contains("&amp;show=controls#") && with_controls.contains("height=\"620\""));
    }
}
