//! Networks: multilayer perceptrons trained by full-batch descent, as one more objective.
//!
//! The parameters x are all weights and biases ([`Layers`]), f(x) is the loss over the training
//! samples. Gradient and Hessian-vector product are exact, and the same bits on every host
//! ([`flatland_perceptron`]); the Hessian itself is never written down on the way of a run. The
//! weights at the start, the split of the data and all that is drawn come from the experiment's
//! seed.

mod description;
mod initialization;

use std::cell::RefCell;

use flatland_perceptron::{Passes, respond};
use nalgebra::DVector;

pub(super) use description::ENTRY;
pub use flatland_perceptron::{Activation, Layers, Loss};
pub use initialization::Initialization;

use crate::column::Column;
use crate::data::{DataSet, Samples, Targets};
use crate::objective::{DenseHessian, Gradient, HessianVectorProduct, MAX_DIMENSION, Objective, Value};
use crate::spectrum::{ByProducts, Precision, Tracking};

/// The most parameters of a network.
pub const MAX_PARAMETERS: usize = 1_000_000;

/// The most units times samples of a network: each takes some eighty bytes.
pub const MAX_UNITS_TIMES_SAMPLES: usize = 20_000_000;

/// What a network is made of.
#[derive(Clone, Debug)]
pub struct Architecture {
    /// Its layers.
    pub layers: Layers,
    /// Between each two of them.
    pub activation: Activation,
    /// What is minimized.
    pub loss: Loss,
    /// How the weights are drawn.
    pub initialization: Initialization,
}

/// A part of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the network is trained on.
    Training,
    /// What it never sees.
    Test,
}

/// A network with its data: the objective f(x).
pub struct Network {
    architecture: Architecture,
    data: DataSet,
    seed: u64,
    training: RefCell<Passes>,
    test: RefCell<Passes>,
}

impl Network {
    /// A network on `data`, whose shape its layers fit; the weights are drawn from `seed`.
    #[must_use]
    pub fn new(architecture: Architecture, data: DataSet, seed: u64) -> Self {
        let passes = |samples: &Samples| {
            let Architecture { layers, activation, loss, .. } = &architecture;
            RefCell::new(Passes::new(layers, *activation, *loss, samples.batch()))
        };
        let (training, test) = (passes(&data.train), passes(&data.test));
        Self { architecture, data, seed, training, test }
    }

    /// What it is made of.
    #[must_use]
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// Its data.
    #[must_use]
    pub fn data(&self) -> &DataSet {
        &self.data
    }

    /// The samples of a part of the data.
    #[must_use]
    pub fn samples(&self, part: Part) -> &Samples {
        match part {
            Part::Training => &self.data.train,
            Part::Test => &self.data.test,
        }
    }

    fn passes(&self, part: Part) -> &RefCell<Passes> {
        match part {
            Part::Training => &self.training,
            Part::Test => &self.test,
        }
    }

    /// The loss on a part of the data; NaN if it is empty.
    #[must_use]
    pub fn loss(&self, x: &DVector<f64>, part: Part) -> f64 {
        let samples = self.samples(part);
        if samples.count == 0 { f64::NAN } else { self.passes(part).borrow_mut().value(x.as_slice(), samples.batch()) }
    }

    /// The outputs y on a part of the data, output by output: K × n.
    #[must_use]
    pub fn outputs(&self, x: &DVector<f64>, part: Part) -> Vec<f64> {
        self.passes(part).borrow_mut().outputs(x.as_slice(), self.samples(part).batch()).to_vec()
    }

    /// The outputs y at `count` inputs that need not be samples, output by output: K × count.
    ///
    /// `inputs` are features × count, standardized as the data are; what is missing of them, and
    /// all of it where x has another length than the parameters, is NaN. At a part's samples the
    /// outputs have the bits of [`Network::outputs`].
    #[must_use]
    pub fn respond(&self, x: &[f64], inputs: &[f64], count: usize) -> Vec<f64> {
        let Architecture { layers, activation, .. } = &self.architecture;
        if x.len() != layers.parameters() {
            return vec![f64::NAN; layers.width(layers.count()) * count];
        }
        respond(layers, *activation, x, inputs, count)
    }

    /// The class that the network takes each sample for: that of the largest output, the first of
    /// equal ones. Empty for regression.
    #[must_use]
    pub fn predictions(&self, x: &DVector<f64>, part: Part) -> Vec<usize> {
        let Targets::Classes { names } = &self.data.targets else { return Vec::new() };
        let n = self.samples(part).count;
        let outputs = self.outputs(x, part);
        let output = |class: usize, s: usize| outputs[class * n + s];
        let largest =
            |s| (1..names.len()).fold(0, |best, class| if output(class, s) > output(best, s) { class } else { best });
        (0..n).map(largest).collect()
    }

