//! From a formula to text: in a plain form, and in Rust.

use std::fmt;

use super::Formula;
use crate::numbers::plain;

/// How tightly an expression binds: a weaker one inside a stronger one needs parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(false).0)
    }
}

impl Formula {
    /// The formula in Rust, for `x` in `f64`. It needs the `libm` crate and the constants of
    /// `std::f64::consts`.
    pub(crate) fn to_rust(&self) -> String {
        self.text(true).0
    }

    /// The text, and how tightly it binds.
    fn text(&self, rust: bool) -> (String, Strength) {
        use Strength::{Atom, Power, Product, Sign, Sum};
        let inside = |formula: &Self, least: Strength| {
            let (text, strength) = formula.text(rust);
            if strength < least { format!("({text})") } else { text }
        };
        match self {
            Self::X => ("x".to_owned(), Atom),
            Self::Number(number) if rust => (format!("{number:?}"), Atom),
            Self::Number(number) => (plain(*number), Atom),
            Self::Constant(constant) if rust => (constant.rust.to_owned(), Atom),
            Self::Constant(constant) => (constant.name.to_owned(), Atom),
            Self::Negative(a) => (format!("-{}", inside(a, Power)), Sign),
            Self::Sum(a, b) => (format!("{} + {}", inside(a, Sum), inside(b, Product)), Sum),
            Self::Difference(a, b) => (format!("{} - {}", inside(a, Sum), inside(b, Product)), Sum),
            Self::Product(a, b) => {
                (format!("{} * {}", first_factor(a, rust), inside(b, Power)), Product)
            }
            Self::Quotient(a, b) => {
                (format!("{} / {}", first_factor(a, rust), inside(b, Power)), Product)
            }
            Self::Power(a, b) if rust => {
                (format!("libm::pow({}, {})", a.text(true).0, b.text(true).0), Atom)
            }
            Self::Power(a, b) => (format!("{}^{}", inside(a, Atom), inside(b, Power)), Power),
            Self::Unary(function, a) if rust => {
                let text = function.rust.replace("{}", &a.text(true).0);
                // All but the sigmoid are calls.
                (text, if function.name == "sigmoid" { Product } else { Atom })
            }
            Self::Unary(function, a) => (format!("{}({})", function.name, a.text(false).0), Atom),
            Self::Binary(function, a, b) => {
                let name = if rust { function.rust } else { function.name };
                (format!("{name}({}, {})", a.text(rust).0, b.text(rust).0), Atom)
            }
        }
    }
}

/// The factor at the start of a product, which may have a sign.
fn first_factor(formula: &Formula, rust: bool) -> String {
    let (text, strength) = formula.text(rust);
    if strength < Strength::Product { format!("({text})") } else { text }
}
