//! Running other programs: with errors that name the command and what to do, and without leaving
//! any behind.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// When this program started (or rather, when it first looked).
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The children that run now; each leads a process group of its own.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// A signal asked us to stop.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// How often a long, silent command shows that it is still at work.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// Prints a progress line with the time since the start.
pub fn progress(text: &str) {
    println!("[{}] {text}", clock(START.elapsed()));
    let _ = io::stdout().flush();
}

/// `duration` as minutes and seconds.
pub fn clock(duration: Duration) -> String {
    let seconds = duration.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// On Ctrl-C, or when asked to terminate, stops every child with all its descendants before
/// leaving.
pub fn stop_children_with_us() {
    LazyLock::force(&START);
    let handler = || {
        INTERRUPTED.store(true, Ordering::SeqCst);
        let groups = RUNNING.lock().unwrap_or_else(PoisonError::into_inner).clone();
        stop(&groups);
        std::process::exit(130);
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        eprintln!("warning: Ctrl-C may leave programs behind ({error})");
    }
}

/// Waits for the end when a signal came: the failures that follow from it are nobody's concern.
pub fn hold_if_interrupted() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_secs(1));
    }
}

/// Asks the process groups to end, and ends those that have not done so after three seconds.
#[cfg(unix)]
fn stop(groups: &[u32]) {
    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;

    let groups: Vec<Pid> = groups.iter().filter_map(|&id| i32::try_from(id).ok()).map(Pid::from_raw).collect();
    for &group in &groups {
        let _ = killpg(group, Signal::SIGTERM);
    }
    let patience = Instant::now() + Duration::from_secs(3);
    while Instant::now() < patience && groups.iter().any(|&group| killpg(group, None).is_ok()) {
        thread::sleep(Duration::from_millis(50));
    }
    for &group in &groups {
        let _ = killpg(group, Signal::SIGKILL);
    }
}

/// A console delivers Ctrl-C to every program in it.
#[cfg(not(unix))]
fn stop(_groups: &[u32]) {}

/// A command to run.
pub struct Run {
    command: Command,
    hint: Option<String>,
    interactive: bool,
}

/// What a logged command did.
pub struct Logged {
    /// How it ended.
    pub status: ExitStatus,
    /// Standard output and standard error, as they came.
    pub output: String,
}

