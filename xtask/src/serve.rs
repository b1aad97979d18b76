//! A small server of static files: for looking at the built page and for the browser tests.

use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use crate::process::{Run, progress};
use crate::{page, paths};

/// Requests answered at the same time.
const THREADS: usize = 8;

/// Ports tried after the wanted one.
const FURTHER_PORTS: u16 = 50;

/// What `cargo xtask serve` was asked to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// The wanted port.
    pub port: u16,
    /// Open a browser as well.
    pub open: bool,
    /// How the page comes about.
    pub page: page::Mode,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 8080,
            open: false,
            page: page::Mode::Release,
        }
    }
}

/// `cargo xtask serve`: builds, serves, and goes on until it is stopped.
pub fn command(options: &Options) -> Result<()> {
    page::build(options.page)?;
    let site = Site::start(&paths::dist(), options.port)?;
    if options.port != 0 && site.port != options.port {
        progress(&format!("Port {} is taken", options.port));
    }
    progress(&format!("Flatland is at {} — stop with Ctrl-C", site.url()));
    if options.open {
        open(&site.url());
    }
    loop {
        thread::park();
    }
}

/// Shows `url` in the person's browser.
fn open(url: &str) {
    let run = if cfg!(target_os = "macos") {
        Run::new("open")
    } else if cfg!(windows) {
        Run::new("cmd").args(["/C", "start"])
    } else {
        Run::new("xdg-open")
    };
    if let Err(error) = run.arg(url).capture() {
        eprintln!("No browser could be opened: {error:#}");
    }
}

/// A folder that is being served to this machine.
pub struct Site {
    /// The port it is on.
    pub port: u16,
}

impl Site {
    /// Serves `folder` on `port`, or on the next free one; on any free one if `port` is 0.
    pub fn start(folder: &Path, port: u16) -> Result<Self> {
        let last = if port == 0 {
            0
        } else {
            port.saturating_add(FURTHER_PORTS)
        };
        let mut refusal = anyhow!("no port was tried");
        for port in port..=last {
            match Server::http(("127.0.0.1", port)) {
                Ok(server) => {
                    let port = server
                        .server_addr()
                        .to_ip()
                        .map_or(port, |address| address.port());
                    let server = Arc::new(server);
                    for _ in 0..THREADS {
                        let (server, folder) = (Arc::clone(&server), folder.to_path_buf());
                        thread::spawn(move || answer_all(&server, &folder));
                    }
                    return Ok(Self { port });
                }
                Err(error) => {
                    refusal = anyhow!(error).context(format!("no free port from {port} on"))
                }
            }
        }
        Err(refusal)
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }
}

/// Answers requests, one after the other, for ever.
fn answer_all(server: &Server, folder: &Path) {
    while let Ok(request) = server.recv() {
        // The other side may hang up at any time: nothing to be done about it.
        let _ = answer(request, folder);
    }
}

/// Answers one request.
fn answer(request: Request, folder: &Path) -> io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(plain(405, "Only GET and HEAD are served here.\n"));
    }
    let url = request.url().to_owned();
    let Some(path) = locate(folder, &url) else {
        return request.respond(plain(404, "There is no such file.\n"));
    };
    let Ok(file) = File::open(&path) else {
        return request.respond(plain(404, "There is no such file.\n"));
    };
    let mut response = Response::from_file(file).with_chunked_threshold(usize::MAX);
    for header in headers(mime(&path)) {
        response.add_header(header);
    }
    request.respond(response)
}

/// A short text with a status.
fn plain(status: u16, text: &str) -> Response<io::Cursor<Vec<u8>>> {
    let mut response = Response::from_string(text).with_status_code(StatusCode(status));
    for header in headers("text/plain; charset=utf-8") {
        response.add_header(header);
    }
    response
}

