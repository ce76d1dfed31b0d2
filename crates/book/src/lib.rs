//! The snippets of the book in `docs`, compiled and run, and its exercises.
//!
//! `cargo test -p nnfs-book` checks that the summary names every page, that every link leads somewhere,
//! that the numbers of the nine runs are those of the golden files, that the page of the command has all of
//! its options, and that every exercise has the mistake that it should have. `cargo test -p nnfs-book --doc` runs the snippets.

pub mod exercise;
pub mod grade;
pub mod mistakes;
pub mod pages;

/// A module for each page that has Rust snippets. `tests/pages.rs` checks that none is missing.
#[cfg(doctest)]
mod snippets {
    #[doc = include_str!("../../../docs/chapter/accuracy.md")]
    mod accuracy {}
    #[doc = include_str!("../../../docs/chapter/cross-entropy.md")]
    mod cross_entropy {}
    #[doc = include_str!("../../../docs/chapter/dropout.md")]
    mod dropout {}
    #[doc = include_str!("../../../docs/chapter/mean-absolute-error.md")]
    mod mean_absolute_error {}
    #[doc = include_str!("../../../docs/chapter/mean-squared-error.md")]
    mod mean_squared_error {}
    #[doc = include_str!("../../../docs/chapter/network.md")]
    mod network {}
    #[doc = include_str!("../../../docs/chapter/nine-runs.md")]
    mod nine_runs {}
    #[doc = include_str!("../../../docs/chapter/optimizers.md")]
    mod optimizers {}
    #[doc = include_str!("../../../docs/chapter/regression.md")]
    mod regression {}
    #[doc = include_str!("../../../docs/chapter/regularization.md")]
    mod regularization {}
    #[doc = include_str!("../../../docs/chapter/training-loop.md")]
    mod training_loop {}
    #[doc = include_str!("../../../docs/guide/judging.md")]
    mod judging {}
    #[doc = include_str!("../../../docs/guide/service.md")]
    mod service {}
    #[doc = include_str!("../../../docs/guide/your-own-network.md")]
    mod your_own_network {}
    #[doc = include_str!("../../../docs/reference/activations.md")]
    mod reference_activations {}
    #[doc = include_str!("../../../docs/reference/layers.md")]
    mod reference_layers {}
    #[doc = include_str!("../../../docs/reference/losses.md")]
    mod reference_losses {}
    #[doc = include_str!("../../../docs/reference/metrics.md")]
    mod reference_metrics {}
    #[doc = include_str!("../../../docs/reference/optimizers.md")]
    mod reference_optimizers {}
    #[doc = include_str!("../../../docs/reference/schedules.md")]
    mod reference_schedules {}
}
