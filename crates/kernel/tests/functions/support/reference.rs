//! The functions in double-double arithmetic, to more than 80 bits: slow and simple.

use super::double_double::DoubleDouble;

/// `value 2^exponent`
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    pub value: DoubleDouble,
    pub exponent: i32,
}

fn number(x: f64) -> DoubleDouble {
    x.into()
}

fn plain(value: DoubleDouble) -> Reference {
    Reference { value, exponent: 0 }
}

/// `x 2^n`, exactly as long as the result is normal.
pub fn times_power(mut x: f64, mut n: i32) -> f64 {
    while n != 0 {
        let step = n.clamp(-1000, 1000);
        x *= f64::from_bits(((1023 + step) as u64) << 52);
        n -= step;
    }
    x
}

/// `(m, n)` with `x = m 2^n` and m about 1.
fn parts(x: f64) -> (f64, i32) {
    if x == 0.0 {
        return (0.0, 0);
    }
    let n = x.abs().log2().floor() as i32;
    (times_power(x, -n), n)
}

/// `e^x`: the series at `r / 256`, squared eight times.
fn exp_of(x: DoubleDouble) -> Reference {
    let n = (x.high * std::f64::consts::LOG2_E).round();
    let ln_2 = [std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17, 5.707_708_438_416_212e-34];
    let r = ln_2.iter().fold(x, |r, &part| r - DoubleDouble::product(n, part));
    let r = r.times_power(-8);
    let mut value = number(1.0);
    for i in (1..=14).rev() {
        value = number(1.0) + r * value / number(f64::from(i));
    }
    for _ in 0..8 {
        value = value * value;
    }
    Reference { value, exponent: n as i32 }
}

/// `ln(1 + f)` for a small f, divided by f: `1 - f/2 + f^2/3 - ...`
fn ln_series(f: DoubleDouble) -> DoubleDouble {
    let mut value = number(0.0);
    for i in (1..=8).rev() {
        value = number(1.0) / number(f64::from(i)) - f * value;
    }
    value
}

/// `ln x` from a guess y, by a step of Newton's method: `y + ln(1 + d)`, `1 + d = x e^-y`.
fn ln_near(x: DoubleDouble, guess: f64) -> DoubleDouble {
    let Reference { value, exponent } = exp_of(number(-guess));
    let (_, n) = parts(x.high);
    let ratio = x.times_power(-n) * value;
    let d = ratio.times_power(n + exponent) - number(1.0);
    number(guess) + d - d * d * number(0.5)
}

pub fn exp(x: f64) -> Reference {
    if x.is_nan() || x.is_infinite() {
        return plain(number(x.exp()));
    }
    exp_of(number(x.clamp(-1e5, 1e5)))
}

pub fn ln(x: f64) -> Reference {
    if !(x > 0.0 && x < f64::INFINITY) {
        return plain(number(x.ln()));
    }
    let f = x - 1.0;
    if f.abs() < 1e-5 {
        return plain(number(f) * ln_series(number(f)));
    }
    let (m, n) = parts(x);
    plain(ln_near(number(m).times_power(n), x.ln()))
}

pub fn ln_1p(x: f64) -> Reference {
    if !(x > -1.0 && x < f64::INFINITY) || x == 0.0 {
        return plain(number(x.ln_1p()));
    }
    if x.abs() < 1e-5 {
        let (m, n) = parts(x);
        return Reference { value: number(m) * ln_series(number(x)), exponent: n };
    }
    plain(ln_near(DoubleDouble::sum(1.0, x), x.ln_1p()))
}

pub fn tanh(x: f64) -> Reference {
    if x.is_nan() || x == 0.0 {
        return plain(number(x));
    }
    if x.abs() < 1e-3 {
        // x - x^3 / 3 + 2 x^5 / 15 - ...
        let terms = [
            (1.0, 1.0),
            (-1.0, 3.0),
            (2.0, 15.0),
            (-17.0, 315.0),
            (62.0, 2835.0),
            (-1382.0, 155_925.0),
        ];
        let y = DoubleDouble::product(x, x);
        let sum = terms
            .iter()
            .rev()
            .fold(number(0.0), |sum, &(above, below)| number(above) / number(below) + y * sum);
        let (m, n) = parts(x);
        return Reference { value: number(m) * sum, exponent: n };
    }
    let sign = number(x.signum());
    if x.abs() > 40.0 {
        return plain(sign);
    }
    let Reference { value, exponent } = exp_of(number(2.0 * x.abs()));
    let sum = value.times_power(exponent) + number(1.0);
    plain(sign * (number(1.0) - number(2.0) / sum))
}

pub fn sigmoid(x: f64) -> Reference {
    if x.is_nan() {
        return plain(number(x));
    }
    let Reference { value, exponent } = exp_of(number(-x.abs().min(1e5)));
    let sum = if exponent < -120 { number(1.0) } else { number(1.0) + value.times_power(exponent) };
    if x < 0.0 { Reference { value: value / sum, exponent } } else { plain(number(1.0) / sum) }
}

pub fn softplus(x: f64) -> Reference {
    if x.is_nan() || x == f64::INFINITY {
        return plain(number(x));
    }
    let Reference { value, exponent } = exp_of(number(-x.abs().min(1e5)));
    let z = value.times_power(exponent.max(-1000));
    if exponent < -20 && x < 0.0 {
        return Reference { value: value * ln_series(z), exponent };
    }
    let positive = number(x.max(0.0));
    if exponent < -20 {
        return plain(positive + z * ln_series(z));
    }
    plain(positive + ln_near(number(1.0) + z, z.high.ln_1p()))
}
