//! Two `f64` in a register of WebAssembly. The compiler makes such registers of `[f32; 4]` by itself, but not
//! of `[f64; 2]`.

use std::arch::wasm32::*;

use super::{NonZeroColumns, Panel, Vector};

// SAFETY (of every call): the caller has checked the pointers, and the target has the instructions.
#[allow(clippy::undocumented_unsafe_blocks)]
impl Vector for v128 {
    type Number = f64;
    const LANES: usize = 2;

    #[inline(always)]
    unsafe fn zero() -> Self {
        f64x2_splat(0.0)
    }
    #[inline(always)]
    unsafe fn splat(number: f64) -> Self {
        f64x2_splat(number)
    }
    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        unsafe { v128_load(from.cast()) }
    }
    #[inline(always)]
    unsafe fn load_first(from: *const f64, count: usize) -> Self {
        if count == 0 { f64x2_splat(0.0) } else { unsafe { f64x2(*from, 0.0) } }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        unsafe { v128_store(to.cast(), self) }
    }
    #[inline(always)]
    unsafe fn store_first(self, to: *mut f64, count: usize) {
        if count > 0 {
            unsafe { to.write(f64x2_extract_lane::<0>(self)) }
        }
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        f64x2_add(self, other)
    }
    #[inline(always)]
    unsafe fn add_product(self, left: Self, right: Self) -> Self {
        f64x2_add(self, f64x2_mul(left, right))
    }
    #[inline(always)]
    unsafe fn rectify(self) -> Self {
        v128_andnot(self, f64x2_le(self, f64x2_splat(0.0)))
    }
    #[inline(always)]
    unsafe fn or(self, other: Self) -> Self {
        v128_or(self, other)
    }
    #[inline(always)]
    unsafe fn is_zero(self) -> bool {
        !v128_any_true(self)
    }
    #[inline(always)]
    unsafe fn interleave(self, other: Self) -> (Self, Self) {
        (i64x2_shuffle::<0, 2>(self, other), i64x2_shuffle::<1, 3>(self, other))
    }
    #[inline(never)]
    unsafe fn multiply_panel<const COLUMNS: usize>(
        panel: &Panel<'_, f64>,
        nonzero: Option<&mut NonZeroColumns>,
    ) {
        unsafe { panel.multiply::<Self, COLUMNS>(nonzero) }
    }
}
