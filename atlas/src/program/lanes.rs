//! Programs on many pixels at once: every number is a lane of [`LANES`] values, one for each pixel.
//!
//! Each operation is one loop over two lanes, which compilers turn into vector instructions (SSE2
//! and AVX on a host, simd128 in WebAssembly); deciding which operation comes next is paid once for
//! all pixels of the lane. Rounding is that of scalar code: lanes change the order of pixels, never
//! of operations.

use flatland_engine::program::weighed;

use super::{Function, Operation, Program};

/// Pixels to a lane: enough to hide the cost of an operation's dispatch, few enough for a program's
/// lanes to stay in the first cache.
pub const LANES: usize = 64;

/// One number of each pixel.
pub type Lane = [f64; LANES];

/// Whether any number of a lane is other than +0. Flags are kept as numbers, since lanes of those
/// are what vector instructions are for.
#[inline]
#[must_use]
pub fn any(flags: &Lane) -> bool {
    flags.iter().fold(0, |bits, flag| bits | flag.to_bits()) != 0
}

/// The numbers of a program, a lane for each place.
#[derive(Clone, Debug)]
pub struct Registers(Vec<Lane>);

impl Registers {
    /// Room for a program, with its constants put down; inputs are 0.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        let mut lanes = vec![[0.0; LANES]; program.places()];
        for (lane, constant) in lanes[program.inputs..].iter_mut().zip(&program.constants) {
            *lane = [*constant; LANES];
        }
        Self(lanes)
    }

    /// The lane at a place.
    #[must_use]
    pub fn lane(&self, place: usize) -> &Lane {
        &self.0[place]
    }

    /// The lane at a place, to write an input.
    pub fn lane_mut(&mut self, place: usize) -> &mut Lane {
        &mut self.0[place]
    }

    /// The first `inputs` lanes to write, and all others to read.
    pub fn split(&mut self, inputs: usize) -> (&mut [Lane], &[Lane]) {
        let (inputs, others) = self.0.split_at_mut(inputs);
        (inputs, others)
    }

    /// Computes all lanes of the program they were made for from those of its inputs.
    #[inline]
    pub fn run(&mut self, program: &Program) {
        let first = program.first();
        for (i, operation) in program.operations.iter().enumerate() {
            let (before, rest) = self.0.split_at_mut(first + i);
            let Some(out) = rest.first_mut() else { return };
            match *operation {
                Operation::Add(a, b) => each(out, &before[a], &before[b], |a, b| a + b),
                Operation::Subtract(a, b) => each(out, &before[a], &before[b], |a, b| a - b),
                Operation::Multiply(a, b) if a == b => map(out, &before[a], |a| a * a),
                Operation::Multiply(a, b) => each(out, &before[a], &before[b], |a, b| a * b),
                Operation::Weigh(a, b) => each(out, &before[a], &before[b], weighed),
                Operation::Divide(a, b) => each(out, &before[a], &before[b], |a, b| a / b),
                Operation::Negate(a) => map(out, &before[a], |a| -a),
                Operation::Apply(Function::Abs, a) => map(out, &before[a], f64::abs),
                Operation::Apply(Function::Sqrt, a) => map(out, &before[a], f64::sqrt),
                Operation::Apply(function, a) => map(out, &before[a], |a| function.value(a)),
                Operation::Power(a, b) => each(out, &before[a], &before[b], libm::pow),
                Operation::Choose { less, than, then, otherwise } => {
                    let (less, than, then, otherwise) =
                        (&before[less], &before[than], &before[then], &before[otherwise]);
                    for i in 0..LANES {
                        out[i] = if less[i] < than[i] { then[i] } else { otherwise[i] };
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn map(out: &mut Lane, a: &Lane, value: impl Fn(f64) -> f64) {
    for i in 0..LANES {
        out[i] = value(a[i]);
    }
}

#[inline(always)]
fn each(out: &mut Lane, a: &Lane, b: &Lane, value: impl Fn(f64, f64) -> f64) {
    for i in 0..LANES {
        out[i] = value(a[i], b[i]);
    }
}