/// The headers of every response. Nothing may be cached: the next build must be seen.
fn headers(mime: &str) -> impl Iterator<Item = Header> {
    [
        ("Content-Type", mime),
        ("Cache-Control", "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    .into_iter()
    .filter_map(|(name, value)| Header::from_bytes(name, value).ok())
}

/// The file under `folder` that `url` asks for; `None` if there is none, or it is outside.
fn locate(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = percent_encoding::percent_decode_str(path)
        .decode_utf8()
        .ok()?;
    if path.contains(['\\', '\0']) {
        return None;
    }
    let relative = Path::new(path.trim_start_matches('/'));
    if !relative
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
    {
        return None;
    }
    let mut file = folder.join(relative);
    if path.ends_with('/') {
        file.push("index.html");
    }
    // A link may lead out of the folder.
    let file = file.canonicalize().ok()?;
    (file.is_file() && file.starts_with(folder.canonicalize().ok()?)).then_some(file)
}

/// The media type that a browser wants to see for a file.
fn mime(path: &Path) -> &'static str {
    match path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
    {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "csv" => "text/csv; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    use super::*;

    /// A folder with a site, and a file beside it that nobody may see.
    struct Fixture(PathBuf);

    impl Fixture {
        fn new(name: &str) -> Self {
            let parent =
                std::env::temp_dir().join(format!("xtask-serve-{name}-{}", std::process::id()));
            fs::create_dir_all(parent.join("site/a b")).expect("a temporary folder");
            fs::write(parent.join("site/index.html"), "<p>hello").expect("a file");
            fs::write(parent.join("site/a b/x.wasm"), [0; 100_000]).expect("a file");
            fs::write(parent.join("secret"), "secret").expect("a file");
            Self(parent)
        }

        fn site(&self) -> PathBuf {
            self.0.join("site")
        }
    }

    impl Drop for Fixture {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn media_types_are_the_ones_browsers_insist_on() {
        assert_eq!(mime(Path::new("a_bg.wasm")), "application/wasm");
        assert_eq!(mime(Path::new("a.js")), "text/javascript; charset=utf-8");
        assert_eq!(mime(Path::new("icon.svg")), "image/svg+xml");
        assert_eq!(mime(Path::new("none")), "application/octet-stream");
    }

    #[test]
    fn files_are_located_and_folders_lead_to_their_index() {
        let fixture = Fixture::new("locate");
        assert!(locate(&fixture.site(), "/").is_some_and(|path| path.ends_with("index.html")));
        assert!(locate(&fixture.site(), "/index.html?x=1").is_some());
        assert!(locate(&fixture.site(), "/a%20b/x.wasm").is_some());
        assert!(locate(&fixture.site(), "/a%20b").is_none());
        assert!(locate(&fixture.site(), "/missing").is_none());
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let fixture = Fixture::new("outside");
        for url in [
            "/../secret",
            "/%2e%2e/secret",
            "/a%20b/../../secret",
            "/..%5csecret",
            "//etc/passwd",
            "/%2fetc/passwd",
            "/%00",
        ] {
            assert_eq!(locate(&fixture.site(), url), None, "{url}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(fixture.0.join("secret"), fixture.site().join("link"))
                .expect("a link");
            assert_eq!(locate(&fixture.site(), "/link"), None);
        }
    }

    #[test]
    fn a_taken_port_gives_way_to_the_next() {
        let fixture = Fixture::new("ports");
        let first = Site::start(&fixture.site(), 0).expect("a free port");
        let second = Site::start(&fixture.site(), first.port).expect("another port");
        assert_ne!(first.port, second.port);
        assert_eq!(second.url(), format!("http://localhost:{}/", second.port));
    }

    #[test]
    fn responses_carry_type_length_and_no_cache() {
        let fixture = Fixture::new("answer");
        let site = Site::start(&fixture.site(), 0).expect("a free port");
        let ask = |request: &str| {
            let mut stream = TcpStream::connect(("127.0.0.1", site.port)).expect("a connection");
            write!(
                stream,
                "{request}\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            )
            .expect("a request");
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).expect("a response");
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let wasm = ask("GET /a%20b/x.wasm HTTP/1.1");
        assert!(wasm.starts_with("HTTP/1.1 200"), "{}", &wasm[..60]);
        assert!(
            wasm.contains("Content-Type: application/wasm")
                && wasm.contains("Content-Length: 100000")
        );
        assert!(
            wasm.contains("Cache-Control: no-cache")
                && wasm.contains("X-Content-Type-Options: nosniff")
        );
        assert!(ask("GET /missing HTTP/1.1").starts_with("HTTP/1.1 404"));
        assert!(ask("DELETE / HTTP/1.1").starts_with("HTTP/1.1 405"));
        assert!(!ask("HEAD / HTTP/1.1").contains("hello"));
    }
}
