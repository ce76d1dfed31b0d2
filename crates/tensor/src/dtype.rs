//! The kinds of number of models and files, by name.

use std::fmt;
use std::str::FromStr;

use crate::UnknownName;

/// The kind of number that a model computes with and a file holds, by name.
///
/// ```
/// use nnfs_tensor::Dtype;
/// assert_eq!("f64".parse(), Ok(Dtype::F64));
/// assert_eq!(Dtype::default().to_string(), "f32");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Dtype {
    /// Single precision: fast.
    #[default]
    F32,
    /// Double precision.
    F64,
}

impl Dtype {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::F32, Self::F64];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Dtype {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let dtype = Self::ALL.into_iter().find(|dtype| dtype.name() == name);
        dtype.ok_or_else(|| UnknownName::new("kind of number", Self::ALL.map(Self::name), name))
    }
}
