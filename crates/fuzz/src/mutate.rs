//! Inputs that are made of seeds.

mod bytes;
mod words;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use serde_json::{Value, json};

use crate::container::{Container, Stored, join, split};
use crate::{Random, json};

/// The longest input. A claim in it, such as a length, may be larger.
const LONGEST: usize = 1 << 16;

fn seed(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    seeds.choose(random).expect("a target has seeds").clone()
}

/// A safetensors file: its bytes, its header, or what it holds.
pub(crate) fn container(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut file = seed(random, seeds);
    match random.random_range(0..10) {
        0 => bytes::change(random, &mut file, words::JSON),
        // Most of the bytes are numbers, where every bit is allowed.
        1..3 => {
            let length = file.first_chunk().map_or(0, |length| u64::from_le_bytes(*length));
            let end = usize::try_from(length).map_or(0, |length| length + 8).min(file.len());
            let rest = file.split_off(end);
            bytes::change(random, &mut file, words::JSON);
            file.extend(rest);
        }
        3 => {
            if let Some((mut header, data)) = split(&file) {
                json::change(random, &mut header);
                file = join(&header, data);
            }
        }
        _ => {
            let other = seed(random, seeds);
            let parts = (Container::parse(&file), Container::parse(&other));
            if let (Some(mut container), Some(other)) = parts {
                for _ in 0..*[1, 1, 1, 2, 3].choose(random).expect("the list is not empty") {
                    change_content(random, &mut container, &other);
                }
                file = container.to_bytes();
            }
        }
    }
    file
}

fn change_content(random: &mut Random, container: &mut Container, other: &Container) {
    let choice = random.random_range(0..12);
    if choice < 5
        && let Some(mut document) = container.document()
    {
        json::change(random, &mut document);
        container.set_document(&document);
        return;
    }
    let Some(index) = (0..container.tensors.len()).collect::<Vec<_>>().choose(random).copied()
    else {
        return;
    };
    let tensor = &mut container.tensors[index];
    match choice {
        0..6 => change_text_or_numbers(random, tensor),
        6 => json::change(random, &mut tensor.shape),
        7 => reshape(random, tensor),
        8 => tensor.name = name(random, tensor),
        9 => {
            container.tensors.remove(index);
        }
        10 => {
            let copy = Stored { name: name(random, tensor), ..tensor.clone() };
            container.tensors.push(copy);
        }
        _ => match other.tensors.choose(random) {
            Some(found) => *tensor = found.clone(),
            None => container.metadata.clone_from(&other.metadata),
        },
    }
}

/// Changes the JSON in a tensor of text, or some numbers.
fn change_text_or_numbers(random: &mut Random, tensor: &mut Stored) {
    if let Ok(mut value) = serde_json::from_slice::<Value>(&tensor.bytes) {
        json::change(random, &mut value);
        tensor.bytes = value.to_string().into_bytes();
        tensor.shape = json!([tensor.bytes.len()]);
        return;
    }
    let odd = [0.0, -0.0, 1.0, -1e30, f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NAN];
    let number = *odd.choose(random).expect("the list is not empty");
    let width = if tensor.dtype == "F64" { 8 } else { 4 };
    let places: Vec<usize> = (0..tensor.bytes.len() / width).collect();
    if let Some(place) = places.choose(random) {
        let place = &mut tensor.bytes[place * width..(place + 1) * width];
        match width {
            8 => place.copy_from_slice(&number.to_le_bytes()),
            _ => place.copy_from_slice(&(number as f32).to_le_bytes()),
        }
    }
}

/// Gives a tensor another shape of the same size, or another size.
fn reshape(random: &mut Random, tensor: &mut Stored) {
    if let Some(shape) = tensor.shape.as_array_mut() {
        match random.random_range(0..4) {
            0 => shape.reverse(),
            1 => shape.push(json!(1)),
            2 => {
                shape.pop();
            }
            _ => shape.insert(0, json!(0)),
        }
    }
    if random.random_range(0..3) == 0 {
        let width = if tensor.dtype == "F64" { 8 } else { 4 };
        let dimensions = tensor.shape.as_array().into_iter().flatten();
        let sizes = dimensions.map(|it| it.as_u64().unwrap_or(1).min(100) as usize);
        let count = sizes.fold(1_usize, usize::saturating_mul);
        tensor.bytes.resize(count.min(LONGEST) * width, 0);
    }
}

/// The name of another tensor, or one that is almost right.
fn name(random: &mut Random, tensor: &Stored) -> String {
    let name = words::TENSORS.choose(random).expect("the list is not empty");
    match random.random_range(0..3) {
        0 => format!("{}{}", tensor.name, random.random_range(0..10)),
        1 => tensor.name.replacen(|c: char| c.is_ascii_digit(), "7", 1),
        _ => (*name).to_owned(),
    }
}

