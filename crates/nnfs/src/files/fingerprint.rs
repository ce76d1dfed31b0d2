//! How a training recognizes its own checkpoint.

use std::collections::BTreeMap;
use std::fmt;

use nnfs_model::{Fit, Model};
use nnfs_tensor::{Loss, Optimizer, Tensor, Trainable, shape_text};

use super::FileScalar;
use super::checksum::Checksum;

/// What identifies a training: its settings as text, and checksums of its data and initial weights.
///
/// It is saved in a checkpoint, which is refused by a training with another fingerprint. The number of
/// epochs is not part of it: a training may be resumed with more epochs. Create it before the training
/// starts, since the initial weights are part of it, and through them initializers and seeds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Fingerprint {
    parts: BTreeMap<String, String>,
}

/// The setting that may change when a training is resumed.
const EPOCHS: &str = "epochs";

/// A part in which two trainings differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The name of the part.
    pub part: String,
    /// Its value in the checkpoint; `nothing` if there is none.
    pub checkpoint: String,
    /// Its value in the current training; `nothing` if there is none.
    pub now: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} in the checkpoint, {} now", self.part, self.checkpoint, self.now)
    }
}

impl Fingerprint {
    /// The fingerprint of a training that is about to start.
    ///
    /// ```
    /// # use nnfs::prelude::*;
    /// use nnfs::files::Fingerprint;
    /// # let mut rng = ChaCha8Rng::seed_from_u64(0);
    /// # let model = Model::<f32>::new(1).then(Dense::new(1, 1, Initializer::HeNormal, &mut rng)?)?;
    /// # let (x, y) = (Tensor::from_element(1, 1, 1.0), Tensor::from_element(1, 1, 2.0));
    /// let of = |epochs, rate| {
    ///     let (adam, settings) = (Adam::new(rate), Fit::epochs(epochs));
    ///     Fingerprint::new(&model, &x, &y, &MeanSquaredError, &adam, &settings)
    /// };
    /// assert!(of(10, 0.01).differences(&of(20, 0.01)).is_empty(), "a training may become longer");
    /// assert_eq!(of(10, 0.01).differences(&of(10, 0.1)).len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
        // Without weights the fingerprint is that of older versions.
        let weights = [
            ("weights", settings.row_weights()),
            ("validation weights", settings.validation_row_weights()),
        ];
        for (name, weights) in weights {
            if let Some(weights) = weights {
                let bytes: Vec<u8> =
                    weights.iter().flat_map(|weight| weight.to_le_bytes()).collect();
                fingerprint = fingerprint.with_checksum(name, &bytes);
            }
        }
        for (name, value) in settings.by_name() {
            if name != EPOCHS {
                fingerprint = fingerprint.with(name, value);
            }
        }
        fingerprint
    }

    /// Adds another part, such as a setting of the preparation of the data.
    #[must_use]
    pub fn with(mut self, part: &str, value: impl fmt::Display) -> Self {
        self.parts.insert(part.to_owned(), value.to_string());
        self
    }

    /// Adds the checksum of bytes, such as those of the file with the data.
    #[must_use]
    pub fn with_checksum(self, part: &str, bytes: &[u8]) -> Self {
        let mut checksum = Checksum::new();
        checksum.add(bytes);
        self.with(part, format_args!("{} bytes with checksum {checksum}", bytes.len()))
    }

    /// The fingerprint of a checkpoint of version 1, as this version writes it.
    pub(super) fn upgraded_from_version_1(mut self) -> Self {
        self.parts.remove(EPOCHS);
        self
    }

    /// The parts in which the fingerprint of a checkpoint differs from this one, sorted by name.
    pub fn differences(&self, checkpoint: &Self) -> Vec<Difference> {
        let text = |fingerprint: &Self, part: &String| {
            fingerprint.parts.get(part).cloned().unwrap_or_else(|| "nothing".to_owned())
        };
        let mut parts: Vec<&String> = self.parts.keys().chain(checkpoint.parts.keys()).collect();
        parts.sort();
        parts.dedup();
        let difference = |part: &String| {
            let (checkpoint, now) = (text(checkpoint, part), text(self, part));
            (current(&checkpoint) != current(&now)).then(|| Difference {
                part: part.clone(),
                checkpoint,
                now,
            })
        };
        parts.into_iter().filter_map(difference).collect()
    }
}

/// The text of a part with the current names of optimizers, some of which had other names.
fn current(text: &str) -> String {
    let renamed = [("ada_grad", "adagrad"), ("rms_prop", "rmsprop"), ("adam_w", "adamw")];
    renamed.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, new))
}

/// Shape and checksum of data.
fn data<T: FileScalar>(tensor: &Tensor<T>) -> String {
    let mut checksum = Checksum::new();
    checksum.add_numbers(tensor);
    format!("{} with checksum {checksum}", shape_text(tensor))
}

/// A checksum of the initial weights and of the state of the layers' random generators.
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
