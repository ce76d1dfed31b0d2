//! How much memory a training needs, and how much there is.
//!
//! A program whose memory runs out is ended without a message. So the bytes are counted from the widths
//! before anything is allocated.

use std::fmt;
use std::fs;

use nnfs::model::ROWS_OF_TWO_PARTS;

use crate::threads::available_threads;
use crate::{Error, OptimizerKind, Recipe, Settings};

/// The memory that a training needs, in bytes, by what needs it.
///
/// With bagging, parameters are counted for the networks of all folds. All other parts are counted only for
/// networks that are trained at the same time.
///
/// ```text
/// parameters   weights and biases, their gradients, and a copy for a training that diverges
/// optimizer    what it remembers of each parameter: 2 numbers for Adam, 1 for the others
/// best         a copy of the parameters, with early stopping
/// saving       the bytes of the model file, or of a checkpoint, twice while it is written
/// activations  the outputs of every layer for a batch, their gradients, and the copies of a large batch
///              in parts
/// data         inputs and targets of all rows, as numbers of the table and as numbers of the network,
///              or if it is more, what scoring the largest part of the rows needs after the training, or
///              with bagging, the outputs for the training rows
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryNeed {
    /// Weights and biases, their gradients, and a copy.
    pub parameters: u64,
    /// The state of the optimizer.
    pub optimizer: u64,
    /// The best weights, with early stopping.
    pub best: u64,
    /// The bytes of files while they are written.
    pub saving: u64,
    /// What a batch needs on its way through the layers.
    pub activations: u64,
    /// Inputs and targets of all rows.
    pub data: u64,
}

/// The shape of a training.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// The rows to train on and to validate with.
    pub(crate) rows: usize,
    /// The rows of the largest part that is scored: to train on, to validate with, or to test.
    pub(crate) scored: usize,
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    /// The bytes of a number of the network.
    pub(crate) number: usize,
}

/// The bytes of a number of a table.
const TABLE_NUMBER: u64 = size_of::<f64>() as u64;

/// The limit on systems that do not say how much memory is available: 16 GiB, or 2 GiB where addresses
/// have 32 bits.
const DEFAULT_LIMIT: u64 = if size_of::<usize>() < 8 { 2 << 30 } else { 16 << 30 };

