//! The models of a training, in words.

use nnfs::files::FileScalar;
use nnfs_tabular::{NetworkHistory, Training};

/// How many networks with hidden layers there are, and how many linear models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Models {
    networks: usize,
    /// All linear models.
    linear: usize,
    /// The linear models that are ridge regressions, which have no epochs.
    ridge: usize,
}

impl Models {
    /// All models of a training.
    pub(crate) fn of<T: FileScalar>(training: &Training<T>) -> Self {
        let (count, linear) = (training.network_count(), training.linear_count());
        let ridge = count.saturating_sub(training.networks_with_epochs());
        Self { networks: count.saturating_sub(linear), linear, ridge }
    }

    /// Those that are trained in epochs: all but ridge regressions.
    pub(crate) fn with_epochs(self) -> Self {
        Self { linear: self.linear.saturating_sub(self.ridge), ridge: 0, ..self }
    }

    /// Those of these models that have epochs.
    pub(crate) fn trained(self, all: &[NetworkHistory]) -> Self {
        let is_linear = self.networks == 0;
        let trained = || all.iter().filter(|it| !it.history.epochs.is_empty());
        let linear = trained().filter(|it| is_linear || it.is_linear).count();
        Self { networks: trained().count() - linear, linear, ridge: 0 }
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
        let each = match (self.networks, self.ridge) {
            (0, 0) => "two for every fold, one of which starts with weights 0",
            (0, _) => "two for every fold: one trained in epochs, and one ridge regression",
            _ => "one of each for every fold",
        };
        (self.count() > 1).then(|| format!("{}, {each}", self.words()))
    }

    /// [`Models::meaning`] for people: with the number of all models in front, if there are two kinds.
    pub(crate) fn counted_meaning(self) -> Option<String> {
        let meaning = self.meaning()?;
        let has_both = self.networks > 0 && self.linear > 0;
        Some(if has_both { format!("{} models: {meaning}", self.count()) } else { meaning })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_counted_by_their_kind() {
        let models = |networks, linear, ridge| Models { networks, linear, ridge };
        for ((networks, linear, ridge), meaning, counted) in [
            (
                (5, 5, 5),
                "5 networks and 5 linear models, one of each for every fold",
                "10 models: 5 networks and 5 linear models, one of each for every fold",
            ),
            (
                (0, 10, 0),
                "10 linear models, two for every fold, one of which starts with weights 0",
                "10 linear models, two for every fold, one of which starts with weights 0",
            ),
            (
                (0, 10, 5),
                "10 linear models, two for every fold: one trained in epochs, and one ridge regression",
                "10 linear models, two for every fold: one trained in epochs, and one ridge regression",
            ),
        ] {
            let models = models(networks, linear, ridge);
            assert_eq!(models.meaning().as_deref(), Some(meaning));
            assert_eq!(models.counted_meaning().as_deref(), Some(counted));
        }
        assert_eq!(models(1, 0, 0).meaning(), None);
        assert_eq!(models(1, 0, 0).words(), "1 network");
        assert_eq!(models(5, 5, 5).with_epochs(), models(5, 0, 0));
        assert_eq!(models(0, 10, 5).with_epochs().words(), "5 linear models");
    }
}
