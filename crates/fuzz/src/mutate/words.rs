//! Words that have a meaning in the formats.

use std::sync::OnceLock;

/// In the header of a safetensors file.
pub(super) const JSON: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\\"",
    b"\\u0000",
    b"null",
    b"0",
    b"-1",
    b"1e999",
    b"18446744073709551615",
    b"F32",
    b"F64",
    b"U8",
    b"BF16",
    b"data_offsets",
    b"shape",
    b"dtype",
    b"__metadata__",
    b"nnfs",
    b"version",
    b"layers",
    b"members",
    b"\xff",
    b" ",
];

/// Names of tensors.
pub(super) const TENSORS: &[&str] = &[
    "0.weight",
    "0.bias",
    "1.weight",
    "2.weight",
    "2.bias",
    "members.0.0.weight",
    "members.1.0.weight",
    "members.9.0.bias",
    "net.0.weight",
    "dense/kernel",
    "dense/bias",
    "dense_1/kernel",
    "sequential/dense_2/bias",
    "optimizer.0",
    "optimizer.1",
    "best.0.weight",
    "epochs",
    "",
    ".",
    "weight",
    "99999999999999999999.weight",
    "+1.weight",
    "dense_/kernel",
];

/// Cells of tables, and what is between them.
pub(super) const CELLS: &[&[u8]] = &[
    b"",
    b" ",
    b"\"",
    b"\"\"",
    b"\"a, b\"",
    b"\"a\nb\"",
    b"NA",
    b"NaN",
    b"null",
    b"?",
    b"None",
    b"NaT",
    b"-",
    b".",
    b"#DIV/0!",
    b"inf",
    b"-inf",
    b"0",
    b"-0",
    b"1",
    b"1.5",
    b"1,5",
    b"1.234,5",
    b"1,234.5",
    b"1'234",
    b"1 234",
    b"1_000",
    b"1e308",
    b"1e-320",
    b"1e999",
    b"-1e308",
    b"1.5D+00",
    b"45%",
    b"$5",
    b"5 \xe2\x82\xac",
    b"5 kg",
    b"20 \xc2\xb0C",
    b"(2.5)",
    b"250-",
    b"2-",
    b"\xe2\x88\x923",
    b"0x10",
    b"007",
    b"true",
    b"FALSE",
    b"red",
    b"Red",
    b"red ",
    b"\xc3\xa9",
    b"e\xcc\x81",
    b"\xef\xbc\x95",
    b"\xd9\xa3",
    b"2024-02-29",
    b"2023-02-29",
    b"31/12/2020",
    b"3/4/2024",
    b"4.3.24",
    b"2024-01-01T23:59:59Z",
    b"2024-01-01 00:00:00.123456789+05:30",
    b"12:30",
    b"1:02:03.5",
    b"Jan 5, 2021",
    b"5. M\xc3\xa4rz 2021",
    b"2021-W53-7",
    b"1970",
    b"0000",
    b"9999-12-31",
    b"-0001-01-01",
    b"2 days 03:04:05",
    b"P1DT2H",
    b"9007199254740993",
    b"18446744073709551616",
    b"0.1000000000000000055511151231257827",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\r",
    b"\r\n",
    b"\n",
    b",",
    b";",
    b"\t",
    b"|",
    b"\0",
    b"=1+1",
    b"id",
    b"a\tb",
    b"'",
    b"192.168.1.1",
    b"cust-0001",
    b"1/2",
    b"1e5e5",
    b"++1",
    b"--1",
    b"1.2.3",
];

