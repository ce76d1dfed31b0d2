use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::*;

const LEVELS: [f64; 7] = [0.5, 0.55, 0.6, 0.8, 0.9, 0.95, 0.999];

fn random(rng: &mut ChaCha8Rng, rows: usize) -> Tensor<f64> {
    Tensor::from_fn(rows, 1, |_, _| rng.random_range(-1.0..1.0))
}

/// All residuals of an output relative to their sizes, in ascending order.
fn sorted(
    conformal: &CrossConformal,
    predictions: &Tensor<f64>,
    residuals: &Tensor<f64>,
) -> Vec<f64> {
    let size = |prediction| conformal.scale(0).map_or(1.0, |scale| scale.at(prediction));
    let pairs = predictions.iter().zip(residuals.iter());
    let mut sorted: Vec<f64> = pairs.map(|(m, r)| (r / size(*m)).abs()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[test]
fn ends_are_those_of_a_sort_and_grow_with_the_level() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for rows in [1, 2, 7, 29, 30, 40, 999, 5000] {
        let [predictions, residuals] = [(); 2].map(|()| random(&mut rng, rows));
        let plain = CrossConformal::fit(&residuals).unwrap();
        let scaled = CrossConformal::fit_scaled(&predictions, &residuals).unwrap();
        assert_eq!(scaled.scale(0).is_some(), rows >= 30);
        for conformal in [plain, scaled] {
            let sorted = sorted(&conformal, &predictions, &residuals);
            let outputs = random(&mut rng, 20);
            let mut before = 0.0;
            for level in LEVELS {
                let Ok(rank) = conformal.rank(level) else { continue };
                let quantile = sorted[rank - 1];
                assert_eq!(conformal.quantile(level, 0).unwrap(), quantile, "{rows} {level}");
                assert!(quantile >= before);
                before = quantile;
                let Intervals { low, high } = conformal.intervals_around(&outputs, level).unwrap();
                for (row, &center) in outputs.iter().enumerate() {
                    let size = conformal.scale(0).map_or(1.0, |scale| scale.at(center));
                    let expected = (center - size * quantile, center + size * quantile);
                    assert_eq!((low[row], high[row]), expected, "{rows} {level}");
                }
            }
        }
    }
}

/// The quantile of thinned residuals is that of a rank which is at most `rows / 5000` larger.
#[test]
fn many_residuals_are_thinned_and_quantiles_become_no_smaller() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    for rows in [5001, 7500, 23_456] {
        let residuals = random(&mut rng, rows);
        let conformal = CrossConformal::fit(&residuals).unwrap();
        assert_eq!(conformal.residuals[0].len(), 5000);
        let sorted = sorted(&conformal, &residuals, &residuals);
        let largest = rows as f64 / (rows + 1) as f64;
        for level in LEVELS.into_iter().chain([largest]) {
            let rank = conformal.rank(level).unwrap();
            let quantile = conformal.quantile(level, 0).unwrap();
            let last = (rank + rows / 5000).min(rows);
            assert!((sorted[rank - 1]..=sorted[last - 1]).contains(&quantile), "{rows} {level}");
        }
        assert_eq!(conformal.quantile(largest, 0).unwrap(), sorted[rows - 1]);
    }
}

#[test]
fn places_of_thinned_residuals() {
    let all = Tensor::from_fn(12_500, 1, |row, _| (row + 1) as f64);
    let conformal = CrossConformal::fit(&all).unwrap();
    assert_eq!(conformal.residuals[0][..4], [3.0, 5.0, 8.0, 10.0]);
    assert_eq!(conformal.residuals[0][4999], 12_500.0);
    // Of rank 11,251.
    assert_eq!(conformal.quantile(0.9, 0).unwrap(), 11_253.0);
}

