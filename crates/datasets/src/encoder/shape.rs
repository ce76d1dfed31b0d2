//! What words are made of that begin like numbers.

/// What a word is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape<'a> {
    /// One number with signs before it and an ending: `<19`, `--3`, `3 kg`, `9*`. Fractions, durations,
    /// lengths and hexadecimal numbers are one number too: `3 1/6`, `24:30`, `4'9`, `0x1f`.
    Number {
        /// What follows the last digit.
        ending: &'a str,
    },
    /// Two numbers: `3-1`, `185/70`.
    Pair,
    /// Anything else, also codes such as `737-7H4`.
    Other,
}

/// The characters that may be before a number.
const SIGNS: &str = " <>=≤≥~≈±+-−–($€£¥'\"`’‘“”";

/// The characters that may be between the parts of one number: of a time, a length, a weight, or before an exponent.
const WITHIN: [&str; 20] = [
    "'", "’", "′", "ft", "h", "hr", "hrs", "m", "min", "d", "lb", "lbs", "st", "e", "e-", "e+",
    "E", "E-", "E+", "_",
];

/// What a word is made of.
pub(super) fn shape(word: &str) -> Shape<'_> {
    if !begins_like_number(word) {
        return Shape::Other;
    }
    let rest = word.trim_start_matches(|c| SIGNS.contains(c));
    // Digits of other scripts.
    if !word.is_ascii()
        && rest.chars().all(|c| c.is_numeric() || matches!(c, '.' | ',' | '٫' | '٬'))
    {
        return Shape::Number { ending: "" };
    }
    if let Some(digits) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X"))
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return Shape::Number { ending: "" };
    }
    let (numbers, between, ending) = parts(rest);
    let ending = ending.trim();
    let number = Shape::Number { ending };
    match (&numbers[..], &between[..]) {
        ([_], _) => number,
        ([a, b], ["/"]) => match (a.parse::<f64>(), b.parse::<f64>()) {
            // `3/16` is a fraction, and `185/70` is not.
            (Ok(a), Ok(b)) if a < b => number,
            _ => Shape::Pair,
        },
        ([_, _, _], [" ", "/"]) => number,
        // `14.3×10^3`.
        ([_, "10", _], [times, power]) if is_times(times) && power.starts_with('^') => number,
        ([_, parts @ ..], _) if between.iter().all(|between| *between == ":") => {
            let is_clock = parts.iter().all(|part| part.split('.').next().map(str::len) == Some(2));
            if is_clock { number } else { Shape::Pair }
        }
        ([_, groups @ ..], _) if between.iter().all(|between| is_space(between)) => {
            if groups.iter().all(|group| group.len() >= 3) { number } else { Shape::Pair }
        }
        // Values of several columns, which a delimiter separates.
        _ if between.iter().any(|between| between.contains([';', '|'])) => number,
        _ if between.iter().all(|between| WITHIN.contains(&between.trim())) => number,
        ([_, _], [between]) if !between.chars().any(char::is_alphabetic) => Shape::Pair,
        _ => Shape::Other,
    }
}

fn is_times(text: &str) -> bool {
    matches!(text.trim(), "×" | "x" | "X" | "*" | "·")
}

fn is_space(text: &str) -> bool {
    text.chars().count() == 1 && text.chars().all(char::is_whitespace)
}

/// The numbers of a text that begins with one, the texts between them, and what follows the last.
fn parts(text: &str) -> (Vec<&str>, Vec<&str>, &str) {
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let (mut numbers, mut between, mut rest) = (Vec::new(), Vec::new(), text);
    loop {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        numbers.push(&rest[..end]);
        rest = &rest[end..];
        let Some(next) = rest.find(|c: char| c.is_ascii_digit()) else {
            return (numbers, between, rest);
        };
        between.push(&rest[..next]);
        rest = &rest[next..];
    }
}

/// Whether a word begins with a digit, behind signs such as `<`, `-` and `$`.
pub(super) fn begins_like_number(word: &str) -> bool {
    let rest = word.trim_start_matches(|c| SIGNS.contains(c));
    rest.strip_prefix(['.', ',']).unwrap_or(rest).starts_with(char::is_numeric)
}

/// Whether words are ranges that do not overlap: most have two numbers, a lower and a higher one, or some
/// have and the others are open, such as `<5` and `20+`.
pub(super) fn are_ranges(words: &[&str]) -> bool {
    let (mut ranges, mut open) = (Vec::new(), 0);
    for word in words {
        match numbers_of(word)[..] {
            [low, high] if low < high => ranges.push((low, high)),
            [_, _] => return false,
            [_] if is_open(word) => open += 1,
            _ => {}
        }
    }
    ranges.sort_by(|a: &(f64, f64), b| a.partial_cmp(b).expect("no number is NaN"));
    let is_most = 2 * ranges.len() > words.len()
        || (!ranges.is_empty() && open <= 2 && ranges.len() + open == words.len());
    is_most && ranges.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}

