//! Turns the catalogue's formulas from LaTeX into MathML, so that the page shows them without
//! typesetting anything.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

use flatland_engine::{objective, policy, spec::Description};
use pulldown_latex::{Parser, RenderConfig, Storage, config::DisplayMode, push_mathml};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    mark_chunks();
    let objectives = objective::catalogue().iter().map(|entry| entry.description);
    let policies = policy::catalogue().iter().map(|entry| entry.description);
    let networks = objective::networks().iter().map(|entry| entry.description);
    let folder = env::var("OUT_DIR")?;
    let write = |file: &str, table| fs::write(Path::new(&folder).join(file), table);
    write("formulas.rs", table(objectives.chain(policies))?)?;
    // What is fetched with the networks' chunk.
    write("formulas_of_networks.rs", table(networks)?)?;
    Ok(())
}

/// An expression that finds the formula of a `name`.
fn table(descriptions: impl Iterator<Item = &'static Description>) -> Result<String, Box<dyn Error>> {
    let mut table = String::from("match name {\n");
    for description in descriptions {
        writeln!(table, "{:?} => {:?},", description.name, mathml(description)?)?;
    }
    table.push_str("_ => \"\",\n}");
    Ok(table)
}

/// Where `cargo xtask` asks for it, the program is split into chunks (`page/build.rs`,
/// `xtask/src/chunks.rs`). Without that it is in one piece.
fn mark_chunks() {
    println!("cargo::rustc-check-cfg=cfg(chunks)");
    // On the host, where the lessons are read while the page is built, it changes nothing.
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rerun-if-env-changed=FLATLAND_CHUNKS");
        if env::var_os("FLATLAND_CHUNKS").is_some() {
            println!("cargo::rustc-cfg=chunks");
        }
    }
}

/// A formula as MathML. What stands apart in it is an element of its own: lines break only between
/// elements.
fn mathml(description: &Description) -> Result<String, Box<dyn Error>> {
    let mut mathml = String::new();
    for part in parts(description.latex) {
        let storage = Storage::new();
        let config = RenderConfig { display_mode: DisplayMode::Inline, ..RenderConfig::default() };
        if !mathml.is_empty() {
            mathml.push(' ');
        }
        push_mathml(&mut mathml, Parser::new(part, &storage), config)?;
    }
    // The renderer escapes its own entity for a space, so that it would be read as letters.
    let mathml = mathml.replace("&amp;nbsp;", "\u{a0}");
    // The renderer writes what it cannot read into the formula, in red; and the page's policy
    // forbids inline styles.
    for sign in ["<merror", " style=", "ParserError", "&amp;"] {
        if mathml.contains(sign) {
            return Err(format!("the formula of {} does not render: {mathml}", description.name).into());
        }
    }
    Ok(mathml)
}

/// The parts of a formula between wide spaces that stand in no group; a long one is parted before
/// its inequalities too.
fn parts(latex: &str) -> Vec<&str> {
    const LONG: usize = 60;
    let parts = outer(latex, r"\quad").into_iter().map(|part| part.strip_prefix(r"\quad").unwrap_or(part).trim());
    parts.flat_map(|part| if part.len() > LONG { outer(part, r"\le ") } else { vec![part] }).collect()
}

/// The pieces of a formula that begin at a command, where it stands in no group.
fn outer<'a>(latex: &'a str, command: &str) -> Vec<&'a str> {
    let (mut pieces, mut begin, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, sign) in latex.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '\\' if depth == 0 && at > begin && latex[at..].starts_with(command) => {
                pieces.push(latex[begin..at].trim());
                begin = at;
            }
            _ => {}
        }
    }
    pieces.push(latex[begin..].trim());
    pieces
}
