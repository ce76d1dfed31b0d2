//! All columns of words that hardly repeat are named in one error.

use nnfs_datasets::{Columns, CsvError, Encoder, Table, Target};

use crate::helpers::{fit, table};

#[test]
fn all_columns_of_words_that_hardly_repeat_are_named_at_once() {
    let long = "a name of more than forty characters, and a comma";
    let columns = ["x", "name", "kind", long, "ticket", "y"];
    let rows = (0..60).map(|row| {
        let ticket = if row < 50 { "none".to_owned() } else { format!("T{row}") };
        let kind = ["a", "b"][row % 2].to_owned();
        [row.to_string(), format!("n{row}"), kind, format!("c{}", row / 2 * 2), ticket, "1".into()]
    });
    let rows: Vec<_> = rows.collect();
    let error = |rows: &[[String; 6]]| {
        let table = Table::from_rows("t", &columns, rows).unwrap();
        Encoder::fit(&table, &Columns::regression(["y"])).unwrap_err()
    };
    let named = |error: &CsvError| match error {
        CsvError::HardlyRepeats { place, columns, .. } => {
            let names: Vec<_> =
                columns.iter().map(|(name, words)| (name.clone(), *words)).collect();
            Some((place.line, place.column.clone(), names))
        }
        _ => None,
    };
    // Names that occur twice are not refused, in 30 pairs.
    let expected = |names: &[(&str, usize)]| {
        let names = names.iter().map(|&(name, words)| (name.to_owned(), words)).collect();
        Some((1, "name".to_owned(), names))
    };
    assert_eq!(named(&error(&rows)), expected(&[("name", 60)]));
    let mut all = rows.clone();
    all.iter_mut().enumerate().for_each(|(row, values)| values[3] = format!("c{}", row / 3 * row));
    all.iter_mut().enumerate().for_each(|(row, values)| values[4] = format!("T{}", row.max(20)));
    let all = error(&all);
    let Some((1, _, names)) = named(&all) else { panic!("{all}") };
    assert_eq!(
        names.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["name", long, "ticket"]
    );
    assert_eq!((names[0].1, names[2].1), (60, 40));
    let text = all.to_string();
    assert!(
        text.contains(r#""ticket" (40 different words)"#) && text.contains("columns"),
        "{text}"
    );
    // Another error of a column before it comes first, and one of a column after it does not.
    for (column, is_first) in [(0, true), (2, false)] {
        let mut rows = rows.clone();
        for (row, values) in rows.iter_mut().enumerate() {
            values[column] = if row == 7 { "oops".to_owned() } else { row.to_string() };
        }
        assert_eq!(named(&error(&rows)).is_none(), is_first, "column {column}");
    }
}

/// The words of numbers from 0, each as often as is said.
fn words(counts: &[usize]) -> Table {
    let words =
        counts.iter().enumerate().flat_map(|(word, &count)| vec![format!("w{word}"); count]);
    table(words)
}

#[test]
fn words_hardly_repeat_if_most_occur_once_or_each_has_few_rows() {
    let is_accepted = |counts: &[usize]| match fit(&words(counts)) {
        Ok(_) => true,
        Err(CsvError::HardlyRepeats { .. }) => false,
        Err(error) => panic!("{error}"),
    };
    // Those that occur once have less than half of the rows, or there are less than 10 words.
    let once = |once: usize, other: usize| [vec![1; once], vec![other]].concat();
    assert!(is_accepted(&once(49, 51)) && !is_accepted(&once(50, 50)));
    assert!(is_accepted(&once(8, 8)) && !is_accepted(&once(9, 9)));
    // Up to 50 words, or 4 rows for each.
    assert!(is_accepted(&[3; 50]) && !is_accepted(&[3; 51]) && is_accepted(&[4; 51]));
    // Numbers with marks are not taken for names.
    let stars: Vec<String> = (0..30).map(|it| format!("{it}*")).collect();
    let error = fit(&table(stars)).unwrap_err();
    assert!(matches!(error, CsvError::NumberLikeWords { .. }), "{error}");
}

#[test]
fn classes_hardly_repeat_if_many_occur_once_or_each_has_few_rows() {
    let fit = |values: Vec<String>| match Target::fit(&table(values), &Columns::classification("x"))
    {
        Ok(_) => true,
        Err(CsvError::ClassesHardlyRepeat { .. } | CsvError::ContinuousClasses { .. }) => false,
        Err(error) => panic!("{error}"),
    };
    let are_words = |once: usize, other: usize| {
        let once = (0..once).map(|it| format!("w{it}"));
        fit(once.chain(std::iter::repeat_n("other".to_owned(), other)).collect())
    };
    assert!(are_words(49, 51) && !are_words(50, 50));
    assert!(are_words(20, 0) && !are_words(21, 0));
    let integers = |distinct: usize, rows: usize| {
        fit((0..distinct * rows).map(|row| (row % distinct).to_string()).collect())
    };
    assert!(integers(20, 1) && !integers(21, 1) && !integers(22, 1));
    assert!(integers(50, 2) && !integers(51, 2) && !integers(51, 9) && integers(51, 10));
    let fractions = |distinct: usize, rows: usize| {
        fit((0..distinct * rows).map(|row| format!("{}.5", row % distinct)).collect())
    };
    assert!(fractions(5, 1) && !fractions(6, 1) && !fractions(7, 1));
    assert!(fractions(10, 5) && !fractions(11, 5) && !fractions(11, 9) && fractions(11, 10));
    assert!(fractions(50, 10) && !fractions(51, 10));
}
