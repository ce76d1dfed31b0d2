//! Numbers as Python prints them.

/// A float as Python's `repr` writes it: with the fewest digits that read back as the same number,
/// and with an exponent if it is below 1e-4 or at least 1e16.
///
/// ```
/// use nnfs_numpy::python_repr;
/// assert_eq!(python_repr(0.001), "0.001");
/// assert_eq!(python_repr(1.0), "1.0");
/// assert_eq!(python_repr(0.00001), "1e-05");
/// assert_eq!(python_repr(1.5e22), "1.5e+22");
/// ```
pub fn python_repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').expect("Rust writes an exponent");
    let exponent: i32 = exponent.parse().expect("a number");
    if value != 0.0 && !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let plain = format!("{value}");
    if plain.contains('.') { plain } else { plain + ".0" }
}

#[cfg(test)]
mod tests {
    use super::python_repr;

    /// `[repr(x) for x in (...)]` in Python.
    #[test]
    fn writes_what_python_writes() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e-4, "0.0001"),
            (9.999e-5, "9.999e-05"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (-1.25e-100, "-1.25e-100"),
            (123_456.0, "123456.0"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(python_repr(value), text);
        }
    }
}
