//! The inside of a worker: hosts runs of the engine and streams their rows.
//!
//! A worker computes in quanta of about [`QUANTUM_MS`], one batch of one run at a time, and yields
//! to its message queue in between (through a `MessageChannel`: a timer would cost four
//! milliseconds each time). A run goes on while it has credits and its target lies ahead; a batch
//! spends one credit. Without leave the worker sleeps.

mod checkpoints;
mod iterates;
mod look;
pub mod pool;

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use flatland_engine::experiment::{Experiment, FieldError};
use js_sys::{Array, Float64Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

use self::{checkpoints::Checkpoints, iterates::Iterates};
use crate::{
    errand,
    letter::Letter,
    needs, pixels,
    probe::Probe,
    protocol::{Command, End, EndKind, Grant, HEADER, Look, MAX_ROWS, PROBE_MARK, Report, RunId, SURVEY_MARK, Survey},
    recorder::Recorder,
    scene::close,
};

/// How long a worker computes before it looks for messages, in milliseconds.
const QUANTUM_MS: f64 = 8.0;
/// Steps between two looks at the clock; a network takes longer for one.
const STEPS_PER_LOOK: usize = 32;
/// Earlier iterates that are projected on a slice.
const EARLIER: u64 = 5;
/// Weights times samples of the largest network that is looked at along a line: some 150 passes for
/// a slice, three times as many for a segment.
const MOST_OF_LINE: usize = 20_000_000;

thread_local! {
    /// The run being computed: what the panic hook names.
    static CURRENT: Cell<Option<RunId>> = const { Cell::new(None) };
}

/// Serves the page that started this worker, for good.
pub fn serve(scope: DedicatedWorkerGlobalScope) -> Result<(), JsValue> {
    let reporter = scope.clone();
    std::panic::set_hook(Box::new(move |info| {
        let message = info.to_string();
        report(&reporter, &Report::Panicked { run: CURRENT.get(), message });
    }));
    let channel = MessageChannel::new()?;
    let host = Rc::new(RefCell::new(Host {
        scope: scope.clone(),
        wake: channel.port2(),
        awake: false,
        runs: VecDeque::new(),
        columns: Vec::new(),
        waiting: None,
    }));
    let pump = {
        let host = host.clone();
        Closure::<dyn FnMut()>::new(move || host.borrow_mut().pump())
    };
    channel.port1().set_onmessage(Some(pump.as_ref().unchecked_ref()));
    pump.forget();
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if pixels::is_job(&event.data()) {
            return pixels::serve(host.borrow().scope.clone(), event.data());
        }
        let letter = Letter::from_js(&event.data()).unwrap_or_default();
        if letter.kind >= errand::FIRST_KIND {
            errand::serve(host.borrow().scope.clone(), letter);
        } else if let Some(command) = Command::from_letter(&letter) {
            receive(&host, command);
        } else {
            let message = "a worker has been told what it does not know".to_owned();
            report(&host.borrow().scope, &Report::Refused { message });
        }
    });
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    Ok(())
}

/// Obeys a command, or keeps it until what an earlier one needs has arrived.
fn receive(host: &Rc<RefCell<Host>>, command: Command) {
    let mut inner = host.borrow_mut();
    if let Some(waiting) = &mut inner.waiting {
        return waiting.push_back(command);
    }
    let document = match &command {
        Command::Load { experiment, .. }
        | Command::Probe(Probe { experiment, .. })
        | Command::Survey(Survey { experiment, .. }) => experiment,
        _ => "",
    };
    let is_close = match &command {
        Command::Probe(_) => true,
        Command::Look(look) => !look.subject.is_of_networks(),
        _ => false,
    };
    if needs::can_run(document) && (!is_close || close::fetched().is_some()) {
        return inner.obey(command);
    }
    inner.waiting = Some(VecDeque::new());
    let (document, host) = (document.to_owned(), host.clone());
    spawn_local(async move {
        let mut prepared = needs::prepare(document).await;
        if is_close {
            prepared = prepared.and(close::fetch().await.map(|_| ()).map_err(|missing| missing.to_string()));
        }
        let waiting = {
            let mut inner = host.borrow_mut();
            match (prepared, command) {
                (Ok(()), command) => inner.obey(command),
                (Err(message), Command::Load { run, generation, .. }) => inner.refuse(run, generation, message),
                (Err(message), _) => report(&inner.scope, &Report::Refused { message }),
            }
            inner.waiting.take()
        };
        for command in waiting.into_iter().flatten() {
            receive(&host, command);
        }
    });
}

fn report(scope: &DedicatedWorkerGlobalScope, report: &Report) {
    // A page that is gone has no use for the report.
    let _ = scope.post_message(&report.to_letter().to_js());
}

fn send(scope: &DedicatedWorkerGlobalScope, array: &Float64Array) {
    let _ = scope.post_message_with_transfer(array, &Array::of1(&array.buffer()));
}

fn now(scope: &DedicatedWorkerGlobalScope) -> f64 {
    scope.performance().map_or(0.0, |clock| clock.now())
}

