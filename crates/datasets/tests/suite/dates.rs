//! Columns of dates and times as numbers.

use nnfs_datasets::{
    Coding, Columns, CsvError, CsvOptions, DateCoding, DateError, DateOrder, DatePart, Encoder,
    Kind, Missing, Table, Unknown,
};

/// A table with these dates, and the encoder of all its rows.
pub(crate) fn encoder(dates: &[&str]) -> Result<(Table, Encoder), CsvError> {
    encoder_of(dates, &Columns::regression(["y"]))
}

fn encoder_of(dates: &[&str], columns: &Columns) -> Result<(Table, Encoder), CsvError> {
    let rows = dates.iter().enumerate().map(|(row, date)| [(*date).to_owned(), row.to_string()]);
    let table = Table::from_rows("t", &["when", "y"], rows).unwrap();
    let encoder = Encoder::fit(&table, columns)?;
    Ok((table, encoder))
}

pub(crate) fn coding(encoder: &Encoder) -> &DateCoding {
    match &encoder.input_columns()[0].coding {
        Coding::Date(coding) => coding,
        other => panic!("{other:?}"),
    }
}

/// The first of each month from January on.
fn months(count: u32) -> Vec<String> {
    (0..count).map(|it| format!("{}-{:02}-01", 2020 + it / 12, it % 12 + 1)).collect()
}

#[test]
fn days_are_counted_and_placed_in_the_year_and_the_week() {
    let dates = ["2023-01-01", "2023-07-02", "2024-01-01", "2024-12-31"];
    let (table, encoder) = encoder(&dates).unwrap();
    let names = encoder.input_names();
    assert_eq!(names[0], "when");
    assert_eq!(names[1..3], ["when (sine of the year)", "when (cosine of the year)"]);
    assert_eq!(names[3..], ["when (sine of the week)", "when (cosine of the week)"]);
    let inputs = encoder.inputs::<f64>(&table).unwrap();
    assert_eq!(inputs.column(0).as_slice(), [19_358.0, 19_540.0, 19_723.0, 20_088.0]);
    let near = |row: usize, column: usize, expected: f64| {
        let found = inputs[(row, column)];
        assert!((found - expected).abs() < 0.01, "{row}, {column}: {found}");
    };
    // Early in the year, in the middle, early, and at the end.
    for (row, cosine) in [(0, 1.0), (1, -1.0), (2, 1.0), (3, 1.0)] {
        near(row, 2, cosine);
    }
    // Sunday, Sunday, Monday, Tuesday.
    for (row, day) in [(0, 6.0), (1, 6.0), (2, 0.0), (3, 1.0_f64)] {
        let angle = std::f64::consts::TAU * day / 7.0;
        near(row, 3, angle.sin());
        near(row, 4, angle.cos());
    }
}

#[test]
fn parts_that_do_not_change_are_left_out() {
    use DatePart::*;
    let parts = |dates: &[&str]| coding(&encoder(dates).unwrap().1).parts.clone();
    let year = [Elapsed, YearSine, YearCosine];
    // A year, a month without a day, one day of the week, one day, times alone.
    assert_eq!(parts(&["2021-01-01", "2022-01-01", "2023-01-01"])[..1], [Elapsed]);
    assert_eq!(parts(&["2021-01", "2021-02", "2021-04"]), year);
    assert_eq!(parts(&["2021-03-01", "2021-03-08", "2021-03-22"]), year);
    assert_eq!(parts(&["14:30", "2:30 AM", "09:15"]), [Elapsed, DaySine, DayCosine]);
    let times = ["2021-03-01T06:00", "2021-03-02 18:30:00", "2021-03-02T06:00Z"];
    let all = [Elapsed, YearSine, YearCosine, WeekSine, WeekCosine, DaySine, DayCosine];
    assert_eq!(parts(&times), all);
    assert_eq!(parts(&times.map(|time| &time[..10])), all[..5]);
    // At midnight.
    assert_eq!(parts(&["2021-03-01T00:00", "2021-03-05T00:00"]), all[..5]);
    assert_eq!(parts(&["2021-03-01", "", "2021-03-05", "NA"])[5..], [Missing]);
    // The same day in all rows is a constant.
    let (_, constant) = encoder(&["2021-03-01", "2021-03-01", "2021-03-01"]).unwrap();
    assert!(matches!(constant.input_columns()[0].coding, Coding::Constant { .. }));
}

