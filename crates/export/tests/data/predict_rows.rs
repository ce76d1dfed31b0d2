//! Predicts rows with generated files, for `rust_files/program.rs`. Each line of the standard input is the number of a
//! file and the bits of its inputs; each line of the standard output has the bits of the outputs. All numbers are
//! `f64`.

use std::io::Read;

trait Number: Copy {
    fn of(number: f64) -> Self;
    fn bits(self) -> u64;
}

impl Number for f32 {
    fn of(number: f64) -> Self {
        number as f32
    }
    fn bits(self) -> u64 {
        f64::from(self).to_bits()
    }
}

impl Number for f64 {
    fn of(number: f64) -> Self {
        number
    }
    fn bits(self) -> u64 {
        self.to_bits()
    }
}

fn row<A: Number, B: Number, const N: usize, const M: usize>(
    predict: fn(&[A; N]) -> [B; M],
    row: &[f64],
) -> String {
    let inputs: Vec<A> = row.iter().copied().map(A::of).collect();
    let inputs = inputs.try_into().ok().expect("as many inputs as the network has");
    let outputs = predict(&inputs).map(|output| format!("{:x}", output.bits()));
    outputs.join(" ")
}

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("text");
    for line in text.lines() {
        let (file, inputs) = line.split_once(' ').expect("a file and its inputs");
        let bits = inputs.split(' ').map(|word| u64::from_str_radix(word, 16).expect("bits"));
        let inputs: Vec<f64> = bits.map(f64::from_bits).collect();
        println!("{}", predict(file, &inputs));
    }
}
