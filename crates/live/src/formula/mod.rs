//! Formulas `y = f(x)` of the user.
//!
//! The parser is part of this crate for three reasons: an error has the position of the mistake, the export
//! writes the formula as Rust code, and a value has the same bits on every platform.

mod function;
mod parse;
mod text;

use function::{BINARY, Binary, CONSTANTS, Constant, UNARY, Unary};

/// The characters of the longest formula.
const LONGEST: usize = 500;

/// A formula of one variable, `x`. It prints in a plain form that parses as the same formula.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Formula {
    X,
    Number(f64),
    Constant(&'static Constant),
    Negative(Box<Formula>),
    Sum(Box<Formula>, Box<Formula>),
    Difference(Box<Formula>, Box<Formula>),
    Product(Box<Formula>, Box<Formula>),
    Quotient(Box<Formula>, Box<Formula>),
    Power(Box<Formula>, Box<Formula>),
    Unary(&'static Unary, Box<Formula>),
    Binary(&'static Binary, Box<Formula>, Box<Formula>),
}

impl Formula {
    /// The value at `x`. The functions are those of the `libm` crate, with the same bits everywhere.
    pub(crate) fn value(&self, x: f64) -> f64 {
        match self {
            Self::X => x,
            Self::Number(number) => *number,
            Self::Constant(constant) => constant.value,
            Self::Negative(a) => -a.value(x),
            Self::Sum(a, b) => a.value(x) + b.value(x),
            Self::Difference(a, b) => a.value(x) - b.value(x),
            Self::Product(a, b) => a.value(x) * b.value(x),
            Self::Quotient(a, b) => a.value(x) / b.value(x),
            Self::Power(a, b) => libm::pow(a.value(x), b.value(x)),
            Self::Unary(function, a) => (function.value)(a.value(x)),
            Self::Binary(function, a, b) => (function.value)(a.value(x), b.value(x)),
        }
    }
}

/// The names of all functions.
pub(crate) fn functions() -> Vec<&'static str> {
    UNARY.iter().map(|function| function.name).chain(BINARY.iter().map(|it| it.name)).collect()
}

/// The names of all constants.
pub(crate) fn constants() -> Vec<&'static str> {
    CONSTANTS.iter().map(|constant| constant.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, x: f64) -> f64 {
        Formula::parse(text).unwrap_or_else(|refusal| panic!("{text}: {refusal:?}")).value(x)
    }

    #[test]
    fn formulas_have_their_values() {
        for (text, x, expected) in [
            ("1 + 2 * 3", 0.0, 7.0),
            ("(1 + 2) * 3", 0.0, 9.0),
            ("2^3^2", 0.0, 512.0),
            ("-x^2", 3.0, -9.0),
            ("(-x)^2", 3.0, 9.0),
            ("2^-1", 0.0, 0.5),
            ("x**2", 3.0, 9.0),
            ("10 - 3 - 2", 0.0, 5.0),
            ("16 / 4 / 2", 0.0, 2.0),
            ("2x", 4.0, 8.0),
            ("2x^2", 3.0, 18.0),
            ("x(x + 1)", 3.0, 12.0),
            ("(x + 1)(x - 1)", 3.0, 8.0),
            ("2 sin(0) + 1", 0.0, 1.0),
            ("max(x, 2)", 1.0, 2.0),
            ("min(x, 2) + |x|", -1.0, 0.0),
            ("||x| - 2|", -1.0, 1.0),
            ("1e3 + 1.5e-1", 0.0, 1000.15),
            (".5 + 5.", 0.0, 5.5),
            ("y = x + 1", 1.0, 2.0),
            ("f(x) = x + 1", 1.0, 2.0),
            ("relu(x)", -2.0, 0.0),
            ("sign(x)", -2.0, -1.0),
            ("sigmoid(0)", 0.0, 0.5),
            ("e^0", 0.0, 1.0),
            ("3 − 1 × 2 · 1 ÷ 2", 0.0, 2.0),
            ("x² + x³", 2.0, 12.0),
            ("- -x", 2.0, 2.0),
            ("+x", 2.0, 2.0),
        ] {
            assert_eq!(value(text, x), expected, "{text}");
        }
        assert_eq!(value("sin(2πx)", 0.25), 1.0);
        assert_eq!(value("sin(2*pi*x)", 0.25), 1.0);
        assert!(value("ln(x)", -1.0).is_nan());
    }

    #[test]
    fn every_function_is_found_by_its_name() {
        for name in functions() {
            let text = match BINARY.iter().any(|function| function.name == name) {
                true => format!("{name}(x, 0.5)"),
                false => format!("{name}(x)"),
            };
            assert!(!value(&text, 0.5).is_nan(), "{name}");
        }
        for name in constants() {
            assert!(value(name, 0.0) > 2.0);
        }
    }

    #[test]
    fn a_formula_prints_as_itself() {
        for text in [
            "sin(2 * pi * x)",
            "-x^2",
            "(-x)^2",
            "2^3^2",
            "(2^3)^2",
            "1 - (2 - 3)",
            "1 - 2 - 3",
            "x / (2 * x)",
            "max(x, -1) + abs(x)",
            "-(x + 1)",
            "2^(-1)",
            "x * (-2)",
        ] {
            let formula = Formula::parse(text).unwrap();
            assert_eq!(formula.to_string(), text);
            assert_eq!(Formula::parse(&formula.to_string()).unwrap(), formula);
        }
        assert_eq!(Formula::parse("log(x)").unwrap().to_string(), "ln(x)");
        assert_eq!(Formula::parse("1/2x").unwrap().to_string(), "1 / 2 * x");
    }

    #[test]
    fn a_formula_is_exported_as_rust() {
        let rust = |text| Formula::parse(text).unwrap().to_rust();
        assert_eq!(rust("sin(2*pi*x) + 1"), "libm::sin(2.0 * PI * x) + 1.0");
        assert_eq!(rust("-x^2 / max(x, 1)"), "-libm::pow(x, 2.0) / f64::max(x, 1.0)");
        assert_eq!(rust("relu(x) * (x - 1)"), "f64::max(x, 0.0) * (x - 1.0)");
    }

    #[test]
    fn errors_have_positions() {
        for (text, position, word) in [
            ("", 0, "empty"),
            ("  ", 0, "empty"),
            ("sin(2*pi*x", 10, ")"),
            ("2 +", 3, "ends"),
            ("2 + * x", 4, "*"),
            ("x + z", 4, "z"),
            ("sin x", 4, "("),
            ("sinus(x)", 0, "sinus"),
            ("max(x)", 5, "2"),
            ("sin(x, 1)", 5, "1"),
            ("x)", 1, ")"),
            ("x $ 2", 2, "$"),
            ("1.2.3", 3, "1.2"),
            ("2 = x", 2, "="),
            ("|x", 2, "|"),
            ("()", 1, ")"),
        ] {
            let refusal = serde_json::to_value(Formula::parse(text).unwrap_err()).unwrap();
            let error = refusal["error"].as_str().unwrap();
            assert_eq!(refusal["position"], position, "{text}: {error}");
            assert!(error.contains(word), "{text}: {error}");
            assert_eq!(refusal["field"], "formula");
        }
    }

    #[test]
    fn deep_and_long_formulas_are_refused_or_computed() {
        assert!(Formula::parse(&"(".repeat(400)).is_err());
        assert!(Formula::parse(&"-".repeat(400)).is_err());
        assert!(Formula::parse(&"x^".repeat(200)).is_err());
        assert!(Formula::parse(&"x".repeat(501)).is_err());
        assert!(Formula::parse(&format!("{}x", "-".repeat(30))).is_ok());
        assert_eq!(value(&format!("x{}", "+x".repeat(249)), 1.0), 250.0);
    }
}
