//! A small server of static files: for looking at the built page and for the browser tests.

use std::convert::Infallible;
use std::fs;
use std::net::TcpListener;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context as _, Result, anyhow};
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::TokioIo;

use crate::process::{Run, progress};
use crate::{page, paths};

/// The media type of plain text.
const PLAIN: &str = "text/plain; charset=utf-8";

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
        Self { port: 8080, open: false, page: page::Mode::Release }
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
    /// Serves `folder` on `port`, or on the next free one; on any free one if `port` is 0. Until
    /// the program ends.
    pub fn start(folder: &Path, port: u16) -> Result<Self> {
        let listener = listen(port)?;
        let port = listener.local_addr()?.port();
        // One thread for all connections: they interleave, and files of this size are read in no
        // time.
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_io().build().context("starting the server")?;
        let folder: Arc<Path> = folder.into();
        thread::spawn(move || runtime.block_on(accept(listener, folder)));
        Ok(Self { port })
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }
}

/// The first free port from `port` on; any if it is 0.
fn listen(port: u16) -> Result<TcpListener> {
    let last = if port == 0 { 0 } else { port.saturating_add(FURTHER_PORTS) };
    let mut refusal = anyhow!("no port was tried");
    for port in port..=last {
        match TcpListener::bind(("127.0.0.1", port)) {
            Ok(listener) => {
                listener.set_nonblocking(true)?;
                return Ok(listener);
            }
            Err(error) => refusal = anyhow!(error),
        }
    }
    Err(refusal).with_context(|| format!("none of the ports {port} to {last} can be used"))
}

/// Takes connections, for ever.
async fn accept(listener: TcpListener, folder: Arc<Path>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        // A connection may be gone before we look: nothing to be done about it, here or below.
        let Ok((stream, _)) = listener.accept().await else { continue };
        let folder = Arc::clone(&folder);
        tokio::spawn(async move {
            let service = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
                let response = answer(request.method(), request.uri().path(), &folder);
                async { Ok::<_, Infallible>(response) }
            });
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// Answers one request.
fn answer(method: &Method, url_path: &str, folder: &Path) -> Response<Full<Bytes>> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        let mut response = respond(StatusCode::METHOD_NOT_ALLOWED, PLAIN, "Only GET and HEAD are served here.\n");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let file = locate(folder, url_path).and_then(|path| Some((mime(&path), fs::read(path).ok()?)));
    match file {
        Some((mime, bytes)) => respond(StatusCode::OK, mime, bytes),
        None => respond(StatusCode::NOT_FOUND, PLAIN, "There is no such file.\n"),
    }
}

/// A response. Nothing may be cached: the next build must be seen.
fn respond(status: StatusCode, mime: &'static str, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The file under `folder` that `url` asks for; `None` if there is none, or it is outside.
fn locate(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    if path.contains(['\\', '\0']) {
        return None;
    }
    let relative = Path::new(path.trim_start_matches('/'));
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
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
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
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
        "txt" | "md" => PLAIN,
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    use super::*;

    /// A folder with a site, and a file beside it that nobody may see.
    struct Fixture(PathBuf);

    impl Fixture {
        fn new(name: &str) -> Self {
            let parent = std::env::temp_dir().join(format!("xtask-serve-{name}-{}", std::process::id()));
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
            std::os::unix::fs::symlink(fixture.0.join("secret"), fixture.site().join("link")).expect("a link");
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
            write!(stream, "{request}\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("a request");
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).expect("a response");
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let wasm = ask("GET /a%20b/x.wasm?v=1 HTTP/1.1").to_lowercase();
        assert!(wasm.starts_with("http/1.1 200"), "{}", &wasm[..60]);
        assert!(wasm.contains("content-type: application/wasm") && wasm.contains("content-length: 100000"));
        assert!(wasm.contains("cache-control: no-cache") && wasm.contains("x-content-type-options: nosniff"));
        assert!(ask("GET / HTTP/1.1").ends_with("<p>hello"));
        assert!(ask("GET /missing HTTP/1.1").starts_with("HTTP/1.1 404"));
        assert!(ask("DELETE / HTTP/1.1").starts_with("HTTP/1.1 405"));
        let head = ask("HEAD / HTTP/1.1");
        assert!(head.contains("content-length: 8") && !head.contains("hello"), "{head}");
    }

    #[test]
    fn idle_connections_keep_nobody_waiting() {
        let fixture = Fixture::new("idle");
        let site = Site::start(&fixture.site(), 0).expect("a free port");
        let connect = || TcpStream::connect(("127.0.0.1", site.port)).expect("a connection");
        let idle: Vec<TcpStream> = (0..50).map(|_| connect()).collect();
        let mut stream = connect();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).expect("a time limit");
        write!(stream, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("a request");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("an answer in time");
        assert!(text.ends_with("<p>hello"));
        drop(idle);
    }
}
