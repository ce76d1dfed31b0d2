//! The folds of a training.

use nnfs::layers::rand::RngExt;
use nnfs::layers::rand::rngs::ChaCha8Rng;

/// Which fold each row is in.
///
/// The rows are shuffled and dealt to the folds in turn, so that the sizes of two folds differ by one row
/// at most. With labels, the rows of each class are dealt one after the other, so that every fold has the same
/// share of each class (Kohavi, 1995: stratified cross-validation).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Folds {
    fold_of: Vec<usize>,
    count: usize,
}

impl Folds {
    /// Deals `rows` rows to `count` folds; at most one fold a row.
    pub(crate) fn new(
        rows: usize,
        labels: Option<&[usize]>,
        count: usize,
        rng: &mut ChaCha8Rng,
    ) -> Self {
        let count = count.min(rows);
        let mut order: Vec<usize> = (0..rows).collect();
        for last in (1..rows).rev() {
            order.swap(last, rng.random_range(0..=last));
        }
        if let Some(labels) = labels {
            order.sort_by_key(|&row| labels[row]);
        }
        let mut fold_of = vec![0; rows];
        for (position, row) in order.into_iter().enumerate() {
            fold_of[row] = position % count;
        }
        Self { fold_of, count }
    }

    /// The number of folds.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The number of rows of the smallest fold.
    pub(crate) fn smallest(&self) -> usize {
        self.fold_of.len() / self.count
    }

    /// The rows of a fold, in their order.
    pub(crate) fn rows_of(&self, fold: usize) -> Vec<usize> {
        self.rows(|it| it == fold)
    }

    /// The rows of all other folds, in their order.
    pub(crate) fn rows_without(&self, fold: usize) -> Vec<usize> {
        self.rows(|it| it != fold)
    }

    fn rows(&self, is_wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..self.fold_of.len()).filter(|&row| is_wanted(self.fold_of[row])).collect()
    }
}

#[cfg(test)]
mod tests {
    use nnfs::prelude::SeedableRng;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_row_is_in_one_fold_and_folds_are_of_equal_size(
            rows in 2_usize..200, count in 2_usize..12, seed: u64,
        ) {
            let folds = Folds::new(rows, None, count, &mut ChaCha8Rng::seed_from_u64(seed));
            prop_assert_eq!(folds.count(), count.min(rows));
            let mut all = Vec::new();
            for fold in 0..folds.count() {
                let held_out = folds.rows_of(fold);
                prop_assert!(held_out.len() >= folds.smallest());
                prop_assert!(held_out.len() <= rows.div_ceil(folds.count()));
                prop_assert_eq!(held_out.len() + folds.rows_without(fold).len(), rows);
                all.extend(held_out);
            }
            all.sort_unstable();
            prop_assert_eq!(all, (0..rows).collect::<Vec<_>>());
        }

        #[test]
        fn every_fold_has_the_same_share_of_each_class(
            labels in prop::collection::vec(0_usize..4, 20..200), count in 2_usize..8,
        ) {
            let mut rng = ChaCha8Rng::seed_from_u64(1);
            let folds = Folds::new(labels.len(), Some(&labels), count, &mut rng);
            for class in 0..4 {
                let of_class = |rows: Vec<usize>| {
                    rows.into_iter().filter(|&row| labels[row] == class).count()
                };
                let all = of_class((0..labels.len()).collect());
                for fold in 0..count {
                    let found = of_class(folds.rows_of(fold));
                    prop_assert!(found >= all / count && found <= all.div_ceil(count));
                }
            }
        }
    }
}