/// A run as the worker holds it.
struct Hosted {
    id: RunId,
    generation: u32,
    recorder: Recorder,
    /// The next row to compute.
    row: u64,
    /// Rows below this one are known to the page.
    from: u64,
    credits: u32,
    target: u64,
    ended: bool,
    /// The iterates of a network.
    iterates: Option<Iterates>,
    checkpoints: Checkpoints,
}

impl Hosted {
    /// Run `index` of an experiment, whose rows below `from` are known. `before` is what has been
    /// held in its place: from its last checkpoint with the same past this goes on.
    fn new(
        (id, generation): (RunId, u32),
        experiment: &str,
        index: usize,
        from: u64,
        before: Option<Self>,
    ) -> Result<Self, FieldError> {
        let experiment = Experiment::from_json(experiment)?;
        let mut resumed = None;
        if let Some(Self { mut checkpoints, mut iterates, .. }) = before
            && let Some((step, recorder)) = checkpoints.resume(experiment.clone(), index, from)?
        {
            iterates.iter_mut().for_each(|iterates| iterates.forget_after(step));
            resumed = Some((recorder, step + 1, iterates, checkpoints));
        }
        let (recorder, row, iterates, checkpoints) = match resumed {
            Some(resumed) => resumed,
            None => {
                let recorder = Recorder::new(&experiment, index)?;
                let iterates = recorder.objective().as_network().map(|_| Iterates::default());
                let checkpoints = Checkpoints::new(experiment, index, recorder.iterate().len());
                (recorder, 0, iterates, checkpoints)
            }
        };
        Ok(Self { id, generation, recorder, row, from, credits: 0, target: 0, ended: false, iterates, checkpoints })
    }

    fn may_go_on(&self) -> bool {
        !self.ended && self.credits > 0 && self.row <= self.target
    }
}

struct Host {
    scope: DedicatedWorkerGlobalScope,
    wake: MessagePort,
    awake: bool,
    runs: VecDeque<Hosted>,
    /// Scratch: the columns of the batch being computed, [`MAX_ROWS`] apart.
    columns: Vec<f64>,
    /// Commands that have come while something is fetched.
    waiting: Option<VecDeque<Command>>,
}

impl Host {
    fn obey(&mut self, command: Command) {
        match command {
            Command::Load { run, generation, experiment, index, from } => {
                self.load(run, generation, &experiment, index, from);
            }
            Command::Grant(grants) => grants.iter().for_each(|grant| self.grant(grant)),
            Command::Drop { run } => self.runs.retain(|hosted| hosted.id != run),
            Command::Survey(request) => {
                if let Err(message) = survey(&self.scope, &request) {
                    report(&self.scope, &Report::Refused { message });
                }
            }
            Command::Probe(request) => {
                if let Err(message) = probe(&self.scope, &request) {
                    report(&self.scope, &Report::Refused { message });
                }
            }
            Command::Look(request) => {
                let (step, earlier, numbers) = self.look(&request).unwrap_or((f64::NAN, 0.0, Vec::new()));
                let header: [f64; HEADER] = [PROBE_MARK, f64::from(request.id), step, earlier, 0.0];
                send_parts(&self.scope, &[&header, &numbers]);
            }
        }
        self.stay_awake();
    }

    /// Takes a run in: from the last checkpoint of one with the same past, if it is here already.
    fn load(&mut self, id: RunId, generation: u32, experiment: &str, index: usize, from: u64) {
        let place = self.runs.iter().position(|hosted| hosted.id == id);
        let before = place.and_then(|place| self.runs.remove(place));
        CURRENT.set(Some(id));
        let hosted = Hosted::new((id, generation), experiment, index, from, before);
        CURRENT.set(None);
        match hosted {
            Ok(hosted) => self.runs.push_back(hosted),
            Err(error) => self.refuse(id, generation, error.to_string()),
        }
    }

    fn refuse(&self, run: RunId, generation: u32, sentence: String) {
        let end = End { kind: EndKind::Failed, step: 0, sentence };
        report(&self.scope, &Report::Stopped { run, generation, end });
    }

    fn grant(&mut self, grant: &Grant) {
        let hosted =
            self.runs.iter_mut().find(|hosted| hosted.id == grant.run && hosted.generation == grant.generation);
        if let Some(hosted) = hosted {
            hosted.credits += grant.credits;
            hosted.target = grant.target;
        }
    }

    fn stay_awake(&mut self) {
        if !self.awake && self.runs.iter().any(Hosted::may_go_on) {
            self.awake = self.wake.post_message(&JsValue::NULL).is_ok();
        }
    }

    /// Computes one batch of the run whose turn it is.
    fn pump(&mut self) {
        self.awake = false;
        if let Some(turn) = self.runs.iter().position(Hosted::may_go_on)
            && let Some(mut hosted) = self.runs.remove(turn)
        {
            CURRENT.set(Some(hosted.id));
            self.compute(&mut hosted);
            CURRENT.set(None);
            self.runs.push_back(hosted);
        }
        self.stay_awake();
    }

