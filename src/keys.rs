//! What a key means, whatever the layout.

/// The key that a shortcut is looked up by: the character, or, on layouts with letters of another
/// script (Cyrillic, Greek …), what stands at its place on a Latin keyboard.
pub fn latin(key: &str, code: &str, shift: bool) -> String {
    let mut characters = key.chars();
    let (Some(letter), None) = (characters.next(), characters.next()) else { return key.to_owned() };
    // Letters of Latin scripts end at U+024F; what is not alphabetic, such as “?”, is the same on
    // every layout.
    if letter <= '\u{24f}' || !letter.is_alphanumeric() {
        return key.to_owned();
    }
    let place = match code {
        "BracketLeft" => {
            if shift {
                "{"
            } else {
                "["
            }
        }
        "BracketRight" => {
            if shift {
                "}"
            } else {
                "]"
            }
        }
        _ => code.strip_prefix("Key").or_else(|| code.strip_prefix("Digit")).unwrap_or(key),
    };
    if shift { place.to_owned() } else { place.to_ascii_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::latin;

    #[test]
    fn letters_of_other_scripts_go_by_their_place_and_latin_ones_by_themselves() {
        for (key, code, shift, meant) in [
            ("а", "KeyF", false, "f"),
            ("А", "KeyF", true, "F"),
            ("я", "KeyZ", false, "z"),
            ("ф", "KeyA", false, "a"),
            ("χ", "KeyX", false, "x"),
            ("х", "BracketLeft", false, "["),
            ("Х", "BracketLeft", true, "{"),
            ("ъ", "BracketRight", false, "]"),
            ("ש", "KeyA", false, "a"),
            ("١", "Digit1", false, "1"),
            // Dvorak and AZERTY: by the character.
            ("u", "KeyF", false, "u"),
            ("a", "KeyQ", false, "a"),
            ("é", "Digit2", false, "é"),
            ("?", "Digit7", true, "?"),
            ("[", "BracketLeft", false, "["),
            ("ArrowLeft", "ArrowLeft", false, "ArrowLeft"),
            ("ж", "Semicolon", false, "ж"),
            (" ", "Space", false, " "),
        ] {
            assert_eq!(latin(key, code, shift), meant, "{key} at {code}");
        }
    }
}