/// Parts of formulas.
pub(super) const FORMULA: &[&[u8]] = &[
    b"x",
    b"y = ",
    b"f(x) = ",
    b"pi",
    b"e",
    b"tau",
    b"\xcf\x80",
    b"1",
    b"0",
    b"2.5",
    b".5",
    b"5.",
    b"1e3",
    b"1e-320",
    b"1e308",
    b"1e",
    b"0.1",
    b"123456789012345678",
    b"+",
    b"-",
    b"*",
    b"/",
    b"^",
    b"**",
    b"(",
    b")",
    b"((",
    b"))",
    b"|",
    b"||",
    b",",
    b"=",
    b" ",
    b"\xc2\xb2",
    b"\xc2\xb3",
    b"\xe2\x88\x92",
    b"\xc2\xb7",
    b"\xc3\x97",
    b"\xc3\xb7",
    b":",
    b"sin(",
    b"cos(x)",
    b"tan(",
    b"exp(",
    b"ln(",
    b"log(",
    b"log2(",
    b"log10(",
    b"sqrt(",
    b"cbrt(",
    b"abs(",
    b"sign(",
    b"sgn(",
    b"floor(",
    b"ceil(",
    b"round(",
    b"relu(",
    b"sigmoid(",
    b"min(",
    b"max(x, ",
    b"arctan(",
    b"sinh(x)",
    b"\xff",
    b"_",
    b"\xe2\x88\x9e",
    b"nan",
    b"inf",
    b"-x^2",
    b"2x",
    b"x2",
    b"1.2.3",
    b"\n",
    b"\0",
];

/// The names and values of all options of the command, and values that are wrong.
pub(super) fn options() -> &'static [Vec<u8>] {
    static WORDS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words: Vec<Vec<u8>> = [
            "",
            "-",
            "--",
            "-1",
            "0",
            "1",
            "0.5",
            "1e300",
            "1e999",
            "NaN",
            "inf",
            "-0.0",
            "abc",
            "18446744073709551616",
            "4GiB",
            "800MB",
            "1e3GB",
            "-5MB",
            "none",
            "10000000000000000TB",
            "64,64",
            "64,",
            ",",
            ",,",
            "99999999999",
            "1,2,3,4,5,6,7,8,9",
            "tab",
            "space",
            ";",
            "é",
            "apostrophe",
            "a,\"b",
            "\"a,b\"",
            "data.csv",
            "model",
            "/",
            "help",
            "--help",
            "-h",
            "-V",
            "--version",
            "=",
            "--=",
            "-x",
            "--target=",
            "@file",
            "0x10",
            "1_000",
            "+1",
            " 1",
        ]
        .map(|word| word.as_bytes().to_vec())
        .to_vec();
        words.push(b"\xff\xfe".to_vec());
        let command = nnfs_cli::command();
        for command in std::iter::once(&command).chain(command.get_subcommands()) {
            words.push(command.get_name().as_bytes().to_vec());
            for argument in command.get_arguments() {
                words.extend(argument.get_long().map(|long| format!("--{long}").into_bytes()));
                words.extend(argument.get_short().map(|short| format!("-{short}").into_bytes()));
                let values = argument.get_possible_values();
                words.extend(values.iter().map(|value| value.get_name().as_bytes().to_vec()));
            }
        }
        words
    })
}

/// Options of the command with a value that suits many of them, and options without a value.
pub(super) fn pairs() -> &'static [Vec<Vec<u8>>] {
    static PAIRS: OnceLock<Vec<Vec<Vec<u8>>>> = OnceLock::new();
    PAIRS.get_or_init(|| {
        let command = nnfs_cli::command();
        let mut pairs = Vec::new();
        for argument in command.get_subcommands().flat_map(clap::Command::get_arguments) {
            let Some(long) = argument.get_long() else { continue };
            let name = format!("--{long}").into_bytes();
            if !argument.get_action().takes_values() {
                pairs.push(vec![name]);
                continue;
            }
            let values = argument.get_possible_values();
            let values: Vec<&str> =
                values.iter().map(clap::builder::PossibleValue::get_name).collect();
            let values =
                if values.is_empty() { vec!["1", "0.25", "a,b", "4GiB", ";"] } else { values };
            pairs.extend(values.iter().map(|value| vec![name.clone(), value.as_bytes().to_vec()]));
        }
        pairs
    })
}
