//! Texts that are durations.

/// The units of time that are written behind a number, from the longest to the shortest.
const UNITS: [&[&str]; 6] = [
    &["w", "week", "weeks"],
    &["d", "day", "days"],
    &["h", "hr", "hrs", "hour", "hours"],
    &["m", "min", "mins", "minute", "minutes"],
    &["s", "sec", "secs", "second", "seconds"],
    &["ms"],
];

/// Whether a text is a duration.
///
/// ```text
/// ISO 8601          PT1H30M, P2DT3H
/// days and a time   2 days 01:30:00, -1 days +23:00:00
/// hours             27:30:00
/// units             1h 30min, 2 days 3 hours
/// ```
pub(crate) fn is_duration(text: &str) -> bool {
    let text = text.trim_start_matches(['-', '+']);
    is_iso(text) || is_clock(text) || is_days_and_clock(text) || has_units(text)
}

/// `PT1H30M`: `P[nY][nM][nW][nD][T[nH][nM][nS]]`, in this order.
fn is_iso(text: &str) -> bool {
    let Some(parts) = text.strip_prefix('P') else { return false };
    match parts.split_once('T') {
        // Codes have zeros before their numbers: `P01D`.
        None => parts == "0D" || (!parts.starts_with('0') && are_numbers_with(parts, "YMWD")),
        Some((date, time)) => {
            (date.is_empty() || are_numbers_with(date, "YMWD")) && are_numbers_with(time, "HMS")
        }
    }
}

/// Whether a text is at least one number, each with one of these letters behind it, in their order.
fn are_numbers_with(text: &str, mut letters: &str) -> bool {
    let mut rest = text;
    while let Some(end) = rest.find(|c: char| c.is_ascii_uppercase()) {
        let Some(at) = letters.find(&rest[end..=end]) else { return false };
        let (whole, fraction) = rest[..end].split_once(['.', ',']).unwrap_or((&rest[..end], "0"));
        if !is_number(whole) || !is_number(fraction) {
            return false;
        }
        (rest, letters) = (&rest[end + 1..], &letters[at + 1..]);
    }
    rest.is_empty() && !text.is_empty()
}

/// `27:30:00`: a time of day has at most 23 hours.
fn is_clock(text: &str) -> bool {
    let mut parts = text.split(':');
    let hours = parts.next().is_some_and(|hours| is_number(hours) && hours.len() <= 5);
    let others: Vec<&str> = parts.collect();
    let is_sixtieth = |part: &&str| {
        let whole = part.split(['.', ',']).next().unwrap_or_default();
        whole.len() == 2 && is_number(whole) && whole < "60"
    };
    hours && others.len() == 2 && others.iter().all(is_sixtieth)
}

/// `2 days 01:30:00`
fn is_days_and_clock(text: &str) -> bool {
    let mut words = text.split_ascii_whitespace();
    let [days, unit, clock] =
        [words.next(), words.next(), words.next()].map(Option::unwrap_or_default);
    is_number(days)
        && matches!(unit.trim_end_matches(','), "day" | "days")
        && is_clock(clock.trim_start_matches(['+', '-']))
        && words.next().is_none()
}

/// `1h 30min`: at least two numbers with units of time, the longest first. Capital letters alone, as in
/// `2D 1M`, are codes.
fn has_units(text: &str) -> bool {
    let (mut rest, mut units, mut count) = (text, &UNITS[..], 0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let after = after.trim_start();
        let end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let name = if unit.len() == 1 { unit.to_owned() } else { unit.to_ascii_lowercase() };
        let Some(at) = units.iter().position(|names| names.contains(&&*name)) else { return false };
        if !is_number(number) {
            return false;
        }
        units = &units[at + 1..];
        (rest, count) = (after.trim_start_matches([' ', ',']), count + 1);
    }
    count >= 2
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_their_forms() {
        for text in [
            "PT1H30M",
            "P2DT3H",
            "PT0.5S",
            "P1D",
            "2 days 01:30:00",
            "0 days 00:00:00.250000",
            "-1 days +23:00:00",
            "1 day, 2:03:04",
            "27:30:00",
            "100:00:00",
            "1h 30min",
            "1h30m",
            "2 days 3 hours",
            "5m 10s",
            "1 WEEK 2 Days",
            "P0D",
            "P1Y2M3W4DT5H6M7.5S",
            "PT05M",
        ] {
            assert!(is_duration(text), "{text}");
        }
        for text in [
            "",
            "P",
            "PT",
            "P-5",
            "PARIS1D",
            "P1",
            "3 kg",
            "5h",
            "2 days",
            "24:30",
            "10:61:00",
            "a:00:00",
            "1h 30",
            "00:1a:2b:00:00:01",
            "Pé1D",
            "é",
            "1é 2h",
            "4D 3F",
            "P01D",
            "P12S",
            "P1D2M",
            "P1D1D",
            "PT5T",
            "P5DT",
            "PTH",
            "P1.5.5D",
            "PTT5M",
            "10S80M",
            "10s80m",
            "2D 1M",
            "5M 10S",
            "1h 2h",
            ":::",
        ] {
            assert!(!is_duration(text), "{text:?}");
        }
    }
}
