//! Numbers as Rust source, to the bit.

use std::fmt::Write;

use nnfs::files::FileScalar;
use nnfs::tensor::Dtype;

/// The width of a line of numbers.
const WIDTH: usize = 100;

/// The tables of numbers at the end of a generated file.
#[derive(Debug, Default)]
pub(super) struct Tables {
    text: String,
}

impl Tables {
    /// Adds a list, and gives a reference to it.
    pub(super) fn list<T: FileScalar>(&mut self, name: &str, numbers: &[T]) -> String {
        let kind = format!("[{}; {}]", T::DTYPE, numbers.len());
        self.push(name, &kind, &array(numbers.iter().copied().map(literal), 0))
    }

    /// Adds a matrix of rows, and gives a reference to it.
    pub(super) fn rows<T: FileScalar>(&mut self, name: &str, rows: &[Vec<T>]) -> String {
        let width = rows.first().map_or(0, Vec::len);
        let kind = format!("[[{}; {width}]; {}]", T::DTYPE, rows.len());
        let rows = rows.iter().map(|row| array(row.iter().copied().map(literal), 4));
        self.push(name, &kind, &array_of_arrays(rows))
    }

    /// Adds a list of pairs, and gives a reference to it.
    pub(super) fn pairs(&mut self, name: &str, pairs: &[(f64, f64)]) -> String {
        let kind = format!("[(f64, f64); {}]", pairs.len());
        let pairs = pairs.iter().map(|&pair| pair_literal(pair));
        self.push(name, &kind, &array(pairs, 0))
    }

    fn push(&mut self, name: &str, kind: &str, value: &str) -> String {
        let attributes = "#[rustfmt::skip]\n#[allow(clippy::approx_constant)]";
        writeln!(self.text, "{attributes}\nstatic {name}: {kind} = {value};\n")
            .expect("a text grows");
        format!("&{name}")
    }

    /// The tables as Rust source.
    pub(super) fn finish(self) -> String {
        let comment = "\
// The numbers of the network and of its scalers, with as many digits as their bits need.
// `WEIGHTS_n` and `BIASES_n` are those of layer n, from 0; in network k of a mean they are
// `MEMBER_k_WEIGHTS_n` and `MEMBER_k_BIASES_n`. Layers without numbers are counted too. Each row of
// weights has the weights of one input.
";
        if self.text.is_empty() { self.text } else { format!("{comment}\n{}", self.text) }
    }
}

/// The shortest number that is read as the same bits. It is not NaN; a limit may be infinite.
pub(super) fn literal<T: FileScalar>(number: T) -> String {
    let number = number.to_f64();
    match (T::DTYPE, number.is_infinite()) {
        (dtype, true) if number < 0.0 => format!("{dtype}::NEG_INFINITY"),
        (dtype, true) => format!("{dtype}::INFINITY"),
        (Dtype::F32, _) => format!("{:?}", number as f32),
        (Dtype::F64, _) => format!("{number:?}"),
    }
}

/// Two numbers in parentheses.
pub(super) fn pair_literal((low, high): (f64, f64)) -> String {
    format!("({}, {})", literal(low), literal(high))
}

/// The items in lines that are indented by this many spaces, or in one line if they fit into it.
fn array(items: impl Iterator<Item = String>, indentation: usize) -> String {
    let mut lines = vec![String::new()];
    for item in items {
        let last = lines.last_mut().expect("it begins with a line");
        if !last.is_empty() && indentation + 4 + last.len() + item.len() + 2 > WIDTH {
            lines.push(String::new());
        }
        let last = lines.last_mut().expect("it begins with a line");
        let space = if last.is_empty() { "" } else { " " };
        write!(last, "{space}{item},").expect("a text grows");
    }
    if let [line] = lines.as_slice()
        && line.len() < WIDTH / 2
    {
        return format!("[{}]", line.trim_end_matches(','));
    }
    in_lines(lines.into_iter(), indentation)
}

fn array_of_arrays(arrays: impl Iterator<Item = String>) -> String {
    in_lines(arrays.map(|array| format!("{array},")), 0)
}

/// Brackets around lines, which are indented by four spaces more than the brackets.
fn in_lines(lines: impl Iterator<Item = String>, indentation: usize) -> String {
    let spaces = " ".repeat(indentation);
    let lines: String = lines.map(|line| format!("{spaces}    {line}\n")).collect();
    format!("[\n{lines}{spaces}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_short_and_has_every_bit() {
        assert_eq!(
            [0.1_f32, -0.0, 3.0, 1e-45, 3.4028235e38].map(literal),
            ["0.1", "-0.0", "3.0", "1e-45", "3.4028235e38",]
        );
        assert_eq!(literal(f32::INFINITY), "f32::INFINITY");
        assert_eq!([0.1_f64, 5e-324].map(literal), ["0.1", "5e-324"]);
        assert_eq!(pair_literal((f64::NEG_INFINITY, 1.0)), "(f64::NEG_INFINITY, 1.0)");
    }

    #[test]
    fn a_long_row_has_several_lines() {
        let mut tables = Tables::default();
        let reference = tables.rows("W", &[vec![0.123456789_f64; 20], vec![0.5; 20]]);
        let source = tables.finish();
        assert_eq!(reference, "&W");
        assert!(source.lines().all(|line| line.len() <= 100), "{source}");
        assert!(source.contains("static W: [[f64; 20]; 2] = [\n    [\n        0.123456789, "));
    }
}
