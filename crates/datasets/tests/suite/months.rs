//! Names of months, and words that only look like them.

use nnfs_datasets::{Coding, CsvError, DateError};

use crate::dates::{coding, encoder, repeated};

#[test]
fn months_quarters_and_weeks_are_read() {
    for dates in [
        ["10/2020", "12/2020"],
        ["Oct 2020", "Dec 2020"],
        ["2020-Q4", "2021-Q1"],
        ["2020-W40", "2020-W41"],
        ["20230319T0200", "20230816T2000"],
        ["Fri Oct 02 20:43:26 2020", "Sun Jun 06 04:17:35 2021"],
    ] {
        let encoder = repeated(dates.map(str::to_owned)).unwrap();
        let pattern = coding(&encoder).pattern(dates[0]);
        assert!(pattern.is_some(), "{dates:?}");
    }
}

#[test]
fn months_have_names_in_several_languages() {
    let inputs = |dates: &[&str]| {
        let (table, encoder) = encoder(dates).unwrap();
        encoder.inputs::<f64>(&table).unwrap()
    };
    let expected = inputs(&["2024-03-03", "2023-12-24", "2024-05-01"]);
    for dates in [
        ["3. März 2024", "24. Dezember 2023", "1. Mai 2024"],
        ["3-Mrz-24", "24-Dez-23", "01-Mai-24"],
        ["3 mars 2024", "24 décembre 2023", "1er mai 2024"],
        ["3 de marzo de 2024", "24 de diciembre de 2023", "1 de mayo de 2024"],
        ["3 mar. 2024", "24 dic. 2023", "1º mag. 2024"],
        ["3 de março de 2024", "24/dez/2023", "1 de maio de 2024"],
        ["3 maart 2024", "24 dec 2023", "1 mei 2024"],
    ] {
        assert_eq!(inputs(&dates), expected, "{dates:?}");
    }
}

#[test]
fn more_than_half_of_many_words_look_like_dates() {
    let words = |dates: u32| {
        (1..15).map(move |it| if it <= dates { format!("Jan {it}") } else { format!("k{it}") })
    };
    let error = repeated(words(8)).unwrap_err();
    assert!(matches!(error, CsvError::Date(DateError::OtherForm { .. })), "{error}");
    assert!(repeated(words(7)).is_ok());
}

#[test]
fn words_that_look_like_dates_are_refused() {
    let forms: [fn(u32) -> String; 4] = [
        |day| format!("Jan {day}"),
        |day| format!("Oct-{day}"),
        |day| format!("2023-{:02}-0{}", 13 + day % 18, 1 + day % 9),
        |day| format!("2023-01-{day:02} 10:46 CET"),
    ];
    for form in forms {
        let error = repeated((1..29).map(form)).unwrap_err();
        let CsvError::Date(DateError::OtherForm { place, found, .. }) = &error else {
            panic!("{error}")
        };
        assert_eq!((place.line, found), (1, &form(1)), "{error}");
        // Also if they do not repeat, and not if there are few.
        let once: Vec<String> = (1..29).map(form).collect();
        let once: Vec<&str> = once.iter().map(String::as_str).collect();
        assert!(
            matches!(encoder(&once), Err(CsvError::Date(DateError::OtherForm { .. }))),
            "{}",
            form(1)
        );
        let few = repeated((1..9).map(form)).unwrap();
        assert!(matches!(few.input_columns()[0].coding, Coding::OneHot(_)));
    }
}

#[test]
fn words_that_begin_like_a_month_are_categories() {
    let forms: [fn(u32) -> String; 20] = [
        |it| format!("Set {it}"),
        |it| format!("Gen {it}"),
        |it| format!("gen-{it}"),
        |it| format!("Marc {it}"),
        |it| format!("Mars {it}"),
        |it| format!("Mag 3.{it}"),
        |it| format!("Dec {}.25", it % 25),
        |it| format!("Nov {it}.10"),
        |it| format!("Set {}", 1000 + it),
        |it| format!("Set {}", 2000 + it),
        |it| format!("Dec {}", 1000 + it),
        |it| format!("Set 1 {}", 9 + it),
        |it| format!("Mars 1 {}", 9 + it),
        |it| format!("{it}-out-10"),
        |it| format!("{it}-{}-10", ["in", "out"][it as usize % 2]),
        |it| format!("{it}.out.10"),
        |it| format!("ago {it}/10"),
        |it| format!("{it} mag 20"),
        |it| format!("dic {it}"),
        |it| format!("{it}-set-{}", 1000 + it),
    ];
    for form in forms {
        let words = repeated((1..21).map(form)).unwrap_or_else(|error| panic!("{error}"));
        let is_one_hot = matches!(words.input_columns()[0].coding, Coding::OneHot(_));
        assert!(is_one_hot, "{}", form(1));
    }
}

#[test]
fn short_names_are_months_beside_names_of_other_months() {
    for (dates, expected) in [
        (["1-out-10", "2-nov-10"], ["2010-10-01", "2010-11-02"]),
        (["01/ago/24", "01/dez/24"], ["2024-08-01", "2024-12-01"]),
        (["set 2001", "ottobre 2001"], ["2001-09", "2001-10"]),
        (["Mrz 2001", "Mai 2001"], ["2001-03", "2001-05"]),
        (["set. 2001", "ago. 2001"], ["2001-09", "2001-08"]),
        (["3 ago. 01", "3 set. 01"], ["2001-08-03", "2001-09-03"]),
        (["3 ago 2001", "3 set 2001"], ["2001-08-03", "2001-09-03"]),
    ] {
        let inputs = |dates: &[&str]| {
            let (table, encoder) = encoder(dates).unwrap();
            encoder.inputs::<f64>(&table).unwrap()
        };
        assert_eq!(inputs(&dates), inputs(&expected), "{dates:?}");
    }
}
