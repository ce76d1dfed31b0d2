use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::*;

/// Sorts all sums.
fn sorted(conformal: &CrossConformal, rank: usize, means: &[f64], sign: f64) -> f64 {
    let mut sums: Vec<f64> = (0..means.len())
        .flat_map(|fold| {
            let size = conformal.scale(0).map_or(1.0, |scale| scale.at(means[fold]));
            let residuals = conformal.residuals(fold, 0);
            residuals
                .flat_map(move |(residual, rows)| vec![means[fold] + sign * size * residual; rows])
        })
        .collect();
    sums.sort_by(|a, b| (sign * a).total_cmp(&(sign * b)));
    sums[rank - 1]
}

#[test]
fn ends_are_those_of_a_sort_and_grow_with_the_level() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for rows in [1, 2, 7, 40, 999, 1000, 1001, 2750] {
        let mut fold = |rows| Tensor::from_fn(rows, 1, |_, _| rng.random_range(-1.0..1.0));
        let residuals = [fold(rows), fold(rows.div_ceil(2)), fold(rows)];
        let folds = residuals.clone().map(|residuals| (fold(residuals.nrows()), residuals));
        let members = vec![2, 0, 1, 1];
        let plain = CrossConformal::fit(members.clone(), residuals).unwrap();
        let scaled = CrossConformal::fit_scaled(members, &folds).unwrap();
        assert_eq!(scaled.scale(0).is_some(), rows >= 40);
        for conformal in std::iter::repeat_n([plain, scaled], 20).flatten() {
            let means: Vec<f64> = (0..3).map(|_| rng.random_range(-1.0..1.0)).collect();
            let tensors: Vec<_> = means.iter().map(|&m| Tensor::from_element(1, 1, m)).collect();
            let mut before = (f64::INFINITY, f64::NEG_INFINITY);
            for level in [0.5, 0.55, 0.6, 0.8, 0.9, 0.95, 0.999] {
                let Ok(rank) = conformal.rank(level) else { continue };
                let Intervals { low, high } = conformal.intervals(level, &tensors).unwrap();
                assert_eq!(low[0], sorted(&conformal, rank, &means, -1.0), "{rows} {level}");
                assert_eq!(high[0], sorted(&conformal, rank, &means, 1.0), "{rows} {level}");
                assert!(low[0] <= high[0] && low[0] <= before.0 && high[0] >= before.1);
                before = (low[0], high[0]);
            }
        }
    }
}

#[test]
fn many_residuals_are_thinned_and_count_for_all_rows() {
    let all = Tensor::from_fn(2500, 1, |row, _| (row + 1) as f64);
    let conformal = CrossConformal::fit(vec![0], [all]).unwrap();
    let kept: Vec<_> = conformal.residuals(0, 0).collect();
    assert_eq!((kept[0], kept[1], kept[999]), ((3.0, 3), (5.0, 2), (2500.0, 2)));
    assert_eq!(kept.iter().map(|(_, rows)| rows).sum::<usize>(), 2500);
    assert_eq!(conformal.rank(0.9).unwrap(), 2251);
}

#[test]
fn a_level_is_within_what_the_rows_allow() {
    let conformal = CrossConformal::fit(vec![0], [Tensor::zeros(99, 1)]).unwrap();
    let ranks = [0.5, 0.55, 0.57, 0.9, 0.99].map(|level| conformal.rank(level).unwrap());
    assert_eq!(ranks, [50, 55, 57, 90, 99]);
    for level in [-1.0, 0.0, 0.49, 0.991, 1.0, 90.0, f64::NAN, f64::INFINITY] {
        let error = conformal.rank(level).unwrap_err();
        assert!(matches!(error, ConformalError::Level { rows: 99, .. }), "{error}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let zeros = Tensor::<f64>::zeros;
    for (members, residuals) in [
        (vec![], vec![]),
        (vec![0], vec![]),
        (vec![0, 2], vec![zeros(3, 1), zeros(3, 1)]),
        (vec![0, 0], vec![zeros(3, 1), zeros(3, 1)]),
        (vec![0, 1], vec![zeros(3, 1), zeros(3, 2)]),
        (vec![0, 1], vec![zeros(3, 1), zeros(0, 1)]),
        (vec![0], vec![zeros(3, 0)]),
        (vec![0], vec![Tensor::from_element(3, 1, f64::NAN)]),
    ] {
        assert!(CrossConformal::fit(members, residuals).is_err());
    }
}

#[test]
fn many_outputs_keep_fewer_residuals() {
    assert_eq!([1, 200, 201].map(|outputs| number_kept(5000, 5, outputs)), [1000, 1000, 995]);
    assert_eq!(number_kept(5000, 5, 10_000_000), 1);
    let (rows, outputs) = (300, 8000);
    let fold = || Tensor::from_fn(rows, outputs, |row, output| (row * 7 % 300 + output) as f64);
    let conformal = CrossConformal::fit(vec![0, 1], [fold(), fold()]).unwrap();
    let kept: Vec<_> = conformal.residuals(1, 7).collect();
    assert_eq!(kept.len(), 1_000_000 / 2 / outputs);
    assert_eq!(kept.iter().map(|(_, rows)| rows).sum::<usize>(), rows);
    assert_eq!(kept.last().unwrap().0, 306.0);
    // The intervals have at least the share of rows that they should have.
    let means = [0.0, 0.0].map(|mean| Tensor::from_element(1, outputs, mean));
    let found = conformal.intervals(0.9, &means).unwrap();
    let exact = 540.0_f64 / 2.0;
    assert!(found.high[(0, 0)] >= exact && found.high[(0, 0)] <= exact + 5.0);
}
