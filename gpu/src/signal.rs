//! Waiting for the graphics card without blocking.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::GpuError;

/// What is known of a device from anywhere, shared with its callbacks.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    trouble: Option<GpuError>,
    waker: Option<Waker>,
}

impl Health {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the first trouble, and wakes whoever waits.
    pub fn report(&self, trouble: GpuError) {
        let mut state = self.lock();
        state.trouble.get_or_insert(trouble);
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }

    /// Whether all is well.
    pub fn check(&self) -> Result<(), GpuError> {
        self.lock().trouble.clone().map_or(Ok(()), Err)
    }

    /// Forgets what concerned one command alone; a lost device stays lost.
    pub fn forgive(&self) {
        let mut state = self.lock();
        if !matches!(state.trouble, Some(GpuError::Lost(_))) {
            state.trouble = None;
        }
    }

    fn wake_later(&self, waker: &Waker) {
        self.lock().waker = Some(waker.clone());
    }
}

/// Something that will happen once.
#[derive(Clone, Debug, Default)]
pub struct Signal(Arc<Mutex<Happening>>);

#[derive(Debug, Default)]
struct Happening {
    result: Option<Result<(), GpuError>>,
    waker: Option<Waker>,
}

impl Signal {
    fn lock(&self) -> MutexGuard<'_, Happening> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says how it went; the first word counts.
    pub fn give(&self, result: Result<(), GpuError>) {
        let mut happening = self.lock();
        happening.result.get_or_insert(result);
        if let Some(waker) = happening.waker.take() {
            waker.wake();
        }
    }

    /// Waits for it, or for trouble.
    pub fn wait(self, health: &Health) -> Wait {
        Wait { signal: self, health: health.clone() }
    }
}

/// The future of a [`Signal`].
pub struct Wait {
    signal: Signal,
    health: Health,
}

impl Future for Wait {
    type Output = Result<(), GpuError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.health.wake_later(context.waker());
        let mut happening = self.signal.lock();
        if let Err(trouble) = self.health.check() {
            return Poll::Ready(Err(trouble));
        }
        match happening.result.clone() {
            Some(result) => Poll::Ready(result),
            None => {
                happening.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Gives a time-out to a signal after so many seconds. Only a browser needs it: on a host, polling
/// the device has a limit of its own.
#[cfg(target_arch = "wasm32")]
pub fn give_up_after(seconds: u32, signal: &Signal) {
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen::prelude::{Closure, JsValue};

    let signal = signal.clone();
    let late = Closure::once_into_js(move || signal.give(Err(GpuError::TimedOut { seconds })));
    let global = js_sys::global();
    let timer = js_sys::Reflect::get(&global, &JsValue::from_str("setTimeout"));
    if let Some(timer) = timer.ok().and_then(|timer| timer.dyn_into::<js_sys::Function>().ok()) {
        // Without timers there is no time-out.
        let _ = timer.call2(&global, &late, &JsValue::from_f64(1e3 * f64::from(seconds)));
    }
}

// In a browser nothing may block.
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn what_happens_first_counts() {
        let (signal, health) = (Signal::default(), Health::default());
        signal.give(Err(GpuError::TimedOut { seconds: 1 }));
        signal.give(Ok(()));
        assert_eq!(pollster::block_on(signal.wait(&health)), Err(GpuError::TimedOut { seconds: 1 }));
    }

    #[test]
    fn a_lost_device_wakes_who_waits_and_stays_lost() {
        let (signal, health) = (Signal::default(), Health::default());
        let other = health.clone();
        let waits = std::thread::spawn(move || pollster::block_on(signal.wait(&other)));
        health.report(GpuError::Lost("unplugged".to_owned()));
        health.report(GpuError::Refused("later".to_owned()));
        assert_eq!(waits.join().unwrap(), Err(GpuError::Lost("unplugged".to_owned())));
        health.forgive();
        assert_eq!(health.check(), Err(GpuError::Lost("unplugged".to_owned())));
    }
}
