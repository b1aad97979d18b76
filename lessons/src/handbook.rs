//! The documentation as pages of the site: the README and what lies in `docs/`, each with a list of
//! all pages beside it.
//!
//! Links from page to page are held to what is there: a page or a heading that is missing is a
//! problem of the file that links to it. What else of the repository is linked to is no part of the
//! site, and stays as plain words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use crate::problem::{Line, Problem};

/// The pages in groups: the file, and the title in the list.
const GROUPS: [(&str, &[(&str, &str)]); 2] = [
    (
        "Using it",
        &[
            ("README.md", "Overview"),
            ("docs/tour.md", "A tour"),
            ("docs/glossary.md", "Glossary"),
            ("docs/phases.md", "What a run is doing"),
            ("docs/networks.md", "Networks"),
            ("docs/python.md", "In Python"),
            ("docs/cluster.md", "On a cluster"),
            ("docs/hosting.md", "Hosting the page"),
        ],
    ),
    (
        "Working on it",
        &[
            ("docs/lessons.md", "Writing a lesson"),
            ("docs/architecture.md", "How it is built"),
            ("docs/mutants.md", "How good the tests are"),
        ],
    ),
];

/// The folder of the pages within the site.
pub const FOLDER: &str = "docs";
/// The folder of pictures within the repository.
const PICTURES: &str = "docs/screenshots/";

/// A page, made.
#[derive(Debug)]
pub struct Page {
    /// The name of its file.
    pub name: String,
    /// All of it.
    pub html: String,
    /// The pictures that it shows, by their files in the repository.
    pub pictures: BTreeSet<String>,
}

/// What a page links to, and from which line.
type Links = Vec<(Line, String)>;

/// The content of a page before all of them are known.
struct Content {
    file: &'static str,
    title: &'static str,
    /// Its first words.
    summary: String,
    body: String,
    anchors: BTreeSet<String>,
    links: Links,
    pictures: BTreeSet<String>,
}

/// Makes all pages of a repository.
///
/// # Errors
///
/// Files that are missing, and links to pages or headings that are not there.
pub fn pages(root: &Path) -> Result<Vec<Page>, Vec<Problem>> {
    let mut contents = Vec::new();
    for (file, title) in GROUPS.iter().flat_map(|(_, pages)| *pages) {
        let path = root.join(file);
        let text = fs::read_to_string(&path).map_err(|error| {
            vec![Problem::new(
                &Line::of(&path, 0),
                "a page of the documentation",
                &error,
                "put it back, or take it off the list of pages",
            )]
        })?;
        contents.push(content(&path, file, title, &text));
    }
    let problems = dead_links(&contents);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(contents.iter().map(page).collect())
}

/// Writes the pages and their pictures into a folder, which is made.
///
/// # Errors
///
/// If a file cannot be read or written.
pub fn write(pages: &[Page], root: &Path, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder.join("screenshots"))?;
    for Page { name, html, pictures } in pages {
        fs::write(folder.join(name), html)?;
        for picture in pictures {
            let name = picture.trim_start_matches(PICTURES);
            fs::copy(root.join(picture), folder.join("screenshots").join(name))?;
        }
    }
    Ok(())
}

/// The name of the page that a file becomes.
fn name_of(file: &str) -> String {
    match file {
        "README.md" => "index.html".to_owned(),
        file => format!("{}.html", file.trim_start_matches("docs/").trim_end_matches(".md")),
    }
}

