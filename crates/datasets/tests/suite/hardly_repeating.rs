//! All columns of words that hardly repeat are named in one error.

use nnfs_datasets::{Columns, CsvError, Encoder, Table};

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
