//! The top of the spectrum of a large symmetric matrix that is known by its products only, tracked
//! while the matrix changes.
//!
//! Each visit starts from the approximate eigenvectors of an earlier one and takes from their span
//! the best approximations (Rayleigh & Ritz). Then it adds the residual H·v − λ·v of a pair that is
//! not good enough, one product each, until all are: the block Davidson method without a
//! preconditioner (Davidson, 1975), restarted from its best vectors when the space is full (Wu &
//! Simon, Thick-restart Lanczos method, 2000).
//!
//! Gradient descent at the edge of stability oscillates with period 2, and the eigenvectors of two
//! visits back then fit better than the last ones. Two generations are kept, and a visit starts
//! from the older one if that would have been better the last time.
//!
//! **What is guaranteed.** Each value λ has an eigenvalue within its residual ρ = ‖H·v − λ·v‖, and
//! within ρ²/γ where all others are at least γ away from λ (Parlett, The Symmetric Eigenvalue
//! Problem, 1998, theorems 4.5.1 and 11.7.1). But for rounding, no λₖ is above the true one, as the
//! maximum over a subspace.
//!
//! **What is not.** That no larger eigenvalue is missed: products with vectors orthogonal to its
//! eigenvector know nothing of it. One vector more than asked for, the guard, is tracked, so that
//! an eigenvalue that rises from below is known before it crosses: at every visit while it is close
//! to the others, else at every [`GUARD_INTERVAL`]th. And the first visit and every
//! [`PROBE_INTERVAL`]th look from a new random direction, with [`PROBE_PRODUCTS`] products, for
//! what has appeared elsewhere. From there an eigenvalue is found that stands out of the rest; one
//! close to the bulk may take several probes. An eigenvalue that rises fast through several others,
//! its eigenvector never mixing with theirs, is thus late by up to one interval or two; the
//! Hessians along a path of descent mix.

mod columns;
mod jacobi;
mod space;

use flatland_vectors::dot_in_parts;
use nalgebra::DVector;
pub use space::Multiply;
use space::{CAPACITY, NotFinite, Space};

use crate::random::Random;

/// The most eigenvalues that are tracked at once.
pub const MAX_COUNT: usize = 8;

/// Visits from one search for missed eigenvalues to the next.
pub const PROBE_INTERVAL: u64 = 16;

/// Products of one search for missed eigenvalues.
pub const PROBE_PRODUCTS: usize = 10;

/// Products after which a visit gives up, unless [`Tracked::set_limit`] says otherwise.
pub const DEFAULT_LIMIT: u32 = 300;

/// Visits from one product with a distant guard to the next.
pub const GUARD_INTERVAL: u64 = 4;

/// The guard is close if its value is less than this part of |λ₁| below the last one tracked.
const GUARD_MARGIN: f64 = 0.1;

/// Part of each of the newest vectors, squared, that must lie in the span of the older ones if a
/// visit is to start from these.
const LEAST_SHARE: f64 = 0.5;

/// Vectors kept at a restart beyond those tracked: fewer lose what the space has learned, more
/// leave it less room.
const KEPT_BEYOND: usize = 4;

/// Residuals below this part of the largest approximate eigenvalue are rounding.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// The seed of all random directions, the same for all.
const SEED: u64 = 0x5eed;

/// Which end of the spectrum is tracked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Largest,
    Smallest,
}

/// The largest (or smallest) eigenvalues of a symmetric matrix, with their eigenvectors, from visit
/// to visit.
///
/// Memory: 2·`count` + 1 vectors of `dimension` numbers, and in use up to 48 more, which a clone
/// does not copy. Cost of a visit beside its products: O(`dimension`·m²)
/// for a space of m ≤ 24 vectors.
///
/// ```
/// use flatland_engine::spectrum::tracked::Tracked;
///
/// let mut tracked = Tracked::new(3, 1, 1e-6);
/// let visit = tracked.visit(&mut |v, product| {
///     for (i, (product, v)) in product.iter_mut().zip(v).enumerate() {
///         *product = (i + 1) as f64 * v;
///     }
/// });
/// assert!(visit.is_converged && (visit.values[0] - 3.0).abs() < 1e-12);
/// ```
#[derive(Debug)]
pub struct Tracked {
    dimension: usize,
    count: usize,
    tolerance: f64,
    limit: u32,
    end: End,

