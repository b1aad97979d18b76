//! The functions of one argument.

/// A function of one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Function {
    /// |x|.
    Abs,
    /// √x.
    Sqrt,
    /// eˣ.
    Exp,
    /// log x.
    Log,
    /// sin x.
    Sin,
    /// cos x.
    Cos,
    /// tan x.
    Tan,
    /// tanh x.
    Tanh,
    /// cosh x.
    Cosh,
    /// sinh x.
    Sinh,
    /// log cosh x, which does not overflow.
    LogCosh,
    /// log(1 + eˣ), which does not overflow.
    Softplus,
    /// 1/(1 + e⁻ˣ), the derivative of softplus.
    Sigmoid,
    /// max(x, 0).
    Relu,
    /// −1, 0 or 1.
    Sign,
}

impl Function {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Abs,
        Self::Sqrt,
        Self::Exp,
        Self::Log,
        Self::Sin,
        Self::Cos,
        Self::Tan,
        Self::Tanh,
        Self::Cosh,
        Self::Sinh,
        Self::LogCosh,
        Self::Softplus,
        Self::Sigmoid,
        Self::Relu,
        Self::Sign,
    ];

    /// Its name in a formula.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Abs => "abs",
            Self::Sqrt => "sqrt",
            Self::Exp => "exp",
            Self::Log => "log",
            Self::Sin => "sin",
            Self::Cos => "cos",
            Self::Tan => "tan",
            Self::Tanh => "tanh",
            Self::Cosh => "cosh",
            Self::Sinh => "sinh",
            Self::LogCosh => "logcosh",
            Self::Softplus => "softplus",
            Self::Sigmoid => "sigmoid",
            Self::Relu => "relu",
            Self::Sign => "sign",
        }
    }

    /// The function of this name; the natural logarithm has two.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = if name == "ln" { "log" } else { name };
        Self::ALL.into_iter().find(|function| function.name() == name)
    }

    /// Its value at x.
    #[inline]
    #[must_use]
    pub fn value(self, x: f64) -> f64 {
        match self {
            Self::Abs => x.abs(),
            Self::Sqrt => x.sqrt(),
            Self::Exp => libm::exp(x),
            Self::Log => libm::log(x),
            Self::Sin => libm::sin(x),
            Self::Cos => libm::cos(x),
            Self::Tan => libm::tan(x),
            Self::Tanh => libm::tanh(x),
            Self::Cosh => libm::cosh(x),
            Self::Sinh => libm::sinh(x),
            Self::LogCosh => log_cosh(x),
            Self::Softplus => x.max(0.0) + libm::log1p(libm::exp(-x.abs())),
            Self::Sigmoid => 1.0 / (1.0 + libm::exp(-x)),
            // What is no number stays none.
            Self::Relu if x <= 0.0 => 0.0,
            Self::Relu => x,
            Self::Sign if x > 0.0 => 1.0,
            Self::Sign if x < 0.0 => -1.0,
            Self::Sign => x,
        }
    }
}

/// log cosh x: near 0, where it is x²/2, nothing cancels; far from it cosh itself would overflow
/// at 710.
#[must_use]
pub fn log_cosh(x: f64) -> f64 {
    let x = x.abs();
    if x < 1.0 {
        let s = libm::sinh(0.5 * x);
        libm::log1p(2.0 * s * s)
    } else {
        x + libm::log1p(libm::exp(-2.0 * x)) - std::f64::consts::LN_2
    }
}
