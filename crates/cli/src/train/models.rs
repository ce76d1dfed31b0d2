//! The models of a training, in words.

use nnfs::files::FileScalar;
use nnfs_tabular::{NetworkHistory, Training};

/// How many networks with hidden layers there are, and how many linear models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Models {
    networks: usize,
    linear: usize,
}

impl Models {
    /// All models of a training.
    pub(crate) fn of<T: FileScalar>(training: &Training<T>) -> Self {
        let count = training.network_count();
        match is_linear(training) {
            true => Self { networks: 0, linear: count },
            false => Self { networks: count - count / 2, linear: count / 2 },
        }
    }

    /// Those that are trained in epochs: all but ridge regressions.
    pub(crate) fn with_epochs<T: FileScalar>(training: &Training<T>) -> Self {
        let Self { networks, .. } = Self::of(training);
        Self { networks, linear: training.networks_with_epochs() - networks }
    }

    /// Those of these models that have epochs.
    pub(crate) fn trained(self, all: &[NetworkHistory]) -> Self {
        let is_linear = self.networks == 0;
        let trained = || all.iter().filter(|it| !it.history.epochs.is_empty());
        let linear = trained().filter(|it| is_linear || it.is_linear).count();
        Self { networks: trained().count() - linear, linear }
    }

    /// How many there are.
    pub(crate) fn count(self) -> usize {
        self.networks + self.linear
    }

    /// `5 networks and 5 linear models`.
    pub(crate) fn words(self) -> String {
        let words =
            |count: usize, noun: &str| (count > 0).then(|| nnfs_console::count(count, noun));
        let kinds = [words(self.networks, "network"), words(self.linear, "linear model")];
        kinds.into_iter().flatten().collect::<Vec<_>>().join(" and ")
    }

    /// The same with what they are, if there are several: `5 networks and 5 linear models, one of each for every fold`.
    pub(crate) fn meaning(self) -> Option<String> {
        let each = match self.networks {
            0 => "two for every fold, one of which starts with weights 0",
            _ => "one of each for every fold",
        };
        (self.count() > 1).then(|| format!("{}, {each}", self.words()))
    }
}

/// Whether the first network is a linear model, because it has no hidden layers.
fn is_linear<T: FileScalar>(training: &Training<T>) -> bool {
    let layers = training.model().layers();
    layers.len() == 1 && layers.iter().all(|layer| layer.activation().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_counted_by_their_kind() {
        let meaning = |networks, linear| Models { networks, linear }.meaning();
        let both = "5 networks and 5 linear models, one of each for every fold";
        assert_eq!(meaning(5, 5).as_deref(), Some(both));
        let two = "10 linear models, two for every fold, one of which starts with weights 0";
        assert_eq!(meaning(0, 10).as_deref(), Some(two));
        assert_eq!(meaning(1, 0), None);
        assert_eq!(Models { networks: 1, linear: 0 }.words(), "1 network");
    }
}