    /// The approximate eigenvectors of the last visit.
    newest: Vec<DVector<f64>>,

    /// Those of the visit before.
    before: Vec<DVector<f64>>,

    /// Whether the matrix of the last visit was more like that of two visits back than like the
    /// last: then `before` fits the next one best.
    alternates: bool,

    /// The approximate eigenvector of the next eigenvalue.
    guard: Option<DVector<f64>>,

    /// The guard's value when it was found.
    guard_value: f64,

    /// Whether the guard's eigenvalue may soon be among those tracked.
    is_guard_close: bool,

    visits: u64,
    random: Random,

    /// Memory for a visit; it says nothing from one to the next.
    space: Space,
    direction: DVector<f64>,
}

/// What a visit found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Visit {
    /// λ₁ ≥ λ₂ ≥ …, or from the smallest upward for [`Tracked::smallest`]; NaN beyond the count and
    /// the dimension, and everywhere if a product was not finite.
    pub values: [f64; MAX_COUNT],

    /// ‖H·v − λ·v‖ for each; an eigenvalue is no further from λ than that.
    pub residuals: [f64; MAX_COUNT],

    /// Products with the matrix that it took.
    pub products: u32,

    /// Whether all residuals are within the tolerance.
    pub is_converged: bool,
}

impl Tracked {
    /// Tracks the `count` largest eigenvalues (1 to [`MAX_COUNT`], or the nearest of these) of a
    /// matrix of this dimension, until each residual is at most `tolerance`·|λ₁|.
    #[must_use]
    pub fn new(dimension: usize, count: usize, tolerance: f64) -> Self {
        Self {
            dimension,
            count: count.clamp(1, MAX_COUNT),
            tolerance,
            limit: DEFAULT_LIMIT,
            end: End::Largest,
            newest: Vec::new(),
            before: Vec::new(),
            alternates: false,
            guard: None,
            guard_value: f64::NEG_INFINITY,
            is_guard_close: true,
            visits: 0,
            random: Random::new(SEED),
            space: Space::default(),
            direction: DVector::default(),
        }
    }

    /// Tracks the `count` smallest eigenvalues: the largest of −H, negated.
    ///
    /// The tolerance refers to the smallest, which may take far longer if it is small beside λ₁.
    #[must_use]
    pub fn smallest(dimension: usize, count: usize, tolerance: f64) -> Self {
        Self { end: End::Smallest, ..Self::new(dimension, count, tolerance) }
    }

    /// How many eigenvalues are tracked.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Tracks this many eigenvalues from the next visit on, 1 to [`MAX_COUNT`], or the nearest of
    /// these.
    pub fn set_count(&mut self, count: usize) {
        self.count = count.clamp(1, MAX_COUNT);
        self.is_guard_close = true;
    }

    /// Makes a visit give up after this many products; it needs at least `count` + 1.
    pub fn set_limit(&mut self, products: u32) {
        self.limit = products;
    }

    /// The unit eigenvector of the eigenvalue number `rank`, from 0, at the last visit whose
    /// products were finite; none before that, and none for a rank that was not tracked.
    ///
    /// Its sign is that of the nearest vector of the visit before; at first its largest entry is
    /// positive.
    #[must_use]
    pub fn vector(&self, rank: usize) -> Option<&DVector<f64>> {
        self.newest.get(rank).filter(|_| rank < self.count)
    }

