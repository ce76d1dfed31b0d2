//! Loops over all numbers, compiled for each instruction set.
//!
//! Each loop is a type whose `run` is always inlined. The compiler may leave a closure as a function,
//! which is then compiled without the instructions.

use crate::Kernels;
use crate::vectorize::{Loop, vectorize};

/// Replaces each value `x` by `f(x)`.
#[inline]
pub fn map_mut<T: Copy>(values: &mut [T], f: impl Fn(T) -> T) {
    vectorize(Map { values, f });
}

struct Map<'a, T, F> {
    values: &'a mut [T],
    f: F,
}

impl<T: Copy, F: Fn(T) -> T> Loop for Map<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for value in self.values {
            *value = (self.f)(*value);
        }
    }
}

/// `values[i] = f(values[i], others[i])`
///
/// # Panics
/// If the lengths differ.
#[inline]
pub fn zip_mut<T: Copy>(values: &mut [T], others: &[T], f: impl Fn(T, T) -> T) {
    assert!(values.len() == others.len(), "zip_mut: lengths differ");
    vectorize(Zip { values, others, f });
}

struct Zip<'a, T, F> {
    values: &'a mut [T],
    others: &'a [T],
    f: F,
}

impl<T: Copy, F: Fn(T, T) -> T> Loop for Zip<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (value, &other) in self.values.iter_mut().zip(self.others) {
            *value = (self.f)(*value, other);
        }
    }
}

/// `results[i] = f(left[i], right[i])`
///
/// # Panics
/// If the lengths differ.
#[inline]
pub fn zip_map_to<T: Copy>(left: &[T], right: &[T], results: &mut [T], f: impl Fn(T, T) -> T) {
    let count = results.len();
    assert!(left.len() == count && right.len() == count, "zip_map_to: lengths differ");
    vectorize(ZipMap { left, right, results, f });
}

struct ZipMap<'a, T, F> {
    left: &'a [T],
    right: &'a [T],
    results: &'a mut [T],
    f: F,
}

impl<T: Copy, F: Fn(T, T) -> T> Loop for ZipMap<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let pairs = self.left.iter().zip(self.right);
        for (result, (&left, &right)) in self.results.iter_mut().zip(pairs) {
            *result = (self.f)(left, right);
        }
    }
}

/// The sum of `f(left[i], right[i])`
///
/// The order of the additions is the same on every machine: see [`squared_norm`].
///
/// # Panics
/// If the lengths differ.
#[inline]
pub fn zip_sum<T: Copy>(left: &[T], right: &[T], f: impl Fn(T, T) -> f64) -> f64 {
    assert!(left.len() == right.len(), "zip_sum: lengths differ");
    vectorize(ZipSum { left, right, f })
}

struct ZipSum<'a, T, F> {
    left: &'a [T],
    right: &'a [T],
    f: F,
}

impl<T: Copy, F: Fn(T, T) -> f64> Loop for ZipSum<'_, T, F> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let mut sums = [0.0; SUMS];
        let (left, rest_of_left) = self.left.as_chunks::<SUMS>();
        let (right, rest_of_right) = self.right.as_chunks::<SUMS>();
        for (left, right) in left.iter().zip(right) {
            for (sum, (&left, &right)) in sums.iter_mut().zip(left.iter().zip(right)) {
                *sum += (self.f)(left, right);
            }
        }
        for (sum, (&left, &right)) in sums.iter_mut().zip(rest_of_left.iter().zip(rest_of_right)) {
            *sum += (self.f)(left, right);
        }
        add_in_halves(sums)
    }
}

/// The sum of `weight * f(left, right)`, in double precision. A pair of weight 0 does not count, whatever
/// it holds.
///
/// The order of the additions is the same on every machine: see [`squared_norm`].
///
/// # Panics
/// If the lengths differ.
#[inline]
pub fn weighted_zip_sum<T: Copy>(
    left: &[T],
    right: &[T],
    weights: &[f64],
    f: impl Fn(T, T) -> f64,
) -> f64 {
    let equal = left.len() == right.len() && left.len() == weights.len();
    assert!(equal, "weighted_zip_sum: lengths differ");
    vectorize(WeightedZipSum { left, right, weights, f })
}

struct WeightedZipSum<'a, T, F> {
    left: &'a [T],
    right: &'a [T],
    weights: &'a [f64],
    f: F,
}

