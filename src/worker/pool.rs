//! The page's side of the workers: starts them, hands runs out among them, hears them, and replaces
//! one that dies.
//!
//! Messages are queued as they arrive and taken in each frame by [`Pool::next_mail`]; nothing else
//! happens in an event handler.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use js_sys::Float64Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    hired::{Hired, Program, why_unstarted},
    landscape::{Terrain, Window},
    letter::Letter,
    protocol::{Batch, Command, HEADER, PROBE_MARK, Report, RunId, SURVEY_MARK},
};

/// Workers at most, however many cores there are.
const MAX_WORKERS: usize = 8;
/// A worker that has died more often than this without sending a row in between is not started
/// again.
const MAX_DEATHS: u32 = 3;

/// Something a worker has sent.
pub enum Mail {
    /// Rows of a run.
    Batch(Batch),
    /// A grid over the landscape. Its window is the one that was asked for: the answer does not
    /// repeat it.
    Survey(Terrain),
    /// What is seen at an iterate.
    Probe {
        /// The request's id.
        id: u32,
        /// The step of the iterate and how many earlier ones are projected, where the worker has
        /// chosen these; NaN where it could not.
        at: (f64, f64),
        /// The numbers of a picture.
        numbers: Vec<f64>,
    },
    /// A report.
    Report(Report),
    /// A worker has died: these runs are lost with it.
    Died {
        /// The runs that it hosted.
        lost: Vec<RunId>,
        /// The run it was computing, if it could still say so.
        failed: Option<RunId>,
        /// What went wrong.
        message: String,
        /// Whether another worker has taken its place.
        is_replaced: bool,
    },
}

enum Heard {
    Data(Float64Array),
    Report(Report),
    Died(String),
}

type Inbox = Rc<RefCell<VecDeque<(usize, u32, Heard)>>>;

/// A worker and what the page knows of it.
struct Handle {
    worker: Hired,
    runs: Vec<RunId>,
    /// Counts the workers that have stood in this place: mail of a predecessor is dropped.
    life: u32,
    /// Deaths in this place since rows last came from it.
    deaths: u32,
    /// Whether it has died and was not replaced.
    is_dead: bool,
}

/// The workers of the page.
pub struct Pool {
    handles: Vec<Handle>,
    inbox: Inbox,
    program: Program,
}

impl Pool {
    /// Starts one worker a spare core.
    pub fn new(program: Program, cores: usize) -> Result<Self, JsValue> {
        let inbox = Inbox::default();
        let mut pool = Self { handles: Vec::new(), inbox, program };
        for place in 0..cores.saturating_sub(1).clamp(1, MAX_WORKERS) {
            let handle = pool.start(place, 0)?;
            pool.handles.push(handle);
        }
        Ok(pool)
    }

    fn start(&self, place: usize, life: u32) -> Result<Handle, JsValue> {
        let [letters, deaths] = [self.inbox.clone(), self.inbox.clone()];
        let worker = Hired::start(
            "flatland-engine",
            &self.program,
            move |data| {
                if let Some(heard) = hear(data) {
                    letters.borrow_mut().push_back((place, life, heard));
                }
            },
            move |message| deaths.borrow_mut().push_back((place, life, Heard::Died(message))),
        )?;
        Ok(Handle { worker, runs: Vec::new(), life, deaths: 0, is_dead: false })
    }

    /// Sends a command about `run` to the worker that hosts it; a run that is new goes to the
    /// worker with the fewest.
    pub fn tell(&mut self, run: RunId, command: &Command) {
        let place = self.handles.iter().position(|handle| handle.runs.contains(&run)).or_else(|| self.idlest());
        let Some(handle) = place.and_then(|place| self.handles.get_mut(place)) else {
            return;
        };
        match command {
            Command::Drop { .. } => handle.runs.retain(|id| *id != run),
            _ if !handle.runs.contains(&run) => handle.runs.push(run),
            _ => {}
        }
        post(&handle.worker, command);
    }

