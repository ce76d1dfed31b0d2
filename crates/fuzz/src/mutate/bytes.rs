//! Changes of bytes, whatever they mean.

use rand::RngExt;
use rand::seq::IndexedRandom;

use super::LONGEST;
use crate::Random;

/// Makes one to four changes. `words` are bytes that have a meaning in the format.
pub(super) fn change(random: &mut Random, bytes: &mut Vec<u8>, words: &[&[u8]]) {
    for _ in 0..random.random_range(1..5) {
        change_one(random, bytes, words);
    }
    bytes.truncate(LONGEST);
}

fn change_one(random: &mut Random, bytes: &mut Vec<u8>, words: &[&[u8]]) {
    let length = bytes.len();
    let at = random.random_range(0..=length);
    let end = (at + random.random_range(0..40)).min(length);
    match random.random_range(0..10) {
        0..3 if at < length => bytes[at] ^= 1 << random.random_range(0..8),
        3 if at < length => bytes[at] = random.random(),
        4 => {
            bytes.drain(at..end);
        }
        5 => {
            let part = bytes[at..end].to_vec();
            let place = random.random_range(0..=length);
            bytes.splice(place..place, part);
        }
        6 => {
            let added: Vec<u8> = (0..random.random_range(1..20)).map(|_| random.random()).collect();
            bytes.splice(at..at, added);
        }
        7 => bytes.truncate(at),
        8 => {
            // A length or another number that lies.
            let number = [0, 1, 255, 65_535, u64::from(u32::MAX), 1 << 40, 1 << 63, u64::MAX];
            let number = number.choose(random).expect("the list is not empty").to_le_bytes();
            let width = *[1, 2, 4, 8].choose(random).expect("the list is not empty");
            let end = (at + width).min(length);
            bytes[at..end].copy_from_slice(&number[..end - at]);
        }
        _ => {
            if let Some(word) = words.choose(random) {
                let end = if random.random() { at } else { (at + word.len()).min(length) };
                bytes.splice(at..end, word.iter().copied());
            }
        }
    }
}
