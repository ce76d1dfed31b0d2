//! Numbers that look random and are the same in every program: the peers compute them too.

use nnfs::tensor::{Scalar, Tensor};

use super::matrix_exponential::matrix_exponential;

/// The number `index` of a sequence of independent uniform numbers in [0, 1).
///
/// ```text
/// z = (index + 1) * 0x9E3779B97F4A7C15                    mod 2^64
/// z = (z xor (z >> 30)) * 0xBF58476D1CE4E5B9              mod 2^64
/// z = (z xor (z >> 27)) * 0x94D049BB133111EB              mod 2^64
/// u = ((z xor (z >> 31)) >> 11) / 2^53
/// ```
/// The generator `SplitMix64` with the seed 0 (Steele, Lea and Flood 2014). Each operation is exact,
/// so every program gets the same bits.
fn uniform(index: usize) -> f64 {
    (split_mix(index as u64) >> 11) as f64 / (1_u64 << 53) as f64
}

fn split_mix(index: u64) -> u64 {
    let z = index.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The number `index` of a sequence of independent standard normal numbers, by the first half of the
/// transform of Box and Muller (1958).
///
/// ```text
/// n_k = sqrt(-2 ln(1 - u_2k)) cos(2 pi u_2k+1)
/// ```
fn normal(index: usize) -> f64 {
    let (u, v) = (uniform(2 * index), uniform(2 * index + 1));
    (-2.0 * libm::log(1.0 - u)).sqrt() * libm::cos(2.0 * std::f64::consts::PI * v)
}

/// Inputs and targets of a number of samples.
pub(super) type Data<T> = (Tensor<T>, Tensor<T>);

/// The sine of the chapter: every input is `x = row / rows`, every target `sin(2 pi x)`.
pub(super) fn sine<T: Scalar>(rows: usize, (inputs, outputs): (usize, usize)) -> Data<T> {
    let x = |row: usize| row as f64 / rows as f64;
    let y = |row| libm::sin(2.0 * std::f64::consts::PI * x(row));
    let data = Tensor::from_fn(rows, inputs, |row, _| T::from_f64(x(row)));
    (data, Tensor::from_fn(rows, outputs, |row, _| T::from_f64(y(row))))
}

/// Independent inputs.
///
/// ```text
/// x_ij = 2 u - 1       u is the uniform number inputs * i + j
/// y_i  = sum over j of sin(3 x_ij) / sqrt(inputs)
/// ```
pub(super) fn random<T: Scalar>(rows: usize, (inputs, outputs): (usize, usize)) -> Data<T> {
    let x = |row: usize, column: usize| 2.0 * uniform(inputs * row + column) - 1.0;
    let y = |row| {
        let sum: f64 = (0..inputs).map(|column| libm::sin(3.0 * x(row, column))).sum();
        sum / (inputs as f64).sqrt()
    };
    let data = Tensor::from_fn(rows, inputs, |row, column| T::from_f64(x(row, column)));
    let targets: Vec<f64> = (0..rows).map(y).collect();
    (data, Tensor::from_fn(rows, outputs, |row, _| T::from_f64(targets[row])))
}

/// The matrices A of two rows and two columns with independent standard normal entries, and exp(A).
/// A sample has the entries of its matrix, column after column.
pub(super) fn matrix_exponentials<T: Scalar>(rows: usize) -> Data<T> {
    let matrix = |row: usize| std::array::from_fn(|entry| normal(4 * row + entry));
    let exponentials: Vec<[f64; 4]> =
        (0..rows).map(|row| matrix_exponential(matrix(row))).collect();
    let data = Tensor::from_fn(rows, 4, |row, entry| T::from_f64(matrix(row)[entry]));
    (data, Tensor::from_fn(rows, 4, |row, entry| T::from_f64(exponentials[row][entry])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_that_of_split_mix_with_the_seed_0() {
        // The first outputs of the authors' program.
        let first = [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F];
        assert_eq!([0, 1, 2].map(split_mix), first);
    }

    #[test]
    fn normal_numbers_have_the_mean_0_and_the_variance_1() {
        let numbers: Vec<f64> = (0..10_000).map(normal).collect();
        let mean = |power: i32| numbers.iter().map(|n| n.powi(power)).sum::<f64>() / 1e4;
        assert!(mean(1).abs() < 0.03, "{}", mean(1));
        assert!((mean(2) - 1.0).abs() < 0.05, "{}", mean(2));
        assert!((mean(4) - 3.0).abs() < 0.3, "{}", mean(4));
    }

    #[test]
    fn random_inputs_have_both_signs_and_no_order() {
        let (inputs, targets) = random::<f64>(1000, (32, 1));
        assert!(inputs.iter().all(|x| (-1.0..1.0).contains(x)));
        assert!(inputs.mean().abs() < 0.02, "{}", inputs.mean());
        assert!((inputs.variance() - 1.0 / 3.0).abs() < 0.01, "{}", inputs.variance());
        let y: f64 = inputs.row(7).iter().map(|x| libm::sin(3.0 * x)).sum();
        assert!((targets[(7, 0)] - y / 32_f64.sqrt()).abs() < 1e-14);
    }
}
