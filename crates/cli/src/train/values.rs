//! Values of options, and how a text becomes one.

use std::fmt::Display;
use std::str::FromStr;

use nnfs_tabular::MAX_WIDTH;

/// A number of bytes, or no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MemoryLimit(pub(crate) u64);

/// Widths of hidden layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hidden(pub(crate) Vec<usize>);

impl FromStr for Hidden {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self(Vec::new()));
        }
        let width = |word: &str| {
            let width = word.trim().parse().ok().filter(|width| (1..=MAX_WIDTH).contains(width));
            width.ok_or_else(|| {
                format!("expected widths of 1 to {MAX_WIDTH} or none, found {word:?}")
            })
        };
        text.split(',').map(width).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for MemoryLimit {
    type Err = String;

    /// Units of 1000 are kB, MB, GB and TB; units of 1024 are KiB, MiB, GiB and TiB, or K, M, G and T
    /// as in `docker --memory`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "expected a size such as 800MB, 4GiB or 2000000000 (bytes), or none, found {text:?}"
            )
        };
        let text = text.trim();
        if text == "none" {
            return Ok(Self(u64::MAX));
        }
        let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let unit = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" => 1.0,
            "kb" => 1e3,
            "mb" => 1e6,
            "gb" => 1e9,
            "tb" => 1e12,
            "k" | "kib" => 1024.0,
            "m" | "mib" => 1024.0 * 1024.0,
            "g" | "gib" => 1024.0 * 1024.0 * 1024.0,
            "t" | "tib" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
            _ => return Err(wrong()),
        };
        let bytes = number.parse::<f64>().map_err(|_| wrong())? * unit;
        if bytes < 1.0 { Err(wrong()) } else { Ok(Self(bytes as u64)) }
    }
}

/// The number in a text.
pub(crate) fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| {
        let percent = text.strip_suffix('%').map(|number| (number.trim(), 100.0));
        let (number, divisor) = percent.unwrap_or((text, 1.0));
        match number.replace(',', ".").parse::<f64>() {
            Ok(meant) => format!("expected a number, did you mean {}?", meant / divisor),
            Err(_) => format!("expected a number such as 0.2, found {text:?}"),
        }
    })
}

/// The whole number in a text, at least `least`.
pub(crate) fn whole_number<N>(text: &str, least: N) -> Result<N, String>
where
    N: FromStr + PartialOrd + Display + Copy,
{
    let number = text.parse().ok().filter(|number| *number >= least);
    number.ok_or_else(|| format!("expected a whole number of at least {least}, found {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_meant_is_named() {
        assert_eq!(number("0.25"), Ok(0.25));
        for (text, expected) in [
            ("20%", "expected a number, did you mean 0.2?"),
            ("0,2", "expected a number, did you mean 0.2?"),
            ("", "expected a number such as 0.2, found \"\""),
            ("a", "expected a number such as 0.2, found \"a\""),
        ] {
            assert_eq!(number(text), Err(expected.to_owned()));
        }
    }

    #[test]
    fn a_whole_number_has_a_least_one() {
        assert_eq!(whole_number("3", 2_u64), Ok(3));
        for text in ["1", "-1", "2.5", "", "99999999999999999999"] {
            let expected = format!("expected a whole number of at least 2, found {text:?}");
            assert_eq!(whole_number(text, 2_u64), Err(expected));
        }
    }

    #[test]
    fn a_size_has_a_unit_or_is_in_bytes() {
        let bytes = |text: &str| text.parse().map(|MemoryLimit(bytes)| bytes);
        for (text, expected) in [
            ("2000", 2000),
            ("800MB", 800_000_000),
            ("1.5 gb", 1_500_000_000),
            ("4GiB", 4 << 30),
            ("4g", 4 << 30),
            ("none", u64::MAX),
        ] {
            assert_eq!(bytes(text), Ok(expected), "{text}");
        }
        for text in ["", "0", "-1GB", "4 GX", "GB", "1.2.3MB", "1e9"] {
            assert!(bytes(text).is_err(), "{text:?}");
        }
    }
}
