//! What a handout needs that takes its time: the runs of a lesson's networks, computed before the
//! browser asks for the paper, and kept until another lesson is printed.

use std::cell::{Cell, RefCell};

use js_sys::Promise;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

use super::charts::{Playing, needs_time};
use crate::{
    browser,
    lab::LabHandle,
    lesson::{Lesson, Step},
    needs,
    session::Session,
};

/// How long is computed between two looks at what else there is to do, in milliseconds.
const SLICE_MS: f64 = 25.0;

thread_local! {
    /// Steps and their sessions.
    static KEPT: RefCell<Vec<(Step, Session)>> = const { RefCell::new(Vec::new()) };
    /// Whether they are being computed.
    static IS_BUSY: Cell<bool> = const { Cell::new(false) };
}

/// Whether all is there that a lesson's handout needs.
pub fn is_ready(lesson: &Lesson) -> bool {
    steps(lesson).all(|step| with(step, |_| ()).is_some())
}

/// The steps with networks that have charts of their own.
fn steps(lesson: &Lesson) -> impl Iterator<Item = &Step> {
    let own = lesson.steps.iter().enumerate().filter(|(index, step)| *index == 0 || !step.keeps);
    own.map(|(_, step)| step).filter(|step| needs_time(step))
}

/// Does something with the session of a step, if it is there.
pub fn with<T>(step: &Step, read: impl FnOnce(&Session) -> T) -> Option<T> {
    KEPT.with_borrow(|kept| kept.iter().find(|(of, _)| of == step).map(|(_, session)| read(session)))
}

/// Computes what a lesson's handout needs, and says how far it is; `false` where that is being done
/// already, for somebody who asked before.
///
/// # Errors
///
/// What could not be fetched for it: a sentence.
pub async fn prepare(lab: &LabHandle, lesson: &Lesson) -> Result<bool, String> {
    if IS_BUSY.replace(true) {
        return Ok(false);
    }
    let done = compute(lab, lesson).await;
    IS_BUSY.set(false);
    done.map(|()| true)
}

async fn compute(lab: &LabHandle, lesson: &Lesson) -> Result<(), String> {
    let all: Vec<&Step> = steps(lesson).collect();
    KEPT.with_borrow_mut(|kept| kept.retain(|(of, _)| all.contains(&of)));
    let missing: Vec<&Step> = all.into_iter().filter(|step| with(step, |_| ()).is_none()).collect();
    let mut said = None;
    for (number, step) in missing.iter().enumerate() {
        needs::prepare(step.document.clone()).await?;
        let Some(mut playing) = Playing::new(step) else { continue };
        loop {
            // Said by tenths: people hear it, too.
            let share = (number as f64 + playing.share()) / missing.len() as f64;
            let tenth = (10.0 * share) as u8;
            if said != Some(tenth) {
                said = Some(tenth);
                lab.say(format!("The networks of the handout are being computed: {} %", 10 * tenth));
            }
            next_task().await;
            let begun = browser::now();
            let mut goes_on = true;
            while goes_on && browser::now() - begun < SLICE_MS {
                goes_on = playing.go_on();
            }
            if !goes_on {
                break;
            }
        }
        KEPT.with_borrow_mut(|kept| kept.push(((*step).clone(), playing.finish())));
    }
    if !missing.is_empty() {
        lab.dismiss();
    }
    Ok(())
}

/// Waits until the browser has done what it wants to do meanwhile; also in a hidden tab, where there
/// are no frames.
async fn next_task() {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // A window that refuses it is closing.
            let _ = window.set_timeout_with_callback(resolve.unchecked_ref());
        }
    });
    // A promise that nobody rejects.
    let _ = JsFuture::from(promise).await;
}
