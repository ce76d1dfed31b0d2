//! Plain decimals: from text to a number, and back to exactly the same text.
//!
//! A plain decimal is what most files are full of: `12`, `-0.50`, `0.1257302210933933`. It has an
//! optional minus sign, no zeros before its first digit, and at most 19 digits. The text is not stored: the
//! number and the number of digits after the point are enough to write it again.
//!
//! ```text
//! text = sign, round(|number| 10^decimals) as an integer, point before the last `decimals` digits
//! ```
//!
//! That holds for every text with fewer than 16 digits, because the number is less than half a last digit
//! away from it. It also holds for longer ones that a program has written from a number in double
//! precision, because they are the nearest to it. Other texts are not plain decimals.
//!
//! Two other ways are made again from the number, too: decimals without a zero before the point (`.5`), and
//! what C's `%.18e` writes (`1.250000000000000000e-01`).

/// The most digits of a plain decimal: every integer with this number of digits fits 64 bits.
const MOST_DIGITS: usize = 19;

/// What is added to the form of a number with an exponent after `e`, or after `E`.
const LOWER: u8 = 32;
const UPPER: u8 = 64;

/// What is added to the form of a decimal without a zero before the point.
const NO_ZERO: u8 = 96;

/// The forms of all numbers that are made again from the number are below this.
pub(super) const ALL_FORMS: u8 = 128;

/// The powers of ten that double precision holds exactly, as far as they are needed.
const POWERS: [f64; MOST_DIGITS] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18,
];

/// The powers of ten as integers.
const TENS: [u64; 9] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// A plain decimal at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Decimal {
    /// The nearest number.
    pub(super) number: f64,
    /// The number of digits after the point, and the way in which it is written.
    pub(super) form: u8,
    /// The number of bytes of its text.
    pub(super) length: usize,
}

/// The plain decimal at the start of `bytes`, if there is one. What follows it is for the caller to check.
#[inline]
pub(super) fn read(bytes: &[u8], point: u8) -> Option<Decimal> {
    let negative = bytes.first() == Some(&b'-');
    let start = usize::from(negative);
    let mut mantissa = 0;
    let end = digits(bytes, start, &mut mantissa);
    let whole = end - start;
    let has_point = bytes.get(end) == Some(&point);
    if (whole == 0 && !has_point) || (whole > 1 && bytes[start] == b'0') {
        return None;
    }
    let (mut decimals, mut length) = (0, end);
    if has_point {
        length = many_digits(bytes, end + 1, &mut mantissa);
        decimals = length - end - 1;
        if decimals == 0 {
            return None;
        }
    }
    if whole + decimals > MOST_DIGITS || decimals == MOST_DIGITS {
        return None;
    }
    let form = decimals as u8 + if whole == 0 { NO_ZERO } else { 0 };
    if mantissa < 1 << 52 {
        // Both are exact, so the quotient is the nearest number.
        let number = mantissa as f64 / POWERS[decimals];
        let number = if negative { -number } else { number };
        return Some(Decimal { number, form, length });
    }
    let number = nearest(&bytes[..length], point)?;
    let is_plain = scaled(number, decimals) == u128::from(mantissa);
    is_plain.then_some(Decimal { number, form, length })
}

/// Adds the digits from `start` to the mantissa. Returns where they end. Too many digits overflow, which
/// the caller finds by their number.
#[inline]
fn digits(bytes: &[u8], start: usize, mantissa: &mut u64) -> usize {
    let mut end = start;
    while let Some(digit) = bytes.get(end).map(|byte| byte.wrapping_sub(b'0')).filter(|&d| d < 10) {
        *mantissa = mantissa.wrapping_mul(10).wrapping_add(digit.into());
        end += 1;
    }
    end
}