    /// The share of a part's samples that are taken for what they are; NaN for regression and for
    /// no samples, and where an output is not a number.
    #[must_use]
    pub fn accuracy(&self, x: &DVector<f64>, part: Part) -> f64 {
        let labels = &self.samples(part).labels;
        if labels.is_empty() || self.loss(x, part).is_nan() {
            return f64::NAN;
        }
        let predictions = self.predictions(x, part);
        let right = predictions.iter().zip(labels).filter(|(found, label)| found == label).count();
        right as f64 / labels.len() as f64
    }

    /// The share of hidden units whose activation is 0 on every training sample; NaN without
    /// hidden units.
    #[must_use]
    pub fn dead_units(&self, x: &DVector<f64>) -> f64 {
        let layers = &self.architecture.layers;
        let (mut dead, mut units) = (0, 0);
        let samples = &self.data.train;
        let mut passes = self.training.borrow_mut();
        for l in 1..layers.count() {
            for row in passes.hidden(x.as_slice(), samples.batch(), l).chunks_exact(samples.count.max(1)) {
                units += 1;
                dead += usize::from(row.iter().all(|value| *value == 0.0));
            }
        }
        f64::from(dead as u32) / f64::from(units)
    }

    /// The least sharpness that any parameters can have, where the loss and a bias at the output
    /// give one: see [`Loss::floor`].
    #[must_use]
    pub fn sharpness_floor(&self) -> Option<f64> {
        let Architecture { layers, loss, .. } = &self.architecture;
        let last = layers.count();
        if layers.biases(last).is_empty() { None } else { loss.floor(layers.width(last)) }
    }
}

impl Value for Network {
    fn dimension(&self) -> usize {
        self.architecture.layers.parameters()
    }

    fn value(&self, x: &DVector<f64>) -> f64 {
        self.training.borrow_mut().value(x.as_slice(), self.data.train.batch())
    }
}

impl Gradient for Network {
    fn gradient(&self, x: &DVector<f64>, gradient: &mut DVector<f64>) {
        let mut passes = self.training.borrow_mut();
        gradient.copy_from_slice(passes.gradient(x.as_slice(), self.data.train.batch()));
    }
}

impl HessianVectorProduct for Network {
    fn hessian_vector_product(&self, x: &DVector<f64>, v: &DVector<f64>, product: &mut DVector<f64>) {
        let (samples, product) = (self.data.train.batch(), product.as_mut_slice());
        self.training.borrow_mut().hessian_vector_product(x.as_slice(), v.as_slice(), samples, product);
    }
}

/// Column by column, by n products: for tests and small networks.
impl DenseHessian for Network {
    fn hessian(&self, x: &DVector<f64>, hessian: &mut nalgebra::DMatrix<f64>) {
        let n = x.len();
        let (mut unit, mut column) = (DVector::zeros(n), DVector::zeros(n));
        for j in 0..n {
            unit[j] = 1.0;
            self.hessian_vector_product(x, &unit, &mut column);
            hessian.set_column(j, &column);
            unit[j] = 0.0;
        }
        // Rounding leaves the two halves different.
        for j in 0..n {
            for i in 0..j {
                let mean = 0.5 * (hessian[(i, j)] + hessian[(j, i)]);
                (hessian[(i, j)], hessian[(j, i)]) = (mean, mean);
            }
        }
    }
}

impl Objective for Network {
    /// Not known: 0 is a bound that the data need not allow.
    fn minimum(&self) -> Option<f64> {
        None
    }

    fn flattest_sharpness(&self) -> Option<f64> {
        None
    }

    fn drawn_start(&self) -> Option<DVector<f64>> {
        let Architecture { layers, initialization, .. } = &self.architecture;
        Some(DVector::from_vec(initialization.draw(layers, self.seed)))
    }

    /// Up to [`MAX_DIMENSION`] parameters the Hessian is written down.
    fn tracking(&self, precision: Precision) -> Option<Box<dyn Tracking>> {
        let dimension = self.dimension();
        (dimension > MAX_DIMENSION).then(|| Box::new(ByProducts::new(dimension, precision)) as Box<dyn Tracking>)
    }

    fn own_column(&self, column: Column, x: &DVector<f64>) -> f64 {
        match column {
            Column::Accuracy => self.accuracy(x, Part::Training),
            Column::TestAccuracy => self.accuracy(x, Part::Test),
            Column::TestLoss => self.loss(x, Part::Test),
            Column::DeadUnits => self.dead_units(x),
            _ => f64::NAN,
        }
    }

    fn layer_norm(&self, vector: &DVector<f64>, layer: usize) -> f64 {
        let layers = &self.architecture.layers;
        if layer == 0 || layer > layers.count() {
            return f64::NAN;
        }
        let part = &vector.as_slice()[layers.weights(layer).start..layers.biases(layer).end];
        flatland_vectors::dot(part, part).sqrt()
    }

    fn as_network(&self) -> Option<&Network> {
        Some(self)
    }
}
