//! The same bits in a slice of any length, alone, and on every CPU.

use crate::support::{NAMES, SplitMix, random_input};
use nnfs_kernel::{Float, Function, apply_mut};

fn alone<T: Float>(name: &str, x: T) -> T {
    match name {
        "exp" => nnfs_kernel::exp(x),
        "ln" => nnfs_kernel::ln(x),
        "ln_1p" => nnfs_kernel::ln_1p(x),
        "tanh" => nnfs_kernel::tanh(x),
        "sigmoid" => nnfs_kernel::sigmoid(x),
        "softplus" => nnfs_kernel::softplus(x),
        name => panic!("no function {name}"),
    }
}

macro_rules! same_bits {
    ($test:ident, $kind:ident) => {
        #[test]
        fn $test() {
            for name in NAMES {
                let mut random = SplitMix(11);
                for count in 0..100 {
                    let inputs: Vec<$kind> =
                        (0..count).map(|_| random_input(name, &mut random) as $kind).collect();
                    let wanted: Vec<$kind> = inputs.iter().map(|&x| alone(name, x)).collect();
                    with_function!(name, F => {
                        let mut results = inputs.clone();
                        apply_mut::<F, $kind>(&mut results);
                        assert_same(name, &inputs, &results, &wanted);
                    });
                }
            }
        }
    };
}
same_bits!(for_f32, f32);
same_bits!(for_f64, f64);

fn assert_same<T: Float + Into<f64> + std::fmt::LowerExp>(
    name: &str,
    inputs: &[T],
    results: &[T],
    wanted: &[T],
) {
    for ((x, result), wanted) in inputs.iter().zip(results).zip(wanted) {
        let (a, b): (f64, f64) = ((*result).into(), (*wanted).into());
        assert!(
            a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
            "{name}({x:e}): {result:e}, alone {wanted:e}",
        );
    }
}

/// FNV-1a of the bits of all results (NaN left out), for inputs over all numbers.
fn hash<F: Function>() -> u64 {
    let mut single: Vec<f32> = (0..=u32::MAX).step_by(999_983).map(f32::from_bits).collect();
    let mut double: Vec<f64> =
        (0..4096_u64).map(|i| f64::from_bits(i.wrapping_mul(0x000f_fedc_ba98_7654))).collect();
    double.extend(single.iter().map(|&x| f64::from(x)));
    apply_mut::<F, f32>(&mut single);
    apply_mut::<F, f64>(&mut double);
    let bits = single.iter().map(|&x| f64::from(x)).chain(double).filter(|x| !x.is_nan());
    bits.flat_map(|x| x.to_bits().to_le_bytes()).fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// One hash for every CPU. A change of one rounding changes it.
#[test]
fn one_hash_for_every_cpu() {
    let wanted = [
        ("exp", 0xc60a_5173_6219_95a5),
        ("ln", 0x37b1_2243_f811_e5e2),
        ("ln_1p", 0x4e65_2619_7b97_fe92),
        ("tanh", 0x4ff3_14b9_32c3_059b),
        ("sigmoid", 0xdf89_9115_ad66_406b),
        ("softplus", 0x4208_cad1_f73e_ba09),
    ];
    let found = wanted.map(|(name, _)| (name, with_function!(name, F => hash::<F>())));
    assert_eq!(found, wanted, "found {found:#x?}");
}
