//! Names of columns in options.

use nnfs_tabular::{CsvError, Error, Table};

/// The columns that options name: each is a line of CSV, where a name with a comma is in quotes. An empty
/// option names the column without a name.
pub(crate) fn names(options: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    for option in options {
        if option.is_empty() {
            names.push(String::new());
        }
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(option.as_bytes());
        for record in reader.records().flatten() {
            names.extend(record.iter().map(|name| name.trim().to_owned()));
        }
    }
    names
}

/// The same, for a table that was read: an option whose whole text is the name of a column is that column, also with
/// a comma.
pub(crate) fn names_in(table: &Table, options: &[String]) -> Vec<String> {
    let is_name = |option: &str| table.names().any(|name| name == option.trim());
    let of = |option: &String| match option.contains(',') && is_name(option) {
        true => vec![option.trim().to_owned()],
        false => names(std::slice::from_ref(option)),
    };
    options.iter().flat_map(of).collect()
}

/// How an option names a column with a comma, if the first part of its name was looked for.
pub(crate) fn comma_hint(table: &Table, error: &Error) -> Option<String> {
    let Error::Table(CsvError::MissingColumn { wanted, .. }) = error else { return None };
    let is_wanted = |name: &&str| {
        name.split_once(',').is_some_and(|(first, _)| format!("{:?}", first.trim()) == *wanted)
    };
    let name = table.names().find(is_wanted)?;
    Some(format!("; a name with a comma is in quotes: {}", quoted_names([name])))
}

/// The value of an option that names these columns, quoted for [`names`] and for a shell.
pub(crate) fn quoted_names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    let written = writer.write_record(names).and_then(|()| Ok(writer.flush()?));
    written.expect("a vector takes every record");
    let line = writer.into_inner().expect("it is flushed");
    let line = String::from_utf8_lossy(&line);
    match line.strip_suffix('\n').unwrap_or(&line) {
        // A single column without a name.
        "\"\"" => "''".to_owned(),
        line if line.contains(['"', '$', '`', '\\', '!']) => {
            format!("'{}'", line.replace('\'', r"'\''"))
        }
        line => format!("\"{line}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_names_are_read_back() {
        for (columns, text) in [
            (vec!["name", "ticket", "cabin"], r#""name,ticket,cabin""#),
            (vec![""], "''"),
            (vec!["", "id"], r#"",id""#),
            (vec!["last, first", "a b"], r#"'"last, first",a b'"#),
            (vec![r#"5" disk"#, "it's"], r#"'"5"" disk",it'\''s'"#),
            (vec!["it's"], r#""it's""#),
            (vec!["$HOME"], "'$HOME'"),
        ] {
            assert_eq!(quoted_names(columns.iter().copied()), text);
            // As a shell gives it to the command.
            let value = match text.strip_prefix('\'') {
                Some(text) => text.strip_suffix('\'').unwrap().replace(r"'\''", "'"),
                None => text.trim_matches('"').to_owned(),
            };
            assert_eq!(names(&[value]), columns, "{text}");
        }
    }

    #[test]
    fn a_whole_option_may_be_a_name() {
        let table = Table::from_rows("t", &["Price, USD", "x", "a,b"], [["1", "2", "3"]]).unwrap();
        let names = |option: &str| names_in(&table, &[option.to_owned()]);
        assert_eq!(names("Price, USD"), ["Price, USD"]);
        assert_eq!(names("x,a"), ["x", "a"]);
        assert_eq!(names("\"Price, USD\",x"), ["Price, USD", "x"]);
    }
}
