//! By what a training knows its own checkpoint again.

use std::collections::BTreeMap;
use std::fmt;

use nnfs_model::{Fit, Model};
use nnfs_tensor::{Loss, Optimizer, Tensor, Trainable, shape_text};

use super::FileScalar;

/// What makes a training the one that it is: every setting as text, and a checksum of everything
/// with many numbers.
///
/// A checkpoint keeps it, and is refused where it differs. Take it before the training starts: the
/// initial weights are part of it, and through them initializers and seeds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Fingerprint {
    parts: BTreeMap<String, String>,
}

/// A part in which two trainings differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which part.
    pub part: String,
    /// What the checkpoint has; `nothing` if it does not have this part.
    pub checkpoint: String,
    /// What the present training has.
    pub now: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} in the checkpoint, {} now", self.part, self.checkpoint, self.now)
    }
}

impl Fingerprint {
    /// That of a training that is about to start.
    pub fn new<T: FileScalar>(
        model: &Model<T>,
        inputs: &Tensor<T>,
        targets: &Tensor<T>,
        loss: &dyn Loss<T>,
        optimizer: &dyn Optimizer<T>,
        settings: &Fit<T>,
    ) -> Self {
        let layers = model.layers().iter().map(|layer| {
            let description = layer.description();
            let widths = description.widths.map(|(inputs, outputs)| format!(" {inputs}-{outputs}"));
            format!("{description}{}", widths.unwrap_or_default())
        });
        let mut fingerprint = Self { parts: BTreeMap::new() }
            .with("numbers", T::DTYPE)
            .with("layers", layers.collect::<Vec<_>>().join(", "))
            .with("initial weights", initial(model))
            .with("loss", loss.description())
            .with("optimizer", optimizer.description())
            .with("inputs", data(inputs))
            .with("targets", data(targets));
        if let Some((inputs, targets)) = settings.validation_data() {
            fingerprint = fingerprint
                .with("validation inputs", data(inputs))
                .with("validation targets", data(targets));
        }
        for (name, value) in settings.settings() {
            fingerprint = fingerprint.with(name, value);
        }
        fingerprint
    }

    /// Adds a part of one's own, such as a setting of how the data is prepared.
    #[must_use]
    pub fn with(mut self, part: &str, value: impl fmt::Display) -> Self {
        self.parts.insert(part.to_owned(), value.to_string());
        self
    }

    /// Adds the checksum of bytes of one's own, such as those of the file that the data comes from.
    #[must_use]
    pub fn with_checksum(self, part: &str, bytes: &[u8]) -> Self {
        let mut checksum = Checksum::new();
        checksum.add(bytes);
        self.with(part, format_args!("{} bytes with checksum {checksum}", bytes.len()))
    }

    /// In what the fingerprint of a checkpoint differs from this one, in the order of the names.
    pub fn differences(&self, checkpoint: &Self) -> Vec<Difference> {
        let text = |fingerprint: &Self, part: &String| {
            fingerprint.parts.get(part).cloned().unwrap_or_else(|| "nothing".to_owned())
        };
        let mut parts: Vec<&String> = self.parts.keys().chain(checkpoint.parts.keys()).collect();
        parts.sort();
        parts.dedup();
        let difference = |part: &String| {
            let (checkpoint, now) = (text(checkpoint, part), text(self, part));
            (checkpoint != now).then(|| Difference { part: part.clone(), checkpoint, now })
        };
        parts.into_iter().filter_map(difference).collect()
    }
}

/// Shape and checksum of data.
fn data<T: FileScalar>(tensor: &Tensor<T>) -> String {
    let mut checksum = Checksum::new();
    checksum.add_numbers(tensor);
    format!("{} with checksum {checksum}", shape_text(tensor))
}

/// A checksum of what a model starts with: weights, and the generators of its layers.
fn initial<T: FileScalar>(model: &Model<T>) -> String {
    let mut checksum = Checksum::new();
    model.for_each_parameter(&mut |parameter| checksum.add_numbers(&parameter.value));
    for layer in model.layers() {
        for (name, value) in layer.description().state {
            checksum.add(format!("{name}={value};").as_bytes());
        }
    }
    format!("checksum {checksum}")
}

/// FNV-1a of 64 bits: Fowler, Noll and Vo, 1991. It finds accidents, not forgeries.
struct Checksum(u64);

impl Checksum {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn add_numbers<T: FileScalar>(&mut self, tensor: &Tensor<T>) {
        let mut bytes = Vec::with_capacity(8);
        for number in tensor.as_slice() {
            bytes.clear();
            number.write_to(&mut bytes);
            self.add(&bytes);
        }
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the test vectors of the Internet draft on FNV.
    #[test]
    fn checksums_are_fnv_1a() {
        for (text, expected) in
            [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")]
        {
            let mut checksum = Checksum::new();
            checksum.add(text.as_bytes());
            assert_eq!(checksum.to_string(), expected);
        }
    }
}
