//! The pages, the numbers in them, and the exercises.

mod exercises;
mod numbers;
mod pages;
