//! Markdown with formulas, made into HTML that the page's policy allows: formulas are MathML, and
//! there are neither scripts, styles nor pictures.

use flatland::typeset::malformed;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use pulldown_latex::{RenderConfig, Storage, config::DisplayMode, push_mathml};

use crate::problem::{Line, Problem};

/// A text as HTML, and what was in it beside.
#[derive(Debug, Default)]
pub struct Rendered {
    pub html: String,
    /// Its blocks for the Lab.
    pub blocks: Vec<Block>,
    /// The steps of lessons that it links to.
    pub links: Vec<(Line, String)>,
}

/// A block for the Lab.
#[derive(Debug)]
pub struct Block {
    /// Which one.
    pub kind: Kind,
    /// The line above its text.
    pub line: Line,
    pub text: String,
}

/// The blocks that a step can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What the step shows.
    Experiment,
    /// How it is looked at.
    Lab,
    /// A map to open.
    Map,
    /// What the text claims.
    Claims,
    /// What the lecturer reads, in a window of their own.
    Notes,
}

impl Kind {
    /// All of them with their names.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Experiment, "experiment"),
        (Self::Lab, "lab"),
        (Self::Map, "map"),
        (Self::Claims, "claims"),
        (Self::Notes, "notes"),
    ];
}

/// The block with a question, which stays in the text.
const QUESTION: &str = "question";
/// The line between a question and its answer.
const ANSWER: &str = "---";
/// What the link to a step begins with.
const LESSON: &str = "lesson:";

/// Makes HTML of a text; `line` is the one above it.
pub fn render(line: &Line, text: &str) -> Result<Rendered, Problem> {
    let mut rendered = Rendered::default();
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut parser = Parser::new_ext(text, Options::ENABLE_MATH | Options::ENABLE_TABLES).into_offset_iter();
    while let Some((event, range)) = parser.next() {
        let here = line.plus(1 + text[..range.start].matches('\n').count());
        match event {
            Event::InlineMath(tex) => events.push(Event::InlineHtml(mathml(&here, &tex, DisplayMode::Inline)?.into())),
            Event::DisplayMath(tex) => events.push(Event::InlineHtml(mathml(&here, &tex, DisplayMode::Block)?.into())),
            Event::Html(found) | Event::InlineHtml(found) => {
                let remedy = "write Markdown; a sign < that is meant as such is written &lt;";
                return Err(Problem::new(&here, "text without HTML", &format!("\"{}\"", found.trim()), remedy));
            }
            Event::Start(Tag::Image { .. }) => {
                let remedy = "have the Lab show it: give the step an experiment";
                return Err(Problem::new(&here, "text without pictures", &"a picture", remedy));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let mut inside = String::new();
                for (event, _) in parser.by_ref() {
                    match event {
                        Event::Text(part) => inside.push_str(&part),
                        _ => break,
                    }
                }
                if &*info == QUESTION {
                    events.push(Event::Html(question(&here, &inside, &mut rendered)?.into()));
                } else {
                    let kind = kind(&here, &info)?;
                    rendered.blocks.push(Block { kind, line: here, text: inside });
                }
            }
            Event::Start(Tag::Heading { level, .. }) if level < HeadingLevel::H3 => {
                let remedy = "a step begins with ##; within one use ###";
                return Err(Problem::new(&here, "a heading within a step", &"one of a higher level", remedy));
            }
            Event::Start(Tag::Heading { .. }) => events.push(Event::Html("<h4>".into())),
            Event::End(TagEnd::Heading(_)) => events.push(Event::Html("</h4>\n".into())),
            Event::Start(Tag::Link { dest_url, .. }) => {
                events.push(Event::InlineHtml(link(&here, &dest_url, &mut rendered)?));
            }
            Event::End(TagEnd::Link) => events.push(Event::InlineHtml("</a>".into())),
            Event::Text(found) => {
                // A sign that opens no formula is one that was forgotten to be closed.
                let lone = text[range.clone()].find('$').filter(|at| !text[..range.start + at].ends_with('\\'));
                if lone.is_some() {
                    let remedy =
                        "close the formula with $ and its braces with }; a dollar sign that is meant as such is \\$";
                    return Err(Problem::new(
                        &here,
                        "a formula that is closed",
                        &format!("\"{}\"", source_line(text, range.start)),
                        remedy,
                    ));
                }
                events.push(Event::Text(found));
            }
            other => events.push(other),
        }
    }
    html::push_html(&mut rendered.html, events.into_iter());
    Ok(rendered)
}

/// The line of a text that a place is on.
fn source_line(text: &str, place: usize) -> &str {
    let start = text[..place].rfind('\n').map_or(0, |at| at + 1);
    text[start..].lines().next().unwrap_or_default()
}

