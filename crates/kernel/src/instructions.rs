//! The instruction set of this CPU.

use std::sync::atomic::{AtomicU8, Ordering};

/// The instruction sets with separate kernels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Instructions {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Any CPU: whatever the compilation target has.
    Portable,
}

impl Instructions {
    /// The best one that this CPU has.
    ///
    /// `--cfg nnfs_instructions="avx2"` in RUSTFLAGS selects narrower registers. `"portable"` also selects
    /// arithmetic without fused multiply-add, so its bits differ.
    #[inline(always)]
    pub(crate) fn of_this_cpu() -> Self {
        /// What was detected. A single number, because the standard library takes 5 ns to say it.
        static DETECTED: AtomicU8 = AtomicU8::new(0);

        match DETECTED.load(Ordering::Relaxed) {
            #[cfg(target_arch = "x86_64")]
            1 => Self::Avx512,
            #[cfg(target_arch = "x86_64")]
            2 => Self::Avx2,
            3 => Self::Portable,
            _ => {
                let detected = Self::detect();
                let number = match detected {
                    #[cfg(target_arch = "x86_64")]
                    Self::Avx512 => 1,
                    #[cfg(target_arch = "x86_64")]
                    Self::Avx2 => 2,
                    Self::Portable => 3,
                };
                DETECTED.store(number, Ordering::Relaxed);
                detected
            }
        }
    }

    #[cold]
    fn detect() -> Self {
        #[cfg(all(target_arch = "x86_64", not(nnfs_instructions = "portable")))]
        {
            let has_avx512 = cfg!(not(nnfs_instructions = "avx2"))
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl");
            let has_avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            if has_avx2 && has_avx512 {
                return Self::Avx512;
            }
            if has_avx2 {
                return Self::Avx2;
            }
        }
        Self::Portable
    }

    /// Whether the products use fused multiply-add.
    pub(crate) fn is_fused(self) -> bool {
        self != Self::Portable || cfg!(target_arch = "aarch64")
    }
}
