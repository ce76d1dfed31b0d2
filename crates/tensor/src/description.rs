//! How a layer, a loss or an optimizer describes itself.

use std::collections::BTreeMap;
use std::fmt;

/// What a block is: its kind, its settings and its state. From it, the block can be built again.
///
/// It prints as kind and settings, which is what a person wants to read. A number with many digits prints with four.
///
/// ```
/// use nnfs_tensor::Description;
/// let description = Description::new("leaky_relu").with("slope", 0.01);
/// assert_eq!(description.to_string(), "leaky_relu (slope 0.01)");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Description {
    /// The kind, in lower case: `dense`, `dropout`, `relu`.
    pub kind: String,
    /// Columns that go in and come out, where the block fixes them.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub widths: Option<(usize, usize)>,
    /// The settings, by name.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "BTreeMap::is_empty"))]
    pub settings: BTreeMap<String, Setting>,
    /// What changes while it runs and is not a parameter, such as the state of a random generator.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "BTreeMap::is_empty"))]
    pub state: BTreeMap<String, String>,
}

/// The value of one setting.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
pub enum Setting {
    /// A number.
    Number(f64),
    /// A block inside the block, such as the activation of a dense layer.
    Nested(Description),
}

impl Description {
    /// A kind without settings.
    pub fn new(kind: &str) -> Self {
        let (settings, state) = (BTreeMap::new(), BTreeMap::new());
        Self { kind: kind.to_owned(), widths: None, settings, state }
    }

    /// Adds the numbers of columns of inputs and outputs.
    #[must_use]
    pub fn with_widths(mut self, inputs: usize, outputs: usize) -> Self {
        self.widths = Some((inputs, outputs));
        self
    }

    /// Adds a part of the state.
    #[must_use]
    pub fn with_state(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.state.insert(name.to_owned(), value.to_string());
        self
    }

    /// The setting of this name, if it is a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.settings.get(name) {
            Some(Setting::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The setting of this name, if it is a block.
    pub fn nested(&self, name: &str) -> Option<&Self> {
        match self.settings.get(name) {
            Some(Setting::Nested(block)) => Some(block),
            _ => None,
        }
    }

    /// Adds a setting.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Setting>) -> Self {
        self.settings.insert(name.to_owned(), value.into());
        self
    }
}

impl From<f64> for Setting {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<Description> for Setting {
    fn from(value: Description) -> Self {
        Self::Nested(value)
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{}", short(*value)),
            Self::Nested(value) => write!(f, "{value}"),
        }
    }
}

/// A number with all its digits, or with four of them if that is much shorter.
fn short(number: f64) -> String {
    let (all, four) = (number.to_string(), format!("{number:.3e}"));
    match four.parse::<f64>() {
        Ok(rounded) if all.len() > 9 => {
            let plain = rounded.to_string();
            if plain.len() > 9 { four } else { plain }
        }
        _ => all,
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        for (index, (name, value)) in self.settings.iter().enumerate() {
            let before = if index == 0 { " (" } else { ", " };
            write!(f, "{before}{name} {value}")?;
        }
        if self.settings.is_empty() { Ok(()) } else { write!(f, ")") }
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn long_numbers_have_four_digits() {
        for (number, expected) in [
            (0.0005, "0.0005"),
            (1e-7, "0.0000001"),
            (2.0 / 150.0, "0.01333"),
            (1e308, "1.000e308"),
            (-1.0 / 3.0, "-0.3333"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(short(number), expected);
        }
    }
}
