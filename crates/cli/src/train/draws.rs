//! Everything that is drawn by chance, each from its own numbers of the seed: another width moves
//! no row to another part, and another split no weight.

use nnfs::layers::rand::rngs::ChaCha8Rng;

/// The draws of one seed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draws {
    seed: u64,
}

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Which rows to test with.
    pub(crate) fn test_rows(self) -> ChaCha8Rng {
        self.stream(0)
    }

    /// Which rows to validate with.
    pub(crate) fn validation_rows(self) -> ChaCha8Rng {
        self.stream(1)
    }

    /// The first weights.
    pub(crate) fn weights(self) -> ChaCha8Rng {
        self.stream(2)
    }

    /// What the dropout behind a hidden layer drops.
    pub(crate) fn dropout(self, layer: usize) -> ChaCha8Rng {
        self.stream(3 + layer as u64)
    }

    /// The order of the rows in each epoch.
    pub(crate) fn shuffle(self) -> u64 {
        self.seed
    }

    /// From the last of the streams down; the shuffles take the first ones, an epoch each.
    fn stream(self, number: u64) -> ChaCha8Rng {
        nnfs::tensor::stream(self.seed, u64::MAX - number)
    }
}
