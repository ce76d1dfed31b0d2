//! What is odd in a table but does not keep a network from learning it.

use std::fmt;

use nnfs::datasets::{
    Coding, CsvError, DateCoding, Encoder, Finding, Found, Input, Kind, Missing, Place, Selector,
    Table, Unknown,
};

use crate::parts::count;
use crate::scores::short;
use crate::{Parts, Settings};

/// What is odd in a table but does not keep a network from learning or predicting it.
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
    /// Values of an input column are missing. Numbers are filled with the center of the training rows, and
    /// among words a missing value is a category.
    Missing {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// What the column holds.
        kind: Kind,
        /// How many there are.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// An input column of words holds dates or times, and becomes several inputs.
    Dates {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// How it is read, for example as `day.month.year`.
        pattern: String,
    },
    /// An input column has the same value in all training rows, so that it has no influence.
    Constant {
        /// The place of the value in the first training row.
        place: Place,
        /// The value; empty if it is missing.
        value: String,
    },
    /// A category or a value occurs only in held-out rows, so that nothing is learned from it.
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
    /// Rows that are predicted have categories that training has not seen.
    Unknown {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// How many rows have one.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// Rows that are predicted have other values than the only one of the training rows.
    NotConstant {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// The value of the training rows; empty if it is missing.
        value: String,
        /// How many rows have one.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// Different integers of an input column become one number, because double precision has 53 bits.
    LargeIntegers {
        /// The place of the second of them.
        place: Place,
        /// The second of them.
        found: String,
        /// The first of them.
        other: String,
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
            Self::Missing { place, found, kind, cells, rows } => write!(
                f,
                "{place}: {} missing, the first is {found:?}; {}",
                of(*cells, *rows, "is", "are"),
                match kind {
                    Kind::Numeric => "filled with the center of the training rows",
                    Kind::Categorical =>
                        "taken as a category (a column that is declared \
                                          categorical keeps its words)",
                }
            ),
            Self::Dates { place, found, pattern } => {
                write!(f, "{place}: the column is read as dates or times, {found:?} as {pattern}")
            }
            Self::Constant { place, value } => write!(
                f,
                "{place}: the column is {} in all training rows, so it has no influence",
                shown(value),
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
            Self::Unknown { place, found, cells, rows } => write!(
                f,
                "{place}: {} a category that training has not seen, the first is {found:?}",
                of(*cells, *rows, "has", "have"),
            ),
            Self::NotConstant { place, found, value, cells, rows } => write!(
                f,
                "{place}: {} another value than {}, the only one of the training, the first is \
                 {found:?}; the column has no influence",
                of(*cells, *rows, "has", "have"),
                shown(value),
            ),
            Self::LargeIntegers { place, found, other } => write!(
                f,
                "{place}: {found} and {other} become the same number, because double precision has 53 \
                 bits; declare the column categorical if it holds codes",
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

/// `1 of 60 rows is`, `2 of 60 rows are`.
fn of(cells: usize, rows: usize, singular: &str, plural: &str) -> String {
    format!("{cells} of {} {}", count(rows, "row"), if cells == 1 { singular } else { plural })
}

/// What a column of this coding holds.
fn kind_of(coding: &Coding) -> Kind {
    match coding {
        Coding::OneHot(_) | Coding::OneHotOrOther { .. } => Kind::Categorical,
        Coding::Constant { kind, .. } => *kind,
        _ => Kind::Numeric,
    }
}

/// The value of a constant column.
fn shown(value: &str) -> String {
    if value.is_empty() { "missing".to_owned() } else { format!("{value:?}") }
}

/// What is odd in a table that is learned.
pub(crate) fn of_training(parts: &Parts, settings: &Settings) -> Result<Vec<Warning>, CsvError> {
    let mut warnings = Vec::new();
    let held_out: usize = parts.held_out().map(Table::rows).sum();
    let rows = parts.train().rows() + held_out;
    if settings.test_fraction > 0.0 && parts.test().is_none() {
        let file = parts.train().source().to_owned();
        warnings.push(Warning::NoTestRows { file, fraction: settings.test_fraction, rows });
    }
    let tables = || std::iter::once(parts.train()).chain(parts.held_out());
    let check = |table| parts.encoder().check(table, Missing::Fill, Unknown::Accept);
    let findings = tables().map(check).collect::<Result<Vec<_>, _>>()?.concat();
    for (index, Input { name, coding }) in parts.encoder().input_columns().iter().enumerate() {
        let train = parts.train();
        let column = train.column(&Selector::from(name.as_str()))?;
        if let Coding::Constant { value, .. } = coding {
            let place = train.place(0, column);
            warnings.push(Warning::Constant { place, value: value.clone() });
        }
        if let Coding::Date(dates) = coding {
            warnings.extend(read_as_dates(train, column, dates));
        }
        let of_column = |finding: &&Finding| finding.input == index;
        warnings.extend(together(findings.iter().filter(of_column), kind_of(coding), rows));
    }
    Ok(warnings)
}

/// How the first date of a column is read.
fn read_as_dates(table: &Table, column: usize, dates: &DateCoding) -> Option<Warning> {
    (0..table.rows()).find_map(|row| {
        let found = AsRef::<str>::as_ref(&table.value(row, column)).to_owned();
        let pattern = dates.pattern(&found)?;
        Some(Warning::Dates { place: table.place(row, column), found, pattern })
    })
}

/// The findings in the parts of a column as warnings: at most one of missing values, one of values from
/// which nothing is learned, and one of integers that become the same number.
fn together<'a>(
    findings: impl Iterator<Item = &'a Finding>,
    kind: Kind,
    rows: usize,
) -> Vec<Warning> {
    let mut missing: Option<(&Finding, usize)> = None;
    let mut unseen: Option<&Finding> = None;
    let mut large: Option<Warning> = None;
    for finding in findings {
        match &finding.what {
            Found::Missing => {
                let (first, cells) = missing.unwrap_or((finding, 0));
                let first = if finding.place.line < first.place.line { finding } else { first };
                missing = Some((first, cells + finding.rows));
            }
            Found::SameNumber { other } => {
                large = large.or_else(|| Some(same_number(finding, other)));
            }
            _ => unseen = unseen.or(Some(finding)),
        }
    }
    let missing = missing.map(|(Finding { place, found, .. }, cells)| Warning::Missing {
        place: place.clone(),
        found: found.clone(),
        kind,
        cells,
        rows,
    });
    let unseen = unseen.map(|Finding { place, found, .. }| Warning::OnlyHeldOut {
        place: place.clone(),
        found: found.clone(),
    });
    missing.into_iter().chain(unseen).chain(large).collect()
}

fn same_number(Finding { place, found, .. }: &Finding, other: &str) -> Warning {
    Warning::LargeIntegers { place: place.clone(), found: found.clone(), other: other.to_owned() }
}

/// What is odd in a table that is predicted.
pub(crate) fn of_prediction(
    encoder: &Encoder,
    table: &Table,
    missing: Missing,
    unknown: Unknown,
) -> Result<Vec<Warning>, CsvError> {
    let rows = table.rows();
    let warning = |Finding { input, what, place, found, rows: cells }| match what {
        Found::Missing => {
            let kind = kind_of(&encoder.input_columns()[input].coding);
            Some(Warning::Missing { place, found, kind, cells, rows })
        }
        Found::Unknown => Some(Warning::Unknown { place, found, cells, rows }),
        Found::NotConstant { value } => {
            Some(Warning::NotConstant { place, found, value, cells, rows })
        }
        Found::SameNumber { other } => Some(Warning::LargeIntegers { place, found, other }),
        _ => None,
    };
    Ok(encoder.check(table, missing, unknown)?.into_iter().filter_map(warning).collect())
}