impl<T: Copy, F: Fn(T, T) -> f64> Loop for WeightedZipSum<'_, T, F> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let mut sums = [0.0; SUMS];
        let pairs = self.left.chunks(SUMS).zip(self.right.chunks(SUMS));
        for ((left, right), weights) in pairs.zip(self.weights.chunks(SUMS)) {
            let entries = left.iter().zip(right).zip(weights);
            for (sum, ((&left, &right), &weight)) in sums.iter_mut().zip(entries) {
                let term = weight * (self.f)(left, right);
                *sum += if weight > 0.0 { term } else { 0.0 };
            }
        }
        add_in_halves(sums)
    }
}

/// The sum of the partial sums: `p[j] += p[j + 8]` for j < 8, then `p[j + 4]` for j < 4, and so on.
///
/// Not inlined: beside these few additions, the compiler would keep only two sums of the loop in a vector
/// register.
#[inline(never)]
fn add_in_halves(mut sums: [f64; SUMS]) -> f64 {
    let mut half = SUMS / 2;
    while half > 0 {
        for index in 0..half {
            sums[index] += sums[index + half];
        }
        half /= 2;
    }
    sums[0]
}

/// The sum of `to_f64(value)^2`
///
/// It has 16 partial sums, because an addition waits for the one before. Term i is added to partial
/// sum i mod 16, and the partial sums are added in halves. So the order of the additions is the same on
/// every machine.
#[inline]
pub fn squared_norm<T: Copy>(values: &[T], to_f64: impl Fn(T) -> f64) -> f64 {
    zip_sum(values, values, |value, _| to_f64(value) * to_f64(value))
}

/// The number of partial sums: two registers of 512 bits.
const SUMS: usize = 16;

/// Whether every value satisfies the predicate.
///
/// It ends soon after the first value that does not.
#[inline]
pub fn all<T: Copy>(values: &[T], predicate: impl Fn(T) -> bool) -> bool {
    /// Where the predicate does not hold for all values, it often fails for one of the first few.
    const FEW: usize = 4;

    values.iter().take(FEW).all(|&value| predicate(value)) && vectorize(All { values, predicate })
}

struct All<'a, T, F> {
    values: &'a [T],
    predicate: F,
}

impl<T: Copy, F: Fn(T) -> bool> Loop for All<'_, T, F> {
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        /// An end after each value would keep the compiler from using vector registers.
        const PART: usize = 64;

        for part in self.values.chunks(PART) {
            let mut all = true;
            for &value in part {
                all &= (self.predicate)(value);
            }
            if !all {
                return false;
            }
        }
        true
    }
}

/// Applies an optimizer's formula to every number of a parameter, to its gradient and to the `N`
/// numbers of state that belong to it.
///
/// ```text
/// (w, state) = formula(w, g, state)
/// ```
/// State that has decayed below the normal range becomes zero ([`Kernels::flush`]).
///
/// # Panics
/// If there is not one gradient for each value, or a state has another length.
#[inline]
pub fn update_mut<T: Kernels, const N: usize>(
    values: &mut [T],
    gradients: &[T],
    state: [&mut [T]; N],
    formula: impl Fn(T, T, [T; N]) -> (T, [T; N]),
) {
    let count = values.len();
    assert_eq!(gradients.len(), count, "number of gradients");
    for state in &state {
        assert_eq!(state.len(), count, "numbers of state");
    }
    // 256 bytes of each tensor at a time: four registers of 512 bits.
    match size_of::<T>() {
        4 => vectorize(Update::<T, _, N, 64> { values, gradients, state, formula }),
        _ => vectorize(Update::<T, _, N, 32> { values, gradients, state, formula }),
    }
}

/// The loop of [`update_mut`], which updates `AT_ONCE` numbers at a time.
struct Update<'a, T, F, const N: usize, const AT_ONCE: usize> {
    values: &'a mut [T],
    gradients: &'a [T],
    state: [&'a mut [T]; N],
    formula: F,
}

