//! Within each crate the modules of `src/` lie in layers: what a module uses does not use it in
//! turn.
//!
//! Modules are those directly below `src/`; tests and comments do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The crates, by their folders in the repository; `page/` and `vectors/` are one file each.
const CRATES: [&str; 15] = [
    ".",
    "engine",
    "perceptron",
    "compiler",
    "atlas",
    "atlas/drawing",
    "atlas/card",
    "gpu",
    "export",
    "lessons",
    "host",
    "cli",
    "js",
    "python",
    "xtask",
];

/// Which module uses which others.
type Graph = BTreeMap<String, BTreeSet<String>>;

#[test]
fn modules_use_each_other_in_one_direction() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository");
    for name in CRATES {
        let graph = graph(&root.join(name).join("src"));
        assert!(!graph.is_empty(), "{name} has no modules");
        if let Some(cycle) = cycle(&graph) {
            panic!("modules of {name} use each other in a circle: {}", cycle.join(" → "));
        }
    }
}

#[test]
fn a_circle_is_found_and_named() {
    let uses = |pairs: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in pairs {
            graph.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        graph
    };
    assert_eq!(cycle(&uses(&[("a", "b"), ("b", "c"), ("a", "c")])), None);
    assert_eq!(cycle(&uses(&[("a", "b"), ("b", "c"), ("c", "b")])).expect("a circle"), ["b", "c", "b"]);
    let text = "use crate::{a::{x, y}, b, C};\nfn f() { crate::d::g() } // crate::no\n\
                #[cfg(test)]\nmod tests {\n use crate::no; }";
    assert_eq!(used(&code(text)), ["C", "a", "b", "d"].map(str::to_owned).into());
}

/// The modules of a crate.
fn graph(src: &Path) -> Graph {
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    let mut root = String::new();
    for file in files(src) {
        let path = file.strip_prefix(src).expect("within").to_owned();
        let first = path.iter().next().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("a text");
        match first.strip_suffix(".rs").unwrap_or(&first) {
            _ if path.file_name().is_some_and(|name| name == "tests.rs") => {}
            "lib" | "main" => root.push_str(&code(&text)),
            module => modules.entry(module.to_owned()).or_default().push_str(&code(&text)),
        }
    }
    // Names that the root exports again stand for the modules that they come from.
    let exported: BTreeMap<String, String> = root
        .split("pub use ")
        .skip(1)
        .filter_map(|rest| rest.split(';').next()?.split_once("::"))
        .flat_map(|(module, names)| {
            let names = names.split(|c: char| !is_name(c));
            names.map(|name| (name.to_owned(), module.to_owned())).collect::<Vec<_>>()
        })
        .collect();
    let used_by = |(module, text): (&String, &String)| {
        let resolved = used(text).into_iter().map(|name| exported.get(&name).cloned().unwrap_or(name));
        (module.clone(), resolved.filter(|name| name != module && modules.contains_key(name)).collect())
    };
    modules.iter().map(used_by).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The text without comments and without its tests, which come last.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The first name behind each `crate::`; of `crate::{…}` the first name of each entry.
fn used(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            found.insert(rest.chars().take_while(|c| is_name(*c)).collect());
            continue;
        };
        let mut depth = 0;
        for entry in group.split_inclusive(['{', '}', ',']) {
            if depth == 0 {
                found.insert(entry.trim_start().chars().take_while(|c| is_name(*c)).collect());
            }
            match entry.chars().next_back() {
                Some('{') => depth += 1,
                Some('}') if depth == 0 => break,
                Some('}') => depth -= 1,
                _ => {}
            }
        }
    }
    found.remove("");
    found
}

/// A circle, from a module back to itself, if there is one.
fn cycle(graph: &Graph) -> Option<Vec<String>> {
    fn visit(graph: &Graph, module: &str, path: &mut Vec<String>, done: &mut BTreeSet<String>) -> Option<Vec<String>> {
        if let Some(start) = path.iter().position(|known| known == module) {
            return Some(path[start..].iter().cloned().chain([module.to_owned()]).collect());
        }
        if done.contains(module) {
            return None;
        }
        path.push(module.to_owned());
        for next in graph.get(module).into_iter().flatten() {
            if let Some(found) = visit(graph, next, path, done) {
                return Some(found);
            }
        }
        path.pop();
        done.insert(module.to_owned());
        None
    }
    let mut done = BTreeSet::new();
    graph.keys().find_map(|module| visit(graph, module, &mut Vec::new(), &mut done))
}