/// The file that a link of another file means, as the repository has it.
fn resolved(from: &str, target: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn is_page(file: &str) -> bool {
    GROUPS.iter().flat_map(|(_, pages)| *pages).any(|(page, _)| *page == file)
}

/// A heading's name in links, as code hosts make them: small letters, digits, hyphens.
fn anchor(heading: &str) -> String {
    let kept = heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .collect::<String>();
    kept.replace(' ', "-")
}

/// Reads a page.
fn content(path: &Path, file: &'static str, title: &'static str, text: &str) -> Content {
    let (mut links, mut pictures, mut anchors) = (Links::new(), BTreeSet::new(), BTreeSet::new());
    let mut events: Vec<Event<'_>> = Vec::new();
    // Where a heading began among the events, with its words so far.
    let mut heading: Option<(usize, String)> = None;
    let mut is_plain = false;
    // The words of the first paragraph.
    let (mut summary, mut is_first) = (String::new(), false);
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let here = Line::of(path, 1 + text[..range.start].matches('\n').count());
        match event {
            Event::Start(Tag::Heading { .. }) => {
                heading = Some((events.len(), String::new()));
                events.push(event);
            }
            Event::End(TagEnd::Heading(level)) => {
                if let Some((at, words)) = heading.take() {
                    let id = anchor(&words);
                    events[at] = Event::Html(format!("<{level} id=\"{id}\">").into());
                    anchors.insert(id);
                }
                events.push(event);
            }
            Event::Start(Tag::Link { dest_url, .. }) => match target(file, &dest_url) {
                Target::Elsewhere => {
                    events.push(Event::InlineHtml(format!("<a href=\"{}\">", escaped(&dest_url)).into()));
                }
                Target::Page(page, place) => {
                    let address = if page == file { place.clone() } else { format!("{}{place}", name_of(&page)) };
                    events.push(Event::InlineHtml(format!("<a href=\"{}\">", escaped(&address)).into()));
                    links.push((here, format!("{page}{place}")));
                }
                Target::Nothing => is_plain = true,
            },
            Event::End(TagEnd::Link) => {
                if !std::mem::take(&mut is_plain) {
                    events.push(Event::InlineHtml("</a>".into()));
                }
            }
            Event::Start(Tag::Image { dest_url, title, link_type, id }) => {
                let picture = resolved(file, &dest_url);
                let dest_url: CowStr<'_> = picture.replacen("docs/", "", 1).into();
                pictures.insert(picture);
                events.push(Event::Start(Tag::Image { link_type, dest_url, title, id }));
            }
            Event::Start(Tag::Paragraph) => {
                is_first = summary.is_empty();
                events.push(event);
            }
            Event::End(TagEnd::Paragraph) => {
                is_first = false;
                events.push(event);
            }
            Event::SoftBreak => {
                summary.push_str(if is_first { " " } else { "" });
                events.push(event);
            }
            Event::Text(ref words) | Event::Code(ref words) => {
                summary.push_str(if is_first { words } else { "" });
                if let Some((_, said)) = &mut heading {
                    said.push_str(words);
                }
                events.push(event);
            }
            other => events.push(other),
        }
    }
    let mut body = String::new();
    html::push_html(&mut body, events.into_iter());
    // Wide tables scroll by themselves, and not the page.
    let body =
        body.replace("<table>", "<div class=\"wide\" tabindex=\"0\"><table>").replace("</table>", "</table></div>");
    // A table without heads has none.
    let body = body.replace("<th></th>", "<td></td>").replace("<pre>", "<pre tabindex=\"0\">");
    Content { file, title, summary: shortened(&summary), body, anchors, links, pictures }
}

/// The first words of a text, as many as a search engine shows.
fn shortened(text: &str) -> String {
    const MOST: usize = 155;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let start: String = text.chars().take(MOST).collect();
    format!("{} …", start.rsplit_once(' ').map_or(&*start, |(whole, _)| whole))
}

/// What a link leads to.
enum Target {
    /// Another site, or the page's own application.
    Elsewhere,
    /// A page, and a heading on it with its sign, if one is named.
    Page(String, String),
    /// A file that is no part of the site.
    Nothing,
}

