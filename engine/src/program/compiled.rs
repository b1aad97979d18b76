//! Functions with their derivatives as machine code, where something can make it: in a browser, a
//! program can be written as a WebAssembly module.
//!
//! The engine knows no browser: whoever runs it in one names a compiler, once ([`compile_with`]).
//! Without one, programs are interpreted.

use std::any::Any;
use std::sync::{Arc, OnceLock};

use super::Derivatives;

/// What machine code is asked for at a point; each has a routine of its own, which computes nothing
/// else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routine {
    /// f.
    Value,
    /// ∇f.
    Gradient,
    /// ∇²f.
    Hessian,
    /// f and ∇f.
    ValueAndGradient,
    /// f, ∇f and ∇²f.
    All,
}

impl Routine {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Value, Self::Gradient, Self::Hessian, Self::ValueAndGradient, Self::All];

    /// Whether it computes f.
    #[must_use]
    pub fn has_value(self) -> bool {
        matches!(self, Self::Value | Self::ValueAndGradient | Self::All)
    }

    /// Whether it computes ∇f.
    #[must_use]
    pub fn has_gradient(self) -> bool {
        matches!(self, Self::Gradient | Self::ValueAndGradient | Self::All)
    }

    /// Whether it computes ∇²f.
    #[must_use]
    pub fn has_hessian(self) -> bool {
        matches!(self, Self::Hessian | Self::All)
    }
}

/// The machine code of a routine: takes the addresses of x, of ∇f and of ∇²f, and returns f.
pub type Code = unsafe extern "C" fn(x: *const f64, gradient: *mut f64, hessian: *mut f64) -> f64;

/// A function of n variables with its derivatives as machine code. All bits are the interpreter's.
#[derive(Debug)]
pub struct Compiled {
    variables: usize,
    routines: [Code; Routine::ALL.len()],

    /// What the code goes with.
    _owner: Arc<dyn Any + Send + Sync>,
}

impl Compiled {
    /// The routines in the order of [`Routine::ALL`], which work as long as their owner lives.
    ///
    /// # Safety
    ///
    /// For n `variables`, a routine reads n numbers at its first address; it writes n numbers at
    /// its second address if it computes ∇f, n² at its third one if it computes ∇²f, and nothing
    /// else.
    #[expect(
        unsafe_code,
        reason = "what code does that did not exist when this was compiled, only its maker can promise"
    )]
    #[must_use]
    pub unsafe fn new(
        variables: usize,
        routines: [Code; Routine::ALL.len()],
        owner: Arc<dyn Any + Send + Sync>,
    ) -> Self {
        Self { variables, routines, _owner: owner }
    }

    /// Computes what the routine is for at x: returns f, else NaN; writes ∇f (n numbers) and ∇²f (n
    /// × n, column by column), else nothing.
    ///
    /// # Panics
    ///
    /// If x has not n numbers, or what is to be written to has another size.
    #[inline(always)]
    pub fn run(&self, routine: Routine, x: &[f64], gradient: &mut [f64], hessian: &mut [f64]) -> f64 {
        let n = self.variables;
        assert!(x.len() == n, "{n} variables");
        assert!(!routine.has_gradient() || gradient.len() == n, "a gradient of {n} numbers");
        assert!(!routine.has_hessian() || hessian.len() == n * n, "a Hessian of {n} × {n} numbers");
        let code = self.routines[routine as usize];
        // SAFETY: the maker of the code has promised that it reads and writes what has just been
        // measured, while its owner lives.
        #[expect(unsafe_code, reason = "the only way to call it")]
        unsafe {
            code(x.as_ptr(), gradient.as_mut_ptr(), hessian.as_mut_ptr())
        }
    }
}

/// Compiles a function; None where that cannot be done.
pub type Compiler = fn(&Derivatives) -> Option<Compiled>;

static COMPILER: OnceLock<Compiler> = OnceLock::new();

/// Names the compiler; the first one stays.
pub fn compile_with(compiler: Compiler) {
    COMPILER.get_or_init(|| compiler);
}

/// Compiles a function, where there is a compiler.
#[must_use]
pub fn compile(derivatives: &Derivatives) -> Option<Compiled> {
    COMPILER.get().and_then(|compiler| compiler(derivatives))
}
