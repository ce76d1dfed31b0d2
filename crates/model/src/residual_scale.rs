//! The usual size of residuals near a prediction.

/// Into how many parts the rows are divided.
const PARTS: usize = 3;

/// Fewer rows have one size for all predictions.
const FEWEST_ROWS: usize = 30;

/// The rows whose residuals have the mean size of all, in the size of a part.
const SHRINKAGE: f64 = 10.0;

/// The usual size of the residuals of predictions: large predictions, such as of prices, often have larger
/// residuals than small ones.
///
/// ```text
/// s(m)   piecewise linear through the points (m_1, s_1), (m_2, s_2), (m_3, s_3), and constant beyond them
/// m_j    the median prediction of the j-th third of the rows, in the order of their predictions
/// s_j    (the sum of |R| of this third + 10 S) / (rows of this third + 10)
/// S      the mean of |R| of all rows
/// ```
/// The ten rows of mean size keep the sizes of few rows near each other. Points of the same prediction have the mean
/// of their sizes.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Points"))]
pub struct ResidualScale {
    predictions: Vec<f64>,
    sizes: Vec<f64>,
}

/// The points in a file, which may be damaged.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Points {
    predictions: Vec<f64>,
    sizes: Vec<f64>,
}

#[cfg(feature = "serde")]
impl TryFrom<Points> for ResidualScale {
    type Error = String;

    fn try_from(Points { predictions, sizes }: Points) -> Result<Self, String> {
        let checked = Self { predictions, sizes }.checked();
        checked.map_err(|(expected, found)| {
            format!("residual scale: expected {expected}, found {found}")
        })
    }
}

impl ResidualScale {
    /// The sizes of residuals, one for each prediction. `None` if there are fewer than 30 rows, if the mean is 0 or too
    /// large for a number, or if a prediction is infinite or NaN. Use one size for all rows then.
    ///
    /// ```
    /// use nnfs_model::ResidualScale;
    /// let predictions: Vec<f64> = (10..100).map(f64::from).collect();
    /// let residuals: Vec<f64> = predictions.iter().map(|prediction| prediction / 10.0).collect();
    /// let scale = ResidualScale::fit(&predictions, &residuals).expect("30 rows or more");
    /// assert!(scale.at(90.0) > 2.0 * scale.at(20.0));
    /// ```
    ///
    /// # Panics
    /// If there is another number of predictions than of residuals.
    pub fn fit(predictions: &[f64], residuals: &[f64]) -> Option<Self> {
        assert_eq!(predictions.len(), residuals.len(), "a residual for each prediction");
        let rows = predictions.len();
        if rows < FEWEST_ROWS {
            return None;
        }
        let mut order: Vec<usize> = (0..rows).collect();
        order.sort_by(|&a, &b| predictions[a].total_cmp(&predictions[b]));
        let sum = |rows: &[usize]| rows.iter().map(|&row| residuals[row].abs()).sum::<f64>();
        let mean = sum(&order) / rows as f64;
        let parts = (0..PARTS).map(|part| &order[part * rows / PARTS..(part + 1) * rows / PARTS]);
        let (predictions, sizes) = parts
            .map(|part| {
                let size = (sum(part) + SHRINKAGE * mean) / (part.len() as f64 + SHRINKAGE);
                (predictions[part[part.len() / 2]], size)
            })
            .unzip();
        Self { predictions, sizes }.checked().ok()
    }

    /// Checks the points, and gives points of the same prediction the mean of their sizes.
    ///
    /// # Errors
    /// What was expected, and what was found.
    pub(crate) fn checked(self) -> Result<Self, (String, String)> {
        let Self { predictions, sizes } = &self;
        let (points, found) = (predictions.len(), sizes.len());
        if points < 2 || points != found {
            let expected = "a size for each of at least two predictions".into();
            return Err((expected, format!("{found} for {points}")));
        }
        let is_ascending = predictions.is_sorted() && predictions.iter().all(|it| it.is_finite());
        if !is_ascending {
            let expected = "finite predictions in ascending order".into();
            return Err((expected, format!("{predictions:?}")));
        }
        match sizes.iter().find(|size| !(size.is_finite() && **size > 0.0)) {
            Some(size) => Err(("finite sizes above 0".into(), size.to_string())),
            None => Ok(self.with_equal_sizes()),
        }
    }

    /// With the mean of the sizes for points of the same prediction, so that the line through the points has no jump.
    fn with_equal_sizes(mut self) -> Self {
        let mut rest = self.sizes.as_mut_slice();
        for same in self.predictions.chunk_by(|a, b| a == b) {
            let (sizes, others) = rest.split_at_mut(same.len());
            sizes.fill(sizes.iter().map(|size| size / same.len() as f64).sum());
            rest = others;
        }
        self
    }

    /// The points: a prediction in ascending order, and the size of its residuals.
    pub fn points(&self) -> impl ExactSizeIterator<Item = (f64, f64)> {
        self.predictions.iter().copied().zip(self.sizes.iter().copied())
    }