impl<T, F, const N: usize, const AT_ONCE: usize> Loop for Update<'_, T, F, N, AT_ONCE>
where
    T: Kernels,
    F: Fn(T, T, [T; N]) -> (T, [T; N]),
{
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { values, gradients, state, formula } = self;
        let (values, last_values) = values.as_chunks_mut::<AT_ONCE>();
        let (gradients, last_gradients) = gradients.as_chunks::<AT_ONCE>();
        let mut state = state.map(<[T]>::as_chunks_mut::<AT_ONCE>);
        for (chunk, (values, gradients)) in values.iter_mut().zip(gradients).enumerate() {
            // Everything is loaded before anything is stored. Where two tensors are a multiple of
            // 4 KiB apart, a CPU mistakes a load from one for a load of what was just stored in the
            // other, and waits.
            let mut new_values = *values;
            let mut new_state = state.each_ref().map(|(chunks, _)| chunks[chunk]);
            for index in 0..AT_ONCE {
                let old_state = new_state.each_ref().map(|state| state[index]);
                let (value, updated) = formula(new_values[index], gradients[index], old_state);
                new_values[index] = value;
                for (state, updated) in new_state.iter_mut().zip(updated) {
                    state[index] = updated.flush();
                }
            }
            *values = new_values;
            for ((chunks, _), new) in state.iter_mut().zip(new_state) {
                chunks[chunk] = new;
            }
        }
        let mut last_state = state.map(|(_, last)| last);
        for (index, (value, &gradient)) in last_values.iter_mut().zip(last_gradients).enumerate() {
            let old_state = last_state.each_ref().map(|state| state[index]);
            let (new_value, updated) = formula(*value, gradient, old_state);
            *value = new_value;
            for (state, updated) in last_state.iter_mut().zip(updated) {
                state[index] = updated.flush();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lengths around those of the chunks.
    const LENGTHS: [u16; 9] = [0, 1, 7, 8, 15, 16, 63, 64, 200];

    #[test]
    fn every_pair_is_mapped_and_summed_once() {
        for length in LENGTHS {
            let left: Vec<f64> = (0..length).map(f64::from).collect();
            let right = vec![0.5; left.len()];
            let mut results = vec![f64::NAN; left.len()];
            zip_map_to(&left, &right, &mut results, |left, right| left + right);
            let expected: Vec<f64> = left.iter().map(|left| left + 0.5).collect();
            assert_eq!(results, expected);
            assert_eq!(zip_sum(&left, &right, |left, right| left + right), expected.iter().sum());
            let squares: f64 = left.iter().map(|left| left * left).sum();
            assert_eq!(squared_norm(&left, |value| value), squares);
            map_mut(&mut results, |value| value - 0.5);
            assert_eq!(results, left);
        }
        assert!(squared_norm(&[1.0, f64::NAN], |value| value).is_nan());
    }

    #[test]
    fn a_predicate_holds_for_all_or_not() {
        for length in 1..200 {
            let mut values = vec![1.0; length];
            assert!(all(&values, f64::is_finite));
            for at in 0..length {
                values[at] = f64::NAN;
                assert!(!all(&values, f64::is_finite), "{at} of {length}");
                values[at] = 1.0;
            }
        }
        assert!(all(&[], f64::is_finite));
    }

    #[test]
    fn every_number_of_a_parameter_is_updated_once() {
        for length in LENGTHS {
            let mut values: Vec<f64> = (0..length).map(f64::from).collect();
            let gradients = vec![2.0; values.len()];
            let (mut first, mut second) = (vec![1.0; values.len()], vec![3.0; values.len()]);
            update_mut(&mut values, &gradients, [&mut first, &mut second], |w, g, [m, c]| {
                (w - g * (m + g), [m + g, c * g])
            });
            let expected: Vec<f64> = (0..length).map(|index| f64::from(index) - 6.0).collect();
            assert_eq!(
                (values, first, second),
                (expected, vec![3.0; length.into()], vec![6.0; length.into()])
            );
        }
    }

    #[test]
    fn state_below_the_normal_range_becomes_zero() {
        for length in [1, 64] {
            let (mut values, gradients) = (vec![1.0_f32; length], vec![0.0; length]);
            let mut state = vec![2.0 * f32::MIN_POSITIVE; length];
            update_mut(&mut values, &gradients, [&mut state], |w, g, [m]| (w - g, [0.5 * m]));
            assert_eq!(state, vec![f32::MIN_POSITIVE; length]);
            update_mut(&mut values, &gradients, [&mut state], |w, g, [m]| (w - g, [0.5 * m]));
            assert_eq!(state, vec![0.0; length]);
            assert_eq!(values, vec![1.0; length]);
        }
    }
}
