//! Changes of JSON values.

use rand::RngExt;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};

use crate::Random;

/// Changes one to three places of a value, most often one.
pub(crate) fn change(random: &mut Random, value: &mut Value) {
    for _ in 0..*[1, 1, 1, 2, 3].choose(random).expect("the list is not empty") {
        change_one(random, value);
    }
}

fn change_one(random: &mut Random, value: &mut Value) {
    let mut all = Vec::new();
    places(value, "", &mut all);
    let place = all.choose(random).expect("the value itself is a place").clone();
    let other = all.choose(random).and_then(|other| value.pointer(other)).cloned();
    match random.random_range(0..8) {
        // Another value.
        0..3 => set(value, &place, odd(random)),
        // What is at another place, which may have the right type.
        3 => set(value, &place, other.unwrap_or_default()),
        // A number near the old one.
        4 => {
            if let Some(number) = value.pointer(&place).and_then(Value::as_f64) {
                let changed = match random.random_range(0..4) {
                    0 => number + 1.0,
                    1 => number - 1.0,
                    2 => number * 2.0,
                    _ => -number,
                };
                let whole = changed >= 0.0 && changed.fract() == 0.0 && changed < 1e15;
                set(value, &place, if whole { json!(changed as u64) } else { json!(changed) });
            }
        }
        // Something less, or something more.
        5 => remove(value, &place),
        6 => repeat(random, value, &place),
        _ => {
            if let Some(object) = value.pointer_mut(&place).and_then(Value::as_object_mut) {
                object.insert("extra".to_owned(), odd(random));
            }
        }
    }
}

/// All places in a value, as pointers.
fn places(value: &Value, place: &str, found: &mut Vec<String>) {
    found.push(place.to_owned());
    match value {
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                places(value, &format!("{place}/{index}"), found);
            }
        }
        Value::Object(values) => {
            for (key, value) in values {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{place}/{key}"), found);
            }
        }
        _ => {}
    }
}

fn set(value: &mut Value, place: &str, new: Value) {
    if let Some(old) = value.pointer_mut(place) {
        *old = new;
    }
}

/// The value that holds a place, and the last part of the pointer.
fn parent<'a, 'b>(value: &'a mut Value, place: &'b str) -> Option<(&'a mut Value, &'b str)> {
    let (parent, last) = place.rsplit_once('/')?;
    Some((value.pointer_mut(parent)?, last))
}

fn remove(value: &mut Value, place: &str) {
    match parent(value, place) {
        Some((Value::Object(object), key)) => {
            object.remove(&key.replace("~1", "/").replace("~0", "~"));
        }
        Some((Value::Array(array), index)) => {
            if let Ok(index) = index.parse::<usize>() {
                array.remove(index);
            }
        }
        _ => {}
    }
}

/// Repeats an element of a list, once or often.
fn repeat(random: &mut Random, value: &mut Value, place: &str) {
    if let Some((Value::Array(array), index)) = parent(value, place)
        && let Some(element) = index.parse::<usize>().ok().and_then(|at| array.get(at)).cloned()
    {
        let times = if random.random_range(0..4) == 0 { 50 } else { 1 };
        array.extend(std::iter::repeat_n(element, times));
    }
}

/// A value that is wrong at most places.
fn odd(random: &mut Random) -> Value {
    let all = [
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(2),
        json!(-1),
        json!(0.5),
        json!(1e300),
        json!(-1e300),
        json!(5e-324),
        json!(1u64 << 53),
        json!(4_611_686_018_427_387_904_u64),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("relu"),
        json!("F64"),
        json!("red"),
        json!("é\u{0}\u{fffd}"),
        json!("340282366920938463463374607431768211455"),
        json!([]),
        json!([0]),
        json!([1, 1]),
        json!([0, 4]),
        json!([4_611_686_018_427_387_904_u64, 0]),
        json!([4_294_967_296_u64, 4_294_967_296_u64]),
        json!({}),
        json!({"kind": "softmax"}),
        json!({"kind": "relu"}),
        json!("Number"),
        json!("NumberOrMissing"),
        json!({"OneHot": ["", "red"]}),
        json!({"OneHotOrOther": {"frequent": [], "rare": ["red"]}}),
        json!({"Constant": {"value": "1e999", "kind": "Numeric"}}),
        json!({"ConstantOrMissing": {"value": "red"}}),
        json!({"words": ["01", "1"]}),
        json!({"weight": 1, "layers": []}),
    ];
    all.choose(random).expect("the list is not empty").clone()
}
