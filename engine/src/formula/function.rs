//! The functions of one argument, with their derivatives.

/// A function of one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    Abs,
    Sqrt,
    Exp,
    Log,
    Sin,
    Cos,
    Tan,
    Tanh,
    Cosh,
    Sinh,
    LogCosh,
    Softplus,
    Relu,
    Sign,
}

impl Function {
    /// The function of this name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "abs" => Self::Abs,
            "sqrt" => Self::Sqrt,
            "exp" => Self::Exp,
            "log" | "ln" => Self::Log,
            "sin" => Self::Sin,
            "cos" => Self::Cos,
            "tan" => Self::Tan,
            "tanh" => Self::Tanh,
            "cosh" => Self::Cosh,
            "sinh" => Self::Sinh,
            "logcosh" => Self::LogCosh,
            "softplus" => Self::Softplus,
            "relu" => Self::Relu,
            "sign" => Self::Sign,
            _ => return None,
        })
    }

    /// Its value at x.
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
            Self::Relu => x.max(0.0),
            Self::Sign => sign(x),
        }
    }

    /// The first and second derivative at x, where the value is f.
    pub fn derivatives(self, x: f64, f: f64) -> (f64, f64) {
        match self {
            Self::Abs => (sign(x), 0.0),
            Self::Sqrt => (0.5 / f, -0.25 / (f * x)),
            Self::Exp => (f, f),
            Self::Log => (1.0 / x, -1.0 / (x * x)),
            Self::Sin => (libm::cos(x), -f),
            Self::Cos => (-libm::sin(x), -f),
            Self::Tan => (1.0 + f * f, 2.0 * f * (1.0 + f * f)),
            Self::Tanh => (1.0 - f * f, -2.0 * f * (1.0 - f * f)),
            Self::Cosh => (libm::sinh(x), f),
            Self::Sinh => (libm::cosh(x), f),
            Self::LogCosh => {
                let slope = libm::tanh(x);
                (slope, 1.0 - slope * slope)
            }
            Self::Softplus => {
                let slope = 1.0 / (1.0 + libm::exp(-x));
                (slope, slope * (1.0 - slope))
            }
            Self::Relu => (if x > 0.0 { 1.0 } else { 0.0 }, 0.0),
            Self::Sign => (0.0, 0.0),
        }
    }
}

/// log cosh x: near 0, where it is x²/2, nothing cancels; far from it cosh itself would overflow at 710.
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

fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}
