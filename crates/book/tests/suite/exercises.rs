//! Runs the exercises in this process, and grades their logs.

// They are programs: each is read by itself, and has a `main`.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::print_stdout)]

use nnfs_book::exercise::Log;
use nnfs_book::grade::{Grade, grade, rows};
use nnfs_book::mistakes::{MISTAKES, PROGRAMS};

#[path = "../../../../docs/exercises/right/adam.rs"]
mod adam;
#[path = "../../../../docs/exercises/right/dropout.rs"]
mod dropout;
#[path = "../../../../docs/exercises/01.rs"]
mod e01;
#[path = "../../../../docs/exercises/02.rs"]
mod e02;
#[path = "../../../../docs/exercises/03.rs"]
mod e03;
#[path = "../../../../docs/exercises/04.rs"]
mod e04;
#[path = "../../../../docs/exercises/05.rs"]
mod e05;
#[path = "../../../../docs/exercises/06.rs"]
mod e06;
#[path = "../../../../docs/exercises/07.rs"]
mod e07;
#[path = "../../../../docs/exercises/08.rs"]
mod e08;
#[path = "../../../../docs/exercises/09.rs"]
mod e09;
#[path = "../../../../docs/exercises/10.rs"]
mod e10;
#[path = "../../../../docs/exercises/11.rs"]
mod e11;
#[path = "../../../../docs/exercises/12.rs"]
mod e12;
#[path = "../../../../docs/exercises/13.rs"]
mod e13;
#[path = "../../../../docs/exercises/14.rs"]
mod e14;
#[path = "../../../../docs/exercises/15.rs"]
mod e15;
#[path = "../../../../docs/exercises/16.rs"]
mod e16;
#[path = "../../../../docs/exercises/17.rs"]
mod e17;
#[path = "../../../../docs/exercises/18.rs"]
mod e18;
#[path = "../../../../docs/exercises/19.rs"]
mod e19;
#[path = "../../../../docs/exercises/20.rs"]
mod e20;
#[path = "../../../../docs/exercises/right/momentum.rs"]
mod momentum;
#[path = "../../../../docs/exercises/right/rms-prop.rs"]
mod rms_prop;

type Program = fn(&mut Log);

/// In the order of [`MISTAKES`].
const EXERCISES: [Program; 20] = [
    e01::train,
    e02::train,
    e03::train,
    e04::train,
    e05::train,
    e06::train,
    e07::train,
    e08::train,
    e09::train,
    e10::train,
    e11::train,
    e12::train,
    e13::train,
    e14::train,
    e15::train,
    e16::train,
    e17::train,
    e18::train,
    e19::train,
    e20::train,
];

/// In the order of [`PROGRAMS`].
const RIGHT: [Program; 4] = [adam::train, momentum::train, rms_prop::train, dropout::train];

#[test]
fn every_exercise_has_its_mistake() {
    for (train, expected) in EXERCISES.into_iter().zip(MISTAKES) {
        let log = Log::of(train).to_string();
        match grade(&log) {
            Grade::Known { mistake, .. } => assert_eq!(mistake, expected),
            other => panic!("{}: {other:?}\n{log}", expected.exercise),
        }
    }
}

/// The log of each program is that of the NumPy program, row by row.
#[test]
fn the_programs_without_a_mistake_are_correct() {
    for (train, (name, title)) in RIGHT.into_iter().zip(PROGRAMS) {
        let log = Log::of(train).to_string();
        assert_eq!(log.lines().collect::<Vec<_>>(), rows(name), "{name}");
        assert_eq!(grade(&log), Grade::Correct { program: title });
    }
}