#[test]
fn the_rows_decide_the_order_of_day_and_month() {
    let order = |dates: &[&str]| encoder(dates).map(|(_, encoder)| coding(&encoder).order);
    assert_eq!(order(&["3/4/2024", "13/4/2024"]), Ok(DateOrder::Day));
    assert_eq!(order(&["3/4/2024", "4/13/2024"]), Ok(DateOrder::Month));
    assert_eq!(order(&["3-4-2024 10:00", "4-13-2024 11:00"]), Ok(DateOrder::Month));
    // Points are for the day first, and the same day and month is the same in both orders.
    assert_eq!(order(&["3.4.2024", "5.6.2024"]), Ok(DateOrder::Day));
    assert_eq!(order(&["4.13.2024", "5.6.2024"]), Ok(DateOrder::Month));
    assert_eq!(order(&["3/3/2024", "6/6/2024"]), Ok(DateOrder::Day));

    let ambiguous = ["3/3/2024", "4/5/2024", "5/6/2024"];
    let Err(CsvError::Date(DateError::Ambiguous { place, found })) = encoder(&ambiguous) else {
        panic!()
    };
    assert_eq!((place.line, place.column.as_str(), found.as_str()), (2, "when", "4/5/2024"));
    let days = |order| {
        let columns = Columns::regression(["y"]).date_order(order);
        let (table, encoder) = encoder_of(&ambiguous, &columns).unwrap();
        encoder.inputs::<f64>(&table).unwrap()[1]
    };
    assert_eq!(days(DateOrder::Month) - days(DateOrder::Day), -29.0); // 5 April, 4 May
    // The order that is given is for columns that do not show it.
    let columns = Columns::regression(["y"]).date_order(DateOrder::Month);
    let (_, encoder) = encoder_of(&["3/4/2024", "13/4/2024"], &columns).unwrap();
    assert_eq!(coding(&encoder).order, DateOrder::Day);
    let (_, encoder) = encoder_of(&["3.4.2024", "5.6.2024"], &columns).unwrap();
    assert_eq!(coding(&encoder).order, DateOrder::Day);
}

#[test]
fn a_date_that_cannot_be_read_is_an_error_with_its_place() {
    let mut dates = months(24);
    dates[7] = "2020-02-30".to_owned();
    let dates: Vec<&str> = dates.iter().map(String::as_str).collect();
    let error = encoder(&dates).unwrap_err();
    assert!(
        matches!(&error, CsvError::Date(DateError::NotADate { place, .. }) if place.line == 8),
        "{error}"
    );
    // Both orders of day and month in one column.
    let error = encoder(&["13/1/2024", "14/1/2024", "1/15/2024"]).unwrap_err();
    let CsvError::Date(DateError::MixedOrders { place, pattern, other, .. }) = &error else {
        panic!("{error}")
    };
    assert_eq!((place.line, &**pattern, other.line), (3, "month/day/year", 1));

    let (_, encoder) = encoder(&["2024-01-01", "2024-02-03"]).unwrap();
    let new = |text: &str| Table::from_rows("new", &["when"], [["2024-05-06"], [text]]).unwrap();
    for text in ["tomorrow", "2024-13-01", "5", "20240101"] {
        let error = encoder.inputs::<f64>(&new(text)).unwrap_err();
        let CsvError::Date(DateError::NotADate { place, found }) = &error else {
            panic!("{error}")
        };
        assert_eq!((place.line, found.as_str()), (2, text));
    }
    // Another form is fine, and a missing date is a missing number.
    let inputs = encoder.inputs::<f64>(&new("6 May 2024")).unwrap();
    assert_eq!(inputs.row(0), inputs.row(1));
    let missing = new("NA");
    assert!(encoder.inputs::<f64>(&missing).unwrap().row(1).iter().all(|it| it.is_nan()));
    assert_eq!(encoder.check(&missing, Missing::Fill, Unknown::Accept).unwrap().len(), 1);
    let refused = encoder.check(&missing, Missing::Refuse, Unknown::Accept);
    assert!(matches!(refused, Err(CsvError::MissingValue { .. })));
}

