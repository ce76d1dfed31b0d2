//! The registers of WebAssembly, of 128 bits. The compiler makes such registers of arrays only in part.

use std::arch::wasm32::*;

use super::{NonZeroColumns, Panel, Vector};

/// Four `f32`.
#[derive(Clone, Copy)]
pub(crate) struct F32x4(v128);

/// Two `f64`.
#[derive(Clone, Copy)]
pub(crate) struct F64x2(v128);

macro_rules! wasm_vector {
    (
        $register:ident, $number:ty, $lanes:literal,
        $splat:ident, $add:ident, $multiply:ident, $le:ident,
        interleave: $interleave:expr,
    ) => {
        // SAFETY (of every call): the caller has checked the pointers, and the target has the
        // instructions. No alignment is needed.
        #[allow(clippy::undocumented_unsafe_blocks)]
        impl Vector for $register {
            type Number = $number;
            const LANES: usize = $lanes;
            const PANEL_REGISTERS: usize = 2;

            #[inline(always)]
            unsafe fn zero() -> Self {
                Self($splat(0.0))
            }
            #[inline(always)]
            unsafe fn splat(number: $number) -> Self {
                Self($splat(number))
            }
            #[inline(always)]
            unsafe fn load(from: *const $number) -> Self {
                Self(unsafe { v128_load(from.cast()) })
            }
            #[inline(always)]
            unsafe fn load_first(from: *const $number, count: usize) -> Self {
                let mut lanes = [0.0; $lanes];
                for (lane, number) in lanes.iter_mut().enumerate().take(count) {
                    *number = unsafe { *from.add(lane) };
                }
                unsafe { Self::load(lanes.as_ptr()) }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $number) {
                unsafe { v128_store(to.cast(), self.0) }
            }
            #[inline(always)]
            unsafe fn store_first(self, to: *mut $number, count: usize) {
                let mut lanes = [0.0; $lanes];
                unsafe { self.store(lanes.as_mut_ptr()) }
                for (lane, number) in lanes.into_iter().enumerate().take(count) {
                    unsafe { to.add(lane).write(number) }
                }
            }
            #[inline(always)]
            unsafe fn add(self, other: Self) -> Self {
                Self($add(self.0, other.0))
            }
            #[inline(always)]
            unsafe fn add_product(self, left: Self, right: Self) -> Self {
                Self($add(self.0, $multiply(left.0, right.0)))
            }
            #[inline(always)]
            unsafe fn rectify(self) -> Self {
                Self(v128_andnot(self.0, $le(self.0, $splat(0.0))))
            }
            #[inline(always)]
            unsafe fn or(self, other: Self) -> Self {
                Self(v128_or(self.0, other.0))
            }
            #[inline(always)]
            unsafe fn is_zero(self) -> bool {
                !v128_any_true(self.0)
            }
            #[inline(always)]
            unsafe fn interleave(self, other: Self) -> (Self, Self) {
                let (low, high) = $interleave(self.0, other.0);
                (Self(low), Self(high))
            }
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

wasm_vector!(
    F32x4, f32, 4,
    f32x4_splat, f32x4_add, f32x4_mul, f32x4_le,
    interleave: |left, right| {
        (i32x4_shuffle::<0, 4, 1, 5>(left, right), i32x4_shuffle::<2, 6, 3, 7>(left, right))
    },
);

wasm_vector!(
    F64x2, f64, 2,
    f64x2_splat, f64x2_add, f64x2_mul, f64x2_le,
    interleave: |left, right| {
        (i64x2_shuffle::<0, 2>(left, right), i64x2_shuffle::<1, 3>(left, right))
    },
);
