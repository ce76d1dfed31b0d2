//! The options of `cargo xtask experiment spiral`.

use std::path::PathBuf;

use clap::{Args, value_parser};
use nnfs::tensor::Dtype;
use nnfs_chapter::spiral::Classes;

use super::super::one_of;
use super::super::sine::epochs;

/// Train two classifiers of spirals, and test them on new samples
///
/// Three classes: dropout, softmax and categorical cross-entropy. Two classes: sigmoid and binary
/// cross-entropy. Writes classes-N.log and classes-N.svg for each, and report.html and metrics.csv for
/// both; files of the same name are replaced. All numbers of an epoch, also those of the test, belong
/// to the weights before its step. Ctrl-C stops the training and saves the results so far.
#[derive(Debug, Args)]
pub(crate) struct SpiralOptions {
    /// The number of classes, 2 or 3 [default: both]
    #[arg(long, value_name = "N", value_parser = value_parser!(u8).range(2..=3))]
    classes: Option<u8>,

    /// The kind of number to compute with
    #[arg(long, default_value_t = Dtype::F32, value_parser = one_of::<Dtype>(Dtype::ALL.map(Dtype::name)))]
    pub(crate) arithmetic: Dtype,

    /// The seed of the data, the test data, the first weights and the dropout
    #[arg(long, value_name = "N", default_value_t = 0, allow_negative_numbers = true)]
    pub(crate) seed: u64,

    /// The number of epochs, at least 1; every 100th is logged, starting with 0
    #[arg(
        long, value_name = "N", default_value_t = 10_001, allow_negative_numbers = true,
        value_parser = epochs(),
    )]
    pub(crate) epochs: usize,

    /// The folder to write into [default: target/experiments/spiral of the workspace]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Print nothing but warnings and errors
    #[arg(long)]
    pub(crate) quiet: bool,
}

impl SpiralOptions {
    /// The classifiers to train.
    pub(crate) fn classes(&self) -> Vec<Classes> {
        let all = vec![Classes::Two, Classes::Three];
        let is_chosen = |classes: &Classes| {
            self.classes.is_none_or(|number| usize::from(number) == classes.number())
        };
        all.into_iter().filter(is_chosen).collect()
    }
}