impl Run {
    /// `program`, to be run in the repository.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.current_dir(crate::paths::root());
        // Cargo describes this package to us in the environment: no concern of other programs, and
        // some would rebuild.
        for (name, _) in std::env::vars_os() {
            let name_shown = name.to_string_lossy();
            if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
                .iter()
                .any(|prefix| name_shown.starts_with(prefix))
            {
                command.env_remove(&name);
            }
        }
        Self { command, hint: None, interactive: false }
    }

    /// Cargo itself, the one that runs us.
    pub fn cargo() -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
    }

    /// Adds one argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    pub fn args<I: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = I>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Unsets an environment variable.
    pub fn without_env(mut self, name: impl AsRef<OsStr>) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Runs in `folder`.
    pub fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// What the reader can do when this fails.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// May ask the person at the terminal something, such as a password.
    pub fn interactive(mut self) -> Self {
        self.interactive = true;
        self
    }

    /// Runs to the end, talking to the terminal. Anything but success is an error.
    pub fn run(mut self) -> Result<()> {
        let status = self.spawn()?.wait();
        let status = status.with_context(|| format!("waiting for `{}`", self.shown()))?;
        self.judge(status, "")
    }

    /// Runs to the end and returns what it wrote to standard output. Anything but success is an
    /// error.
    pub fn capture(mut self) -> Result<String> {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = self.spawn()?;
        let (stdout, stderr) = (running.child.stdout.take(), running.child.stderr.take());
        let complaints = thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stderr.map(|mut pipe| pipe.read_to_end(&mut bytes));
            bytes
        });
        let mut output = Vec::new();
        let _ = stdout.map(|mut pipe| pipe.read_to_end(&mut output));
        let status = running.wait().with_context(|| format!("waiting for `{}`", self.shown()))?;
        let complaints = complaints.join().unwrap_or_default();
        self.judge(status, &String::from_utf8_lossy(&complaints))?;
        Ok(String::from_utf8_lossy(&output).into_owned())
    }

    /// Runs to the end with everything it prints kept in the file `log`, and shown as well if
    /// `verbose`. How it ended is for the caller to judge.
    pub fn logged(mut self, log: &Path, verbose: bool) -> Result<Logged> {
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("writing the log {}", log.display()))?;
        writeln!(file, "$ {}", self.shown())?;
        if verbose {
            println!("$ {}", self.shown());
        }
        let (reader, writer) = io::pipe().context("opening a pipe")?;
        self.command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
        let mut running = self.spawn()?;
        // The command keeps our ends of the pipe until it is gone; without them the reader sees the
        // end.
        self.command.stdout(Stdio::null()).stderr(Stdio::null());

        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            let mut reader = BufReader::new(reader);
            let mut line = Vec::new();
            while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
                line.clear();
            }
        });
        let mut output = String::new();
        let mut last = Instant::now();
        loop {
            match lines.recv_timeout(Duration::from_secs(1)) {
                Ok(line) => {
                    file.write_all(line.as_bytes())?;
                    if verbose {
                        print!("{line}");
                    }
                    output.push_str(&line);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            // A grandchild that outlives the command must not keep us waiting for the end of the
            // pipe.
            if running.child.try_wait().ok().flatten().is_some() {
                while let Ok(line) = lines.recv_timeout(Duration::from_millis(300)) {
                    file.write_all(line.as_bytes())?;
                    if verbose {
                        print!("{line}");
                    }
                    output.push_str(&line);
                }
                break;
            }
            if !verbose && last.elapsed() >= SIGN_OF_LIFE {
                last = Instant::now();
                let line = output.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
                progress(&format!("    … {}", line.chars().take(100).collect::<String>()));
            }
        }
        let status = running.wait().with_context(|| format!("waiting for `{}`", self.shown()))?;
        Ok(Logged { status, output })
    }

    /// Starts the command, to be stopped with us.
    fn spawn(&mut self) -> Result<Running> {
        hold_if_interrupted();
        #[cfg(unix)]
        if !self.interactive {
            std::os::unix::process::CommandExt::process_group(&mut self.command, 0);
        }
        let child = self.command.spawn();
        let child = child.with_context(|| {
            let hint = self.hint.as_deref().unwrap_or("is the program installed, and on the PATH?");
            format!("`{}` could not be started ({hint})", self.shown())
        })?;
        if !self.interactive {
            RUNNING.lock().unwrap_or_else(PoisonError::into_inner).push(child.id());
        }
        Ok(Running { child })
    }

    /// An error unless `status` is success.
    fn judge(&self, status: ExitStatus, complaints: &str) -> Result<()> {
        hold_if_interrupted();
        if status.success() {
            return Ok(());
        }
        let mut text = format!("`{}` failed ({status}).", self.shown());
        if !complaints.trim().is_empty() {
            text.push_str(&format!("\n{}", complaints.trim_end()));
        }
        if let Some(hint) = &self.hint {
            text.push_str(&format!("\nWhat to do: {hint}"));
        }
        bail!(text)
    }

    /// The command as one would type it.
    fn shown(&self) -> String {
        let program = PathBuf::from(self.command.get_program());
        let mut text = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for argument in self.command.get_args() {
            let argument = argument.to_string_lossy();
            text.push(' ');
            if argument.is_empty() || argument.contains(char::is_whitespace) {
                text.push_str(&format!("'{argument}'"));
            } else {
                text.push_str(&argument);
            }
        }
        text
    }
}

/// A child that is known to [`stop_children_with_us`] as long as this lives.
struct Running {
    child: Child,
}

impl Running {
    fn wait(&mut self) -> io::Result<ExitStatus> {
        self.child.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).retain(|&id| id != self.child.id());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_shows_minutes_and_seconds() {
        assert_eq!(clock(Duration::from_millis(7_900)), "0:07");
        assert_eq!(clock(Duration::from_secs(754)), "12:34");
    }

    #[test]
    fn a_command_is_shown_as_typed() {
        let run = Run::new("/usr/bin/cargo").args(["test", "a b", ""]);
        assert_eq!(run.shown(), "cargo test 'a b' ''");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = Run::new("flatland-has-no-such-program").hint("install it").run().expect_err("no such program");
        let text = format!("{error:#}");
        assert!(text.contains("flatland-has-no-such-program") && text.contains("install it"), "{text}");
    }

    #[cfg(unix)]
    #[test]
    fn a_failure_names_the_command_its_status_and_what_to_do() {
        let error = Run::new("sh").args(["-c", "echo oh >&2; exit 3"]).hint("look up").capture().expect_err("exit 3");
        let text = format!("{error:#}");
        for part in ["sh -c", "3", "oh", "What to do: look up"] {
            assert!(text.contains(part), "{part} is missing from: {text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_log_holds_both_streams_and_does_not_wait_for_grandchildren() {
        let log = std::env::temp_dir().join(format!("xtask-log-{}", std::process::id()));
        let start = Instant::now();
        let logged = Run::new("sh")
            .args(["-c", "echo out; echo err >&2; sleep 20 & exit 4"])
            .logged(&log, false)
            .expect("sh runs");
        let kept = std::fs::read_to_string(&log).expect("the log is there");
        let _ = std::fs::remove_file(&log);
        assert_eq!(logged.status.code(), Some(4));
        assert!(logged.output.contains("out\n") && logged.output.contains("err\n"));
        assert!(kept.ends_with(&logged.output));
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}