/// The same for several digits: eight bytes at a time are one integer.
///
/// D. Lemire, "Number parsing at a gigabyte per second", Software: Practice and Experience 51 (2021).
#[inline]
fn many_digits(bytes: &[u8], start: usize, mantissa: &mut u64) -> usize {
    let mut end = start;
    while let Some(&eight) = bytes.get(end..).and_then(|rest| rest.first_chunk::<8>()) {
        // A digit is 0 to 9 in its byte. The first byte of the text is the lowest.
        let values = u64::from_le_bytes(eight) ^ 0x3030_3030_3030_3030;
        let others = (values.wrapping_add(0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080;
        let count = others.trailing_zeros() as usize / 8;
        if count == 0 {
            return end;
        }
        // Zeros before the digits, then pairs, then groups of four, then all eight.
        let digits = values << (64 - 8 * count);
        let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00ff_00ff_00ff_00ff;
        let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
        let all = (fours.wrapping_mul(10_000).wrapping_add(fours >> 32)) & 0xffff_ffff;
        *mantissa = mantissa.wrapping_mul(TENS[count]).wrapping_add(all);
        end += count;
        if count < 8 {
            return end;
        }
    }
    digits(bytes, end, mantissa)
}

/// A number with an exponent that is all of `text`, if it is written as C's `%.18e` or `%.3E` does, with
/// any number of digits.
pub(super) fn read_exponential(text: &str, point: u8) -> Option<Decimal> {
    let at = text.find(['e', 'E'])?;
    let mark = if text.as_bytes()[at] == b'e' { LOWER } else { UPPER };
    let decimals = text[..at].find(char::from(point)).map_or(0, |start| at - start - 1);
    if decimals >= MOST_DIGITS {
        return None;
    }
    let form = mark + decimals as u8;
    let number = nearest(text.as_bytes(), point).filter(|number| number.is_finite())?;
    let is_same = self::text(number, form, point) == text;
    is_same.then_some(Decimal { number, form, length: text.len() })
}

/// The text of a number of any of these forms.
pub(super) fn text(number: f64, form: u8, point: u8) -> String {
    let (way, decimals) = (form & !31, usize::from(form & 31));
    match way {
        LOWER => exponential(number, decimals, 'e', point),
        UPPER => exponential(number, decimals, 'E', point),
        _ => plain(number, decimals, way != NO_ZERO, point),
    }
}

fn plain(number: f64, decimals: usize, has_zero: bool, point: u8) -> String {
    let mantissa = scaled(number, decimals);
    let mut text = format!("{mantissa:0width$}", width = decimals + usize::from(has_zero));
    if decimals > 0 {
        text.insert(text.len() - decimals, char::from(point));
    }
    if number.is_sign_negative() {
        text.insert(0, '-');
    }
    text
}

/// One digit, the point and the others, and an exponent with a sign and at least two digits.
fn exponential(number: f64, decimals: usize, mark: char, point: u8) -> String {
    let text = format!("{number:.decimals$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = if point == b'.' { digits.to_owned() } else { digits.replace('.', ",") };
    match exponent.strip_prefix('-') {
        Some(exponent) => format!("{digits}{mark}-{exponent:0>2}"),
        None => format!("{digits}{mark}+{exponent:0>2}"),
    }
}

/// `|number| 10^decimals`, rounded to an integer; half is rounded up. The numbers are below 10^19.
fn scaled(number: f64, decimals: usize) -> u128 {
    let bits = number.to_bits();
    let (exponent, fraction) = ((bits >> 52) & 0x7ff, bits & ((1 << 52) - 1));
    // |number| = significand 2^(exponent - 1075). A plain decimal is never subnormal.
    let significand = if exponent == 0 { 0 } else { fraction | (1 << 52) };
    let product = u128::from(significand) * 10_u128.pow(decimals as u32);
    match exponent as i64 - 1075 {
        shift @ 0.. => product << shift.min(63),
        shift @ -126..0 => (product + (1 << (-shift - 1))) >> -shift,
        _ => 0,
    }
}

/// The number nearest to a decimal.
fn nearest(bytes: &[u8], point: u8) -> Option<f64> {
    let text: String =
        bytes.iter().map(|&byte| if byte == point { '.' } else { char::from(byte) }).collect();
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_a_plain_decimal() {
        for plain in [
            ".5",
            "-.25",
            "0",
            "-0",
            "-0.0",
            "12",
            "0.50",
            "-3.25",
            "9007199254740992",
            "1.000000000000000000",
        ] {
            let decimal = read(plain.as_bytes(), b'.').unwrap_or_else(|| panic!("{plain}"));
            assert_eq!(decimal.length, plain.len());
            assert_eq!(decimal.number.to_bits(), plain.parse::<f64>().unwrap().to_bits());
            assert_eq!(text(decimal.number, decimal.form, b'.'), plain);
        }
        for other in
            ["", "-", "5.", "007", "+1", "a", "12345678901234567890", "9007199254740993", "−1"]
        {
            assert_eq!(read(other.as_bytes(), b'.'), None, "{other}");
        }
        let decimal = read(b"1,50;2", b',').unwrap();
        assert_eq!((decimal.number, decimal.length), (1.5, 4));
        assert_eq!(text(1.5, decimal.form, b','), "1,50");
    }

    #[test]
    fn exponents_as_c_writes_them() {
        for text in
            ["1.000000000000000056e-01", "-1.5E+03", "1e-05", "0.000e+00", "2.5e+300", "-0e+00"]
        {
            let decimal = read_exponential(text, b'.').unwrap_or_else(|| panic!("{text}"));
            assert_eq!(decimal.number.to_bits(), text.parse::<f64>().unwrap().to_bits());
            assert_eq!(super::text(decimal.number, decimal.form, b'.'), text);
        }
        for other in
            ["1e5", "1.5e3", "12.5e+01", "e+05", "1.e+05", "1e+999", "nan", "1.5d+03", "1,5e+03"]
        {
            assert_eq!(read_exponential(other, b'.'), None, "{other}");
        }
        let decimal = read_exponential("1,5e+03", b',').unwrap();
        assert_eq!(super::text(decimal.number, decimal.form, b','), "1,5e+03");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 20_000, ..ProptestConfig::default() })]

        #[test]
        fn any_plain_decimal_is_written_again(text in "-?(0|[1-9][0-9]{0,7})(\\.[0-9]{1,7})?") {
            let decimal = read(text.as_bytes(), b'.').unwrap();
            prop_assert_eq!(decimal.number.to_bits(), text.parse::<f64>().unwrap().to_bits());
            prop_assert_eq!(super::text(decimal.number, decimal.form, b'.'), text);
        }

        #[test]
        fn so_is_every_decimal_that_is_accepted(text in "-?(0|[1-9][0-9]{0,18})?(\\.[0-9]{1,18})?") {
            if let Some(decimal) = read(text.as_bytes(), b'.') {
                prop_assert_eq!(decimal.number.to_bits(), text.parse::<f64>().unwrap().to_bits());
                prop_assert_eq!(super::text(decimal.number, decimal.form, b'.'), text);
            }
        }

        #[test]
        fn all_digits_of_double_precision_are_accepted(number in -1000.0..1000.0_f64) {
            let text = number.to_string();
            if text.len() < 19 {
                let decimal = read(text.as_bytes(), b'.').unwrap();
                prop_assert_eq!(decimal.number, number);
                prop_assert_eq!(super::text(number, decimal.form, b'.'), text);
            }
        }
    }
}
