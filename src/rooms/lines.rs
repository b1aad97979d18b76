//! Words in lines, for pictures.

/// Words in lines that fit. A word that is too long is broken anywhere.
pub fn lines(text: &str, width: f64, measure: impl Fn(&str) -> f64) -> Vec<String> {
    let mut done = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if measure(&longer) <= width {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            done.push(std::mem::take(&mut line));
        }
        word.clone_into(&mut line);
        while measure(&line) > width {
            let letters: Vec<usize> = line.char_indices().map(|(at, _)| at).skip(1).collect();
            let fits = |end: &usize| measure(&line[..*end]) <= width;
            // At least one letter a line, or it would never end.
            let Some(end) = letters.iter().rev().copied().find(fits).or_else(|| letters.first().copied()) else {
                break;
            };
            let rest = line.split_off(end);
            done.push(std::mem::replace(&mut line, rest));
        }
    }
    done.push(line);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As if every letter were one wide.
    fn count(text: &str) -> f64 {
        text.chars().count() as f64
    }

    #[test]
    fn words_flow_and_long_ones_are_broken() {
        assert_eq!(lines("a = 1, start (0, 1)", 8.0, count), ["a = 1,", "start", "(0, 1)"]);
        assert_eq!(lines("see λλλλλλλλλλ end", 4.0, count), ["see", "λλλλ", "λλλλ", "λλ", "end"]);
        assert_eq!(lines("ab", 0.5, count), ["a", "b"]);
        assert_eq!(lines("", 5.0, count), [""]);
    }
}
