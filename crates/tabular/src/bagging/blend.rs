//! How the networks and the linear models of an ensemble are put together.

use nnfs::files::FileScalar;
use nnfs::prelude::*;
use nnfs::tensor::zip_map_to;

/// The shares are multiples of one by this.
const STEPS: usize = 20;

/// The most outputs that decide: of more, every second, third, ... row does.
const MOST_OUTPUTS: usize = 1 << 20;

/// The weight of the linear models, and the temperature of the logits.
///
/// ```text
/// Z = b + ((1 - s) N + s L - b) / T      N the mean of the networks, L the mean of the linear models,
///                                        b the logits of the shares of the classes; 0 for numbers
/// ```
/// Both are chosen for the smallest loss of rows that the models did not learn from: `s` among 0, 0.05, ... 1 by
/// bisection, because the loss is convex (Wolpert, 1992: Stacked Generalization), and for classes `T` between 1 and 16
/// by golden sections (Guo et al., 2017: On Calibration of Modern Neural Networks; there b is 0). A large temperature
/// gives the shares of the classes, which are better than equal probabilities where one class is rare. A rare class is
/// then predicted less often; with balanced class weights all shares are equal. If there are more than about a million
/// outputs, every second, third, ... row decides. A temperature below 1 would raise probabilities that are almost 1
/// already, because all rows happen to be right, and a new kind of row would be costly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Blend {
    /// `s`, from 0 to 1.
    pub(crate) linear_share: f64,
    /// `T`, at least 1; 1 for numbers.
    pub(crate) temperature: f64,
}

impl Blend {
    /// That of networks alone.
    pub(crate) const NETWORKS: Self = Self { linear_share: 0.0, temperature: 1.0 };

    /// The best share and temperature for held-out rows: outputs of the networks and of the linear models,
    /// targets and weights, one row each.
    pub(crate) fn fit<T: FileScalar>(
        loss: &dyn Loss<T>,
        networks: &Tensor<T>,
        linear: &Tensor<T>,
        targets: &Tensor<T>,
        weights: Option<&[f64]>,
        base: &BaseLogits,
    ) -> Self {
        let step = targets.len().div_ceil(MOST_OUTPUTS);
        if step > 1 {
            let rows: Vec<usize> = (0..targets.nrows()).step_by(step).collect();
            let weights: Option<Vec<f64>> =
                weights.map(|weights| rows.iter().map(|&row| weights[row]).collect());
            let [networks, linear, targets] =
                [networks, linear, targets].map(|all| all.select_rows(&rows));
            return Self::fit_all(loss, &networks, &linear, &targets, weights.as_deref(), base);
        }
        Self::fit_all(loss, networks, linear, targets, weights, base)
    }

    /// The same for all of these rows, however many there are.
    fn fit_all<T: FileScalar>(
        loss: &dyn Loss<T>,
        networks: &Tensor<T>,
        linear: &Tensor<T>,
        targets: &Tensor<T>,
        weights: Option<&[f64]>,
        base: &BaseLogits,
    ) -> Self {
        let mut outputs = Tensor::default();
        let mut loss_of = |blend: Self| {
            blend.apply_to(networks, linear, base, &mut outputs);
            let value = match weights {
                None => loss.value(&outputs, targets),
                Some(weights) => loss.weighted_value(&outputs, targets, weights),
            };
            if value.is_nan() { f64::INFINITY } else { value }
        };
        let mut best = (loss_of(Self::NETWORKS), Self::NETWORKS);
        let has_temperature = loss.link() != OutputLink::Identity;
        let rounds = if has_temperature { 2 } else { 1 };
        for _ in 0..rounds {
            let temperature = best.1.temperature;
            let at = |step| Self { linear_share: step as f64 / STEPS as f64, temperature };
            let (mut low, mut high) = (0, STEPS);
            while low < high {
                let middle = low.midpoint(high);
                match loss_of(at(middle)) <= loss_of(at(middle + 1)) {
                    true => high = middle,
                    false => low = middle + 1,
                }
            }
            let value = loss_of(at(low));
            if value < best.0 {
                best = (value, at(low));
            }
            if has_temperature {
                let linear_share = best.1.linear_share;
                let at = |log: f64| Self { linear_share, temperature: log.exp2() };
                let blend = at(golden_section(0.0, 4.0, |log| loss_of(at(log))));
                let value = loss_of(blend);
                if value < best.0 {
                    best = (value, blend);
                }
            }
        }
        best.1
    }

