//! Generated files that are compiled and run.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program that predicts rows with generated files.
pub(super) struct Program {
    path: PathBuf,
}

impl Program {
    /// Compiles the files as modules of one program, in a folder. A warning is an error.
    pub(super) fn compile(folder: &Path, sources: &[&str], flags: &[&str]) -> Self {
        let mut main = include_str!("../../data/predict_rows.rs").to_owned();
        main += "\nfn predict(file: &str, inputs: &[f64]) -> String {\n    match file {\n";
        for file in 0..sources.len() {
            writeln!(main, "        \"{file}\" => row(network_{file}::predict, inputs),").unwrap();
        }
        main += "        _ => panic!(\"no such file\"),\n    }\n}\n\n";
        main += &modules(folder, sources, "mod");
        std::fs::write(folder.join("main.rs"), main).unwrap();
        let path = folder.join(format!("program{}", std::env::consts::EXE_SUFFIX));
        let mut command = rustc("2024");
        command.args(["-Copt-level=1", "-Ccodegen-units=1"]).args(flags);
        succeed(command.arg("-o").arg(&path).arg(folder.join("main.rs")));
        Self { path }
    }

    /// The bits of the outputs of each row, which a file predicts.
    pub(super) fn predict(&self, cases: &[(usize, &[f64])]) -> Vec<Vec<u64>> {
        let mut lines = String::new();
        for (file, row) in cases {
            let bits: Vec<_> = row.iter().map(|input| format!("{:x}", input.to_bits())).collect();
            writeln!(lines, "{file} {}", bits.join(" ")).unwrap();
        }
        let mut command = Command::new(&self.path);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        // The program reads all lines before it writes one.
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        let bits = |line: &str| {
            line.split(' ').map(|word| u64::from_str_radix(word, 16).unwrap()).collect()
        };
        text.lines().map(bits).collect()
    }
}

/// Compiles the files as modules of a library without `std`. A warning is an error.
pub(super) fn check_without_std(folder: &Path, sources: &[&str], edition: &str) {
    let main = format!("#![no_std]\n{}", modules(folder, sources, "pub mod"));
    std::fs::write(folder.join("lib.rs"), main).unwrap();
    let mut command = rustc(edition);
    command.args(["--crate-type=lib", "--emit=metadata", "-o"]).arg(folder.join("lib.rmeta"));
    succeed(command.arg(folder.join("lib.rs")));
}

/// Writes each file, and declares it as a module.
fn modules(folder: &Path, sources: &[&str], keyword: &str) -> String {
    let mut text = String::new();
    for (file, source) in sources.iter().enumerate() {
        std::fs::write(folder.join(format!("network_{file}.rs")), source).unwrap();
        writeln!(text, "{keyword} network_{file};").unwrap();
    }
    text
}

/// The compiler of this test.
fn rustc(edition: &str) -> Command {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let mut command = Command::new(compiler);
    command.args(["-Dwarnings", "--edition", edition]);
    command
}

fn succeed(command: &mut Command) {
    let output = command.output().expect("a Rust compiler on the path, or in the variable RUSTC");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