fn target(from: &str, address: &str) -> Target {
    if address.contains("://") {
        return Target::Elsewhere;
    }
    let (file, place) =
        address.split_once('#').map_or((address, String::new()), |(file, place)| (file, format!("#{place}")));
    let file = if file.is_empty() { from.to_owned() } else { resolved(from, file) };
    if is_page(&file) { Target::Page(file, place) } else { Target::Nothing }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// Links to headings that are not there. Pages are known to be.
fn dead_links(contents: &[Content]) -> Vec<Problem> {
    let anchors: BTreeMap<&str, &BTreeSet<String>> =
        contents.iter().map(|content| (content.file, &content.anchors)).collect();
    let is_dead = |link: &str| {
        link.split_once('#')
            .is_some_and(|(file, place)| !anchors.get(file).is_some_and(|anchors| anchors.contains(place)))
    };
    let dead = contents.iter().flat_map(|content| &content.links).filter(|(_, link)| is_dead(link));
    dead.map(|(line, link)| {
        Problem::new(
            line,
            "a link to a heading that is there",
            &format!("\"{link}\""),
            "mend the link; headings are named by their words, in small letters with hyphens",
        )
    })
    .collect()
}

/// The page around its content.
fn page(content: &Content) -> Page {
    let mut list = String::new();
    for (group, pages) in GROUPS {
        // Writing to a string cannot fail.
        let _ = write!(list, "<h2>{group}</h2><ul>");
        for (file, title) in pages {
            let here = if *file == content.file { " aria-current=\"page\"" } else { "" };
            let _ = write!(list, "<li><a href=\"{}\"{here}>{title}</a></li>", name_of(file));
        }
        list.push_str("</ul>");
    }
    let Content { title, body, .. } = content;
    let summary = escaped(&content.summary);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'\">\n\
         <title>{title} — Flatland</title>\n<meta name=\"description\" content=\"{summary}\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" type=\"image/svg+xml\" href=\"../icon.svg\">\n\
         <link rel=\"stylesheet\" href=\"../docs.css\">\n</head>\n<body>\n\
         <header><a href=\"../\">Flatland</a><span>Documentation</span></header>\n\
         <div class=\"sheet\">\n<nav aria-label=\"Pages\">{list}</nav>\n<main>\n{body}</main>\n</div>\n</body>\n</html>\n"
    );
    Page { name: name_of(content.file), html, pictures: content.pictures.clone() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_page_is_summed_up_by_its_first_paragraph() {
        let found = read("# A title\n\nFirst \"words\"\nand `code`.\n\nOthers.");
        assert_eq!(found.summary, "First \"words\" and code.");
        assert!(page(&found).html.contains("content=\"First &quot;words&quot; and code.\""));
        let long = shortened(&"ten letters ".repeat(20));
        assert!(long.ends_with("ten …") || long.ends_with("letters …"), "{long}");
        assert!(long.chars().count() <= 157);
    }

    fn read(text: &str) -> Content {
        content(Path::new("docs/lessons.md"), "docs/lessons.md", "A", text)
    }

    #[test]
    fn links_lead_to_pages_headings_and_other_sites_and_files_are_plain_words() {
        let found = read(
            "# One `two` 2/K\n\n[a](networks.md#the-floor-2k) [b](#one-two-2k) [c](https://example.org/?a&b) [d](../LICENSE-MIT) [e](../README.md)",
        );
        assert!(found.body.contains("<h1 id=\"one-two-2k\">"), "{}", found.body);
        for part in [
            "<a href=\"networks.html#the-floor-2k\">a</a>",
            "<a href=\"#one-two-2k\">b</a>",
            "<a href=\"https://example.org/?a&amp;b\">c</a> d ",
            "<a href=\"index.html\">e</a>",
        ] {
            assert!(found.body.contains(part), "{part} in {}", found.body);
        }
        let links: Vec<&str> = found.links.iter().map(|(_, link)| link.as_str()).collect();
        assert_eq!(links, ["docs/networks.md#the-floor-2k", "docs/lessons.md#one-two-2k", "README.md"]);
    }

    #[test]
    fn a_link_to_a_heading_that_is_not_there_is_a_problem_with_its_line() {
        let contents = [read("# One\n\n[a](#two)")];
        let problems: Vec<String> = dead_links(&contents).iter().map(ToString::to_string).collect();
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("docs/lessons.md:3: ") && problems[0].contains("#two"), "{problems:?}");
    }

    #[test]
    fn all_pages_of_the_repository_are_made_with_their_pictures() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let pages = pages(&root).unwrap_or_else(|problems| {
            panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        });
        let names: Vec<&str> = pages.iter().map(|page| page.name.as_str()).collect();
        assert!(names.starts_with(&["index.html", "tour.html"]));
        assert!(pages.iter().all(|page| page.html.matches("aria-current").count() == 1));
        assert!(pages.iter().all(|page| !page.html.contains("<script")));
        let shown = pages.iter().flat_map(|page| &page.pictures).collect::<BTreeSet<_>>();
        assert!(!shown.is_empty() && shown.iter().all(|picture| root.join(picture).is_file()), "{shown:?}");
        // Whatever lies in docs/ is a page.
        let files =
            fs::read_dir(root.join("docs")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        for file in files.filter(|file| file.ends_with(".md")) {
            assert!(is_page(&format!("docs/{file}")), "{file} is no page");
        }
    }
}
