//! The page of the command has every option, with its values and its default.

use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../../docs/reference/command.md");

/// A row of a table: an option, what it is, and its default.
struct Row<'a> {
    option: &'a str,
    text: &'a str,
    default: String,
}

/// The section of a command.
fn section(command: &str) -> &'static str {
    let sections = PAGE.split("\n## ").skip(1);
    let mut found = sections.filter(|section| section.lines().next() == Some(command));
    found.next().unwrap_or_else(|| panic!("the page has no section {command:?}"))
}

fn rows(section: &str) -> Vec<Row<'_>> {
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `--"));
    let cells = rows.map(|row| {
        let mut cells = row.trim_end_matches('|').split('|').map(str::trim);
        let mut next = || cells.next().expect("three cells");
        let option = next().trim_end_matches('`');
        Row { option, text: next(), default: next().replace('`', "") }
    });
    cells.collect()
}

#[test]
fn the_page_has_every_command() {
    let command = nnfs_cli::command();
    let names = command.get_subcommands().map(|command| command.get_name().to_owned());
    let listed = PAGE.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let listed = listed.map(|(name, _)| name).filter(|name| !name.starts_with("--"));
    assert_eq!(listed.collect::<Vec<_>>(), names.collect::<Vec<_>>());
}

#[test]
fn the_page_has_every_option_and_no_other() {
    for command in nnfs_cli::command().get_subcommands() {
        let name = command.get_name();
        let options: BTreeSet<&str> =
            command.get_arguments().filter_map(|argument| argument.get_long()).collect();
        let rows = rows(section(name));
        let listed: BTreeSet<&str> = rows.iter().map(|row| row.option).collect();
        assert_eq!(listed, options, "nnfs {name}");
        assert_eq!(rows.len(), options.len(), "nnfs {name}: an option is listed twice");
        let usage = section(name).lines().find(|line| line.starts_with("nnfs ")).unwrap();
        for argument in command.get_positionals() {
            let value = argument.get_value_names().unwrap()[0].as_str();
            assert!(usage.contains(value), "nnfs {name}: {value} is not in {usage:?}");
        }
    }
}

#[test]
fn the_values_and_the_defaults_are_those_of_the_command() {
    for command in nnfs_cli::command().get_subcommands() {
        let section = section(command.get_name());
        for Row { option, text, default } in rows(section) {
            let place = format!("nnfs {} --{option}", command.get_name());
            let argument =
                command.get_arguments().find(|argument| argument.get_long() == Some(option));
            let argument = argument.unwrap_or_else(|| panic!("{place} does not exist"));
            if argument.is_required_set() {
                assert_eq!(default, "required", "{place}");
            }
            if !argument.get_action().takes_values() {
                continue;
            }
            for value in argument.get_default_values() {
                assert_eq!(default, value.to_string_lossy(), "{place}");
            }
            for value in argument.get_possible_values() {
                let value = format!("`{}`", value.get_name());
                assert!(text.contains(&value), "{place}: {value} is not in {text:?}");
            }
        }
    }
}