    /// Sends a command that concerns no run to the worker with the fewest.
    pub fn ask(&self, command: &Command) {
        if let Some(place) = self.idlest() {
            post(&self.handles[place].worker, command);
        }
    }

    /// The living worker with the fewest runs.
    fn idlest(&self) -> Option<usize> {
        let living = (0..self.handles.len()).filter(|place| !self.handles[*place].is_dead);
        living.min_by_key(|place| self.handles[*place].runs.len())
    }

    /// The next letter that has arrived. Replaces a worker that has died.
    pub fn next_mail(&mut self) -> Option<Mail> {
        loop {
            let (place, life, heard) = self.inbox.borrow_mut().pop_front()?;
            if self.handles[place].life != life {
                continue;
            }
            match heard {
                Heard::Data(array) => {
                    self.handles[place].deaths = 0;
                    if let Some(mail) = open(&array) {
                        return Some(mail);
                    }
                }
                Heard::Report(Report::Panicked { run, message }) => return Some(self.bury(place, run, message)),
                Heard::Report(report) => return Some(Mail::Report(report)),
                Heard::Died(message) => return Some(self.bury(place, None, message)),
            }
        }
    }

    fn bury(&mut self, place: usize, failed: Option<RunId>, message: String) -> Mail {
        let handle = &mut self.handles[place];
        handle.deaths += 1;
        handle.life += 1;
        handle.is_dead = true;
        let (life, deaths) = (handle.life, handle.deaths);
        let lost = std::mem::take(&mut handle.runs);
        let successor = if deaths <= MAX_DEATHS { self.start(place, life).ok() } else { None };
        let is_replaced = successor.is_some();
        if let Some(mut successor) = successor {
            successor.deaths = deaths;
            self.handles[place] = successor;
        }
        Mail::Died { lost, failed, message, is_replaced }
    }
}

fn post(worker: &Hired, command: &Command) {
    // Posting fails only for values that cannot be cloned, which a letter is not.
    let _ = worker.post(&command.to_letter().to_js());
}

fn hear(data: JsValue) -> Option<Heard> {
    match data.dyn_into::<Float64Array>() {
        Ok(array) => Some(Heard::Data(array)),
        Err(data) => match why_unstarted(&data) {
            Some(message) => Some(Heard::Died(message)),
            None => Letter::from_js(&data).and_then(|letter| Report::from_letter(&letter)).map(Heard::Report),
        },
    }
}

fn open(array: &Float64Array) -> Option<Mail> {
    let mut header = [0.0; HEADER];
    if (array.length() as usize) < HEADER {
        return None;
    }
    array.subarray(0, HEADER as u32).copy_to(&mut header);
    let body = |from: usize, to: usize| array.subarray(from as u32, to as u32).to_vec();
    if header[0] == SURVEY_MARK {
        let [_, id, columns, rows, minimum] = header;
        let points = columns as usize * rows as usize;
        return Some(Mail::Survey(Terrain {
            id: id as u32,
            window: Window { bounds: [0.0, 1.0, 0.0, 1.0] },
            columns: columns as usize,
            rows: rows as usize,
            minimum,
            values: body(HEADER, HEADER + points),
            sharpness: body(HEADER + points, HEADER + 2 * points),
            gradient: body(HEADER + 2 * points, HEADER + 3 * points),
        }));
    }
    if header[0] == PROBE_MARK {
        let [_, id, step, earlier, _] = header;
        return Some(Mail::Probe {
            id: id as u32,
            at: (step, earlier),
            numbers: body(HEADER, array.length() as usize),
        });
    }
    let [run, generation, first, rows, coordinates] = header;
    Some(Mail::Batch(Batch {
        run: run as RunId,
        generation: generation as u32,
        first: first as u64,
        rows: rows as usize,
        coordinates: coordinates as usize,
        columns: body(HEADER, array.length() as usize),
    }))
}