impl MemoryNeed {
    /// The memory that a training of this shape needs.
    pub(crate) fn of(settings: &Settings, shape: Shape) -> Self {
        let Shape { rows, scored, inputs, outputs, number } = shape;
        let [rows, scored, number, outputs, inputs] =
            [rows, scored, number, outputs, inputs].map(|it| it as u64);
        let hidden = settings.hidden_widths().iter().map(|&width| width as u64);
        let mut before = inputs;
        let (mut parameters, mut widths, mut largest) = (0_u64, 0_u64, 0_u64);
        for width in hidden.chain([outputs]) {
            // Widths are at most 4096, and inputs and outputs at most the size of the table.
            parameters += (before + 1) * width;
            largest = largest.max(before * width);
            // A dropout layer has outputs and gradients too.
            widths += if settings.dropout > 0.0 { 3 * width } else { 2 * width };
            before = width;
        }
        // With bagging, a network and a linear model for each fold. Those that wait or have ended have weights and
        // gradients alone.
        let (folds, side_by_side) = match settings.recipe {
            Recipe::Plain => (0, 1),
            Recipe::Bagging { folds } => {
                let folds = folds.min(shape.rows);
                let threads =
                    if settings.checkpoint.is_some() { 1 } else { available_threads().min(folds) };
                (folds as u64, threads as u64)
            }
        };
        let all = match folds {
            0 => parameters,
            _ => folds.saturating_mul(parameters + (inputs + 1) * outputs),
        };
        let trained = side_by_side.saturating_mul(parameters);
        let bytes = |numbers: u64| numbers.saturating_mul(number);
        let batch = settings.batch_size_for(shape.rows) as u64;
        let remembered = match settings.optimizer {
            OptimizerKind::Adam | OptimizerKind::AdamW => 2,
            OptimizerKind::Sgd | OptimizerKind::AdaGrad | OptimizerKind::RmsProp => 1,
        };
        let best = u64::from(settings.patience.is_some() || folds > 0);
        // A checkpoint of each network that is trained, and the file of all. With bagging, it is written when
        // optimizers and best weights are gone.
        let checkpoint = match settings.checkpoint {
            Some(_) => 2 * (1 + remembered + best) * trained,
            None => 0,
        };
        let gone = if folds > 0 { (1 + remembered + best) * trained } else { 0 };
        let file = (2 * all).saturating_sub(gone);
        let row = inputs + outputs;
        // A batch that is computed in parts is copied, and so are the parameters: see
        // `nnfs::model::ROWS_OF_TWO_PARTS`. Their copies need at most as much as the outputs.
        let is_divided = settings.dropout == 0.0 && batch >= ROWS_OF_TWO_PARTS as u64;
        let parts = if is_divided { widths / 2 + row + outputs } else { 0 };
        // The predictions of all rows are there at the end of an epoch.
        // With bagging, each network that is being trained has a copy of the rows that it learns from, and of
        // those that it does not.
        let copies = if folds > 0 { 1 + side_by_side } else { 1 };
        let training =
            rows.saturating_mul(row * (copies * number + TABLE_NUMBER) + outputs * number);
        // With bagging, of the training rows there are then the outputs of networks and linear models, their
        // blend and, in double precision, the blend, outputs and probabilities. The last two stay.
        let (blending, out_of_fold) = match folds {
            0 => (0, 0),
            _ => (
                rows.saturating_mul(
                    row * (number + TABLE_NUMBER) + outputs * 3 * (number + TABLE_NUMBER),
                ),
                rows.saturating_mul(outputs * 2 * TABLE_NUMBER),
            ),
        };
        // The rows of the network are gone by then. Of one part there are the inputs, the outputs and, in
        // double precision, outputs, probabilities and the indicators of the classes.
        let scoring = scored.saturating_mul(
            inputs * (number + TABLE_NUMBER) + outputs * (number + 3 * TABLE_NUMBER),
        );
        Self {
            // The initial weights are drawn in double precision, layer after layer.
            parameters: bytes(2 * all + trained).max(bytes(2 * all) + 8 * largest),
            optimizer: bytes(remembered * trained),
            best: bytes(best * trained),
            saving: bytes(checkpoint.max(file)),
            // Outputs and gradients of every layer, the batch itself, and the predictions.
            activations: bytes(
                side_by_side * batch.saturating_mul(2 * widths + row + 2 * outputs + parts),
            ),
            data: training.max(blending).max(scoring.saturating_add(out_of_fold)),
        }
    }

    /// All of it.
    pub fn total(&self) -> u64 {
        let Self { parameters, optimizer, best, saving, activations, data } = *self;
        [parameters, optimizer, best, saving, activations, data]
            .into_iter()
            .fold(0, u64::saturating_add)
    }

    /// Checks that the memory is there.
    ///
    /// The limit of addresses (`ulimit -v`) counts whatever the given limit is: an allocation beyond it
    /// aborts the program. An allocation as large as parameters and optimizer is tried too, so that a
    /// system that refuses it does so before the training.
    ///
    /// # Errors
    /// [`Error::Memory`] if it is more than the limit, or without a limit more than is available; and if
    /// the system refuses it.
    pub(crate) fn check(self, limit: Option<u64>) -> Result<(), Error> {
        let limit = limit.unwrap_or_else(available_memory);
        let limit = addresses().map_or(limit, |addresses| addresses.min(limit));
        if self.total() > limit {
            return Err(Error::Memory { need: self, limit });
        }
        let network = self.parameters.saturating_add(self.optimizer);
        match can_allocate(network) {
            true => Ok(()),
            false => Err(Error::Memory { need: self, limit: network.min(available_memory()) }),
        }
    }

    /// What helps most against a need that is too large.
    pub(crate) fn advice(&self) -> &'static str {
        let network = self.parameters + self.optimizer + self.best + self.saving;
        if network >= self.activations.max(self.data) {
            "fewer or narrower hidden layers need less"
        } else if self.activations >= self.data {
            "a smaller batch, or fewer or narrower hidden layers, need less"
        } else {
            "fewer rows or fewer inputs need less"
        }
    }
}

