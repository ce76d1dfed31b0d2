//! Durations, words that begin like numbers, and codes.

use nnfs_datasets::{Coding, CsvError, DateError, Table};

use crate::dates::{encoder, repeated};

#[test]
fn durations_are_refused() {
    let forms: [fn(u32) -> String; 4] = [
        |n| format!("{} days {n:02}:00:00", n / 3),
        |n| format!("PT{n}H30M"),
        |n| format!("{n}h {n}min"),
        |n| format!("{}:00:00", n + 24),
    ];
    for form in forms {
        let error = repeated((0..20).map(form)).unwrap_err();
        let CsvError::Date(DateError::Duration { place, found }) = &error else {
            panic!("{error}")
        };
        assert_eq!((place.line, found), (1, &form(0)), "{error}");
    }
    // Beside times of a day, the first that is none.
    let error = repeated((10..30).map(|n| format!("{n}:00:00"))).unwrap_err();
    let CsvError::Date(DateError::Duration { found, .. }) = &error else { panic!("{error}") };
    assert_eq!(found, "24:00:00");
}

#[test]
fn many_words_that_begin_like_numbers_are_refused() {
    let forms: [fn(u32) -> String; 9] = [
        |it| format!("{}{it}", ["<", ">"][it as usize % 2]),
        |it| format!("{it}*"),
        |it| format!("{it:#x}"),
        |it| format!("{it}/16"),
        |it| format!("{}'{}", 4 + it / 12, it % 12),
        |it| format!("{}:30", 10 + 7 * it),
        |it| format!("{it} {}", ["kg", "g"][it as usize % 2]),
        |it| format!("--{it}"),
        |it| format!("{it} {}", ["KG", "kg", "Kg"][it as usize % 3]),
    ];
    for form in forms {
        let error = repeated((1..25).map(form)).unwrap_err();
        // Some clock times are read, and the others are not.
        let is_refused = match &error {
            CsvError::NumberLikeWords { place, distinct, .. } => place.line == 1 && *distinct == 24,
            CsvError::MixedUnits { place, other, .. } => place.line == 2 && *other == 1,
            _ => false,
        };
        assert!(is_refused, "{}: {error}", form(1));
        let few = repeated((30..38).map(form)).unwrap();
        assert!(matches!(few.input_columns()[0].coding, Coding::OneHot(_)), "{}", form(1));
    }
    // The first of them is named: no plain number, and no other word.
    let mixed = |it: u32| match it % 4 {
        1 => format!("{it}"),
        2 => format!("A{it}"),
        _ => format!("{it}*"),
    };
    let error = repeated((1..25).map(mixed)).unwrap_err();
    let CsvError::NumberLikeWords { place, found, .. } = &error else { panic!("{error}") };
    assert_eq!((place.line, found.as_str()), (3, "3*"));
    // Ranges are categories unless they overlap.
    let ages = repeated((0..18).map(|it| format!("{}-{}", 5 * it, 5 * it + 4))).unwrap();
    assert!(matches!(ages.input_columns()[0].coding, Coding::OneHot(_)));
    let scores = |count: u32| repeated((0..count).map(|it| format!("{}-{}", it % 5, it / 5)));
    let error = scores(60).unwrap_err();
    assert!(matches!(error, CsvError::NumberLikeWords { .. }), "{error}");
    assert!(matches!(scores(18).unwrap().input_columns()[0].coding, Coding::OneHot(_)));
}

#[test]
fn numbers_behind_the_same_word_are_refused() {
    let forms: [fn(u32) -> String; 5] = [
        |it| format!("ca. {it}.50"),
        |it| format!("#{it}.{:02}", it % 7),
        |it| format!("about {it}"),
        |it| format!("Preis: {it},20"),
        |it| format!("{} {it}.50", ["Bs", "bs", "Bs."][it as usize % 3]),
    ];
    for form in forms {
        // Words that repeat, and words that hardly do.
        for words in [(1..25).map(form).collect::<Vec<_>>(), (1..200).map(form).collect()] {
            let error = repeated(words.iter().cloned()).unwrap_err();
            let CsvError::NumberLikeWords { place, found, distinct } = &error else {
                panic!("{error}")
            };
            assert_eq!((place.line, found, *distinct), (1, &words[0], words.len()), "{error}");
        }
        let words: Vec<String> = (30..38).map(form).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (table, encoder) = encoder(&words).unwrap();
        let found = encoder.number_like(&table).unwrap();
        assert_eq!((found.len(), found[0].distinct), (1, 8), "{}", words[0]);
    }
    let codes: [fn(u32) -> String; 5] = [
        |it| format!("Store {it}"),
        |it| format!("#{it}"),
        |it| format!("E{it}.{}", 10 + it),
        |it| format!("v {it}.{}", 10 + it),
        |it| format!("lot-{it}.50"),
    ];
    for form in codes {
        let words = repeated((1..25).map(form)).unwrap_or_else(|error| panic!("{error}"));
        assert!(matches!(words.input_columns()[0].coding, Coding::OneHot(_)), "{}", form(1));
    }
}

