//! The graphics card, and the map that it computes.

use std::cell::RefCell;

use flatland_atlas::{Plan, paint::Sample};
use flatland_drawing::job::{Answer, Computed, Failure, Introduction, Job};
use flatland_drawing::{Drawing, numbers, point, steps_of};
use flatland_gpu::{Gpu, Kernel, can_resolve, check};
use wasm_bindgen::JsValue;

use crate::failure;

/// Pixels of a job that are computed once more in double precision.
const CHECKED: usize = 24;

/// Does one job after the other.
#[derive(Default)]
pub struct Worker {
    /// None while a job is being done, and before the first one.
    card: RefCell<Option<Card>>,
}

/// An open card.
struct Card {
    gpu: Gpu,
    map: Option<Prepared>,
}

/// A map that the card can compute.
struct Prepared {
    drawing: u32,
    plan: Plan,
    kernel: Kernel,
    columns: usize,
    rows: usize,
}

impl Worker {
    /// The card's name, or why there is none, as a message.
    pub async fn introduce(&self) -> JsValue {
        match self.open().await {
            Ok(card) => {
                let adapter = card.gpu.adapter();
                let message = Introduction { name: adapter.to_string(), is_software: adapter.is_software }.to_js();
                self.card.replace(Some(card));
                message
            }
            Err(failure) => Answer { number: 0, result: Err(failure) }.to_js().0,
        }
    }

    /// The samples of a job's pixels, four numbers each.
    ///
    /// # Errors
    ///
    /// If the card cannot be opened, is lost, out of memory or does not answer; or, with the card
    /// as good as before, if a document is not valid, the drawing is none for a card, its pixels
    /// are too close for single precision, or the card refuses it.
    pub async fn compute(&self, job: Job) -> Result<Computed, Failure> {
        let mut card = self.open().await?;
        if card.map.as_ref().is_none_or(|map| map.drawing != job.drawing) {
            card.map = None;
            match card.prepare(&job).await {
                Ok(map) => card.map = Some(map),
                Err(why) => {
                    self.card.replace(Some(card));
                    // It says nothing against the card.
                    return Err(failure(why, false));
                }
            }
        }
        let computed = match &card.map {
            Some(map) => map.compute(&job.pixels).await.map_err(|why| failure(why, true)),
            None => Err(failure("no map is prepared", true)),
        };
        self.card.replace(Some(card));
        computed
    }

    /// The card that is open, or the fastest one.
    async fn open(&self) -> Result<Card, Failure> {
        match self.card.take() {
            Some(card) => Ok(card),
            None => Ok(Card { gpu: Gpu::open().await.map_err(|error| failure(error, true))?, map: None }),
        }
    }
}

impl Card {
    async fn prepare(&self, job: &Job) -> Result<Prepared, String> {
        let drawn = job.read().and_then(|(experiment, order)| order.drawing(&experiment));
        let Drawing::Map(map) = drawn.map_err(|error| error.to_string())? else {
            return Err("bifurcation diagrams are computed by the engine".to_owned());
        };
        let plan = Plan::new(*map);
        let [columns, rows] = job.size;
        if !(can_resolve(&plan.map.x, columns) && can_resolve(&plan.map.y, rows)) {
            return Err("single precision cannot tell these pixels apart".to_owned());
        }
        let kernel = self.gpu.prepare(&plan).await.map_err(|error| error.to_string())?;
        Ok(Prepared { drawing: job.drawing, plan, kernel, columns, rows })
    }
}

impl Prepared {
    async fn compute(&self, pixels: &[u32]) -> Result<Computed, String> {
        let Self { plan, kernel, columns, rows, .. } = self;
        let points: Vec<_> = pixels.iter().map(|pixel| point(plan, *pixel as usize, *columns, *rows)).collect();
        let pixels = kernel.run(&points).await.map_err(|error| error.to_string())?;
        let result = check(plan, &points, &pixels, CHECKED);
        let budget = plan.map.experiment.steps;
        Ok(Computed {
            numbers: pixels.iter().flat_map(|pixel| numbers(&Sample::new(pixel, plan.map.measure))).collect(),
            steps: pixels.iter().map(|pixel| steps_of(pixel.fate, budget) as f64).sum(),
            compared: result.compared as f64,
            differing: result.differing as f64,
            took: 0.0,
        })
    }
}
