//! Vector registers with the few operations that the kernels need, for each instruction set.

use crate::Kernels;
use crate::nonzero::NonZeroColumns;
use crate::tile::Panel;

/// A register of `LANES` numbers.
///
/// # Safety
/// Every method needs a CPU with the instructions of the register. `load` and `store` need a pointer to
/// `LANES` numbers; `load_first` and `store_first` need `count` numbers and access no more.
pub(crate) trait Vector: Copy {
    /// The kind of number.
    type Number: Kernels;
    /// The number of lanes.
    const LANES: usize;
    /// The most registers of rows in a panel of several columns. With 16 registers, the sums of 3 x 4, 3 rows and a
    /// factor need all of them. The compiler then moved sums to memory in each step, which took twice the time.
    const PANEL_REGISTERS: usize;

    unsafe fn zero() -> Self;
    unsafe fn splat(number: Self::Number) -> Self;
    unsafe fn load(from: *const Self::Number) -> Self;
    /// The first `count` lanes, fewer than all; the others are 0.
    unsafe fn load_first(from: *const Self::Number, count: usize) -> Self;
    unsafe fn store(self, to: *mut Self::Number);
    unsafe fn store_first(self, to: *mut Self::Number, count: usize);
    unsafe fn add(self, other: Self) -> Self;
    /// `self + left * right`, rounded once where the instruction set can.
    unsafe fn add_product(self, left: Self, right: Self) -> Self;
    /// 0 where `self <= 0`; NaN stays NaN.
    unsafe fn rectify(self) -> Self;
    /// The bits of both.
    unsafe fn or(self, other: Self) -> Self;
    /// Whether no bit is set: every lane is 0 and none is -0.
    unsafe fn is_zero(self) -> bool;
    /// Loads the cache line of a number into the first cache in the background. Any pointer is allowed.
    fn prefetch(at: *const Self::Number) {
        let _ = at;
    }
    /// `index`, which the compiler takes for a result of `sum`.
    ///
    /// So it computes the sum before it loads the number at the index. Without this it loads all numbers
    /// of a step first, and then lacks registers for the sums.
    unsafe fn after(sum: Self, index: usize) -> usize {
        let _ = sum;
        index
    }
    /// `self[0], other[0], self[1], other[1], ...`, as two registers.
    unsafe fn interleave(self, other: Self) -> (Self, Self);
    /// [`Panel::multiply`], compiled for the instruction set.
    unsafe fn multiply_panel<const COLUMNS: usize>(
        panel: &Panel<'_, Self::Number>,
        nonzero: Option<&mut NonZeroColumns>,
    );
}

/// For CPUs without special code. The compiler uses what the target has (SSE2 on any x86-64, NEON on any
/// aarch64).
macro_rules! portable_vector {
    ($number:ty, $lanes:literal) => {
        impl Vector for [$number; $lanes] {
            type Number = $number;
            const LANES: usize = $lanes;
            const PANEL_REGISTERS: usize = if cfg!(target_arch = "aarch64") { 3 } else { 2 };

            #[inline(always)]
            unsafe fn zero() -> Self {
                [0.0; $lanes]
            }
            #[inline(always)]
            unsafe fn splat(number: $number) -> Self {
                [number; $lanes]
            }
            #[inline(always)]
            unsafe fn load(from: *const $number) -> Self {
                // SAFETY: there are `LANES` numbers; an array of numbers has their alignment.
                unsafe { from.cast::<Self>().read() }
            }
            #[inline(always)]
            unsafe fn load_first(from: *const $number, count: usize) -> Self {
                let mut lanes = [0.0; $lanes];
                for (lane, number) in lanes.iter_mut().enumerate().take(count) {
                    // SAFETY: there are `count` numbers.
                    *number = unsafe { *from.add(lane) };
                }
                lanes
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $number) {
                // SAFETY: there is room for `LANES` numbers.
                unsafe { to.cast::<Self>().write(self) }
            }
            #[inline(always)]
            unsafe fn store_first(self, to: *mut $number, count: usize) {
                for (lane, number) in self.into_iter().enumerate().take(count) {
                    // SAFETY: there is room for `count` numbers.
                    unsafe { to.add(lane).write(number) }
                }
            }
            #[inline(always)]
            unsafe fn add(self, other: Self) -> Self {
                std::array::from_fn(|lane| self[lane] + other[lane])
            }
            #[inline(always)]
            unsafe fn add_product(self, left: Self, right: Self) -> Self {
                std::array::from_fn(|lane| {
                    if cfg!(target_arch = "aarch64") {
                        left[lane].mul_add(right[lane], self[lane])
                    } else {
                        self[lane] + left[lane] * right[lane]
                    }
                })
            }
            #[inline(always)]
            unsafe fn rectify(self) -> Self {
                self.map(|number| if number <= 0.0 { 0.0 } else { number })
            }
            #[inline(always)]
            unsafe fn or(self, other: Self) -> Self {
                std::array::from_fn(|lane| {
                    <$number>::from_bits(self[lane].to_bits() | other[lane].to_bits())
                })
            }
            #[inline(always)]
            unsafe fn is_zero(self) -> bool {
                self.iter().fold(0, |bits, number| bits | number.to_bits()) == 0
            }
            #[inline(always)]
            unsafe fn interleave(self, other: Self) -> (Self, Self) {
                let at = |lane: usize| if lane % 2 == 0 { self[lane / 2] } else { other[lane / 2] };
                (std::array::from_fn(at), std::array::from_fn(|lane| at(lane + $lanes)))
            }
            #[inline(never)]
            unsafe fn multiply_panel<const COLUMNS: usize>(
                panel: &Panel<'_, $number>,
                nonzero: Option<&mut NonZeroColumns>,
            ) {
                // SAFETY: required of the caller.
                unsafe { panel.multiply::<Self, COLUMNS>(nonzero) }
            }
        }
    };
}