/// A CSV file behind a byte that chooses the options, perhaps compressed or in UTF-16.
pub(crate) fn table(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let file = seed(random, seeds);
    let (&choice, file) = file.split_first().expect("the first byte chooses the options");
    let choice = if random.random_range(0..3) == 0 { random.random() } else { choice };
    let mut file = file.to_vec();
    match random.random_range(0..4) {
        0 => bytes::change(random, &mut file, words::CELLS),
        _ => change_cells(random, &mut file),
    }
    match random.random_range(0..16) {
        0 => {
            file = compressed(&file);
            if random.random() {
                bytes::change(random, &mut file, &[]);
            }
        }
        1 => {
            let text = String::from_utf8_lossy(&file);
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            file = match random.random() {
                true => units.flat_map(u16::to_le_bytes).collect(),
                false => units.flat_map(u16::to_be_bytes).collect(),
            };
            if random.random() {
                bytes::change(random, &mut file, &[]);
            }
        }
        _ => {}
    }
    file.insert(0, choice);
    file
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

/// Replaces, repeats and removes cells and rows.
fn change_cells(random: &mut Random, file: &mut Vec<u8>) {
    let separator = *b",,,;\t|".choose(random).expect("the list is not empty");
    let mut rows: Vec<Vec<Vec<u8>>> = file
        .split(|&byte| byte == b'\n')
        .map(|row| row.split(|&byte| byte == b',').map(<[u8]>::to_vec).collect())
        .collect();
    for _ in 0..random.random_range(1..6) {
        let row = random.random_range(0..rows.len());
        let cell = random.random_range(0..rows[row].len().max(1));
        match random.random_range(0..9) {
            0..5 => {
                if let Some(cell) = rows[row].get_mut(cell) {
                    *cell = words::CELLS.choose(random).expect("the list is not empty").to_vec();
                }
            }
            // The same in a whole column.
            5 => {
                let word = words::CELLS.choose(random).expect("the list is not empty");
                let column = rows.iter_mut().skip(1).filter_map(|row| row.get_mut(cell));
                column.for_each(|cell| *cell = word.to_vec());
            }
            6 => rows.insert(row, rows[row].clone()),
            7 if rows.len() > 1 => {
                rows.remove(row);
            }
            _ => rows[row].push(b"7".to_vec()),
        }
    }
    let end: &[u8] = if random.random_range(0..8) == 0 { b"\r\n" } else { b"\n" };
    let rows: Vec<Vec<u8>> = rows.into_iter().map(|row| row.join(&separator)).collect();
    *file = rows.join(end);
}

/// Arguments, separated by zero bytes.
pub(crate) fn options(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let line = seed(random, seeds);
    let mut arguments: Vec<Vec<u8>> = line.split(|&byte| byte == 0).map(<[u8]>::to_vec).collect();
    let words = words::options();
    for _ in 0..*[1, 1, 1, 2, 3].choose(random).expect("the list is not empty") {
        let at = random.random_range(0..=arguments.len());
        let word = words.choose(random).expect("the list is not empty").clone();
        match random.random_range(0..12) {
            0..2 => arguments.insert(at, word),
            8.. => arguments.extend(words::pairs().choose(random).cloned().into_iter().flatten()),
            2 if at < arguments.len() => arguments[at] = word,
            3 if at < arguments.len() => {
                arguments.remove(at);
            }
            4 if at < arguments.len() => bytes::change(random, &mut arguments[at], &[]),
            5 => arguments.shuffle(random),
            _ => {
                let value = words.choose(random).expect("the list is not empty");
                arguments.insert(at, [&word, value.as_slice()].join(&b'='));
            }
        }
    }
    arguments.join(&0)
}

/// A formula: characters and words that are replaced, added and left out.
pub(crate) fn formula(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut text = seed(random, seeds);
    if random.random_range(0..8) == 0 {
        bytes::change(random, &mut text, words::FORMULA);
        return text;
    }
    // Between characters, so that the text remains one.
    let mut parts: Vec<String> = String::from_utf8_lossy(&text).chars().map(String::from).collect();
    for _ in 0..random.random_range(1..8) {
        let at = random.random_range(0..=parts.len());
        let word = words::FORMULA.choose(random).expect("the list is not empty");
        let word = String::from_utf8_lossy(word).into_owned();
        match random.random_range(0..5) {
            0..2 => parts.insert(at, word),
            2 if at < parts.len() => parts[at] = word,
            3 if at < parts.len() => {
                parts.remove(at);
            }
            _ => {
                let from = random.random_range(0..=at);
                let part = parts[from..at].to_vec();
                parts.splice(at..at, part);
            }
        }
    }
    parts.concat().into_bytes()
}
