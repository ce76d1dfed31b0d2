//! Elementwise loops with the widest registers of the CPU.

#[cfg(target_arch = "x86_64")]
use super::Instructions;

/// Runs a loop as compiled for the instructions of this CPU: the same code, and the same bits,
/// with wider registers.
///
/// Rust compiles for the oldest CPU of its target unless told otherwise. What is called in here is
/// compiled once more for AVX2 and AVX-512, as far as it is inlined, and the best one is chosen at
/// run time. It pays for loops over slices, without branches, of a hundred numbers or more.
///
/// ```
/// use nnfs_tensor::vectorize;
/// let mut values = vec![1.0_f32; 1000];
/// vectorize(|| values.iter_mut().for_each(|value| *value += 1.0));
/// assert_eq!(values[999], 2.0);
/// ```
#[inline]
pub fn vectorize<L: Loop>(work: L) -> L::Output {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
        fn avx512<L: Loop>(work: L) -> L::Output {
            work.run()
        }
        #[target_feature(enable = "avx2")]
        fn avx2<L: Loop>(work: L) -> L::Output {
            work.run()
        }
        match Instructions::of_this_cpu() {
            // SAFETY: the CPU has AVX-512 with all that is asked for.
            Instructions::Avx512 => return unsafe { avx512(work) },
            // SAFETY: the CPU has AVX2.
            Instructions::Avx2 => return unsafe { avx2(work) },
            Instructions::Portable => {}
        }
    }
    work.run()
}

/// A loop for [`vectorize`]: a closure, or a type whose `run` is marked `#[inline(always)]`.
///
/// The compiler inlines a closure as long as it is small. A large loop has to insist.
pub trait Loop {
    /// What the loop gives.
    type Output;

    /// Runs the loop.
    fn run(self) -> Self::Output;
}

impl<R, F: FnOnce() -> R> Loop for F {
    type Output = R;

    #[inline(always)]
    fn run(self) -> R {
        self()
    }
}
