//! Parts of the program that are fetched on request.
//!
//! A chunk gives out function pointers. All that can only be reached through them, components with
//! their hooks included, lies in the chunk's own file: `cargo xtask build` takes the program apart
//! there (`xtask/src/chunks.rs`). Built without it, the program is in one piece, and the same calls
//! find at once what they ask for.
//!
//! In a chunk there may be everything but exports to JavaScript (`#[wasm_bindgen]` on items that
//! are not imported): these would stay in the main part, and what they call with them.

use thiserror::Error;

/// A chunk that did not arrive. Asking again fetches again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "This part of the page could not be fetched. Please check the connection and try again; if the page has been open for long, reload it."
)]
pub struct Missing;

#[cfg(chunks)]
impl From<wasm_split_helpers::SplitLoaderError> for Missing {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// Makes an asynchronous function that fetches a chunk and gives out a function pointer of it:
/// `in_chunk!(rooms, fn draw_events() -> Draw { events::draw });`
macro_rules! in_chunk {
    ($chunk:ident, $(#[$meta:meta])* $visibility:vis fn $name:ident() -> $pointer:ty { $value:expr }) => {
        #[cfg(chunks)]
        #[wasm_split_helpers::wasm_split($chunk, fallible)]
        $(#[$meta])*
        $visibility fn $name() -> Result<$pointer, $crate::chunk::Missing> {
            Ok($value)
        }

        #[cfg(not(chunks))]
        $(#[$meta])*
        $visibility async fn $name() -> Result<$pointer, $crate::chunk::Missing> {
            Ok($value)
        }
    };
}

pub(crate) use in_chunk;
