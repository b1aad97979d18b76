//! The workers of the Atlas: they share the drawings' work, and forget it at once when it is called
//! off.

use std::{
    cell::RefCell,
    collections::VecDeque,
    mem,
    rc::{Rc, Weak},
};

use flatland_drawing::job::{Answer, Computed, Failure, Job};
use wasm_bindgen::JsValue;
use yew::platform::spawn_local;

use crate::{
    browser,
    hired::{Hired, Program, why_unstarted},
    letter::Letter,
};

/// Deaths of workers after which they are not replaced any more.
const MOST_DEATHS: u32 = 8;

/// What the workers are, and how much they are given at a time.
#[derive(Clone)]
pub struct Terms {
    /// The program that they run.
    pub program: Program,
    /// A job may take about so many milliseconds: what is called off ends within this time, and the
    /// picture grows this often.
    pub job_ms: f64,
    /// A job has at most so many pixels.
    pub most: usize,
}

impl Terms {
    /// Workers of the page's own program.
    pub fn processor() -> Self {
        Self { program: Program::own(), job_ms: 40.0, most: 1 << 15 }
    }

    /// A worker with the graphics card: large jobs keep it busy.
    pub fn card() -> Self {
        Self { program: Program::at("./flatland-card.js"), job_ms: 150.0, most: 1 << 19 }
    }
}

/// What is to be computed of a drawing.
pub struct Work {
    /// Tells drawings apart.
    pub drawing: u32,
    /// The drawing's columns and rows.
    pub size: [usize; 2],
    /// Its experiment, as a document.
    pub experiment: Rc<str>,
    /// What is drawn of it, as a document.
    pub order: Rc<str>,
    /// Pixels that are computed together at the least.
    pub unit: usize,
    /// The pixels, in their order.
    pub pixels: Vec<u32>,
}

/// How fast a drawing was computed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rates {
    /// Steps in all.
    pub steps: f64,
    /// Seconds in all.
    pub seconds: f64,
    /// Pixels that were computed once more in double precision.
    pub compared: f64,
    /// Those of them that fared differently.
    pub differing: f64,
}

/// What is heard of the work on a drawing.
pub enum News {
    /// A part of it is there.
    Part {
        /// The pixels.
        pixels: Vec<u32>,
        /// Their numbers.
        numbers: Vec<f32>,
    },
    /// All of it is there.
    Done(Rates),
    /// Nothing more comes.
    Failed(Failure),
}

/// Hears the news of a drawing.
pub type Hear = Rc<dyn Fn(u32, News)>;

/// See the module's header. The workers end when the last handle on them goes.
#[derive(Clone)]
pub struct Crew(Rc<RefCell<Inner>>);

struct Inner {
    terms: Terms,
    hear: Hear,
    members: Vec<Member>,
    tasks: VecDeque<Task>,
    /// Counts jobs and workers.
    counted: u32,
    deaths: u32,
    last_words: String,
}

struct Member {
    id: u32,
    hired: Hired,
    job: Option<Given>,
}

/// A job that a worker has.
struct Given {
    number: u32,
    drawing: u32,
    pixels: Vec<u32>,
}

struct Task {
    work: Work,
    /// The first pixel that nobody has.
    next: usize,
    /// Jobs that workers have.
    open: usize,
    /// Pixels of the next job.
    size: usize,
    rates: Rates,
    begun: f64,
}

impl Crew {
    /// So many workers, of which `hear` is told.
    pub fn new(size: usize, terms: Terms, hear: Hear) -> Self {
        let inner = Inner {
            terms,
            hear,
            members: Vec::new(),
            tasks: VecDeque::new(),
            counted: 0,
            deaths: 0,
            last_words: String::new(),
        };
        let crew = Self(Rc::new(RefCell::new(inner)));
        for _ in 0..size {
            crew.hire();
        }
        crew
    }

    /// How many workers there are.
    pub fn size(&self) -> usize {
        self.0.borrow().members.len()
    }

    /// Has a drawing computed.
    pub fn draw(&self, work: Work) {
        let size = work.unit;
        let task = Task { work, next: 0, open: 0, size, rates: Rates::default(), begun: browser::now() };
        self.0.borrow_mut().tasks.push_back(task);
        self.assign();
    }

    /// Calls the work on a drawing off.
    pub fn call_off(&self, drawing: u32) {
        self.0.borrow_mut().tasks.retain(|task| task.work.drawing != drawing);
    }

    fn hire(&self) {
        let id = self.0.borrow_mut().count();
        let with = |act: fn(&Self, u32, JsValue)| {
            let crew = Rc::downgrade(&self.0);
            move |what: JsValue| {
                if let Some(crew) = Weak::upgrade(&crew) {
                    act(&Self(crew), id, what);
                }
            }
        };
        let (hear, mourn) = (with(Self::hear), with(Self::bury));
        let program = self.0.borrow().terms.program.clone();
        match Hired::start("flatland-atlas", &program, hear, move |message| mourn(message.into())) {
            Ok(hired) => self.0.borrow_mut().members.push(Member { id, hired, job: None }),
            Err(error) => self.0.borrow_mut().last_words = browser::text_of(&error),
        }
    }