#[test]
fn a_level_is_within_what_the_rows_allow() {
    let conformal = CrossConformal::fit(&Tensor::zeros(99, 1)).unwrap();
    let ranks = [0.5, 0.55, 0.57, 0.9, 0.99].map(|level| conformal.rank(level).unwrap());
    assert_eq!(ranks, [50, 55, 57, 90, 99]);
    assert_eq!(conformal.rows(), 99);
    // 0.55 * 100,000 is 55,000 and some rounding.
    let many = CrossConformal::fit(&Tensor::zeros(99_999, 1)).unwrap();
    assert_eq!((many.rank(0.55).unwrap(), many.rows()), (55_000, 99_999));
    for level in [-1.0, 0.0, 0.49, 0.991, 1.0, 90.0, f64::NAN, f64::INFINITY] {
        let error = conformal.rank(level).unwrap_err();
        assert!(matches!(error, ConformalError::Level { rows: 99, .. }), "{error}");
        // A percentage is a mistake that is easy to mend.
        assert_eq!(error.to_string().ends_with("; did you mean 0.9?"), level == 90.0, "{error}");
        assert_eq!(conformal.quantile(level, 0).unwrap_err().to_string(), error.to_string());
        assert!(conformal.intervals_around(&Tensor::zeros(1, 1), level).is_err());
    }
    for (percent, fraction) in
        [(68.3, "0.683"), (95.4, "0.954"), (99.9, "0.999"), (99.99, "0.9999")]
    {
        let error = many.rank(percent).unwrap_err().to_string();
        assert!(error.ends_with(&format!("; did you mean {fraction}?")), "{error}");
    }
    for level in [49.9, 100.0, 1e300, f64::NAN, f64::INFINITY] {
        let error = many.rank(level).unwrap_err().to_string();
        assert!(!error.contains("did you mean"), "{error}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    for residuals in [
        Tensor::zeros(0, 1),
        Tensor::zeros(3, 0),
        Tensor::from_element(3, 1, f64::NAN),
        Tensor::from_row_slice(2, 2, &[0.0, 1.0, 2.0, f64::INFINITY]),
    ] {
        let error = CrossConformal::fit(&residuals).unwrap_err();
        assert!(matches!(error, ConformalError::Residuals { .. }), "{error}");
    }
}

#[test]
fn many_outputs_keep_fewer_residuals() {
    assert_eq!([1, 200, 201].map(|outputs| number_kept(9000, outputs)), [5000, 5000, 4975]);
    assert_eq!(number_kept(5000, 10_000_000), 1);
    let (rows, outputs) = (600, 8000);
    let residuals = Tensor::from_fn(rows, outputs, |row, output| (row * 7 % rows + output) as f64);
    let conformal = CrossConformal::fit(&residuals).unwrap();
    assert_eq!(conformal.residuals[7].len(), 1_000_000 / outputs);
    assert_eq!(conformal.residuals[7].last(), Some(&606.0));
    let quantile = conformal.quantile(0.9, 0).unwrap();
    assert!((540.0..=545.0).contains(&quantile), "{quantile}");
}

/// Files of before have the residuals of each fold by themselves, at most 1000.
#[cfg(feature = "serde")]
#[test]
fn residuals_of_folds_are_merged() {
    use serde_json::json;

    let mut rng = ChaCha8Rng::seed_from_u64(5);
    for rows in [[1, 2, 3], [40, 39, 41], [900, 1000, 700], [2500, 1001, 4000]] {
        let folds = rows.map(|rows| random(&mut rng, rows));
        let thinned = folds.each_ref().map(|fold| {
            let mut all: Vec<f64> = fold.iter().map(|r| r.abs()).collect();
            all.sort_by(f64::total_cmp);
            let kept = all.len().min(1000);
            let at = |place| all[rows_up_to(place, all.len(), kept) - 1];
            let residuals: Vec<f64> = (1..=kept).map(at).collect();
            json!({"rows": all.len(), "residuals": [residuals]})
        });
        let old = json!({"member_folds": [0, 1, 2, 0], "folds": thinned});
        let old: CrossConformal = serde_json::from_value(old).unwrap();
        let all: Vec<f64> = folds.iter().flatten().copied().collect();
        let new = CrossConformal::fit(&Tensor::from_column_slice(all.len(), 1, &all)).unwrap();
        assert_eq!(old.rows(), new.rows());
        let are_all_kept = rows.iter().all(|&rows| rows <= 1000);
        for level in LEVELS.into_iter().filter(|&level| new.rank(level).is_ok()) {
            let [old, new] = [&old, &new].map(|it| it.quantile(level, 0).unwrap());
            assert!(old == new || (!are_all_kept && (0.0..0.01).contains(&(old - new))));
        }
    }
    let fold = |rows: usize, residuals: &[f64]| json!({"rows": rows, "residuals": [residuals]});
    for folds in [
        json!([fold(2, &[1.0, 2.0]), fold(1, &[])]),
        json!([fold(0, &[1.0])]),
        json!([fold(usize::MAX, &[1.0]), fold(2, &[1.0, 2.0])]),
        json!([fold(2, &[1.0, -2.0])]),
        json!([fold(1, &[1.0]), {"rows": 1, "residuals": [[1.0], [2.0]]}]),
        json!([{"rows": 1, "residuals": []}]),
        json!([fold(1, &[1.0, 2.0])]),
        json!([fold(0, &[]), fold(1, &[1.0])]),
        json!([fold(2, &[2.0, 1.0])]),
        // The first of so many would not be kept.
        json!([fold(6000, &(0..6000).map(|row| f64::from(row) - 1.0).collect::<Vec<_>>())]),
    ] {
        let file = json!({"member_folds": [], "folds": folds});
        assert!(serde_json::from_value::<CrossConformal>(file.clone()).is_err(), "{file}");
    }
    let both = json!({"rows": 1, "residuals": [[1.0]], "folds": [fold(1, &[1.0])]});
    assert!(serde_json::from_value::<CrossConformal>(both).is_err());
}

#[test]
fn other_shapes_are_refused() {
    let residuals = Tensor::from_fn(40, 1, |row, _| row as f64);
    for (rows, columns) in [(39, 1), (40, 2), (1, 40)] {
        let found = CrossConformal::fit_scaled(&Tensor::zeros(rows, columns), &residuals);
        assert!(matches!(found, Err(ConformalError::Shape(_))), "{found:?}");
    }
    let conformal = CrossConformal::fit(&residuals).unwrap();
    let found = conformal.intervals_around(&Tensor::zeros(3, 2), 0.9);
    assert!(matches!(found, Err(ConformalError::Shape(_))), "{found:?}");
}