#[test]
fn an_order_that_is_given_is_not_for_dates_with_points() {
    let columns = || Columns::regression(["y"]).date_order(DateOrder::Month);
    for dates in [&["1.1.2024", "1.2.2024"][..], &["31.1.2024", "1.2.2024"]] {
        let (_, encoder) = encoder_of(dates, &columns()).unwrap();
        let Coding::Date(dates) = &encoder.input_columns()[0].coding else { panic!() };
        assert_eq!(dates.order, DateOrder::Day);
    }
}

#[test]
fn a_date_in_the_other_order_is_named() {
    let (_, encoder) = encoder(&["13/1/2024", "14/2/2024"]).unwrap();
    let new = Table::from_rows("new", &["when"], [["09/29/2022"]]).unwrap();
    let error = encoder.inputs::<f64>(&new).unwrap_err();
    let CsvError::Date(DateError::OtherOrder { expected, pattern, .. }) = &error else {
        panic!("{error}")
    };
    assert_eq!((&**expected, &**pattern), ("day/month/year", "month/day/year"));
}

#[test]
fn words_are_not_dates() {
    let codings = [&["1-2", "3-4", "1-2"][..], &["a", "b", "2024-01-01"], &["10/2", "3/4", "10/2"]];
    for words in codings {
        let (_, encoder) = encoder(words).unwrap();
        assert!(matches!(encoder.input_columns()[0].coding, Coding::OneHot(_)), "{words:?}");
    }
    // A column that is declared categorical keeps its words.
    let text = "when,y\n2024-01,1\n2024-02,2\n2024-01,3\n";
    let options = CsvOptions::new().column("when", Kind::Categorical);
    let table = Table::from_reader("t", text.as_bytes(), &options).unwrap();
    let encoder = Encoder::fit(&table, &Columns::regression(["y"])).unwrap();
    assert_eq!(encoder.input_names(), ["when=2024-01", "when=2024-02"]);
}

#[test]
fn patterns_say_how_texts_are_read() {
    let coding = |order| DateCoding {
        order,
        parts: vec![DatePart::Elapsed],
        order_known: true,
        holds: None,
    };
    for (text, order, pattern) in [
        ("31.12.2024", DateOrder::Day, "day.month.year"),
        ("3/4/2024 2:30 PM", DateOrder::Month, "month/day/year and a time"),
        ("2024-12-31", DateOrder::Month, "year-month-day"),
        ("2024-12", DateOrder::Day, "year-month"),
        ("14:30", DateOrder::Day, "a time"),
        ("31-Dec-2024", DateOrder::Day, "a date with the name of the month"),
    ] {
        assert_eq!(coding(order).pattern(text).as_deref(), Some(pattern));
    }
    assert_eq!(coding(DateOrder::Day).pattern("soon"), None);
}

#[cfg(feature = "serde")]
#[test]
fn a_date_coding_is_saved() {
    let (_, encoder) = encoder(&["13.1.2024", "", "14.1.2024 10:00"]).unwrap();
    let saved = serde_json::to_string(&encoder).unwrap();
    let expected = r#"{"Date":{"order":"day","parts":["elapsed","year_sine""#;
    assert!(saved.contains(expected), "{saved}");
    assert_eq!(serde_json::from_str::<Encoder>(&saved).unwrap(), encoder);
    assert!(serde_json::from_str::<Encoder>(&saved.replace("\"day\"", "\"week\"")).is_err());
}