/// Makes HTML of a lecturer's notes, which hold neither blocks nor links to steps: the window that
/// shows them stays where it is.
pub fn render_notes(block: &Block) -> Result<String, Problem> {
    let wrong = |line: &Line, found: &str, remedy: &str| {
        Err(Problem::new(line, "notes of text and formulas", &found.to_owned(), remedy))
    };
    if block.text.trim().is_empty() {
        return wrong(&block.line, "nothing", "write what the lecturer says or asks, or leave the block out");
    }
    let Rendered { html, blocks, links } = render(&block.line, &block.text)?;
    if let Some(inner) = blocks.first() {
        return wrong(&inner.line, "a block for the Lab", "put the block outside of the notes");
    }
    if let Some((line, place)) = links.first() {
        return wrong(line, &format!("a link to \"{place}\""), "name the step in words");
    }
    Ok(html)
}

/// Makes HTML of one line, without a paragraph around it.
pub fn render_line(line: &Line, text: &str) -> Result<String, Problem> {
    // The text stands on the line itself.
    let above = Line { number: line.number - 1, ..line.clone() };
    let html = render(&above, text)?.html;
    let inner = html.trim().strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    inner.map(str::to_owned).ok_or_else(|| {
        Problem::new(line, "a title of one line", &format!("\"{text}\""), "write words and formulas only")
    })
}

/// The kind of a block.
fn kind(line: &Line, info: &str) -> Result<Kind, Problem> {
    let found = Kind::ALL.into_iter().find(|(_, name)| *name == info);
    found.map(|(kind, _)| kind).ok_or_else(|| {
        let names: Vec<&str> = Kind::ALL.iter().map(|(_, name)| *name).chain([QUESTION]).collect();
        let remedy = format!("blocks are {}, as in ```{}", names.join(", "), names[0]);
        Problem::new(line, "a block that is known", &format!("\"{info}\""), &remedy)
    })
}

/// A question whose answer can be opened.
fn question(line: &Line, text: &str, all: &mut Rendered) -> Result<String, Problem> {
    let parts: Vec<&str> = text.split_inclusive('\n').collect();
    let Some(at) = parts.iter().position(|part| part.trim_end() == ANSWER) else {
        let remedy = "put a line --- between the question and its answer";
        return Err(Problem::new(line, "a question and an answer", &"no line ---", remedy));
    };
    let mut half = |from: &Line, text: String, what: &str| {
        if text.trim().is_empty() {
            return Err(Problem::new(from, what, &"nothing", "write it, or leave the question out"));
        }
        let Rendered { html, blocks, links } = render(from, &text)?;
        if let Some(block) = blocks.first() {
            let remedy = "put the block outside of the question";
            return Err(Problem::new(&block.line, "text", &"a block for the Lab", remedy));
        }
        all.links.extend(links);
        Ok(html)
    };
    let question = half(line, parts[..at].concat(), "a question")?;
    let answer = half(&line.plus(at + 1), parts[at + 1..].concat(), "an answer")?;
    Ok(format!(
        "<div class=\"question\">{question}<details><summary>Show the answer</summary>{answer}</details></div>\n"
    ))
}

/// What a link begins with in HTML.
fn link(line: &Line, target: &str, all: &mut Rendered) -> Result<CowStr<'static>, Problem> {
    let mut escaped = String::new();
    for c in target.chars() {
        match c {
            '"' => escaped.push_str("&quot;"),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            other => escaped.push(other),
        }
    }
    if let Some(place) = target.strip_prefix(LESSON) {
        all.links.push((line.clone(), place.to_owned()));
        return Ok(format!("<a href=\"#lesson={}\">", &escaped[LESSON.len()..]).into());
    }
    if !target.starts_with("https://") {
        let remedy = "write https://… or lesson:catapult-2";
        return Err(Problem::new(line, "a link to a page or to a step", &format!("\"{target}\""), remedy));
    }
    Ok(format!("<a href=\"{escaped}\" target=\"_blank\" rel=\"noopener\">").into())
}