#[test]
fn many_numbers_in_two_units_are_no_names() {
    let forms: [fn(u32) -> String; 2] = [
        |it| if it % 2 == 0 { format!("{it} g") } else { format!("{it}.8 kg") },
        |it| if it % 3 == 0 { format!("{it}.2M") } else { format!("{it}k") },
    ];
    for form in forms {
        let words: Vec<String> = (100..300).map(form).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let error = encoder(&words).unwrap_err();
        let CsvError::MixedUnits { place, other, .. } = &error else { panic!("{error}") };
        assert!(place.line > *other, "{error}");
    }
}

#[test]
fn codes_and_sizes_are_categories() {
    let forms: [fn(u32) -> String; 4] = [
        |it| {
            format!("{}/{}{}", 145 + 10 * (it % 5), 80 - 5 * (it / 5), ["", "R13"][it as usize % 2])
        },
        |it| format!("7{}7-{it}H4", it % 5),
        |it| format!("{}{}", it + 1, char::from(b'A' + u8::try_from(it % 7).unwrap())),
        |it| format!("{}:{}", 1979 + it / 4, 1 + it % 4),
    ];
    for form in forms {
        let words = repeated((0..30).map(form)).unwrap();
        assert!(matches!(words.input_columns()[0].coding, Coding::OneHot(_)), "{}", form(0));
    }
}

#[test]
fn numbers_with_two_units_or_two_currencies() {
    for (words, lines, found) in [
        (["$13.30", "€12", "$3"], (2, 1), "€12"),
        (["10%", "0.25", "0.5"], (2, 1), "0.25"),
        (["3", "5 EUR", "7 USD"], (2, 1), "5 EUR"),
    ] {
        let words: Vec<&str> = words.into_iter().cycle().take(60).collect();
        let error = encoder(&words).unwrap_err();
        let CsvError::MixedUnits { place, found: word, other, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(((place.line, *other), &**word), (lines, found), "{words:?}");
    }
    // Few words with units are categories, but may be meant as numbers.
    let (table, words) = encoder(&["10 kg", "12 kg", "20000 g"]).unwrap();
    assert_eq!(words.number_like(&table).unwrap()[0].distinct, 3);
    // Training had kilograms.
    let (_, encoder) = encoder(&["10 kg", "12 kg", "20 kg"]).unwrap();
    let new = Table::from_rows("new", &["when"], [["10 kg"], ["20000 g"]]).unwrap();
    let error = encoder.inputs::<f64>(&new).unwrap_err();
    let CsvError::MixedUnits { place, other, .. } = &error else { panic!("{error}") };
    assert_eq!((place.line, *other), (2, 1), "{error}");
}

#[test]
fn codes_that_begin_like_durations_are_categories() {
    let letter = |letters: &str, it: u32| letters.chars().nth(it as usize % letters.len()).unwrap();
    let forms: [&dyn Fn(u32) -> String; 9] = [
        &|it| format!("P{it:02}{}", letter("SML", it)),
        &|it| format!("P{it:02}{}", letter("DMY", it)),
        &|it| format!("P{it}{}", letter("YMWDHS", it)),
        &|it| format!("P{it}S"),
        &|it| format!("PT{it}T"),
        &|it| format!("P1.5.{it}D"),
        &|it| format!("{it}D 1M"),
        &|it| format!("{it}S80M"),
        &|it| format!("P{it}D{it}Y"),
    ];
    for form in forms {
        let words = repeated((1..21).map(form)).unwrap_or_else(|error| panic!("{error}"));
        assert!(matches!(words.input_columns()[0].coding, Coding::OneHot(_)), "{}", form(1));
    }
}

#[test]
fn rare_categories_may_be_numbers_too() {
    let measures = ["1 KG", "2 KG", "3 kg", "4 kg", "5 Kg", "6 kg"];
    let often = measures.into_iter().cycle().take(98);
    let words: Vec<&str> = often.chain(["8 kg", "9 kg"]).collect();
    let (table, encoder) = encoder(&words).unwrap();
    assert!(matches!(encoder.input_columns()[0].coding, Coding::OneHotOrOther { .. }));
    assert_eq!(encoder.number_like(&table).unwrap()[0].distinct, 8);
}

#[test]
fn a_column_may_be_numbers_if_most_of_its_words_may() {
    let first = |words: &[&str]| {
        let (table, encoder) = encoder(words).unwrap();
        encoder.number_like(&table).unwrap().first().map(|found| found.place.line)
    };
    assert_eq!(first(&["x", "5 KG", "6 kg", "7 kg"]), Some(2), "the first such word");
    assert_eq!(first(&["red", "5 KG", "blue", "green"]), None);
    assert_eq!(first(&["PT1H", "PT2H", "PT3H", "b"]), Some(1));
    assert_eq!(first(&["PT1H", "PT2H", "a", "b"]), None);
    assert_eq!(first(&["PT1H", "a"]), None);
}

#[test]
fn few_durations_are_categories_that_may_be_numbers() {
    for words in [["PT1H30M", "PT2H", "PT45M"], ["1 days 03:00:00", "2 days 04:00:00", "x"]] {
        let words: Vec<&str> = words.into_iter().cycle().take(30).collect();
        let (table, encoder) = encoder(&words).unwrap();
        let found = encoder.number_like(&table).unwrap();
        assert_eq!((found[0].place.line, found[0].found.as_str()), (1, words[0]));
    }
    let words: Vec<&str> = ["P1D", "P1S", "P1X"].into_iter().cycle().take(30).collect();
    let (table, encoder) = encoder(&words).unwrap();
    assert_eq!(encoder.number_like(&table).unwrap(), []);
}

#[test]
fn numbers_beside_words_are_reported_or_refused() {
    let column = |count: usize, word: &str| -> Vec<String> {
        let cell = |it: usize| match it % 2 {
            0 => word.to_owned(),
            _ => (it / 2 % count).to_string(),
        };
        (0..60).map(cell).collect()
    };
    let fit = |words: &[String]| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        encoder(&words)
    };
    for word in ["not measured", "unknown", "red"] {
        let (table, few) = fit(&column(10, word)).unwrap();
        let found = few.numbers_and_words(&table).unwrap();
        assert_eq!((found[0].place.line, found[0].found.as_str()), (1, word));
        assert_eq!((found[0].numbers, found[0].rows), (30, 60));
        assert_eq!(few.number_like(&table).unwrap(), []);
        // Those that repeat and those that do not.
        for count in [14, 30] {
            let error = fit(&column(count, word)).unwrap_err();
            let CsvError::NumbersAndWords { place, found, numbers, rows } = &error else {
                panic!("{error}")
            };
            assert_eq!((place.line, found.as_str(), *numbers, *rows), (1, word, 30, 60), "{error}");
        }
    }
    let few = ["1", "2", "3", "unknown", "unknown", "unknown"];
    let (table, encoder) = encoder(&few).unwrap();
    assert_eq!(encoder.numbers_and_words(&table).unwrap()[0].place.line, 4);
    // There are fewer numbers than words, or one word begins like a number.
    for words in [&["1", "2", "a", "b"][..], &["1", "2", "3", "4+", "4+", "4+", "4+"]] {
        let (table, encoder) = crate::dates::encoder(words).unwrap();
        assert_eq!(encoder.numbers_and_words(&table).unwrap(), [], "{words:?}");
    }
}

