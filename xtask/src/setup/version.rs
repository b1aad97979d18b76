//! Reading versions out of lock files and of what programs print about themselves.

/// The version of `package` in the text of a `Cargo.lock`; `None` if it is missing or there are
/// several.
pub fn locked(lock: &str, package: &str) -> Option<String> {
    let mut versions = lock.split("[[package]]").filter_map(|entry| {
        let field = |name: &str| {
            entry.lines().find_map(|line| {
                let value = line.strip_prefix(name)?.trim_start().strip_prefix('=')?;
                Some(value.trim().trim_matches('"'))
            })
        };
        (field("name")? == package).then(|| field("version").map(str::to_owned)).flatten()
    });
    let version = versions.next()?;
    versions.next().is_none().then_some(version)
}

/// The first version number in what a program prints for `--version`: "trunk 0.21.14" is "0.21.14".
pub fn printed(text: &str) -> Option<&str> {
    text.split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// The number before the first point.
pub fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "somewhere"
dependencies = [
 "wasm-bindgen-macro",
]

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.131"

[[package]]
name = "twice"
version = "1.0.0"

[[package]]
name = "twice"
version = "2.0.0"
"#;

    #[test]
    fn a_locked_version_is_found_by_the_whole_name() {
        assert_eq!(locked(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked(LOCK, "wasm-bindgen-macro").as_deref(), Some("0.2.131"));
    }

    #[test]
    fn a_missing_or_ambiguous_package_has_no_locked_version() {
        assert_eq!(locked(LOCK, "wasm"), None);
        assert_eq!(locked(LOCK, "twice"), None);
    }

    #[test]
    fn a_printed_version_is_found_among_the_words() {
        assert_eq!(printed("trunk 0.21.14\n"), Some("0.21.14"));
        assert_eq!(printed("wasm-opt version 132 (version_132)"), Some("132"));
        assert_eq!(printed("Chromium 156.0.8078.79 built on Debian"), Some("156.0.8078.79"));
        assert_eq!(printed("v20.20.2"), Some("20.20.2"));
        assert_eq!(printed("no number"), None);
    }

    #[test]
    fn the_major_number_stands_before_the_point() {
        assert_eq!(major("156.0.8078.79"), Some(156));
        assert_eq!(major("132"), Some(132));
        assert_eq!(major(""), None);
    }
}
