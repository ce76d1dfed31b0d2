//! What is odd in a table but does not keep a network from learning it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use nnfs::datasets::{Coding, Input, Place, Selector, Table};

use crate::parts::count;
use crate::scores::short;
use crate::{Parts, Settings};

/// What is odd in a table but does not keep a network from learning it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// A test fraction above 0 gives no test rows.
    NoTestRows {
        /// The name of the file.
        file: String,
        /// The test fraction.
        fraction: f64,
        /// The number of rows.
        rows: usize,
    },
    /// A category occurs only in held-out rows, or a number varies only there.
    OnlyHeldOut {
        /// Where it occurs first.
        place: Place,
        /// The value.
        found: String,
    },
    /// Numbers of an input lie far from all others. They are scaled as the nearer limit.
    InputOutliers {
        /// The first of them.
        place: Place,
        /// Its value.
        found: String,
        /// How many there are.
        count: usize,
        /// The lower limit.
        low: f64,
        /// The upper limit.
        high: f64,
    },
    /// Targets of training rows, or of validation rows, lie far from all others. The rows are left out.
    TargetOutliers {
        /// The first of them.
        place: Place,
        /// Its value.
        found: String,
        /// How many there are.
        count: usize,
    },
    /// Targets of test rows lie far from those of the training rows. The scores include them.
    TestOutliers {
        /// The first of them.
        place: Place,
        /// Its value.
        found: String,
        /// How many there are.
        count: usize,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTestRows { file, fraction, rows } => write!(
                f,
                "{file}: a test fraction of {fraction} gives no test rows out of {}: the model will \
                 not be tested",
                count(*rows, "row"),
            ),
            Self::OnlyHeldOut { place, found } => write!(
                f,
                "{place}: {found:?} occurs only in held-out rows, so the network cannot learn from it",
            ),
            Self::InputOutliers { place, found, count, low, high } => write!(
                f,
                "{place}: {} far from all others: numbers outside {} to {} are taken as the nearer of \
                 the two",
                lies(found, *count, "number"),
                short(*low),
                short(*high),
            ),
            Self::TargetOutliers { place, found, count } => write!(
                f,
                "{place}: {} far from all others: {} not learned from",
                lies(found, *count, "target"),
                if *count == 1 { "the row is" } else { "the rows are" },
            ),
            Self::TestOutliers { place, found, count } => write!(
                f,
                "{place}: {} far from those of the training rows: R2 and RMSE of the test rows depend \
                 mostly on {}",
                lies(found, *count, "target"),
                if *count == 1 { "it" } else { "them" },
            ),
        }
    }
}

/// `5 lies`, `5 and 1 more number lie`.
fn lies(found: &str, count: usize, thing: &str) -> String {
    match count {
        1 => format!("{found} lies"),
        count => {
            let more = count - 1;
            format!("{found} and {more} more {thing}{} lie", if more == 1 { "" } else { "s" })
        }
    }
}

/// All warnings; of the columns, the first one.
pub(crate) fn warnings(parts: &Parts, settings: &Settings) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if settings.test_fraction > 0.0 && parts.test().is_none() {
        warnings.push(Warning::NoTestRows {
            file: parts.train().source().to_owned(),
            fraction: settings.test_fraction,
            rows: parts.train().rows() + parts.validation().map_or(0, Table::rows),
        });
    }
    warnings.extend(parts.encoder().input_columns().iter().find_map(|input| unseen(parts, input)));
    warnings
}

/// The first held-out value of a column from which nothing could be learned: a category that no
/// training row has, or any change of a number that is the same in all of them.
fn unseen(parts: &Parts, Input { name, coding }: &Input) -> Option<Warning> {
    let table = parts.train();
    let column = table.column(&Selector::from(name.as_str())).ok()?;
    let rows = 0..table.rows();
    let train = |row| table.value(row, column);
    let number = |text: &str| text.parse::<f64>().ok();
    let is_new: Box<dyn Fn(&str) -> bool> = match coding {
        Coding::Number => {
            let first = number(&train(0));
            if rows.into_iter().any(|row| number(&train(row)) != first) {
                return None;
            }
            Box::new(move |text| number(text) != first)
        }
        Coding::OneHot(_) => {
            let seen: HashSet<Cow<'_, str>> = rows.map(train).collect();
            Box::new(move |text| !seen.contains(text))
        }
    };
    parts.held_out().find_map(|table| {
        let row = (0..table.rows()).find(|&row| is_new(&table.value(row, column)))?;
        let (place, found) = (table.place(row, column), table.value(row, column).into_owned());
        Some(Warning::OnlyHeldOut { place, found })
    })
}
