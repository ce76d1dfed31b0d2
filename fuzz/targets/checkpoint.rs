#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    nnfs_fuzz::targets::checkpoint(data);
});
