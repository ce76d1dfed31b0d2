//! What the tests share.
#![allow(dead_code, unreachable_pub)]

pub mod double_double;
pub mod reference;

use self::double_double::DoubleDouble;
use self::reference::Reference;

/// The functions, with their references.
pub const NAMES: [&str; 6] = ["exp", "ln", "ln_1p", "tanh", "sigmoid", "softplus"];

/// Runs `$body` with the type `$function` for the name.
#[macro_export]
macro_rules! with_function {
    ($name:expr, $function:ident => $body:expr) => {
        match $name {
            "exp" => {
                type $function = nnfs_kernel::Exp;
                $body
            }
            "ln" => {
                type $function = nnfs_kernel::Ln;
                $body
            }
            "ln_1p" => {
                type $function = nnfs_kernel::Ln1p;
                $body
            }
            "tanh" => {
                type $function = nnfs_kernel::Tanh;
                $body
            }
            "sigmoid" => {
                type $function = nnfs_kernel::Sigmoid;
                $body
            }
            "softplus" => {
                type $function = nnfs_kernel::Softplus;
                $body
            }
            name => panic!("no function {name}"),
        }
    };
}

/// The exact value of a function at x, to more than 80 bits.
pub fn exact(name: &str, x: f64) -> Reference {
    match name {
        "exp" => reference::exp(x),
        "ln" => reference::ln(x),
        "ln_1p" => reference::ln_1p(x),
        "tanh" => reference::tanh(x),
        "sigmoid" => reference::sigmoid(x),
        "softplus" => reference::softplus(x),
        name => panic!("no function {name}"),
    }
}

/// The digits of a kind of number after the first one, and its smallest exponent.
#[derive(Clone, Copy)]
pub struct Format {
    pub digits: i32,
    pub lowest: i32,
    pub highest: i32,
}

pub const F32: Format = Format { digits: 23, lowest: -126, highest: 127 };
pub const F64: Format = Format { digits: 52, lowest: -1022, highest: 1023 };

/// The error of a result in ulp of the exact value; 0 where both are NaN, or both overflow.
pub fn error_in_ulp(result: f64, exact: Reference, format: Format) -> f64 {
    let Reference { value: DoubleDouble { high, low }, exponent } = exact;
    if high.is_nan() || high.is_infinite() || high == 0.0 {
        let is_same = result == high || (result.is_nan() && high.is_nan());
        return if is_same { 0.0 } else { f64::INFINITY };
    }
    if result.is_nan() {
        return f64::INFINITY;
    }
    let own = high.abs().log2().floor() as i32;
    let top = own + exponent;
    if result.is_infinite() {
        return if top > format.highest && (result > 0.0) == (high > 0.0) {
            0.0
        } else {
            f64::INFINITY
        };
    }
    let ulp = top.max(format.lowest) - format.digits;
    // Everything is scaled so that the exact value is about 1.
    let difference = reference::times_power(result, -exponent) - high - low;
    reference::times_power(difference.abs(), exponent - ulp)
}

/// Random bits (Steele, Lea, Flood, *Fast splittable pseudorandom number generators*, 2014).
pub struct SplitMix(pub u64);

impl SplitMix {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Inputs of `f64` where a function can go wrong: uniform over its range, over a small interval,
/// over all bits, and near the places where its formula changes.
pub fn random_input(name: &str, random: &mut SplitMix) -> f64 {
    let is_logarithm = name == "ln" || name == "ln_1p";
    let kind = random.bits() % 8;
    let sign = if random.bits().is_multiple_of(2) { 1.0 } else { -1.0 };
    let u = random.uniform();
    match kind {
        // All sizes.
        0 => f64::from_bits(random.bits()),
        1 => sign * (-40.0 * u).exp2(),
        // The range of the results.
        2 if is_logarithm => f64::from_bits(random.bits() >> 1),
        2 if name == "tanh" => sign * 20.0 * u,
        2 => sign * 750.0 * u,
        // Subnormal results or inputs.
        3 if is_logarithm => f64::from_bits(random.bits() >> 12),
        3 if name == "tanh" => sign * u,
        3 => -707.0 - 40.0 * u,
        // Near the middle.
        4 => sign * 2.0 * u,
        5 if name == "ln" => 1.0 + sign * 0.5 * u,
        5 => sign * 40.0 * u,
        // Near the places where the parts of the formulas meet.
        6 if name == "tanh" => 0.55 + sign * 1e-3 * u,
        6 if name == "ln" => {
            [0.75, 1.5, 1.0, 3.0][(random.bits() % 4) as usize] * (1.0 + sign * 1e-3 * u)
        }
        6 if name == "ln_1p" => {
            [-0.25, 0.5, 2.0, -0.625][(random.bits() % 4) as usize] * (1.0 + sign * 1e-3 * u)
        }
        6 => {
            sign * (0.5 + (random.bits() % 1000) as f64)
                * std::f64::consts::LN_2
                * (1.0 + 1e-6 * (u - 0.5))
        }
        _ if name == "ln" => 0.25 + 2.0 * u,
        _ => sign * u * u,
    }
}