/// A formula as MathML.
fn mathml(line: &Line, tex: &str, display_mode: DisplayMode) -> Result<String, Problem> {
    let storage = Storage::new();
    let wrong = |found: &str| {
        let remedy = "mend the formula; a dollar sign that is meant as such is written \\$";
        Problem::new(line, "a formula in LaTeX", &format!("\"{tex}\", {found}"), remedy)
    };
    for event in pulldown_latex::Parser::new(tex, &storage) {
        if let Err(error) = event {
            let said = error.to_string();
            return Err(wrong(&said.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    let mut mathml = String::new();
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    push_mathml(&mut mathml, pulldown_latex::Parser::new(tex, &storage), config)
        .map_err(|error| wrong(&error.to_string()))?;
    // The renderer escapes its own entity for a space, so that it would be read as letters.
    let mathml = mathml.replace("&amp;nbsp;", "\u{a0}");
    // The renderer writes what it cannot read into the formula, in red; and the page's policy
    // forbids inline styles.
    for sign in ["<merror", " style="] {
        if mathml.contains(sign) {
            return Err(wrong("which would need a style of its own"));
        }
    }
    if let Some(kind) = malformed(&mathml) {
        return Err(wrong(&format!(
            "of which the renderer makes a {kind} that browsers do not set; put what stands before it in braces"
        )));
    }
    Ok(mathml)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::path::Path;

    use super::*;

    fn rendered(text: &str) -> Result<Rendered, Problem> {
        render(&Line::of(Path::new("a.md"), 10), text)
    }

    #[test]
    fn formulas_are_mathml_and_the_rest_is_html() {
        let html = rendered("The *edge* is $2/\\eta$.\n\n$$\\lambda_1 = y^2$$\n").unwrap().html;
        assert!(html.starts_with("<p>The <em>edge</em> is <math"), "{html}");
        assert_eq!(html.matches("<math").count(), 2);
        assert!(html.contains("display=\"block\"") && !html.contains(" style="), "{html}");
    }

    #[test]
    fn a_formula_that_browsers_would_not_set_is_refused() {
        let error = rendered("It is $a,\\ \\max_{i} x_i$.").unwrap_err().to_string();
        assert!(error.contains("makes a msub") && error.contains("a.md:11"), "{error}");
        assert!(rendered("It is $a,\\ {\\max}_{i} x_i$.").is_ok());
    }

    #[test]
    fn a_dollar_sign_can_be_meant() {
        assert_eq!(rendered("It costs 2 \\$ and 3 \\$.").unwrap().html, "<p>It costs 2 $ and 3 $.</p>\n");
    }

    #[test]
    fn a_question_hides_its_answer() {
        let text = "```question\nWill it *diverge*?\n---\nNo: $2 < 3$.\n```\n\nAfter.";
        let html = rendered(text).unwrap().html;
        assert!(
            html.contains("<em>diverge</em>?</p>\n<details><summary>Show the answer</summary><p>No: <math"),
            "{html}"
        );
        assert!(html.trim_end().ends_with("<p>After.</p>"), "{html}");
    }

    #[test]
    fn blocks_are_taken_out_with_the_lines_that_they_stand_on() {
        let Rendered { html, blocks, .. } = rendered("One.\n\n```claims\nrun 1 diverges\n```\n").unwrap();
        assert_eq!(html, "<p>One.</p>\n");
        assert_eq!(
            (blocks[0].kind, blocks[0].text.as_str(), blocks[0].line.number),
            (Kind::Claims, "run 1 diverges\n", 13)
        );
    }

    #[test]
    fn links_go_to_pages_and_to_steps() {
        let Rendered { html, links, .. } = rendered("[a](https://a.org/?b&c) and [b](lesson:edge-2)").unwrap();
        assert!(html.contains("<a href=\"https://a.org/?b&amp;c\" target=\"_blank\" rel=\"noopener\">a</a>"), "{html}");
        assert!(html.contains("<a href=\"#lesson=edge-2\">b</a>"), "{html}");
        assert_eq!(links, [(Line::of(Path::new("a.md"), 11), "edge-2".to_owned())]);
    }

    #[test]
    fn what_the_page_could_not_show_is_refused_with_its_line() {
        for (text, line, found) in [
            ("One.\n\nTwo <b>bold</b>", 13, "<b>"),
            ("<script>alert(1)</script>", 11, "<script>"),
            ("![a](https://a.org/a.png)", 11, "a picture"),
            ("[a](javascript:alert)", 11, "javascript:alert"),
            ("[a](http://a.org)", 11, "http://a.org"),
            ("One.\n\n$\\frac{1$", 13, "\\frac{1"),
            ("One $x = 2 and on", 11, "x = 2 and on"),
            ("$\\nonsense$", 11, "\\nonsense"),
            ("# Large", 11, "a higher level"),
            ("```python\n1\n```", 11, "\"python\""),
            ("```question\nWhy?\n```", 11, "no line ---"),
            ("```question\nWhy?\n---\n```", 13, "nothing"),
            ("```question\nWhy?\n---\n<i>so</i>\n```", 14, "<i>"),
        ] {
            let error = rendered(text).expect_err(text).to_string();
            assert!(error.starts_with(&format!("a.md:{line}: ")) && error.contains(found), "{text}: {error}");
        }
    }
}