    /// Finds the eigenvalues of the matrix as it is now; `multiply(v, product)` fills `product`
    /// with H·v, for unit vectors v.
    ///
    /// Where a product is not finite, all values are NaN, and the next visit starts as if this one
    /// had not been.
    pub fn visit(&mut self, multiply: Multiply) -> Visit {
        let end = self.end;
        let mut space = std::mem::take(&mut self.space);
        let mut direction = std::mem::take(&mut self.direction);
        direction.resize_vertically_mut(self.dimension, 0.0);
        let mut multiply = |v: &DVector<f64>, product: &mut DVector<f64>| {
            multiply(v, product);
            if end == End::Smallest {
                product.neg_mut();
            }
        };
        space.clear();
        let random = self.random.clone();
        let visit = match self.search(&mut space, &mut direction, &mut multiply) {
            Ok(visit) => visit,
            Err(NotFinite) => {
                self.random = random;
                Visit {
                    values: [f64::NAN; MAX_COUNT],
                    residuals: [f64::NAN; MAX_COUNT],
                    products: space.products,
                    is_converged: false,
                }
            }
        };
        (self.space, self.direction) = (space, direction);
        visit
    }

    /// A visit, but for what it borrows.
    fn search(
        &mut self,
        space: &mut Space,
        direction: &mut DVector<f64>,
        multiply: Multiply,
    ) -> Result<Visit, NotFinite> {
        let count = self.count.min(self.dimension);
        let mut is_guard_due = self.is_guard_close || self.visits.is_multiple_of(GUARD_INTERVAL);
        let mut is_probe_due = self.visits.is_multiple_of(PROBE_INTERVAL);
        let tracked = if is_guard_due { self.dimension.min(self.count + 1) } else { count };
        let mut residuals = [f64::NAN; MAX_COUNT];
        let mut first = 0;
        self.start(space, tracked, direction, multiply)?;
        let is_converged = loop {
            space.solve();
            let bound = self.bound(&space.values);
            let unconverged = (first..count).chain(0..first).find(|&rank| {
                let residual = space.residual(rank, direction);
                residuals[rank] = residual;
                let is_good = residual <= bound;
                !is_good
            });
            let is_over = space.size() == self.dimension || space.products >= self.limit;
            match unconverged {
                None if is_over => break count > 0,
                None if is_probe_due => {
                    (is_probe_due, is_guard_due) = (false, false);
                    self.probe(space, tracked, direction, multiply)?;
                }
                // One step for the guard, too, or it would stay at an eigenvalue that others pass.
                None if is_guard_due => {
                    is_guard_due = false;
                    let is_good = space.residual(count, direction) <= bound;
                    if is_good || !self.expand(space, tracked, direction, multiply)? {
                        break true;
                    }
                }
                None => break true,
                Some(_) if is_over => break false,
                Some(rank) => {
                    first = rank;
                    if !self.expand(space, tracked, direction, multiply)? {
                        break false;
                    }
                }
            }
        };
        let mut values = [f64::NAN; MAX_COUNT];
        for (rank, value) in values.iter_mut().enumerate().take(count) {
            let found = space.values.get(rank).copied().unwrap_or(f64::NAN);
            // A difference, since that of zeros is no −0.
            *value = if self.end == End::Smallest { 0.0 - found } else { found };
            if !is_converged {
                residuals[rank] = space.residual(rank, direction);
            }
        }
        self.keep(space, tracked);
        Ok(Visit { values, residuals, products: space.products, is_converged })
    }

    /// The residual up to which a pair is good enough.
    fn bound(&self, values: &[f64]) -> f64 {
        let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let first = values.first().map_or(f64::NAN, |value| value.abs());
        (self.tolerance * first).max(ROUNDING * largest)
    }

    /// Fills the space with the vectors of an earlier visit, and with random ones where there are
    /// too few.
    fn start(
        &mut self,
        space: &mut Space,
        tracked: usize,
        direction: &mut DVector<f64>,
        multiply: Multiply,
    ) -> Result<(), NotFinite> {
        let vectors = if self.alternates { &self.before } else { &self.newest };
        for vector in vectors.iter().chain(&self.guard).take(tracked) {
            direction.copy_from(vector);
            space.push(direction, multiply)?;
        }
        while space.size() < tracked && self.push_random(space, direction, multiply)? {}
        Ok(())
    }