    /// The step of an iterate of a run, how many earlier ones are projected, and the numbers of the
    /// picture; nothing where the run is not here.
    fn look(&self, request: &Look) -> Option<(f64, f64, Vec<f64>)> {
        let hosted =
            self.runs.iter().find(|hosted| hosted.id == request.run && hosted.generation == request.generation)?;
        let iterates = hosted.iterates.as_ref()?;
        let (step, iterate) = iterates.at(request.step)?;
        let objective = hosted.recorder.objective();
        let samples = objective.as_network().map_or(0, |network| network.data().train.count);
        if request.subject.is_of_line() && iterate.len() * samples > MOST_OF_LINE {
            return None;
        }
        let others: Vec<f64> = (step.saturating_sub(EARLIER)..step)
            .filter_map(|before| iterates.at(before).filter(|(found, _)| *found == before))
            .flat_map(|(_, other)| other.iter().copied())
            .collect();
        let earlier = others.len() / iterate.len();
        let picture = look::look(objective, request.subject, iterate, &others, request.eta)?;
        Some((step as f64, earlier as f64, picture.to_numbers()))
    }

    fn compute(&mut self, hosted: &mut Hosted) {
        let steps_per_look = if hosted.iterates.is_some() { 1 } else { STEPS_PER_LOOK };
        let width = hosted.recorder.width();
        self.columns.resize(width * MAX_ROWS, 0.0);
        let begun = now(&self.scope);
        let deadline = begun + QUANTUM_MS;
        let mut rows = 0;
        let mut steps = 0;
        while rows < MAX_ROWS && hosted.row <= hosted.target {
            steps += 1;
            if steps % steps_per_look == 0 && steps > 1 && now(&self.scope) >= deadline {
                break;
            }
            let Some((step, row)) = hosted.recorder.next_row() else {
                hosted.ended = true;
                break;
            };
            hosted.row += 1;
            let is_new = step >= hosted.from;
            if is_new {
                for (column, value) in row.enumerate() {
                    self.columns[column * MAX_ROWS + rows] = value;
                }
                rows += 1;
            } else {
                drop(row);
            }
            if let Some(iterates) = &mut hosted.iterates {
                iterates.keep(step, hosted.recorder.iterate());
            }
            if !is_new {
                continue;
            }
            // The outcome is known with the last row: it need not wait for another turn.
            if hosted.recorder.outcome().is_some() {
                hosted.ended = true;
                break;
            }
        }
        if let Some(last) = hosted.row.checked_sub(1) {
            hosted.checkpoints.keep(last, &hosted.recorder, now(&self.scope) - begun);
        }
        if rows > 0 {
            let first = hosted.row - rows as u64;
            self.send_rows(hosted, first, rows);
            hosted.credits -= 1;
        }
        if hosted.ended
            && let Some(outcome) = hosted.recorder.outcome()
        {
            let end = End::of(outcome);
            report(&self.scope, &Report::Stopped { run: hosted.id, generation: hosted.generation, end });
        }
    }

    fn send_rows(&self, hosted: &Hosted, first: u64, rows: usize) {
        let (width, coordinates) = (hosted.recorder.width(), hosted.recorder.coordinates());
        let array = Float64Array::new_with_length((HEADER + width * rows) as u32);
        let header =
            [f64::from(hosted.id), f64::from(hosted.generation), first as f64, rows as f64, coordinates as f64];
        array.subarray(0, HEADER as u32).copy_from(&header);
        for column in 0..width {
            let begin = (HEADER + column * rows) as u32;
            let values = &self.columns[column * MAX_ROWS..column * MAX_ROWS + rows];
            array.subarray(begin, begin + rows as u32).copy_from(values);
        }
        send(&self.scope, &array);
    }
}

/// Evaluates f, λ₁ and ∇f over a grid and sends them.
fn survey(scope: &DedicatedWorkerGlobalScope, request: &Survey) -> Result<(), String> {
    let experiment = Experiment::from_json(&request.experiment).map_err(|error| error.to_string())?;
    let grid = flatland_engine::survey::survey(&experiment, request.window, request.columns, request.rows)
        .map_err(|error| error.to_string())?;
    let header = [
        SURVEY_MARK,
        f64::from(request.id),
        request.columns as f64,
        request.rows as f64,
        grid.minimum.unwrap_or(f64::NAN),
    ];
    send_parts(scope, &[&header, &grid.values, &grid.sharpness, &grid.gradient]);
    Ok(())
}

/// Looks closely at an iterate and sends what is seen.
fn probe(scope: &DedicatedWorkerGlobalScope, request: &Probe) -> Result<(), String> {
    let header: [f64; HEADER] = [PROBE_MARK, f64::from(request.id), 0.0, 0.0, 0.0];
    send_parts(scope, &[&header, &look::answer(request)?.to_numbers()]);
    Ok(())
}

/// Sends numbers one after the other as one array.
fn send_parts(scope: &DedicatedWorkerGlobalScope, parts: &[&[f64]]) {
    let array = Float64Array::new_with_length(parts.iter().map(|part| part.len() as u32).sum());
    let mut from = 0;
    for part in parts {
        let to = from + part.len() as u32;
        array.subarray(from, to).copy_from(part);
        from = to;
    }
    send(scope, &array);
}