    /// Takes what a worker has sent.
    fn hear(&self, id: u32, message: JsValue) {
        if let Some(answer) = Answer::from_js(&message) {
            self.take(id, answer);
        } else if let Some(letter) = Letter::from_js(&message) {
            // It has panicked.
            self.bury(id, letter.texts.into_iter().next().unwrap_or_default().into());
        } else if let Some(why) = why_unstarted(&message) {
            self.bury(id, why.into());
        }
    }

    /// A worker has died: another one takes its job over.
    fn bury(&self, id: u32, message: JsValue) {
        let mut inner = self.0.borrow_mut();
        let Some(place) = inner.members.iter().position(|member| member.id == id) else { return };
        let Member { hired, job, .. } = inner.members.swap_remove(place);
        // This may be called by its own closure, which must not go in the meantime.
        spawn_local(async move { drop(hired) });
        inner.deaths += 1;
        inner.last_words =
            message.as_string().filter(|text| !text.is_empty()).unwrap_or("without a message".to_owned());
        if let Some(job) = job
            && let Some(task) = inner.tasks.iter_mut().find(|task| task.work.drawing == job.drawing)
        {
            let rest = task.work.pixels.split_off(task.next);
            task.work.pixels = job.pixels;
            task.work.pixels.extend(rest);
            (task.next, task.open) = (0, task.open - 1);
            // What kills a worker may kill the next one.
            task.size = task.work.unit;
        }
        let is_replaced = inner.deaths <= MOST_DEATHS;
        drop(inner);
        if is_replaced {
            self.hire();
        }
        self.assign();
    }

    /// No worker is left: what is open, now or later, comes to nothing.
    fn give_up(&self) {
        let mut inner = self.0.borrow_mut();
        let tasks = mem::take(&mut inner.tasks);
        let why = format!(
            "The program of the Atlas stops again and again ({}). The map stays as it is; change it, or reload the page.",
            inner.last_words
        );
        let hear = inner.hear.clone();
        // After the caller has done.
        spawn_local(async move {
            for task in tasks {
                hear(task.work.drawing, News::Failed(Failure { why: why.clone(), is_lost: true }));
            }
        });
    }

    fn assign(&self) {
        if self.size() == 0 {
            self.give_up();
        }
        let mut inner = self.0.borrow_mut();
        let Inner { members, tasks, counted, .. } = &mut *inner;
        for member in members.iter_mut().filter(|member| member.job.is_none()) {
            let Some(place) = tasks.iter().position(|task| task.next < task.work.pixels.len()) else { return };
            // Drawings take turns, so that small multiples grow together.
            let Some(mut task) = tasks.remove(place) else { return };
            let end = (task.next + task.size).min(task.work.pixels.len());
            let pixels = task.work.pixels[task.next..end].to_vec();
            (task.next, task.open) = (end, task.open + 1);
            *counted += 1;
            let job = Job {
                number: *counted,
                drawing: task.work.drawing,
                size: task.work.size,
                experiment: task.work.experiment.to_string(),
                order: task.work.order.to_string(),
                pixels,
            };
            // Plain numbers and texts can always be posted.
            let _ = member.hired.post(&job.to_js());
            member.job = Some(Given { number: job.number, drawing: job.drawing, pixels: job.pixels });
            tasks.push_back(task);
        }
    }

    /// Takes an answer, if it is that to the job of the worker.
    fn take(&self, id: u32, answer: Answer) {
        let mut inner = self.0.borrow_mut();
        let (hear, terms) = (inner.hear.clone(), inner.terms.clone());
        let member = inner.members.iter_mut().find(|member| member.id == id);
        let Some(given) = member.and_then(|member| member.job.take_if(|job| job.number == answer.number)) else {
            return;
        };
        let drawing = given.drawing;
        let mut news = Vec::new();
        if let Some(place) = inner.tasks.iter().position(|task| task.work.drawing == drawing) {
            let task = &mut inner.tasks[place];
            task.open -= 1;
            match answer.result {
                Err(failure) => {
                    inner.tasks.remove(place);
                    news.push(News::Failed(failure));
                }
                Ok(computed) => {
                    task.learn(&computed, given.pixels.len(), &terms);
                    news.push(News::Part { pixels: given.pixels, numbers: computed.numbers });
                    if task.is_done() {
                        news.push(News::Done(Rates { seconds: (browser::now() - task.begun) / 1000.0, ..task.rates }));
                        inner.tasks.remove(place);
                    }
                }
            }
        }
        drop(inner);
        // Workers go on before the page takes its time.
        self.assign();
        for news in news {
            hear(drawing, news);
        }
    }
}

impl Inner {
    fn count(&mut self) -> u32 {
        self.counted += 1;
        self.counted
    }
}

impl Task {
    fn is_done(&self) -> bool {
        self.next >= self.work.pixels.len() && self.open == 0
    }

    /// How much to give next time, after so many pixels were computed.
    fn learn(&mut self, computed: &Computed, pixels: usize, terms: &Terms) {
        self.rates.steps += computed.steps;
        self.rates.compared += computed.compared;
        self.rates.differing += computed.differing;
        let fitting = pixels as f64 * terms.job_ms / computed.took.max(0.1);
        // Twice as many at the most, so that a surprise stays small.
        let wanted = fitting.min(2.0 * self.size as f64);
        let unit = self.work.unit;
        self.size = ((wanted / unit as f64).round() as usize * unit).max(unit).min(terms.most.max(unit));
    }
}
