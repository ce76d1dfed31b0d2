//! The random numbers of a training. Each purpose has its own stream of random numbers. So the widths of layers do
//! not change the split of the rows, and the split does not change the initial weights.

use nnfs::layers::rand::Rng;
use nnfs::layers::rand::rngs::ChaCha8Rng;

/// The stream of the folds. Those of the hidden layers are below.
const FOLDS: u64 = 1 << 20;

/// The first stream of the networks of an ensemble.
const NETWORKS: u64 = 1 << 21;

/// The random numbers of one seed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draws {
    seed: u64,
}

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Which rows are test rows.
    pub(crate) fn test_rows(self) -> ChaCha8Rng {
        self.stream(0)
    }

    /// Which rows are validation rows.
    pub(crate) fn validation_rows(self) -> ChaCha8Rng {
        self.stream(1)
    }

    /// The initial weights.
    pub(crate) fn weights(self) -> ChaCha8Rng {
        self.stream(2)
    }

    /// The masks of the dropout after a hidden layer.
    pub(crate) fn dropout(self, layer: usize) -> ChaCha8Rng {
        self.stream(3 + layer as u64)
    }

    /// The folds of the training rows.
    pub(crate) fn folds(self) -> ChaCha8Rng {
        self.stream(FOLDS)
    }

    /// The seed of one network of several.
    pub(crate) fn seed_of_network(self, number: usize) -> u64 {
        self.stream(NETWORKS + number as u64).next_u64()
    }

    /// The order of the rows in each epoch.
    pub(crate) fn shuffle(self) -> u64 {
        self.seed
    }

    /// Counts from the last stream down, because shuffling takes the first ones, one per epoch.
    fn stream(self, number: u64) -> ChaCha8Rng {
        nnfs::tensor::stream(self.seed, u64::MAX - number)
    }
}
