//! The pages, the numbers in them, and the exercises.

mod command;
mod exercises;
mod numbers;
mod pages;
