//! The description of a model, in the metadata of its file.

use std::fmt;
use std::path::Path;

use nnfs_datasets::{Encoder, Target};
use nnfs_model::CrossConformal;
use nnfs_tensor::Description;
use nnfs_tensor::OutputLink;
use serde::de::DeserializeOwned;

use super::archive::Reader;
use super::{Dtype, FileError, FormatError, Scaler, disk};

/// The version of a file with a single network, which all versions of this library read.
const SINGLE: u64 = 1;

/// The version of a file with several networks, which is the newest.
const SEVERAL: u64 = 2;

/// The description of a model file: everything of a [`Pipeline`](super::Pipeline) except the tensors.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Header {
    /// The version of the format.
    pub version: u64,
    content: String,
    /// The kind of its numbers.
    pub dtype: Dtype,
    /// How many features a sample has.
    pub input_width: usize,
    /// The layers of the network, in version 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    layers: Option<Vec<Description>>,
    /// The networks, in version 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    members: Option<Vec<HeaderMember>>,
    /// The link, which is applied to the outputs.
    pub link: OutputLink,
    /// The encoder of tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoder: Option<Encoder>,
    /// The scaler of the inputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_scaler: Option<Scaler>,
    /// The scaler of the targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_scaler: Option<Scaler>,
    /// The residuals for prediction intervals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intervals: Option<CrossConformal>,
}

/// The description of a network in a model file with several.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HeaderMember {
    /// Its weight, as in [`Ensemble::new`](nnfs_model::Ensemble::new).
    pub weight: f64,
    /// Its layers.
    pub layers: Vec<Description>,
}

/// The task of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Task {
    /// It predicts numbers.
    Regression,
    /// It predicts classes.
    Classification,
}

impl Task {
    /// By the targets of the encoder; without one, classification if there is a link.
    pub(super) fn of(encoder: Option<&Encoder>, link: OutputLink) -> Self {
        match encoder.map(Encoder::target) {
            Some(Target::Classes { .. }) => Self::Classification,
            Some(Target::Numbers(_)) => Self::Regression,
            None if link == OutputLink::Identity => Self::Regression,
            None => Self::Classification,
        }
    }
}

/// `regression` or `classification`.
impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Regression => "regression",
            Self::Classification => "classification",
        })
    }
}

/// The entries that are checked first.
#[derive(serde::Deserialize)]
struct Preamble {
    version: u64,
    content: String,
}

const MODEL: &str = "model";

impl Header {
    /// The header of a single network.
    pub(super) fn of_single(dtype: Dtype, input_width: usize, layers: Vec<Description>) -> Self {
        Self { layers: Some(layers), ..Self::new(SINGLE, dtype, input_width) }
    }

    /// The header of several networks, each with its weight.
    pub(super) fn of_members(
        dtype: Dtype,
        input_width: usize,
        members: Vec<(f64, Vec<Description>)>,
    ) -> Self {
        let members = members.into_iter().map(|(weight, layers)| HeaderMember { weight, layers });
        Self { members: Some(members.collect()), ..Self::new(SEVERAL, dtype, input_width) }
    }

    fn new(version: u64, dtype: Dtype, input_width: usize) -> Self {
        Self {
            version,
            content: MODEL.to_owned(),
            dtype,
            input_width,
            layers: None,
            members: None,
            link: OutputLink::Identity,
            encoder: None,
            input_scaler: None,
            target_scaler: None,
            intervals: None,
        }
    }

    pub(super) fn parse(document: &str) -> Result<Self, FormatError> {
        let header: Self = parse(document, MODEL, SEVERAL)?;
        let (expected, fits) = match header.version {
            SINGLE => ("`layers` and no `members`", header.members.is_none()),
            _ => ("`members` and no `layers`", header.layers.is_none()),
        };
        if !fits || header.layers.is_some() == header.members.is_some() {
            let found = match (&header.layers, &header.members) {
                (None, None) => "neither",
                (Some(_), None) => "`layers`",
                (None, Some(_)) => "`members`",
                (Some(_), Some(_)) => "both",
            };
            let version = header.version;
            let text = format!("version {version}: expected {expected}, found {found}");
            return Err(FormatError::Metadata(text));
        }
        Ok(header)
    }

    /// The layers of the network, if there is a single one.
    pub fn layers(&self) -> Option<&[Description]> {
        self.layers.as_deref()
    }

    /// The networks of a file with several; empty if there is a single one.
    pub fn members(&self) -> &[HeaderMember] {
        self.members.as_deref().unwrap_or_default()
    }

    /// The task of the model: classification if the targets of the encoder are classes or, without an
    /// encoder, if there is a link other than the identity.
    pub fn task(&self) -> Task {
        Task::of(self.encoder.as_ref(), self.link)
    }
}

/// Reads a document, after its content and its version, at most `version`, have been checked.
pub(super) fn parse<D: DeserializeOwned>(
    document: &str,
    content: &'static str,
    version: u64,
) -> Result<D, FormatError> {
    let preamble: Preamble = from_json(document)?;
    if preamble.content != content {
        return Err(FormatError::Content { expected: content, found: preamble.content });
    }
    if !(1..=version).contains(&preamble.version) {
        return Err(FormatError::Version { expected: version, found: preamble.version });
    }
    from_json(document)
}

pub(super) fn from_json<D: DeserializeOwned>(document: &str) -> Result<D, FormatError> {
    serde_json::from_str(document).map_err(|error| FormatError::Metadata(error.to_string()))
}

pub(super) fn to_json(document: &impl serde::Serialize) -> Result<String, FormatError> {
    serde_json::to_string(document).map_err(|error| FormatError::Metadata(error.to_string()))
}

/// Reads the description of a model file of any number type, without its tensors.
///
/// ```
/// use nnfs::files::{Dtype, Pipeline, Task, inspect};
/// # use nnfs::prelude::*;
/// # let mut rng = ChaCha8Rng::seed_from_u64(0);
/// # let dense = Dense::new(2, 1, Initializer::HeNormal, &mut rng)?;
/// # let model = Model::<f64>::new(2).then(dense)?;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("model.safetensors");
/// Pipeline::new(model).save(&path)?;
/// let header = inspect(&path)?;
/// assert_eq!((header.dtype, header.task()), (Dtype::F64, Task::Regression));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the file cannot be read, or is not a model file of this version.
pub fn inspect(path: impl AsRef<Path>) -> Result<Header, FileError> {
    let path = path.as_ref();
    let bytes = disk::read(path)?;
    let document = Reader::new(&bytes).and_then(|(_, document)| Header::parse(&document));
    document.map_err(|source| FileError::format(path, source))
}