    /// The outputs of both together.
    pub(crate) fn apply<T: FileScalar>(
        self,
        networks: &Tensor<T>,
        linear: &Tensor<T>,
        base: &BaseLogits,
    ) -> Tensor<T> {
        let mut outputs = Tensor::default();
        self.apply_to(networks, linear, base, &mut outputs);
        outputs
    }

    fn apply_to<T: FileScalar>(
        self,
        networks: &Tensor<T>,
        linear: &Tensor<T>,
        base: &BaseLogits,
        outputs: &mut Tensor<T>,
    ) {
        let of_networks = T::from_f64((1.0 - self.linear_share) / self.temperature);
        let of_linear = T::from_f64(self.linear_share / self.temperature);
        let blend = |network, linear| of_networks * network + of_linear * linear;
        zip_map_to(networks, linear, outputs, blend);
        if self.temperature != 1.0 {
            for (mut column, shift) in outputs.column_iter_mut().zip(base.shifts(self.temperature))
            {
                column.add_scalar_mut(T::from_f64(shift));
            }
        }
    }
}

/// The outputs of a model that knows only the shares of the classes: `ln share`, or `ln (share / (1 - share))` for a
/// single output. They are 0 for numbers.
///
/// ```text
/// share of a class = (its rows + 1/2) / (all rows + classes / 2)
/// ```
/// Half a row more for each class keeps the logits finite (Krichevsky and Trofimov, 1981: The Performance of Universal
/// Encoding).
#[derive(Debug, Clone)]
pub(crate) struct BaseLogits(Vec<f64>);

impl BaseLogits {
    /// The logits of these targets, with the weights of their rows in the loss. With balanced class weights, all shares
    /// are equal.
    pub(crate) fn new<T: FileScalar>(
        loss: &dyn Loss<T>,
        targets: &Tensor<T>,
        weights: Option<&[f64]>,
    ) -> Self {
        let (rows, width) = targets.shape();
        let total: f64 = weights.map_or(rows as f64, |weights| weights.iter().sum());
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row] / total * rows as f64);
        let classes = width.max(2) as f64;
        let logit = |column| {
            let of_class: f64 =
                (0..rows).map(|row| weight(row) * targets[(row, column)].to_f64()).sum();
            let share = (of_class + 0.5) / (rows as f64 + 0.5 * classes);
            match loss.link() {
                OutputLink::Identity => 0.0,
                OutputLink::Softmax => share.ln(),
                OutputLink::Sigmoid => (share / (1.0 - share)).ln(),
            }
        };
        Self((0..width).map(logit).collect())
    }

    /// What is added to each output after a division by the temperature.
    pub(crate) fn shifts(&self, temperature: f64) -> impl Iterator<Item = f64> {
        self.0.iter().map(move |logit| logit * (1.0 - 1.0 / temperature))
    }
}

