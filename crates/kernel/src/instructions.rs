//! The instruction set of this CPU.

/// The instruction sets that have kernels of their own.
pub(crate) enum Instructions {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Any CPU: whatever the compilation target has.
    Portable,
}

impl Instructions {
    /// The best one that this CPU has. The standard library detects it once per process.
    ///
    /// `--cfg nnfs_instructions="avx2"` or `"portable"` in RUSTFLAGS asks for narrower registers.
    #[inline]
    pub(crate) fn of_this_cpu() -> Self {
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
    pub(crate) fn is_fused(&self) -> bool {
        !matches!(self, Self::Portable) || cfg!(target_arch = "aarch64")
    }
}
