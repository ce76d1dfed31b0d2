//! Elementwise loops with the widest registers of the CPU.

use crate::instructions::Instructions;

/// Runs a loop with the instructions of this CPU: the same code and the same bits, with wider
/// registers.
///
/// Rust compiles for the oldest CPU of its target unless a flag says otherwise. The code of `work` is
/// compiled again for AVX2 and AVX-512, as far as it is inlined, and the best version is chosen at
/// run time. This pays for loops over slices, without branches, of a hundred numbers or more.
#[inline]
pub(crate) fn vectorize<L: Loop>(work: L) -> L::Output {
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
    fn avx512<L: Loop>(work: L) -> L::Output {
        work.run()
    }
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    fn avx2<L: Loop>(work: L) -> L::Output {
        work.run()
    }
    match Instructions::of_this_cpu() {
        // SAFETY: the CPU has AVX2, FMA and these parts of AVX-512.
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx512 => unsafe { avx512(work) },
        // SAFETY: the CPU has AVX2 and FMA.
        #[cfg(target_arch = "x86_64")]
        Instructions::Avx2 => unsafe { avx2(work) },
        Instructions::Portable => work.run(),
    }
}

/// A loop for [`vectorize`]: a type whose `run` is marked `#[inline(always)]`.
pub(crate) trait Loop {
    /// The result of the loop.
    type Output;

    /// Runs the loop.
    fn run(self) -> Self::Output;
}
