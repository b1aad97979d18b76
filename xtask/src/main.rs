//! `cargo xtask`: everything a contributor does with this repository, from a fresh machine on.
//!
//! Each command first installs what it needs and lacks, once (module [`setup`]), into `.tools/` or
//! the folder that the environment variable `FLATLAND_TOOLS` names.

mod archive;
mod browser_scripts;
mod checks;
mod chunks;
mod notebook;
mod package;
mod page;
mod paths;
mod process;
mod report;
mod serve;
mod setup;
mod size;
mod verdict;
mod wasm_bench;
mod wheel;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::*;

/// What `cargo xtask help` prints.
const HELP: &str = "\
Flatland's build commands. Each one first installs what it needs and lacks.

    cargo xtask serve [--port N] [--open] [--no-build] [--dev]
        Build the page and serve it on http://localhost:8080 (or the next free port).
    cargo xtask build [--dev]
        Leave the static site in dist/.
    cargo xtask zip [--no-build]
        Leave the static site in pkg/flatland-site.zip, for any web server.
    cargo xtask size
        Say what the page in dist/ weighs: the first load, and what is fetched on request.
    cargo xtask test [--only NAME]... [--skip NAME]... [--no-build] [--verbose]
        Run every check and sum up. `--list` names the checks.
    cargo xtask bench [--no-build] [FILTER]
        Benchmark the engine on the host, WebAssembly against the host (FILTER: wasm), then the page in a browser.
    cargo xtask screenshots [--out DIR] [--rooms] [--no-build]
        Take pictures of the page into docs/screenshots/; with --rooms of every room and dialog,
        at five sizes, into target/rooms/.
    cargo xtask package
        Leave the engine for JavaScript in pkg/, shaped as npm likes it.
    cargo xtask wheel [--no-build]
        Leave the engine for Python in pkg/, with the page for notebooks, as a wheel for CPython 3.10 and later.
    cargo xtask setup
        Install everything the commands above need, and do nothing else.

    --dev       build without optimisation: sooner ready, slower to run
    --no-build  use dist/ as it is

    FLATLAND_TOOLS  where tools are kept (default: .tools/ in this repository)
    PYTHON          the interpreter for what is tested in Python (default: python3)
    CHROMIUM        the browser for tests (default: chromium or google-chrome on PATH)
    CHROMEDRIVER    its driver, of the same version (default: chromedriver on PATH)
    FIREFOX         Firefox (default: firefox-esr or firefox on PATH); FIREFOX_STORIES=all plays every story in it
";

fn main() -> ExitCode {
    process::stop_children_with_us();
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            process::hold_if_interrupted();
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the arguments and does what they ask. `false`: it was done, and a check failed.
fn run() -> Result<bool> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next()? {
        Some(Value(command)) => command.string()?,
        Some(Long("help") | Short('h')) | None => "help".to_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "help" => print!("{HELP}"),
        "serve" => {
            let mut options = serve::Options::default();
            while let Some(argument) = arguments.next()? {
                match argument {
                    Long("port") => options.port = arguments.value()?.parse()?,
                    Long("open") => options.open = true,
                    Long("no-build") => options.page = page::Mode::AsItIs,
                    Long("dev") => options.page = page::Mode::Dev,
                    other => return unexpected(other),
                }
            }
            serve::command(&options)?;
        }
        "build" => {
            let mut mode = page::Mode::Release;
            while let Some(argument) = arguments.next()? {
                match argument {
                    Long("dev") => mode = page::Mode::Dev,
                    other => return unexpected(other),
                }
            }
            page::command(mode)?;
        }
        "zip" => {
            let mut mode = page::Mode::Release;
            while let Some(argument) = arguments.next()? {
                match argument {
                    Long("no-build") => mode = page::Mode::AsItIs,
                    other => return unexpected(other),
                }
            }
            archive::command(mode)?;
        }
        "size" => {
            if let Some(other) = arguments.next()? {
                return unexpected(other);
            }
            page::present()?;
            println!("{}", size::measure(&paths::dist())?);
        }
        "test" => {
            let mut options = checks::Options::default();
            while let Some(argument) = arguments.next()? {
                match argument {
                    Long("only") => options.only.push(arguments.value()?.string()?),
                    Long("skip") => options.skip.push(arguments.value()?.string()?),
                    Long("no-build") => options.build = false,
                    Long("verbose") | Short('v') => options.verbose = true,
                    Long("list") => {
                        checks::list();
                        return Ok(true);
                    }
                    other => return unexpected(other),
                }
            }
            return checks::command(&options);
        }
        "bench" => {
            let mut mode = page::Mode::Release;
            let mut filter = None;
            while let Some(argument) = arguments.next()? {
                match argument {
                    Long("no-build") => mode = page::Mode::AsItIs,
                    Value(value) if filter.is_none() => filter = Some(value.string()?),
                    other => return unexpected(other),
                }
            }
            return browser_scripts::bench(mode, filter.as_deref());
        }
        "screenshots" => {
            let mut mode = page::Mode::Release;
            let mut out = None;
            let mut rooms = false;
            while let Some(argument) = arguments.next()? {
                match argument {
                    Long("no-build") => mode = page::Mode::AsItIs,
                    Long("out") => out = Some(PathBuf::from(arguments.value()?)),
                    Long("rooms") => rooms = true,
                    other => return unexpected(other),
                }
            }
            let usual = if rooms { paths::target().join("rooms") } else { PathBuf::from("docs/screenshots") };
            browser_scripts::screenshots(mode, &out.unwrap_or(usual), rooms)?;
        }
        "package" => {
            if let Some(other) = arguments.next()? {
                return unexpected(other);
            }
            package::command()?;
        }
        "wheel" => {
            let mut mode = page::Mode::Release;
            while let Some(argument) = arguments.next()? {
                match argument {
                    Long("no-build") => mode = page::Mode::AsItIs,
                    other => return unexpected(other),
                }
            }
            wheel::command(mode)?;
        }
        "setup" => {
            if let Some(other) = arguments.next()? {
                return unexpected(other);
            }
            setup::everything()?;
        }
        other => bail!("there is no command {other:?}.\n\n{HELP}"),
    }
    Ok(true)
}

/// The error for an argument that the command does not know.
fn unexpected<T>(argument: lexopt::Arg<'_>) -> Result<T> {
    bail!("{}.\n\n{HELP}", argument.unexpected())
}
