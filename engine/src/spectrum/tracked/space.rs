//! The subspace in which a visit looks for eigenvectors.
//!
//! An orthonormal basis V with its images H·V and the projected matrix T = Vᵀ·H·V. By Rayleigh and
//! Ritz, an eigenpair (θ, y) of T gives the approximate eigenpair (θ, V·y) of H, whose residual
//! H·V·y − θ·V·y takes no product (Parlett, The Symmetric Eigenvalue Problem, 1998, chapter 11).

use flatland_vectors::{add_scaled, dot_in_parts as dot, is_finite, scale};
use nalgebra::DVector;

use super::columns::{add_combination, rotate};
use super::jacobi::diagonalize;
use crate::vector::norm_from_square;

/// Vectors in the largest space.
pub(super) const CAPACITY: usize = 24;

/// A multiplication by the matrix.
pub type Multiply<'a> = &'a mut dyn FnMut(&DVector<f64>, &mut DVector<f64>);

/// The product, or a number made from it, is not finite.
pub(super) struct NotFinite;

/// A space of up to [`CAPACITY`] vectors. Its columns are kept when it is cleared.
#[derive(Debug, Default)]
pub(super) struct Space {
    /// Vectors in use.
    size: usize,

    basis: Vec<DVector<f64>>,
    images: Vec<DVector<f64>>,

    /// T by columns, of `size` entries in a row of [`CAPACITY`].
    projected: Vec<f64>,

    /// Eigenvalues of T in descending order, of the last call of [`Space::solve`].
    pub values: Vec<f64>,

    /// Unit eigenvectors of T, one after the other in the order of `values`.
    weights: Vec<f64>,

    /// Products made since the space was cleared.
    pub products: u32,
}

impl Space {
    /// Empties the space.
    pub fn clear(&mut self) {
        self.size = 0;
        self.products = 0;
        self.values.clear();
    }

    pub fn size(&self) -> usize {
        self.size
    }

    /// The columns of the basis, which the caller may exchange once the space is done with.
    pub fn basis_mut(&mut self) -> &mut [DVector<f64>] {
        &mut self.basis[..self.size]
    }

    /// The product with the vector added last.
    pub fn last_image(&self) -> Option<&DVector<f64>> {
        self.images[..self.size].last()
    }

    /// Adds the part of `direction` orthogonal to the space, and multiplies by it; `direction` is
    /// overwritten.
    ///
    /// Returns whether there is such a part: false within rounding of the space, and if the space
    /// is full.
    pub fn push(&mut self, direction: &mut DVector<f64>, multiply: Multiply) -> Result<bool, NotFinite> {
        if self.size == CAPACITY || !self.orthonormalize(direction) {
            return Ok(false);
        }
        let dimension = direction.len();
        if self.basis.len() == self.size {
            self.basis.push(DVector::zeros(dimension));
            self.images.push(DVector::zeros(dimension));
            self.projected.resize(CAPACITY * self.basis.len(), 0.0);
        }
        std::mem::swap(&mut self.basis[self.size], direction);
        let image = &mut self.images[self.size];
        multiply(&self.basis[self.size], image);
        self.products += 1;
        if !is_finite(image.as_slice()) {
            return Err(NotFinite);
        }
        for (row, vector) in self.basis[..=self.size].iter().enumerate() {
            let entry = dot(vector.as_slice(), image.as_slice());
            if !entry.is_finite() {
                return Err(NotFinite);
            }
            self.projected[self.size * CAPACITY + row] = entry;
            self.projected[row * CAPACITY + self.size] = entry;
        }
        self.size += 1;
        Ok(true)
    }

    /// Makes `direction` a unit vector orthogonal to the space, if it is not within it.
    fn orthonormalize(&self, direction: &mut DVector<f64>) -> bool {
        let mut size = norm(direction);
        // Twice is enough (Kahan, in Parlett, 1998, section 6.9), and once where little is taken
        // away. What the second pass still shortens is the rounding of a vector within the space.
        for least in [0.7, 0.5] {
            if !divide(direction, size) {
                return false;
            }
            for vector in &self.basis[..self.size] {
                let component = dot(vector.as_slice(), direction.as_slice());
                add_scaled(direction.as_mut_slice(), -component, vector.as_slice());
            }
            size = norm(direction);
            if size > least {
                return divide(direction, size);
            }
        }
        false
    }

    /// Solves the projected problem: all approximate eigenpairs, in descending order.
    pub fn solve(&mut self) {
        let size = self.size;
        let mut matrix: Vec<f64> =
            self.projected.chunks_exact(CAPACITY).take(size).flat_map(|column| &column[..size]).copied().collect();
        let mut vectors = vec![0.0; size * size];
        diagonalize(&mut matrix, &mut vectors, size);
        let mut order: Vec<usize> = (0..size).collect();
        order.sort_by(|&i, &j| matrix[j * size + j].total_cmp(&matrix[i * size + i]));
        self.values.clear();
        self.weights.clear();
        for i in order {
            self.values.push(matrix[i * size + i]);
            self.weights.extend_from_slice(&vectors[i * size..(i + 1) * size]);
        }
    }

    /// Writes the residual H·v − θ·v of the approximate eigenpair number `rank` and returns its
    /// norm; NaN if there are not that many. After [`Space::solve`].
    pub fn residual(&self, rank: usize, residual: &mut DVector<f64>) -> f64 {
        let (Some(value), Some(weights)) =
            (self.values.get(rank), self.weights.chunks_exact(self.size.max(1)).nth(rank))
        else {
            return f64::NAN;
        };
        residual.fill(0.0);
        add_combination(residual.as_mut_slice(), &self.images, weights.iter().copied());
        add_combination(residual.as_mut_slice(), &self.basis, weights.iter().map(|weight| -value * weight));
        norm(residual)
    }

    /// Turns the first `count` vectors of the basis into the leading approximate eigenvectors; the
    /// images are left as they are. After [`Space::solve`], and the last call before
    /// [`Space::clear`].
    pub fn rotate_basis(&mut self, count: usize) {
        let count = count.min(self.size);
        rotate(&mut self.basis[..self.size], &self.weights[..count * self.size]);
        self.size = count;
    }

    /// Restarts from the leading `count` approximate eigenvectors, without a product. After
    /// [`Space::solve`].
    pub fn restart(&mut self, count: usize) {
        let count = count.min(self.size);
        rotate(&mut self.images[..self.size], &self.weights[..count * self.size]);
        self.rotate_basis(count);
        // The new basis solves its projected problem as it stands.
        self.values.truncate(count);
        self.weights.clear();
        self.weights.resize(count * count, 0.0);
        self.projected.fill(0.0);
        for (i, value) in self.values.iter().enumerate() {
            self.weights[i * count + i] = 1.0;
            self.projected[i * CAPACITY + i] = *value;
        }
    }
}

/// Divides by the norm `size`; returns false, and leaves the vector alone, where that is 0 or not
/// finite.
fn divide(v: &mut DVector<f64>, size: f64) -> bool {
    let is_normal = size >= f64::MIN_POSITIVE && size.is_finite();
    if is_normal {
        scale(v.as_mut_slice(), 1.0 / size);
    }
    is_normal
}

/// ‖v‖, also where its square overflows or vanishes.
pub(super) fn norm(v: &DVector<f64>) -> f64 {
    norm_from_square(v, dot(v.as_slice(), v.as_slice()))
}