/// Whether a word is a range without a lower or an upper end, such as `<5` and `20+`.
fn is_open(word: &str) -> bool {
    word.starts_with(['<', '>', '≤', '≥']) || word.ends_with('+')
}

/// Whether a word that begins like a number is a code: it has several points, as `192.168.1.1` and `1.2.3`, or two
/// integers with a dash between them, as `2020-0017`.
pub(super) fn is_code(word: &str) -> bool {
    let rest = word.trim_start_matches(|c| SIGNS.contains(c));
    let (numbers, between, _) = parts(rest);
    let has_points = |number: &str| {
        let mut groups = number.split('.').skip(1);
        number.matches('.').count() > 1 && groups.any(|group| group.len() != 3)
    };
    let is_integer = |number: &str| !number.contains(['.', ',']);
    let is_dash = |text: &str| matches!(text.trim(), "-" | "–" | ":" | "_");
    numbers.iter().any(|number| has_points(number))
        || (numbers.len() == 2
            && numbers.iter().all(|number| is_integer(number))
            && between.iter().any(|text| is_dash(text)))
}

/// The numbers without a sign in a word, with commas between groups of digits or without.
fn numbers_of(word: &str) -> Vec<f64> {
    let plain = word.replace(',', "");
    let parts = plain.split(|c: char| !c.is_ascii_digit() && c != '.');
    parts.filter_map(|part| part.trim_matches('.').parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_do_not_overlap_are_categories() {
        let are = |words: &[&str]| are_ranges(words);
        assert!(are(&["0-4", "5-9", "10-14", "15+"]));
        assert!(are(&["0 to 5 years", "5 to 10 years", "over 10 years"]));
        assert!(are(&["$0 - $9,999", "$10,000 - $19,999", "$20,000+"]));
        assert!(are(&["<=20", "20-50", ">50"]));
        assert!(!are(&["1-4", "2-0", "3-3"]));
        assert!(!are(&["3/16", "5/16", "8/16"]));
        assert!(!are(&["18-27", "20-30"]));
        assert!(!are(&["<19", ">4", "1-2", "<5"]));
        assert!(!are(&["<19", ">4"]));
        assert!(!are(&["0-4", "9-5", "10-14"]) && !are(&["0-4", "5-5", "6-9"]));
        // Ranges are more than half, unless the others are open.
        assert!(
            are(&["0-4", "5-9", "a"]) && !are(&["0-4", "5-9", "a", "b"]) && !are(&["0-4", "a"])
        );
        assert!(are(&["0-4", "5-9", "<0", "10+"]) && !are(&["0-4", "5-9", "0 years", "10 years"]));
    }

    #[test]
    fn codes_have_points_or_dashes() {
        for word in ["192.168.1.1", "1.2.3", "2020-0017", "1980:1"] {
            assert!(is_code(word), "{word}");
        }
        for word in ["1.234.567", "14.3", "14.3-15.2", "100/60", "14.3±0.5", "3 kg", "<5"] {
            assert!(!is_code(word), "{word}");
        }
    }

    #[test]
    fn words_that_begin_like_numbers() {
        for word in [
            "<19", "9*", "0x8", "3/16", "4'9", "24:30", "3 kg", "--3", "$ 5", ".5", "≥ 3", "'14.3'",
        ] {
            assert!(begins_like_number(word), "{word}");
        }
        for word in ["", "a1", "no. 5", "#5", "-", "é5", "."] {
            assert!(!begins_like_number(word), "{word}");
        }
    }

    #[test]
    fn one_number_two_numbers_and_codes() {
        for (word, ending) in [
            ("<19", ""),
            ("--3", ""),
            ("12", ""),
            ("3 kg", "kg"),
            ("3 °C", "°C"),
            ("9*", "*"),
            ("21A", "A"),
            ("0x1f", ""),
            ("3/16", ""),
            ("3 1/6", ""),
            ("24:30", ""),
            ("35:00:00", ""),
            ("4'9\"", "\""),
            ("4 ft 9 in", "in"),
            ("5h30", ""),
            ("1 234 kg", "kg"),
            ("<1.5e-3", ""),
            ("0;0", ""),
            ("14.3×10^3", ""),
            ("1.5 x 10^-3", ""),
            ("'14.3'", "'"),
        ] {
            assert_eq!(shape(word), Shape::Number { ending }, "{word}");
        }
        for word in [
            "14.3±0.5",
            "14.3 (0.5)",
            "3-1",
            "185/70",
            "1980:1",
            "16-20",
            "9, 13",
            "120 / 80",
            "16/16",
        ] {
            assert_eq!(shape(word), Shape::Pair, "{word}");
        }
        for word in ["", "a1", "737-7H4", "1988F1", "185/80R13", "65-A90", "1.2.3.4-5-6", "5 of 10"]
        {
            assert_eq!(shape(word), Shape::Other, "{word}");
        }
    }
}