/// The place of the minimum of a function with a single minimum between two numbers, to 1/1000 of their
/// distance. Kiefer, 1953: Sequential minimax search for a maximum.
fn golden_section(mut low: f64, mut high: f64, mut value: impl FnMut(f64) -> f64) -> f64 {
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let end = (high - low) / 1000.0;
    let inner = |low: f64, high: f64| (high - ratio * (high - low), low + ratio * (high - low));
    let (mut left, mut right) = inner(low, high);
    let (mut at_left, mut at_right) = (value(left), value(right));
    while high - low > end {
        if at_left <= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = inner(low, high).0;
            at_left = value(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = inner(low, high).1;
            at_right = value(right);
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> BaseLogits {
        BaseLogits(vec![0.0])
    }

    /// The blend of networks and linear models with the same logits.
    fn blend_of(logits: &Tensor<f64>, targets: &Tensor<f64>, base: &BaseLogits) -> Blend {
        Blend::fit::<f64>(&SoftmaxCrossEntropy, logits, logits, targets, None, base)
    }

    /// The logits of balanced classes.
    fn equal(targets: &Tensor<f64>) -> BaseLogits {
        BaseLogits(vec![0.0; targets.ncols()])
    }

    #[test]
    fn a_golden_section_finds_the_minimum() {
        let found = golden_section(-2.0, 2.0, |x| (x - 0.3).powi(2));
        assert!((found - 0.3).abs() < 4e-3, "{found}");
        assert!(golden_section(-2.0, 2.0, |x| x) < -1.99);
    }

    /// y = 0.75 a + 0.25 b: a blend of a and b is right.
    #[test]
    fn the_share_of_the_linear_models_is_found() {
        let networks = Tensor::from_fn(50, 1, |row, _| (row as f64).sin());
        let linear = Tensor::from_fn(50, 1, |row, _| (row as f64).cos());
        let targets = 0.75 * &networks + 0.25 * &linear;
        let base = numbers();
        let blend = Blend::fit::<f64>(&MeanSquaredError, &networks, &linear, &targets, None, &base);
        assert_eq!(blend, Blend { linear_share: 0.25, temperature: 1.0 });
        assert!((blend.apply(&networks, &linear, &base) - &targets).norm() < 1e-12);
    }

    /// Rows of weight 0 do not decide.
    #[test]
    fn weights_are_used() {
        let networks = Tensor::from_fn(20, 1, |row, _| if row < 10 { 1.0 } else { 0.0 });
        let linear = Tensor::from_fn(20, 1, |row, _| if row < 10 { 0.0 } else { 1.0 });
        let targets = Tensor::from_element(20, 1, 1.0);
        let share = |first: f64, last: f64| {
            let weights: Vec<f64> = [first; 10].into_iter().chain([last; 10]).collect();
            let weights = Some(&weights[..]);
            Blend::fit::<f64>(&MeanSquaredError, &networks, &linear, &targets, weights, &numbers())
                .linear_share
        };
        assert_eq!([share(1.0, 0.0), share(0.0, 1.0), share(1.0, 1.0)], [0.0, 1.0, 0.5]);
    }

    /// All rows are right: the smallest loss would be at the smallest temperature.
    #[test]
    fn probabilities_are_not_raised() {
        let logits =
            Tensor::from_fn(40, 2, |row, column| if row % 2 == column { 1.0 } else { 0.0 });
        let targets = logits.clone();
        let blend = blend_of(&logits, &targets, &equal(&targets));
        assert_eq!(blend.temperature, 1.0);
    }

    /// Three of four rows are right, so the best probability is 3/4 and the best logit ln 3.
    #[test]
    fn logits_that_are_too_large_get_a_temperature() {
        let logits = Tensor::from_fn(40, 2, |_, column| if column == 0 { 4.0 } else { 0.0 });
        let targets =
            Tensor::from_fn(
                40,
                2,
                |row, column| {
                    if (row % 4 == 0) == (column == 1) { 1.0 } else { 0.0 }
                },
            );
        let blend = blend_of(&logits, &targets, &equal(&targets));
        assert!((4.0 / blend.temperature - 3.0_f64.ln()).abs() < 0.01, "{blend:?}");
    }

    /// Logits that know nothing of the targets give the shares of the classes.
    #[test]
    fn logits_without_information_give_the_shares_of_the_classes() {
        let is_rare = |row: usize| row.is_multiple_of(20);
        let targets =
            Tensor::from_fn(
                400,
                2,
                |row, column| {
                    if is_rare(row) == (column == 1) { 1.0 } else { 0.0 }
                },
            );
        let logits =
            Tensor::from_fn(400, 2, |row, column| 4.0 * (((row / 20) * 7 + column) as f64).sin());
        let base = BaseLogits::new::<f64>(&SoftmaxCrossEntropy, &targets, None);
        let fit = |base: &BaseLogits| {
            let blend = blend_of(&logits, &targets, base);
            SoftmaxCrossEntropy.value(&blend.apply(&logits, &logits, base), &targets)
        };
        let entropy = -(0.05_f64 * 0.05_f64.ln() + 0.95 * 0.95_f64.ln());
        assert!(fit(&base) < 1.1 * entropy, "{} and {entropy}", fit(&base));
        assert!(fit(&equal(&targets)) > 2.0 * entropy);
    }
}
