//! A fused multiply-add of `f32` for platforms without the instruction.

/// `a b + c`, rounded once, with the bits of [`f32::mul_add`].
///
/// ```text
/// s = a b + c     in f64: the product is exact, the sum is rounded
/// e               what the sum lost
/// s is rounded to odd: if e is not 0 and the last bit of s is 0, s becomes its neighbor in the direction of e
/// ```
///
/// A number that was rounded to odd with two bits more than the result has, rounds to the result that one rounding
/// gives (Boldo and Melquiond, *Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd*,
/// 2008). There is no branch, so a loop becomes vector code. The function of the platform has branches and is called
/// for every number.
#[inline(always)]
#[cfg_attr(not(any(test, target_family = "wasm")), allow(dead_code))]
pub(super) fn mul_add(a: f32, b: f32, c: f32) -> f32 {
    let (product, c) = (f64::from(a) * f64::from(b), f64::from(c));
    let sum = product + c;
    // Knuth, *The Art of Computer Programming*, volume 2, section 4.2.2. It is NaN if the sum is infinite.
    let part = sum - product;
    let lost = (product - (sum - part)) + (c - part);
    // Larger bits are a larger size, so the sign of the product is that of the step.
    let direction = lost * sum;
    let step = i64::from(direction > 0.0) - i64::from(direction < 0.0);
    let bits = sum.to_bits();
    let is_even = i64::from(bits & 1 == 0);
    f64::from_bits(bits.wrapping_add_signed(step * is_even)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// xorshift
    fn next(state: &mut u64) -> u32 {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        (*state >> 16) as u32
    }

    fn assert_same(a: f32, b: f32, c: f32) {
        let (found, expected) = (mul_add(a, b, c), a.mul_add(b, c));
        let is_same = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
        assert!(is_same, "{a:e} * {b:e} + {c:e}: expected {expected:e}, found {found:e}");
    }

    #[test]
    fn the_bits_are_those_of_one_rounding() {
        let mut state = 1;
        for _ in 0..1_000_000 {
            let [a, b, c] = [(); 3].map(|()| f32::from_bits(next(&mut state)));
            assert_same(a, b, c);
            // A term of about the size of the product, and one near half a unit of its last place.
            let near = -a * b * (1.0 + (next(&mut state) % 64) as f32 * f32::EPSILON);
            assert_same(a, b, near);
            let half =
                a * b * f32::EPSILON * [0.5, 0.25, -0.5, 0.5000001][next(&mut state) as usize % 4];
            assert_same(a, b, half);
            // Few digits, so that ties are frequent.
            let [a, b, c] =
                [a, b, c].map(|it| f32::from_bits(it.to_bits() & 0x9fff_f000 | 0x2000_0000));
            assert_same(a, b, c);
            assert_same(1.0 + f32::EPSILON, 1.0 - f32::EPSILON / 2.0, c);
        }
    }

    #[test]
    fn special_numbers_are_those_of_the_platform() {
        let smallest = f32::from_bits(1);
        let numbers = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            smallest,
            -smallest,
            f32::MIN_POSITIVE,
            f32::MAX,
            f32::MIN,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
            0.5,
            1.0 + f32::EPSILON,
        ];
        for a in numbers {
            for b in numbers {
                for c in numbers {
                    assert_same(a, b, c);
                }
            }
        }
    }
}
