//! The promotion of numbers and the random numbers against NumPy; `golden.py` beside this file
//! says how the values were computed.

#[path = "golden/arithmetic.rs"]
#[rustfmt::skip]
mod arithmetic;
#[path = "golden/functions.rs"]
#[rustfmt::skip]
mod functions;
#[path = "golden/seeds.rs"]
#[rustfmt::skip]
mod seeds;

use arithmetic::*;
use functions::*;
use nnfs_numpy::{Kind, NumpyScalar, RandomState};
use nnfs_tensor::Scalar;
use seeds::*;

/// A kind and a value.
type Number = (Kind, f64);

/// What one seed draws: from the start, after 1000 draws, and all three functions in turn.
struct Draws {
    seed: u32,
    standard_normal: &'static [f64],
    standard_normal_after_1000: &'static [f64],
    random_sample: &'static [f64],
    random_sample_after_1000: &'static [f64],
    uniform: &'static [f64],
    uniform_after_1000: &'static [f64],
    in_turn: &'static [f64],
}

fn scalar((kind, value): Number) -> NumpyScalar {
    match kind {
        Kind::Python => NumpyScalar::python(value),
        Kind::Float32 => NumpyScalar::float32(value),
        Kind::Float64 => NumpyScalar::float64(value),
    }
}

/// The same kind and the same bits, or both NaN.
#[track_caller]
fn assert_same(what: &str, found: NumpyScalar, (kind, value): Number) {
    let same =
        found.value().to_bits() == value.to_bits() || found.value().is_nan() && value.is_nan();
    assert!(same && found.kind() == kind, "{what}: {found:?}, expected {kind:?} {value:?}");
}

#[track_caller]
fn check_binary(
    table: &[[Number; 3]],
    operation: impl Fn(NumpyScalar, NumpyScalar) -> NumpyScalar,
) {
    for &[left, right, expected] in table {
        let found = operation(scalar(left), scalar(right));
        assert_same(&format!("{left:?} and {right:?}"), found, expected);
    }
}

#[test]
fn arithmetic_is_promoted_and_rounded_as_by_numpy() {
    check_binary(ADD, |left, right| left + right);
    check_binary(SUBTRACT, |left, right| left - right);
    check_binary(MULTIPLY, |left, right| left * right);
    check_binary(DIVIDE, |left, right| left / right);
}

#[test]
fn adding_in_place_keeps_the_kind_of_an_array() {
    check_binary(ADD_ASSIGN, |mut left, right| {
        left += right;
        left
    });
}

#[test]
fn the_tables_hold_every_pair_of_kinds() {
    let kinds = [Kind::Python, Kind::Float32, Kind::Float64];
    for table in [ADD, SUBTRACT, MULTIPLY, DIVIDE, ADD_ASSIGN] {
        for (left, right) in kinds.iter().flat_map(|&left| kinds.map(|right| (left, right))) {
            let rows = table.iter().filter(|[a, b, _]| (a.0, b.0) == (left, right));
            assert!(rows.count() >= 8, "{left:?} and {right:?}");
        }
    }
}

#[test]
fn roots_and_absolute_values_exactly() {
    for &[operand, root] in SQRT {
        assert_same(&format!("sqrt {operand:?}"), scalar(operand).sqrt(), root);
    }
    for &[operand, size] in ABS {
        assert_same(&format!("abs {operand:?}"), scalar(operand).abs(), size);
    }
}

#[test]
fn exponentials_within_one_unit_in_the_last_place() {
    for &[operand, (kind, exact)] in EXP {
        let found = scalar(operand).exp();
        let unit = if kind == Kind::Float32 {
            f64::from((exact as f32).next_up()) - exact
        } else {
            exact.next_up() - exact
        };
        let close = found.value() == exact || (found.value() - exact).abs() <= unit;
        assert!(close && found.kind() == kind, "exp {operand:?}: {found:?}, expected {exact:?}");
    }
}

/// The first draws and those after 1000, of one stream, within a relative tolerance.
#[track_caller]
fn check_stream(
    seed: u32,
    mut draw: impl FnMut(&mut RandomState) -> f64,
    [first, after_1000]: [&[f64]; 2],
    tolerance: f64,
) {
    let mut random = RandomState::new(seed);
    let draws: Vec<f64> = (0..1000 + after_1000.len()).map(|_| draw(&mut random)).collect();
    for (start, expected) in [(0, first), (1000, after_1000)] {
        for (index, (&found, &expected)) in draws[start..].iter().zip(expected).enumerate() {
            let close = (found - expected).abs() <= tolerance * expected.abs();
            assert!(close, "seed {seed}, draw {}: {found}, expected {expected}", start + index);
            assert_eq!(found as f32, expected as f32, "seed {seed}, as the book stores it");
        }
    }
}

/// The logarithm in a normal number comes from the `libm` crate, which is the same on every
/// machine but may differ by one unit in the last place from the C library's (it does for the 17th
/// draw of seed 4294967295); then come a division, a square root and a product.
const LOG: f64 = 2.0 * f64::EPSILON;

#[test]
fn random_numbers_are_those_of_random_state() {
    for draws in [SEED_0, SEED_1, SEED_42, SEED_4294967295] {
        let Draws { seed, .. } = draws;
        let expected = [draws.random_sample, draws.random_sample_after_1000];
        check_stream(seed, RandomState::random_sample, expected, 0.0);
        let expected = [draws.uniform, draws.uniform_after_1000];
        check_stream(seed, |random| random.uniform(-2.5, 0.7), expected, 0.0);
        let expected = [draws.standard_normal, draws.standard_normal_after_1000];
        check_stream(seed, RandomState::standard_normal, expected, LOG);
    }
}

#[test]
fn the_second_normal_number_waits_while_others_are_drawn() {
    for draws in [SEED_0, SEED_1, SEED_42, SEED_4294967295] {
        let mut functions = [
            RandomState::standard_normal,
            RandomState::random_sample,
            |random: &mut RandomState| random.uniform(-2.5, 0.7),
        ]
        .into_iter()
        .cycle();
        let in_turn =
            |random: &mut RandomState| functions.next().expect("an endless cycle")(random);
        check_stream(draws.seed, in_turn, [draws.in_turn, &[]], LOG);
    }
}
