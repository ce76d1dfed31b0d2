//! The functions and constants of formulas.

/// A constant.
#[derive(Debug, PartialEq)]
pub(crate) struct Constant {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    /// In Rust.
    pub(super) rust: &'static str,
}

/// A function of one number.
#[derive(Debug)]
pub(crate) struct Unary {
    pub(crate) name: &'static str,
    pub(crate) value: fn(f64) -> f64,
    /// In Rust, with `{}` for the number.
    pub(super) rust: &'static str,
}

/// A function of two numbers.
#[derive(Debug)]
pub(crate) struct Binary {
    pub(crate) name: &'static str,
    pub(crate) value: fn(f64, f64) -> f64,
    /// In Rust, before the numbers.
    pub(super) rust: &'static str,
}

impl PartialEq for Unary {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl PartialEq for Binary {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

pub(crate) const CONSTANTS: &[Constant] = &[
    Constant { name: "pi", value: std::f64::consts::PI, rust: "PI" },
    Constant { name: "e", value: std::f64::consts::E, rust: "E" },
    Constant { name: "tau", value: std::f64::consts::TAU, rust: "TAU" },
];

const fn unary(name: &'static str, value: fn(f64) -> f64, rust: &'static str) -> Unary {
    Unary { name, value, rust }
}

pub(crate) const UNARY: &[Unary] = &[
    unary("sin", libm::sin, "libm::sin({})"),
    unary("cos", libm::cos, "libm::cos({})"),
    unary("tan", libm::tan, "libm::tan({})"),
    unary("asin", libm::asin, "libm::asin({})"),
    unary("acos", libm::acos, "libm::acos({})"),
    unary("atan", libm::atan, "libm::atan({})"),
    unary("sinh", libm::sinh, "libm::sinh({})"),
    unary("cosh", libm::cosh, "libm::cosh({})"),
    unary("tanh", libm::tanh, "libm::tanh({})"),
    unary("exp", libm::exp, "libm::exp({})"),
    unary("ln", libm::log, "libm::log({})"),
    unary("log2", libm::log2, "libm::log2({})"),
    unary("log10", libm::log10, "libm::log10({})"),
    unary("sqrt", libm::sqrt, "libm::sqrt({})"),
    unary("cbrt", libm::cbrt, "libm::cbrt({})"),
    unary("abs", f64::abs, "f64::abs({})"),
    unary("sign", sign, "(f64::from({} > 0.0) - f64::from({} < 0.0))"),
    unary("floor", libm::floor, "f64::floor({})"),
    unary("ceil", libm::ceil, "f64::ceil({})"),
    unary("round", libm::round, "f64::round({})"),
    unary("relu", |x| if x > 0.0 { x } else { 0.0 * x }, "f64::max({}, 0.0)"),
    unary("sigmoid", |x| 1.0 / (1.0 + libm::exp(-x)), "1.0 / (1.0 + libm::exp(-({})))"),
];

pub(crate) const BINARY: &[Binary] = &[
    Binary { name: "min", value: f64::min, rust: "f64::min" },
    Binary { name: "max", value: f64::max, rust: "f64::max" },
];

/// -1, 0 or 1.
fn sign(x: f64) -> f64 {
    if x == 0.0 { x } else { x.signum() }
}
