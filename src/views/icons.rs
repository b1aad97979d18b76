//! The page's few pictures, drawn here so that none has to be fetched.

use yew::prelude::*;

use crate::settings::Theme;

fn icon(path: &'static str) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d={path} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}

fn solid(path: &'static str) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d={path} fill="currentColor" />
        </svg>
    }
}

/// A loss that bounces at its edge.
pub fn logo() -> Html {
    html! {
        <svg class="logo" viewBox="0 0 28 20" width="28" height="20" aria-hidden="true" focusable="false">
            <path class="logo-line" d="M2 4c1 7 3 11 6 11s3-9 6-9 3 9 6 9 5-3 6-9" fill="none" stroke-width="2.4" stroke-linecap="round" />
            <circle class="logo-dot" cx="14" cy="6" r="2.6" />
        </svg>
    }
}

/// ×.
pub fn close() -> Html {
    icon("M4 4l8 8M12 4l-8 8")
}

/// An open book.
pub fn lessons() -> Html {
    icon("M8 4.4C6.5 3.3 4.5 3 2.3 3v9c2.2 0 4.2.3 5.7 1.4 1.5-1.1 3.5-1.4 5.7-1.4V3c-2.2 0-4.2.3-5.7 1.4zm0 0v9")
}

/// A path that parts in two.
pub fn fork() -> Html {
    icon("M4.5 13V3M4.5 9.5c0-3 7-1.5 7-5.5M9.3 5.4L11.5 3l2.2 2.4")
}

/// An arrow that turns back.
pub fn undo() -> Html {
    icon("M6 3.5L2.8 6.7 6 9.9M3 6.7h6a3.6 3.6 0 010 7.2H6.5")
}

/// An arrow that turns forward again.
pub fn redo() -> Html {
    icon("M10 3.5l3.2 3.2L10 9.9M13 6.7H7a3.6 3.6 0 000 7.2h2.5")
}

/// A link of a chain.
pub fn link() -> Html {
    icon("M6.5 9.5l3-3M7 4.8l1.6-1.6a3 3 0 014.2 4.2L11.2 9M9 11.2l-1.6 1.6a3 3 0 01-4.2-4.2L4.8 7")
}

/// Rows of a table.
pub fn scores() -> Html {
    icon("M3 3.5h10M3 8h10M3 12.5h6")
}

/// A grid of cells.
pub fn table() -> Html {
    icon("M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 3.5v9")
}

/// Marks on a line.
pub fn events() -> Html {
    icon("M2 8h12M4.5 4.5v7M9 4.5v7M12 6v4")
}

/// An arrow that leaves.
pub fn export() -> Html {
    icon("M8 10V2.8M5 5.5l3-3 3 3M3 9.5v3.2h10V9.5")
}

/// A map in pixels.
pub fn atlas() -> Html {
    icon("M3 3h10v10H3zM3 6.3h10M3 9.7h10M6.3 3v10M9.7 3v10")
}

/// A picture in its frame.
pub fn gallery() -> Html {
    icon("M2.5 3h11v10h-11zM2.5 10.8l3.4-3.6 2.8 2.9 1.6-1.5 3.2 3.1M10.6 6.2v.01")
}

/// Two layers of units and what joins them.
pub fn networks() -> Html {
    icon(
        "M5 4.2l5.2 3M5 11.8l5.2-3M3.4 5.2a1.7 1.7 0 1 1 .01 0zM3.4 14.2a1.7 1.7 0 1 1 .01 0zM12.4 9.7a1.7 1.7 0 1 1 .01 0z",
    )
}

/// Back to the start.
pub fn reset() -> Html {
    icon("M3 3v4h4M3.4 7A5.2 5.2 0 1 1 3 10")
}

/// One step back.
pub fn back() -> Html {
    solid("M11.5 3.2v9.6a.6.6 0 01-.95.48L4 8.5a.6.6 0 010-1l6.55-4.78a.6.6 0 01.95.48z")
}

/// One step on.
pub fn forward() -> Html {
    solid("M4.5 3.2v9.6a.6.6 0 00.95.48L12 8.5a.6.6 0 000-1L5.45 2.72a.6.6 0 00-.95.48z")
}

/// Play.
pub fn play() -> Html {
    solid("M5 2.9v10.2a.7.7 0 001.07.6l8-5.1a.7.7 0 000-1.2l-8-5.1A.7.7 0 005 2.9z")
}

/// Pause.
pub fn pause() -> Html {
    solid("M4.5 3h2.2v10H4.5zM9.3 3h2.2v10H9.3z")
}

/// The theme in force.
pub fn theme(theme: Theme) -> Html {
    match theme {
        Theme::System => html! {
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.6" />
                <path d="M8 2.4a5.6 5.6 0 010 11.2z" fill="currentColor" />
            </svg>
        },
        Theme::Light => icon(
            "M8 5.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6zM8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1",
        ),
        Theme::Dark => icon("M13 9.6A5.4 5.4 0 016.4 3a5.4 5.4 0 106.6 6.6z"),
    }
}

/// A plus sign.
pub fn plus() -> Html {
    icon("M8 3.5v9M3.5 8h9")
}

/// Farther.
pub fn minus() -> Html {
    icon("M3 8h10")
}

/// Two arrows that part: larger.
pub fn outward() -> Html {
    icon("M9.4 6.6l4-4M9.8 2.6h3.6v3.6M6.6 9.4l-4 4M2.6 9.8v3.6h3.6")
}

/// Two arrows that meet: smaller.
pub fn inward() -> Html {
    icon("M13.4 2.6l-4 4M9.4 3v3.6H13M2.6 13.4l4-4M6.6 13V9.4H3")
}

/// A screen on its foot.
pub fn screen() -> Html {
    icon("M2 3h12v8.2H2zM8 11.2v2.3M5.2 13.5h5.6")
}

/// All of it.
pub fn whole() -> Html {
    icon("M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3")
}
