//! Elementary functions of `f32` and `f64`: [`exp`], [`ln`], [`ln_1p`], [`tanh`], [`sigmoid`] and
//! [`softplus`].
//!
//! An input gives the same bits on every CPU, alone and in a slice of any length.
//! Only additions, products, fused products, quotients, comparisons and bits are used, which IEEE 754
//! defines exactly; no function of the platform. (The bits of a NaN are not defined.) On a CPU without
//! fused multiply-add the functions are slow. In WebAssembly, which has no fused multiply-add, the functions of `f32`
//! round products too: their results may differ by an ulp from those of a CPU, and their largest errors are 0.97 ulp,
//! for the sigmoid 1.32 ulp.
//!
//! | function | largest error, `f32` | largest error, `f64` |
//! |---|---|---|
//! | [`exp`] | 0.88 ulp | 0.90 ulp |
//! | [`ln`] | 0.83 ulp | 0.93 ulp |
//! | [`ln_1p`] | 0.83 ulp | 0.93 ulp |
//! | [`tanh`] | 0.81 ulp | 1.12 ulp |
//! | [`sigmoid`] | 0.91 ulp | 0.92 ulp |
//! | [`softplus`] | 0.85 ulp | 0.94 ulp |
//!
//! An ulp is the distance of two neighboring numbers at the result. For `f32`, all 2^32 inputs were
//! tried (`tests/functions/exhaustive.rs`); for `f64`, 166.7 million random ones for each function, and the
//! hard places (`random.rs` there, with `NNFS_INPUTS=166700000`).
//!
//! Each function is one formula without branches. It has a separate file and works for both kinds of number.
//! The compiler turns a loop over it into vector code.

mod constants;
mod exp;
mod float;
mod ln;
mod sigmoid;
mod softplus;
mod tanh;

pub use exp::{Exp, exp};
pub use float::{Constants, Float};
pub use ln::{Ln, Ln1p, ln, ln_1p};
pub use sigmoid::{Sigmoid, sigmoid};
pub use softplus::{Softplus, softplus};
pub use tanh::{Tanh, tanh};

use crate::vectorize::{Loop, vectorize};

/// A function of one number, without branches.
pub trait Function {
    /// Its value at x.
    fn at<T: Float>(x: T) -> T;
}

/// `values[i] = F(values[i])`
///
/// ```
/// let mut values = [-1.0, 0.0, 1.0];
/// nnfs_kernel::apply_mut::<nnfs_kernel::Tanh, f64>(&mut values);
/// assert_eq!(values, [-1.0, 0.0, 1.0].map(nnfs_kernel::tanh));
/// ```
#[inline]
pub fn apply_mut<F: Function, T: Float>(values: &mut [T]) {
    vectorize(Blocks::<F, T> { values, function: std::marker::PhantomData });
}

/// The value at one number, with the bits that it has in a slice.
#[inline]
fn call<F: Function, T: Float>(x: T) -> T {
    let mut value = [x];
    vectorize(One::<F, T> { value: &mut value[0], function: std::marker::PhantomData });
    value[0]
}

/// The loop of [`call`].
struct One<'a, F, T> {
    value: &'a mut T,
    function: std::marker::PhantomData<F>,
}

impl<F: Function, T: Float> Loop for One<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        *self.value = F::at(*self.value);
    }
}

/// The loop of [`apply_mut`].
struct Blocks<'a, F, T> {
    values: &'a mut [T],
    function: std::marker::PhantomData<F>,
}

/// A loop over a block of fixed size becomes vector code as a whole: 16 numbers are one register of
/// 512 bits of `f32` and two of `f64`. The last numbers are copied into a block of 8, so there is no
/// loop over single numbers.
///
/// Everything in here has to be inlined, or it is compiled without the instructions. The compiler
/// may leave a closure as a function, so there is none here.
impl<F: Function, T: Float> Loop for Blocks<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (blocks, rest) = self.values.as_chunks_mut::<16>();
        for block in blocks {
            in_block::<F, T, 16>(block);
        }
        let (blocks, rest) = rest.as_chunks_mut::<8>();
        for block in blocks {
            in_block::<F, T, 8>(block);
        }
        if !rest.is_empty() {
            // Copies of fixed length become loads and stores under a mask.
            let mut block = [T::from(0.0); 8];
            for i in 0..8 {
                if i < rest.len() {
                    block[i] = rest[i];
                }
            }
            in_block::<F, T, 8>(&mut block);
            for i in 0..8 {
                if i < rest.len() {
                    rest[i] = block[i];
                }
            }
        }
    }
}

#[inline(always)]
fn in_block<F: Function, T: Float, const COUNT: usize>(block: &mut [T; COUNT]) {
    for value in block {
        *value = F::at(*value);
    }
}
