#![doc = include_str!("../README.md")]

mod dates;
mod encoder;
mod labels;
mod one_hot;
mod scaler;
mod sine;
mod spiral;
mod split;
mod table;
mod vertical;

pub use dates::{DateCoding, DateError, DateKind, DateOrder, DatePart, OtherDate};
pub use encoder::{
    Alike, Coding, Columns, Encoder, Finding, Found, Input, Missing, NumberFormat, NumberLike,
    NumbersAndWords, Target, Unknown, spelling_key,
};
pub use labels::{LabelError, Labels};
pub use one_hot::one_hot;
pub use rand;
pub use scaler::{Bulk, ClippedScaler, MinMaxScaler, Scale, ScalerError, StandardScaler};
pub use sine::sine;
pub use spiral::spiral;
pub use split::{SplitError, select_rows, stratified_split, train_test_split};
pub use table::{
    CsvError, CsvOptions, HeaderError, Kind, Meaning, Note, Place, QuoteError, Selector, Table,
};
pub use vertical::vertical;

use nnfs_tensor::{Scalar, Tensor};

/// Samples and their classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Labeled<T: Scalar> {
    /// A row is a sample, a column is a feature.
    pub inputs: Tensor<T>,
    /// The class of each row, counted from 0.
    pub labels: Vec<usize>,
}

impl<T: Scalar> Labeled<T> {
    /// Points in the plane, from their coordinates.
    fn from_points(xs: Vec<f64>, ys: Vec<f64>, labels: Vec<usize>) -> Self {
        let values = xs.into_iter().chain(ys).map(T::data).collect();
        Self { inputs: Tensor::from_vec(labels.len(), 2, values), labels }
    }
}