    /// `s(m)` of a prediction.
    ///
    /// ```
    /// use nnfs_model::ResidualScale;
    ///
    /// // Residuals that grow with the prediction.
    /// let predictions: Vec<f64> = (0..300).map(f64::from).collect();
    /// let residuals: Vec<f64> = predictions.iter().map(|m| 0.1 * m).collect();
    /// let scale = ResidualScale::fit(&predictions, &residuals).expect("300 rows");
    /// assert!((scale.at(50.0) - 5.0).abs() < 1.0 && (scale.at(200.0) - 20.0).abs() < 1.0);
    /// assert_eq!(scale.at(1000.0), scale.at(250.0));
    /// ```
    pub fn at(&self, prediction: f64) -> f64 {
        let pairs = self.predictions.windows(2).zip(self.sizes.windows(2));
        let steps = pairs.map(|(predictions, sizes)| {
            let [from, to] = [predictions[0], predictions[1]];
            let width = if to > from { to - from } else { 1.0 };
            (prediction.clamp(from, to) - from) / width * (sizes[1] - sizes[0])
        });
        self.sizes[0] + steps.sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_met_and_sizes_are_linear_between_them() {
        let scale = ResidualScale { predictions: vec![-1.0, 1.0, 2.0], sizes: vec![4.0, 2.0, 3.0] };
        let sizes = [-9.0, -1.0, 0.0, 1.0, 1.5, 2.0, 9.0].map(|prediction| scale.at(prediction));
        assert_eq!(sizes, [4.0, 4.0, 3.0, 2.0, 2.5, 3.0, 3.0]);
    }

    /// A jump would be lost for all predictions behind it, and could make sizes negative.
    #[test]
    fn points_of_the_same_prediction_have_their_mean_size() {
        let at = |predictions: &[f64], sizes: &[f64]| {
            let (predictions, sizes) = (predictions.to_vec(), sizes.to_vec());
            let scale = ResidualScale { predictions, sizes }.checked().unwrap();
            [-1.0, 0.0, 0.5, 1.0, 2.0].map(|prediction| scale.at(prediction))
        };
        assert_eq!(at(&[0.0, 0.0, 1.0], &[4.0, 2.0, 3.0]), [3.0; 5]);
        assert_eq!(at(&[0.0, 0.0, 1.0], &[1.0, 10.0, 1.0]), [5.5, 5.5, 3.25, 1.0, 1.0]);
        assert_eq!(at(&[0.0, 1.0, 1.0], &[2.0, 4.0, 8.0]), [2.0, 2.0, 4.0, 6.0, 6.0]);
        assert_eq!(at(&[1.0, 1.0], &[4.0, 2.0]), [3.0; 5]);
        // Two thirds of the rows have the same prediction.
        let predictions: Vec<f64> = (0..60).map(|row| f64::from((row - 39).max(0))).collect();
        let residuals: Vec<f64> =
            (0..60).map(|row| f64::from(row % 20 + 20 * (row / 40))).collect();
        let scale = ResidualScale::fit(&predictions, &residuals).unwrap();
        assert_eq!((scale.predictions[0], scale.sizes[0]), (scale.predictions[1], scale.sizes[1]));
        assert!((0..80).all(|prediction| scale.at(f64::from(prediction)) > 0.0));
    }

    #[test]
    fn thirds_of_the_rows_are_shrunk_to_the_mean() {
        let predictions: Vec<f64> = (0..60).rev().map(f64::from).collect();
        let residuals: Vec<f64> = (0..60).map(|row| f64::from(-(row / 20))).collect();
        let scale = ResidualScale::fit(&predictions, &residuals).unwrap();
        // The mean is 1: (20 * 2 + 10) / 30, (20 + 10) / 30 and 10 / 30.
        assert_eq!(scale.predictions, [10.0, 30.0, 50.0]);
        assert_eq!(scale.sizes, [50.0 / 30.0, 1.0, 10.0 / 30.0]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let is_valid = |predictions: &[f64], sizes: &[f64]| {
            let (predictions, sizes) = (predictions.to_vec(), sizes.to_vec());
            ResidualScale { predictions, sizes }.checked().is_ok()
        };
        assert!(is_valid(&[1.0, 2.0], &[3.0, 4.0]));
        for (predictions, sizes) in [
            (&[1.0][..], &[3.0][..]),
            (&[1.0, 2.0], &[3.0]),
            (&[2.0, 1.0], &[3.0, 4.0]),
            (&[1.0, f64::INFINITY], &[3.0, 4.0]),
            (&[1.0, 2.0], &[3.0, 0.0]),
            (&[1.0, 2.0], &[3.0, f64::INFINITY]),
        ] {
            assert!(!is_valid(predictions, sizes), "{predictions:?}, {sizes:?}");
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn points_in_a_file_are_checked() {
        let read = |text: &str| serde_json::from_str::<ResidualScale>(text);
        let scale = read(r#"{"predictions":[1.0,2.0],"sizes":[3.0,4.0]}"#).unwrap();
        assert_eq!(read(&serde_json::to_string(&scale).unwrap()).unwrap(), scale);
        for (text, expected) in [
            (r#"{"predictions":[],"sizes":[]}"#, "at least two predictions, found 0 for 0"),
            (r#"{"predictions":[1.0,2.0],"sizes":[3.0]}"#, "found 1 for 2"),
            (r#"{"predictions":[2.0,1.0],"sizes":[3.0,4.0]}"#, "in ascending order"),
            (r#"{"predictions":[1.0,2.0],"sizes":[3.0,0.0]}"#, "finite sizes above 0, found 0"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn what_has_one_size() {
        let numbers =
            |rows: usize, size: f64| ResidualScale::fit(&vec![1.0; rows], &vec![size; rows]);
        assert!(numbers(29, 1.0).is_none());
        assert!(numbers(30, 0.0).is_none());
        assert!(numbers(30, 1e308).is_none());
        assert!(numbers(30, f64::NAN).is_none());
        assert_eq!(numbers(30, 2.0).unwrap().sizes, [2.0; 3]);
    }
}