/// The total, and the largest parts.
impl fmt::Display for MemoryNeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parameters, optimizer, best, saving, activations, data } = *self;
        let mut parts = [
            ("parameters and gradients", parameters),
            ("optimizer", optimizer),
            ("best weights", best),
            ("saving", saving),
            ("activations of a batch", activations),
            ("data", data),
        ];
        parts.sort_by_key(|&(_, bytes)| std::cmp::Reverse(bytes));
        let parts = parts.iter().take(3).filter(|&&(_, bytes)| bytes > 0);
        let parts = parts.map(|&(name, bytes)| format!("{name} {}", Bytes(bytes)));
        write!(f, "{} ({})", Bytes(self.total()), parts.collect::<Vec<_>>().join(", "))
    }
}

/// A number of bytes with three digits: `6.71 GB`. A GB has 10^9 bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bytes(pub(crate) u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [("bytes", 1.0), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12)];
        let bytes = self.0 as f64;
        // 999.5 kB is 1.00 MB.
        let fits = |&&(_, unit): &&(_, f64)| bytes / unit < 999.5;
        let &(name, unit) = units.iter().find(fits).unwrap_or(&units[4]);
        let number = bytes / unit;
        let decimals = match number {
            _ if unit == 1.0 => 0,
            ..9.995 => 2,
            ..99.95 => 1,
            _ => 0,
        };
        write!(f, "{number:.decimals$} {name}")
    }
}

/// The bytes that this process can still allocate.
///
/// On Linux the least of the memory that is available (`/proc/meminfo`), the rest of the limit of the
/// control group (version 2), and the rest of the limit of addresses (`ulimit -v`). On other systems
/// 16 GiB, or 2 GiB where addresses have 32 bits.
pub fn available_memory() -> u64 {
    let limits = [machine(), control_group(), addresses()];
    limits.into_iter().flatten().min().unwrap_or(DEFAULT_LIMIT)
}

/// Whether the system grants this number of bytes. They are given back at once, without being written to.
fn can_allocate(bytes: u64) -> bool {
    let bytes = usize::try_from(bytes);
    bytes.is_ok_and(|bytes| Vec::<u8>::new().try_reserve_exact(bytes).is_ok())
}

/// `MemAvailable` of the machine.
fn machine() -> Option<u64> {
    kibibytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:")
}

/// What is left of the limit of addresses.
fn addresses() -> Option<u64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let status = fs::read_to_string("/proc/self/status").ok()?;
    Some(address_limit(&limits)?.saturating_sub(kibibytes(&status, "VmSize:")?))
}

/// The soft limit in the lines of `/proc/self/limits`; none if it is `unlimited`.
fn address_limit(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// What is left of the limits of the control groups of this process, from its own to the root.
fn control_group() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let own = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let root = std::path::Path::new("/sys/fs/cgroup");
    let group = root.join(own);
    let left = |group: &std::path::Path| {
        let number = |file| fs::read_to_string(group.join(file)).ok()?.trim().parse::<u64>().ok();
        // The cache of files is counted as used, but is given back when memory is needed.
        let statistics = fs::read_to_string(group.join("memory.stat")).unwrap_or_default();
        let cache = |name| word(&statistics, name).unwrap_or(0);
        let used = number("memory.current")?;
        let used = used.saturating_sub(cache("inactive_file ") + cache("active_file "));
        Some(number("memory.max")?.saturating_sub(used))
    };
    group.ancestors().take_while(|group| group.starts_with(root)).filter_map(left).min()
}