#[test]
fn years_of_two_digits_are_read_where_they_are_the_last_number() {
    let days = |dates: &[&str]| {
        let (table, encoder) = encoder(dates)?;
        Ok::<_, CsvError>(encoder.inputs::<f64>(&table)?.column(0).as_slice().to_vec())
    };
    let expected = days(&["2023-02-26", "1969-01-03"]);
    // `02/26/23` can neither begin with the day nor with the year.
    for dates in [["26.02.23", "03.01.69"], ["26-Feb-23", "3-Jan-69"], ["02/26/23", "01/03/69"]] {
        assert_eq!(days(&dates), expected, "{dates:?}");
    }
    let (_, read) = encoder(&["26.02.23", "03.01.69"]).unwrap();
    let pattern = coding(&read).pattern("26.02.23").unwrap();
    assert!(pattern.starts_with("day.month.year") && pattern.contains("1969"), "{pattern}");
    // The year may be the first or the last number.
    let error = encoder(&["26/02/23", "23/04/22"]).unwrap_err();
    assert!(
        matches!(&error, CsvError::Date(DateError::Ambiguous { place, .. }) if place.line == 1),
        "{error}"
    );
    assert!(error.to_string().contains("four digits"), "{error}");
    // A row shows it, or the order is given.
    assert!(encoder(&["26/02/23", "23/04/45"]).is_ok());
    assert!(encoder(&["26/02/23", "23/04/2022"]).is_ok());
    let columns = Columns::regression(["y"]).date_order(DateOrder::Day);
    assert!(encoder_of(&["26/02/23", "23/04/22"], &columns).is_ok());
    // Rows that are predicted may be ambiguous, too.
    let (_, encoder) = encoder(&["2024-01-01", "2024-02-03"]).unwrap();
    let new = |text: &str| Table::from_rows("new", &["when"], [[text]]).unwrap();
    let error = encoder.inputs::<f64>(&new("26/02/23")).unwrap_err();
    assert!(matches!(error, CsvError::Date(DateError::Ambiguous { .. })), "{error}");
    assert!(encoder.inputs::<f64>(&new("02/26/23")).is_ok());
}

/// A table of many rows in which each word occurs equally often, and what its encoder is.
pub(crate) fn repeated(words: impl IntoIterator<Item = String>) -> Result<Encoder, CsvError> {
    let words: Vec<String> = words.into_iter().collect();
    let words: Vec<&str> =
        words.iter().map(String::as_str).cycle().take(10 * words.len()).collect();
    encoder(&words).map(|(_, encoder)| encoder)
}

/// What is odd in new dates, as the debug text of the findings, and in how many rows.
fn odd(trained: &[&str], new: &[&str]) -> Vec<(String, usize)> {
    let (_, encoder) = encoder(trained).unwrap();
    let rows = new.iter().map(|date| [(*date).to_owned()]);
    let table = Table::from_rows("new", &["when"], rows).unwrap();
    let findings = encoder.check(&table, Missing::Fill, Unknown::Accept).unwrap();
    findings.into_iter().map(|it| (format!("{:?}", it.what), it.rows)).collect()
}

#[test]
fn dates_that_lack_a_part_of_the_training_are_reported() {
    let times = ["2024-12-29 14:30", "2024-12-30 02:15", "2024-12-31 20:00"];
    let days = ["2024-11-29", "2024-12-30", "2025-01-02"];
    let months = ["2024-10", "2024-11", "2024-12"];
    let some = |what: &str, rows| vec![(what.to_owned(), rows)];
    assert_eq!(
        odd(&times, &["2024-12-31", "2024-12-31 10:00", "2024-12-30"]),
        some("WithoutTime", 2)
    );
    assert_eq!(odd(&days, &["2024-12", "2024-12-31", "2024-Q4"]), some("WithoutDay", 2));
    assert_eq!(odd(&times, &["2024-12"]), some("WithoutDay", 1));
    for (trained, new) in [
        (&times, &["20241231T1430", "2024-12-31 00:00"][..]),
        (&days, &["2024-12-31 10:00", "31 Dec 2024"]),
        (&months, &["2024-12", "2024-12-31", "2024-12-31 10:00"]),
    ] {
        assert_eq!(odd(trained, new), []);
    }
    let clock = ["14:30", "02:15", "20:00"];
    assert_eq!(odd(&clock, &["10:00", "2:30 PM"]), []);
}
