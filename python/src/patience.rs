//! Hearing an interrupt (Ctrl+C) while the engine computes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// How often signals are looked at.
const INTERVAL: Duration = Duration::from_millis(50);

/// Looks at signals from time to time, in the thread that computes; that thread has let go of the
/// interpreter.
pub struct Patience(Instant);

impl Patience {
    /// Begins to wait.
    pub fn new() -> Self {
        Self(Instant::now())
    }

    /// What a signal handler raises, such as `KeyboardInterrupt`.
    pub fn check(&mut self) -> PyResult<()> {
        if self.0.elapsed() < INTERVAL {
            return Ok(());
        }
        self.0 = Instant::now();
        Python::attach(|py| py.check_signals())
    }
}

/// Does `work` on another thread while this one, without the interpreter, looks at signals. Once one
/// raises, what `work` is given turns true, so that it can end early.
///
/// # Errors
///
/// What a signal handler raises.
pub fn interruptible<T: Send>(py: Python<'_>, work: impl FnOnce(&AtomicBool) -> T + Send) -> PyResult<T> {
    let is_over = AtomicBool::new(false);
    py.detach(|| {
        thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            let is_over = &is_over;
            scope.spawn(move || {
                // Nobody receives where an interrupt came first.
                let _ = sender.send(work(is_over));
            });
            loop {
                match receiver.recv_timeout(INTERVAL) {
                    Ok(done) => return Ok(done),
                    Err(RecvTimeoutError::Timeout) => Python::attach(|py| py.check_signals())
                        .inspect_err(|_| is_over.store(true, Ordering::Relaxed))?,
                    // Only a panic ends the work without a result, and the scope passes it on.
                    Err(RecvTimeoutError::Disconnected) => {
                        return Err(PyRuntimeError::new_err("the computation ended without a result"));
                    }
                }
            }
        })
    })
}
