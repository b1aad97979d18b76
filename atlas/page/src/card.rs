//! The side of the worker that has the graphics card.

use flatland_atlas::{Plan, paint::Sample};
use flatland_gpu::{Gpu, Kernel, can_resolve, check};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::order::{Drawing, Order, experiment};
use crate::worker::{numbers, point, steps_of};

/// Pixels of a job that are computed once more in double precision.
const CHECKED: usize = 24;

/// A graphics card, and the map that it computes.
#[wasm_bindgen]
pub struct Card {
    gpu: Gpu,
    map: Option<Prepared>,
    steps: f64,
    compared: f64,
    differing: f64,
}

struct Prepared {
    plan: Plan,
    kernel: Kernel,
    columns: usize,
    rows: usize,
}

#[wasm_bindgen]
impl Card {
    /// Opens the fastest card.
    ///
    /// # Errors
    ///
    /// If there is none that can be computed with.
    pub async fn open() -> Result<Card, String> {
        let gpu = Gpu::open().await.map_err(|error| error.to_string())?;
        Ok(Self { gpu, map: None, steps: 0.0, compared: 0.0, differing: 0.0 })
    }

    /// Its name and how it is driven.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.gpu.adapter().to_string()
    }

    /// Whether a processor plays it: then the workers are faster.
    #[wasm_bindgen(getter = isSoftware)]
    pub fn is_software(&self) -> bool {
        self.gpu.adapter().is_software
    }

    /// Prepares a map of so many pixels.
    ///
    /// # Errors
    ///
    /// If a document is not valid, the drawing is none for a card, its pixels are too close for single precision, or the card refuses.
    pub async fn prepare(&mut self, document: &str, order: &str, columns: usize, rows: usize) -> Result<(), String> {
        self.map = None;
        let drawing = Order::read(order)?.of(&experiment(document)?).map_err(|error| error.to_string())?;
        let Drawing::Map(map) = drawing else {
            return Err("bifurcation diagrams are computed by the engine".to_owned());
        };
        let plan = Plan::new(*map);
        if !(can_resolve(&plan.map.x, columns) && can_resolve(&plan.map.y, rows)) {
            return Err("single precision cannot tell these pixels apart".to_owned());
        }
        let kernel = self.gpu.prepare(&plan).await.map_err(|error| error.to_string())?;
        self.map = Some(Prepared { plan, kernel, columns, rows });
        Ok(())
    }

    /// The samples of these pixels, four numbers each.
    ///
    /// # Errors
    ///
    /// If no map is prepared, or the card is lost, out of memory or does not answer.
    pub async fn compute(&mut self, pixels: Vec<u32>) -> Result<Vec<f32>, String> {
        let Some(Prepared { plan, kernel, columns, rows }) = &self.map else {
            return Err("no map is prepared".to_owned());
        };
        let points: Vec<_> = pixels.iter().map(|pixel| point(plan, *pixel as usize, *columns, *rows)).collect();
        let pixels = kernel.run(&points).await.map_err(|error| error.to_string())?;
        let result = check(plan, &points, &pixels, CHECKED);
        self.compared += result.compared as f64;
        self.differing += result.differing as f64;
        let budget = plan.map.experiment.steps;
        self.steps += pixels.iter().map(|pixel| steps_of(pixel.fate, budget) as f64).sum::<f64>();
        Ok(pixels.iter().flat_map(|pixel| numbers(&Sample::new(pixel, plan.map.measure))).collect())
    }

    /// Steps that were taken so far.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> f64 {
        self.steps
    }

    /// Pixels that were computed once more in double precision.
    #[wasm_bindgen(getter)]
    pub fn compared(&self) -> f64 {
        self.compared
    }

    /// Those of them that fared differently.
    #[wasm_bindgen(getter)]
    pub fn differing(&self) -> f64 {
        self.differing
    }
}