portable_vector!(f32, 4);
portable_vector!(f64, 2);

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(crate) mod wasm;

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::asm;
    use std::arch::x86_64::*;

    use super::{NonZeroColumns, Panel, Vector};

    /// The intrinsics of one register; some are closures.
    macro_rules! x86_vector {
        (
            $register:ty, $class:ident, $number:ty, $lanes:literal, $features:literal,
            $zero:ident, $splat:ident, $load:ident, $store:ident, $add:ident, $fused:ident,
            load_first: $load_first:expr,
            store_first: $store_first:expr,
            rectify: $rectify:expr,
            or: $or:expr,
            is_zero: $is_zero:expr,
            interleave: $interleave:expr,
        ) => {
            // SAFETY (of every call): the caller has checked the CPU and the pointers.
            #[allow(clippy::undocumented_unsafe_blocks)]
            impl Vector for $register {
                type Number = $number;
                const LANES: usize = $lanes;
                const PANEL_REGISTERS: usize = if size_of::<$register>() == 64 { 3 } else { 2 };

                #[inline(always)]
                unsafe fn zero() -> Self {
                    unsafe { $zero() }
                }
                #[inline(always)]
                unsafe fn splat(number: $number) -> Self {
                    unsafe { $splat(number) }
                }
                #[inline(always)]
                unsafe fn load(from: *const $number) -> Self {
                    unsafe { $load(from) }
                }
                #[inline(always)]
                unsafe fn load_first(from: *const $number, count: usize) -> Self {
                    unsafe { $load_first(from, count) }
                }
                #[inline(always)]
                unsafe fn store(self, to: *mut $number) {
                    unsafe { $store(to, self) }
                }
                #[inline(always)]
                unsafe fn store_first(self, to: *mut $number, count: usize) {
                    unsafe { $store_first(to, count, self) }
                }
                #[inline(always)]
                unsafe fn add(self, other: Self) -> Self {
                    unsafe { $add(self, other) }
                }
                #[inline(always)]
                unsafe fn add_product(self, left: Self, right: Self) -> Self {
                    unsafe { $fused(left, right, self) }
                }
                #[inline(always)]
                unsafe fn rectify(self) -> Self {
                    unsafe { $rectify(self) }
                }
                #[inline(always)]
                unsafe fn or(self, other: Self) -> Self {
                    unsafe { $or(self, other) }
                }
                #[inline(always)]
                unsafe fn is_zero(self) -> bool {
                    unsafe { $is_zero(self) }
                }
                #[inline(always)]
                fn prefetch(at: *const $number) {
                    // SAFETY: a prefetch of any address is allowed and has no effect if the address is
                    // not mapped. Every x86-64 has the instruction.
                    unsafe { _mm_prefetch::<_MM_HINT_T0>(at.cast()) }
                }
                #[inline(always)]
                unsafe fn after(sum: Self, index: usize) -> usize {
                    #[target_feature(enable = $features)]
                    #[inline]
                    fn after(sum: $register, mut index: usize) -> usize {
                        // SAFETY: a comment, which does nothing.
                        unsafe {
                            asm!(
                                "/* {0} {1} */",
                                inout(reg) index,
                                in($class) sum,
                                options(pure, nomem, nostack, preserves_flags),
                            );
                        }
                        index
                    }
                    unsafe { after(sum, index) }
                }
                #[inline(always)]
                unsafe fn interleave(self, other: Self) -> (Self, Self) {
                    unsafe { $interleave(self, other) }
                }
                #[target_feature(enable = $features)]
                #[inline(never)]
                unsafe fn multiply_panel<const COLUMNS: usize>(
                    panel: &Panel<'_, $number>,
                    nonzero: Option<&mut NonZeroColumns>,
                ) {
                    unsafe { panel.multiply::<Self, COLUMNS>(nonzero) }
                }
            }
        };
    }

    x86_vector!(
        __m512, zmm_reg, f32, 16, "avx512f",
        _mm512_setzero_ps, _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_add_ps,
        _mm512_fmadd_ps,
        load_first: |from, count| _mm512_maskz_loadu_ps((1_u16 << count) - 1, from),
        store_first: |to, count, numbers| _mm512_mask_storeu_ps(to, (1_u16 << count) - 1, numbers),
        rectify: |numbers| {
            let positive = _mm512_cmp_ps_mask::<_CMP_NLE_UQ>(numbers, _mm512_setzero_ps());
            _mm512_maskz_mov_ps(positive, numbers)
        },
        or: |left, right| {
            let (left, right) = (_mm512_castps_si512(left), _mm512_castps_si512(right));
            _mm512_castsi512_ps(_mm512_or_si512(left, right))
        },
        is_zero: |numbers| {
            let bits = _mm512_castps_si512(numbers);
            _mm512_test_epi32_mask(bits, bits) == 0
        },
        interleave: |left, right| {
            let low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            let high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
            (
                _mm512_permutex2var_ps(left, low, right),
                _mm512_permutex2var_ps(left, high, right),
            )
        },
    );

    x86_vector!(
        __m512d, zmm_reg, f64, 8, "avx512f",
        _mm512_setzero_pd, _mm512_set1_pd, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_add_pd,
        _mm512_fmadd_pd,
        load_first: |from, count| _mm512_maskz_loadu_pd((1_u8 << count) - 1, from),
        store_first: |to, count, numbers| _mm512_mask_storeu_pd(to, (1_u8 << count) - 1, numbers),
        rectify: |numbers| {
            let positive = _mm512_cmp_pd_mask::<_CMP_NLE_UQ>(numbers, _mm512_setzero_pd());
            _mm512_maskz_mov_pd(positive, numbers)
        },
        or: |left, right| {
            let (left, right) = (_mm512_castpd_si512(left), _mm512_castpd_si512(right));
            _mm512_castsi512_pd(_mm512_or_si512(left, right))
        },
        is_zero: |numbers| {
            let bits = _mm512_castpd_si512(numbers);
            _mm512_test_epi64_mask(bits, bits) == 0
        },
        interleave: |left, right| {
            let low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
            let high = _mm512_add_epi64(low, _mm512_set1_epi64(4));
            (
                _mm512_permutex2var_pd(left, low, right),
                _mm512_permutex2var_pd(left, high, right),
            )
        },
    );

    x86_vector!(
        __m256, ymm_reg, f32, 8, "avx2,fma",
        _mm256_setzero_ps, _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_add_ps,
        _mm256_fmadd_ps,
        load_first: |from, count| _mm256_maskload_ps(from, mask_32(count)),
        store_first: |to, count, numbers| _mm256_maskstore_ps(to, mask_32(count), numbers),
        rectify: |numbers| {
            let positive = _mm256_cmp_ps::<_CMP_NLE_UQ>(numbers, _mm256_setzero_ps());
            _mm256_and_ps(positive, numbers)
        },
        or: _mm256_or_ps,
        is_zero: |numbers| {
            let bits = _mm256_castps_si256(numbers);
            _mm256_testz_si256(bits, bits) != 0
        },
        interleave: |left, right| {
            let (even, odd) = (_mm256_unpacklo_ps(left, right), _mm256_unpackhi_ps(left, right));
            (
                _mm256_permute2f128_ps::<0x20>(even, odd),
                _mm256_permute2f128_ps::<0x31>(even, odd),
            )
        },
    );

    x86_vector!(
        __m256d, ymm_reg, f64, 4, "avx2,fma",
        _mm256_setzero_pd, _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_add_pd,
        _mm256_fmadd_pd,
        load_first: |from, count| _mm256_maskload_pd(from, mask_64(count)),
        store_first: |to, count, numbers| _mm256_maskstore_pd(to, mask_64(count), numbers),
        rectify: |numbers| {
            let positive = _mm256_cmp_pd::<_CMP_NLE_UQ>(numbers, _mm256_setzero_pd());
            _mm256_and_pd(positive, numbers)
        },
        or: _mm256_or_pd,
        is_zero: |numbers| {
            let bits = _mm256_castpd_si256(numbers);
            _mm256_testz_si256(bits, bits) != 0
        },
        interleave: |left, right| {
            let (even, odd) = (_mm256_unpacklo_pd(left, right), _mm256_unpackhi_pd(left, right));
            (
                _mm256_permute2f128_pd::<0x20>(even, odd),
                _mm256_permute2f128_pd::<0x31>(even, odd),
            )
        },
    );

    /// All bits set in the first `count` of 8 lanes.
    #[inline(always)]
    unsafe fn mask_32(count: usize) -> __m256i {
        const BITS: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
        // SAFETY: `count` is at most 8, and 8 numbers follow any such start.
        unsafe { _mm256_loadu_si256(BITS.as_ptr().add(8 - count).cast()) }
    }

    /// All bits set in the first `count` of 4 lanes.
    #[inline(always)]
    unsafe fn mask_64(count: usize) -> __m256i {
        const BITS: [i64; 8] = [-1, -1, -1, -1, 0, 0, 0, 0];
        // SAFETY: `count` is at most 4, and 4 numbers follow any such start.
        unsafe { _mm256_loadu_si256(BITS.as_ptr().add(4 - count).cast()) }
    }
}