#[test]
fn numbers_that_hardly_repeat_are_no_names() {
    let half: fn(u32) -> String = |it| match it % 2 {
        0 => "<0.1".to_owned(),
        _ => format!("{it}.5"),
    };
    let forms: [fn(u32) -> String; 11] = [
        |it| format!("${it}.3K"),
        |it| format!("~{it}.3"),
        |it| format!("{it}.3±0.5"),
        |it| format!("{it}.3 (0.5)"),
        |it| format!("{}/60", 100 + it),
        |it| format!("{it}/1"),
        |it| format!("#{it}"),
        |it| format!("'{it}.3'"),
        |it| format!("{it}.3×10^3"),
        |it| format!("{it}.3 {}", ["cm", "CM"][it as usize % 2]),
        half,
    ];
    for form in forms {
        for count in [24, 60] {
            let words: Vec<String> = (1..=count).map(form).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let error = encoder(&words).map(|_| ()).expect_err(&form(3));
            let is_of_numbers =
                matches!(error, CsvError::NumberLikeWords { .. } | CsvError::MixedUnits { .. });
            assert!(is_of_numbers, "{error}");
        }
    }
    let codes: [fn(u32) -> String; 5] = [
        |it| format!("192.168.{it}.1"),
        |it| format!("2020-{it:04}"),
        |it| format!("{it} Main Street, {}", char::from(b'A' + u8::try_from(it % 26).unwrap())),
        |it| format!("{it}.40.3.1"),
        |it| format!("A{it}"),
    ];
    for form in codes {
        let words: Vec<String> = (1..=60).map(form).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let error = encoder(&words).map(|_| ()).expect_err(&form(3));
        assert!(matches!(error, CsvError::HardlyRepeats { .. }), "{error}");
    }
}