/// The number after a word at the beginning of a line.
fn word(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

/// The same in kB, which mean 1024 bytes in `/proc`.
fn kibibytes(text: &str, name: &str) -> Option<u64> {
    Some(word(text, name)?.saturating_mul(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_three_digits() {
        let texts = [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1.00 kB"), (999_499, "999 kB")];
        let large = [(999_500, "1.00 MB"), (33_250_000_000, "33.2 GB"), (1 << 50, "1126 TB")];
        for (bytes, text) in texts.into_iter().chain(large) {
            assert_eq!(Bytes(bytes).to_string(), text);
        }
    }

    /// 2-3-1: 9 and 4 parameters.
    #[test]
    fn every_part_is_counted() {
        let settings =
            Settings { hidden: Some(vec![3]), batch_size: Some(10), ..Settings::plain() };
        let shape = Shape { rows: 100, scored: 70, inputs: 2, outputs: 1, number: 4 };
        let need = MemoryNeed::of(&settings, shape);
        assert_eq!((need.optimizer, need.best, need.saving), (4 * 2 * 13, 0, 4 * 2 * 13));
        assert_eq!(need.parameters, 4 * 3 * 13);
        assert_eq!(need.activations, 4 * 10 * (2 * 8 + 3 + 2));
        assert_eq!(need.data, 100 * (3 * (4 + 8) + 4));
        let settings = Settings { patience: Some(1), ..settings };
        assert_eq!(MemoryNeed::of(&settings, shape).best, 4 * 13);
        // Parts have copies of the rows, and of the parameters: at most as many numbers as outputs.
        let batch = |batch_size, dropout| {
            let settings = Settings { batch_size: Some(batch_size), dropout, ..settings.clone() };
            MemoryNeed::of(&settings, Shape { rows: 5000, ..shape }).activations
        };
        assert_eq!(batch(2047, 0.0), 4 * 2047 * (2 * 8 + 3 + 2));
        assert_eq!(batch(2048, 0.0), 4 * 2048 * (2 * 8 + 3 + 2 + 4 + 3 + 1));
        assert_eq!(batch(2048, 0.5), 4 * 2048 * (2 * 12 + 3 + 2));
        let wider = MemoryNeed::of(&settings, Shape { number: 8, ..shape });
        assert!(wider.total() > need.total());
    }

    /// Five networks 2-3-1 and linear models 2-1, with 13 and 3 parameters.
    #[test]
    fn what_an_ensemble_needs_is_counted() {
        let settings =
            Settings { hidden: Some(vec![3]), batch_size: Some(10), ..Settings::default() };
        let shape = Shape { rows: 100, scored: 70, inputs: 2, outputs: 1, number: 4 };
        let need = MemoryNeed::of(&settings, shape);
        let threads = available_threads().min(5) as u64;
        let trained = 13 * threads;
        assert_eq!(need.parameters, 4 * (2 * 5 * 16 + trained));
        assert_eq!((need.optimizer, need.best), (4 * 2 * trained, 4 * trained));
        assert_eq!(need.saving, 4 * (2_u64 * 5 * 16).saturating_sub(4 * trained));
        let (training, blending) = (3 * (4 * (1 + threads) + 8) + 4, 3 * (4 + 8) + 3 * (4 + 8));
        assert_eq!(need.data, 100 * training.max(blending));
        let classes = Shape { outputs: 50, ..shape };
        let data = MemoryNeed::of(&settings, classes).data;
        assert!(data >= 100 * (52 * (4 + 8) + 50 * 3 * (4 + 8)), "{data}");
        let saved =
            Settings { checkpoint: Some(crate::Checkpointing::new("checkpoint")), ..settings };
        assert_eq!(MemoryNeed::of(&saved, shape).saving, 4 * (160 - 4 * 13));
    }

    /// Many test rows, or many classes, need more for the scores than for the training.
    #[test]
    fn scoring_is_counted() {
        let settings = Settings::plain();
        let shape = Shape { rows: 100, scored: 1000, inputs: 2, outputs: 50, number: 4 };
        let need = MemoryNeed::of(&settings, shape);
        assert_eq!(need.data, 1000 * (2 * (4 + 8) + 50 * (4 + 3 * 8)));
        let classes = Shape { rows: 100, scored: 100, ..shape };
        assert_eq!(MemoryNeed::of(&settings, classes).data, 100 * (2 * 12 + 50 * 28));
    }

    #[test]
    fn the_limit_of_addresses_is_read() {
        let line = |soft: &str| {
            format!(
                "Max cpu time  unlimited\nMax address space         {soft}           unlimited            bytes     \n"
            )
        };
        assert_eq!(address_limit(&line("4294967296")), Some(1 << 32));
        assert_eq!(address_limit(&line("unlimited")), None);
        assert!(available_memory() > 0);
    }

    #[test]
    fn an_allocation_that_the_system_refuses_is_an_error() {
        assert!(can_allocate(1000));
        assert!(!can_allocate(1 << 60));
        let settings = Settings { hidden: Some(vec![1 << 25; 2]), ..Settings::plain() };
        let shape = Shape { rows: 1, scored: 1, inputs: 1, outputs: 1, number: 8 };
        let refused = MemoryNeed::of(&settings, shape).check(Some(u64::MAX));
        assert!(matches!(refused, Err(Error::Memory { .. })), "{refused:?}");
    }
}
