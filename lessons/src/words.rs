//! The glossary of the documents as words for the page.
//!
//! Each paragraph of a section that is for people begins with its word in bold. What is said of the
//! code there, and links to other documents, are for those who have it, and left out.

use std::path::Path;

use flatland::words::Word;

use crate::markdown;
use crate::problem::{Line, Problem};

/// The sections that the page shows.
const SECTIONS: [&str; 2] = ["## The field", "## What is said of runs"];

/// What a remark on the code begins with, and one on the source.
const CODE: &str = "*Code:*";
const SOURCE: &str = "*Source:*";

/// Reads the words of a glossary; `path` is where it lies.
///
/// # Errors
///
/// What cannot be shown, with its line.
pub fn words(path: &Path, text: &str) -> Result<Vec<Word>, Problem> {
    let mut words = Vec::new();
    let (mut is_shown, mut paragraph, mut begun) = (false, String::new(), 0);
    // An empty line ends the last paragraph.
    for (number, line) in text.lines().chain([""]).enumerate() {
        if line.starts_with('#') {
            is_shown = SECTIONS.contains(&line);
        } else if !line.is_empty() && is_shown {
            if paragraph.is_empty() {
                begun = number;
            }
            paragraph += line;
            paragraph.push('\n');
        }
        if line.is_empty() && !paragraph.is_empty() {
            let here = Line::of(path, begun);
            let (name, text) = (name(&here, &paragraph)?, without_links(&without_code(&paragraph)));
            words.push(Word { name, html: markdown::render(&here, &text)?.html });
            paragraph.clear();
        }
    }
    Ok(words)
}

/// The word in bold at the beginning.
fn name(line: &Line, paragraph: &str) -> Result<String, Problem> {
    let bold = paragraph.strip_prefix("**").and_then(|rest| rest.split_once("**"));
    let remedy = "begin the paragraph with its word, as in **Sharpness**, λ₁: …";
    bold.map(|(name, _)| name.to_owned())
        .ok_or_else(|| Problem::new(&line.plus(1), "a word in bold", &format!("\"{}\"", paragraph.trim()), remedy))
}

/// The text without what is said of the code, up to the source or to the end.
fn without_code(text: &str) -> String {
    match text.split_once(CODE) {
        None => text.to_owned(),
        Some((before, after)) => {
            let source = after.find(SOURCE).map_or("", |place| &after[place..]);
            format!("{before}{source}")
        }
    }
}

/// The text with links to other documents as the words that they stand behind.
fn without_links(text: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('[') {
        kept += before;
        let link =
            after.split_once(']').and_then(|(said, after)| Some((said, after.strip_prefix('(')?.split_once(')')?)));
        match link {
            Some((said, (target, after))) if !target.contains("://") => {
                kept += said;
                rest = after;
            }
            // What is in brackets otherwise stays as it is.
            _ => {
                kept.push('[');
                rest = after;
            }
        }
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TEXT: &str = "# Glossary\n\nBefore.\n\n## The field\n\n**One** (first), λ₁: a [link](x.md#y), and [paper](https://a.b/c).\n\
        *Code:* `a/b`; [rules](z.md).\n*Source:* Somebody, 1999.\n\n**Two**: more.\n\n## The page\n\n**Three**: not shown.\n";

    #[test]
    fn words_come_without_what_only_readers_of_the_code_need() {
        let words = words(Path::new("glossary.md"), TEXT).unwrap();
        assert_eq!(words.iter().map(|word| word.name.as_str()).collect::<Vec<_>>(), ["One", "Two"]);
        let html = &words[0].html;
        assert!(html.starts_with("<p><strong>One</strong> (first), λ₁: a link, and <a "), "{html}");
        assert!(html.contains("Somebody, 1999") && !html.contains("Code") && !html.contains("rules"), "{html}");
    }

    #[test]
    fn a_paragraph_without_a_word_is_a_problem_with_its_line() {
        let problem = words(Path::new("glossary.md"), "## The field\n\nNo word.\n").unwrap_err().to_string();
        assert!(problem.contains("glossary.md:3") && problem.contains("a word in bold"), "{problem}");
    }

    /// What can be asked for on the page is in the glossary.
    #[test]
    fn the_glossary_has_every_word_that_can_be_asked_for() {
        let words = words(Path::new("docs/glossary.md"), include_str!("../../docs/glossary.md")).unwrap();
        assert!(words.len() > 40);
        for asked in flatland::words::ASKED {
            assert_eq!(words.iter().filter(|word| word.name == asked).count(), 1, "{asked}");
        }
    }
}