    /// Adds the `direction`, or a random one if the space contains it; false if that cannot be.
    fn expand(
        &mut self,
        space: &mut Space,
        tracked: usize,
        direction: &mut DVector<f64>,
        multiply: Multiply,
    ) -> Result<bool, NotFinite> {
        if space.size() == CAPACITY {
            space.restart(tracked + KEPT_BEYOND);
        }
        Ok(space.push(direction, multiply)? || self.push_random(space, direction, multiply)?)
    }

    /// Adds a random direction; false if the space has no room for it.
    fn push_random(
        &mut self,
        space: &mut Space,
        direction: &mut DVector<f64>,
        multiply: Multiply,
    ) -> Result<bool, NotFinite> {
        for entry in direction.iter_mut() {
            *entry = 2.0 * self.random.uniform() - 1.0;
        }
        space.push(direction, multiply)
    }

    /// Looks for missed eigenvalues: steps of the Lanczos method from a random direction,
    /// orthogonal to all that is known.
    fn probe(
        &mut self,
        space: &mut Space,
        tracked: usize,
        direction: &mut DVector<f64>,
        multiply: Multiply,
    ) -> Result<(), NotFinite> {
        if space.size() + PROBE_PRODUCTS > CAPACITY {
            space.restart(tracked + KEPT_BEYOND);
        }
        let mut has_room = self.push_random(space, direction, multiply)?;
        for _ in 1..PROBE_PRODUCTS.min(self.limit.saturating_sub(space.products) as usize) {
            let Some(image) = space.last_image().filter(|_| has_room) else { break };
            direction.copy_from(image);
            has_room = space.push(direction, multiply)?;
        }
        Ok(())
    }

    /// Keeps the leading vectors of the space for the visits to come.
    fn keep(&mut self, space: &mut Space, tracked: usize) {
        let count = self.count.min(space.size());
        let next = space.values.get(count).copied().unwrap_or(f64::NEG_INFINITY);
        // Without a product of its own the guard is still replaced by what has passed it.
        let is_guard_found = tracked > count || next > self.guard_value;
        if is_guard_found {
            self.guard_value = next;
        }
        let margin = GUARD_MARGIN * space.values.first().map_or(0.0, |value| value.abs());
        self.is_guard_close = space.values[..count].last().is_some_and(|last| self.guard_value > last - margin);
        space.rotate_basis(if is_guard_found { count + 1 } else { count });
        let (vectors, guard) = space.basis_mut().split_at_mut(count);
        if let Some(guard) = guard.first_mut() {
            std::mem::swap(self.guard.get_or_insert_with(|| DVector::zeros(self.dimension)), guard);
        }
        let (mut overlap, mut overlap_before, mut least) = (0.0, 0.0, 1.0_f64);
        for vector in vectors.iter_mut() {
            let (mut nearest, mut share) = (0.0_f64, 0.0);
            for newest in &self.newest {
                let cosine = dot_in_parts(vector.as_slice(), newest.as_slice());
                share += cosine * cosine;
                if cosine.abs() > nearest.abs() {
                    nearest = cosine;
                }
            }
            for before in &self.before {
                let cosine = dot_in_parts(vector.as_slice(), before.as_slice());
                overlap_before += cosine * cosine;
            }
            overlap += share;
            least = least.min(share);
            let sign = if nearest == 0.0 { vector[vector.icamax()] } else { nearest };
            if sign < 0.0 {
                vector.neg_mut();
            }
        }
        // After a crossing the older vectors lack one of the new, and the guard need not be it.
        self.alternates = overlap_before > overlap && least > LEAST_SHARE;
        self.before.resize_with(count, || DVector::zeros(self.dimension));
        for (kept, vector) in self.before.iter_mut().zip(vectors) {
            std::mem::swap(kept, vector);
        }
        std::mem::swap(&mut self.newest, &mut self.before);
        self.visits += 1;
    }
}

/// The state without the memory for a visit, which the clone allocates when it is first visited.
impl Clone for Tracked {
    fn clone(&self) -> Self {
        Self {
            newest: self.newest.clone(),
            before: self.before.clone(),
            guard: self.guard.clone(),
            random: self.random.clone(),
            space: Space::default(),
            direction: DVector::default(),
            ..*self
        }
    }
}
