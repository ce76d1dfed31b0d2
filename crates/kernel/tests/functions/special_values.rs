//! What IEEE 754 and C say about zeros, infinities and NaN, alone and in a slice.

use nnfs_kernel::*;

/// The value alone and in a slice.
fn alone_and_in_a_slice<F: Function, T: Float>(alone: fn(T) -> T, x: T) -> [T; 2] {
    let mut slice = [T::from(0.5), x, T::from(2.0)];
    apply_mut::<F, T>(&mut slice);
    [alone(x), slice[1]]
}

macro_rules! same {
    ($F:ty, $function:ident, $kind:ident: $($x:expr => $y:expr),+ $(,)?) => {$(
        for result in alone_and_in_a_slice::<$F, $kind>($function::<$kind>, $x) {
            let wanted: $kind = $y;
            assert!(
                result.to_bits() == wanted.to_bits() || (result.is_nan() && wanted.is_nan()),
                "{}({:e}) as {}: {result:e}, not {wanted:e}",
                stringify!($function), $x, stringify!($kind),
            );
        }
    )+};
}

macro_rules! both_kinds {
    ($name:ident, $kind:ident) => {
        #[test]
        fn $name() {
            const INFINITY: $kind = $kind::INFINITY;
            const NAN: $kind = $kind::NAN;
            const MAX: $kind = $kind::MAX;
            const TINY: $kind = $kind::from_bits(1);
            same!(Exp, exp, $kind:
                0.0 => 1.0, -0.0 => 1.0, INFINITY => INFINITY, -INFINITY => 0.0, NAN => NAN,
                MAX => INFINITY, -MAX => 0.0, TINY => 1.0, -TINY => 1.0,
            );
            same!(Ln, ln, $kind:
                1.0 => 0.0, 0.0 => -INFINITY, -0.0 => -INFINITY, INFINITY => INFINITY, NAN => NAN,
                -1.0 => NAN, -TINY => NAN, -INFINITY => NAN, -MAX => NAN,
                2.0 => std::$kind::consts::LN_2, 0.5 => -std::$kind::consts::LN_2,
            );
            same!(Ln1p, ln_1p, $kind:
                0.0 => 0.0, -0.0 => -0.0, -1.0 => -INFINITY, INFINITY => INFINITY, NAN => NAN,
                -1.5 => NAN, -INFINITY => NAN, -MAX => NAN, TINY => TINY, -TINY => -TINY,
                1.0 => std::$kind::consts::LN_2, -0.5 => -std::$kind::consts::LN_2,
            );
            same!(Tanh, tanh, $kind:
                0.0 => 0.0, -0.0 => -0.0, INFINITY => 1.0, -INFINITY => -1.0, NAN => NAN,
                MAX => 1.0, -MAX => -1.0, 25.0 => 1.0, TINY => TINY, -TINY => -TINY,
            );
            same!(Sigmoid, sigmoid, $kind:
                0.0 => 0.5, -0.0 => 0.5, INFINITY => 1.0, -INFINITY => 0.0, NAN => NAN,
                MAX => 1.0, -MAX => 0.0, TINY => 0.5, -TINY => 0.5, 50.0 => 1.0,
            );
            same!(Softplus, softplus, $kind:
                0.0 => std::$kind::consts::LN_2, -0.0 => std::$kind::consts::LN_2,
                INFINITY => INFINITY, -INFINITY => 0.0, NAN => NAN, MAX => MAX, -MAX => 0.0,
                TINY => std::$kind::consts::LN_2, 50.0 => 50.0,
            );
        }
    };
}
both_kinds!(of_f32, f32);
both_kinds!(of_f64, f64);

#[test]
fn overflow_and_underflow_of_f32() {
    same!(Exp, exp, f32:
        88.72283 => 3.402_798_5e38, 88.72284 => f32::INFINITY,
        -103.97207 => f32::from_bits(1), -103.97209 => 0.0,
        -87.33655 => f32::from_bits(8_388_582),
    );
    same!(Ln, ln, f32:
        f32::MIN_POSITIVE => -87.33655, f32::from_bits(1) => -103.27893, f32::MAX => 88.72284,
    );
    same!(Ln1p, ln_1p, f32: f32::MAX => 88.72284, -0.99999994 => -16.635532);
    same!(Sigmoid, sigmoid, f32: -103.97207 => f32::from_bits(1), -103.97209 => 0.0);
    same!(Softplus, softplus, f32: -103.97207 => f32::from_bits(1), -103.97209 => 0.0);
}

#[test]
fn overflow_and_underflow_of_f64() {
    same!(Exp, exp, f64:
        709.782712893384 => 1.7976931348622732e308, 709.7827128933841 => f64::INFINITY,
        -745.1332191019411 => 5e-324, -745.1332191019412 => 0.0,
    );
    same!(Ln, ln, f64:
        f64::MIN_POSITIVE => -708.3964185322641, 5e-324 => -744.4400719213812,
        f64::MAX => 709.782712893384,
    );
    same!(Ln1p, ln_1p, f64: f64::MAX => 709.782712893384);
    same!(Sigmoid, sigmoid, f64: -745.1332191019411 => 5e-324, -745.1332191019412 => 0.0);
    same!(Softplus, softplus, f64: -745.1332191019411 => 5e-324, -745.1332191019412 => 0.0);
}
