//! What is odd in a table but does not keep a network from learning it.

mod filling;
mod text;

pub use filling::Filling;
use nnfs::datasets::{DateKind, Place};

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
    /// Rows have no target, and are left out.
    NoTarget {
        /// The place of the first missing target.
        place: Place,
        /// The value there.
        found: String,
        /// How many rows have none.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// There are fewer training rows than folds, so that there is a fold for each row.
    FewerFolds {
        /// The name of the file.
        file: String,
        /// The folds of the settings.
        expected: usize,
        /// The number of training rows.
        rows: usize,
    },
    /// Rows repeat another row in all inputs and targets, so that rows that are held out are also learned from.
    RepeatedRows {
        /// The name of the file.
        file: String,
        /// How many repeat a row before them.
        count: usize,
        /// The number of rows.
        rows: usize,
    },
    /// Values of an input column are missing.
    Missing {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// What is done with them.
        filling: Filling,
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
        /// The first value of each other form, and how it is read.
        others: Vec<(String, String)>,
    },
    /// An input column has the same value in all training rows, so that it has no influence.
    Constant {
        /// The place of the value in the first training row.
        place: Place,
        /// The value; empty if it is missing.
        value: String,
    },
    /// An input column numbers the rows of the table: its numbers are different integers without a gap.
    RowNumbers {
        /// The place of the number of the first row.
        place: Place,
        /// The smallest number.
        low: i64,
        /// The largest number.
        high: i64,
    },
    /// The years of an input column of dates have two digits, and are read as years of both centuries, from 1969 to
    /// 1999 and from 2040 to 2068.
    TwoDigitYears {
        /// The place of the first date from 2040 on.
        place: Place,
        /// The date.
        found: String,
    },
    /// The integers of an input column are all dates, written as 20230226, or months, written as 202302. They are taken
    /// as numbers.
    NumbersLikeDates {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
    },
    /// Words of an input column look like numbers or durations, and are taken as categories.
    NumberLike {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// The number of different words of the column.
        distinct: usize,
    },
    /// Most categories of an input column are plain numbers, and the others are words: `unknown`.
    NumbersAndWords {
        /// The place of the first word.
        place: Place,
        /// The first word.
        found: String,
        /// The number of rows with a number.
        numbers: usize,
        /// The number of rows with a number or a word.
        rows: usize,
    },
    /// Categories or classes have the same [`spelling_key`](nnfs::datasets::spelling_key), or mean the same truth
    /// value.
    Alike {
        /// The first place of the second of them.
        place: Place,
        /// Two or more spellings.
        spellings: Vec<String>,
    },
    /// Words that occur in one training row each share one input, so that the network cannot tell them apart.
    RareWords {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// How many there are.
        words: usize,
    },
    /// A category or a value occurs only in held-out rows, so that nothing is learned from it.
    OnlyHeldOut {
        /// Where it occurs first.
        place: Place,
        /// The value.
        found: String,
    },
    /// Numbers or dates of an input lie far from all others. They are scaled as the nearer limit.
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
        /// For a column of dates or times, which of them it holds. The limits are then days, as
        /// [`DatePart::Elapsed`](nnfs::datasets::DatePart::Elapsed).
        dates: Option<DateKind>,
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
    /// A number or date repeats far from all others, as codes for a missing value do: -999, 9999-12-31. It is
    /// learned from as all other numbers, unless another warning reports it as an outlier.
    MissingCode {
        /// The first of them.
        place: Place,
        /// Its value.
        found: String,
        /// How often it occurs.
        count: usize,
        /// Whether the column is a target.
        is_target: bool,
    },
    /// Rows that are predicted have categories that training has not seen.
    Unknown {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// A category of the training with the same [`spelling_key`](nnfs::datasets::spelling_key), or the same digits
        /// but for zeros in front.
        similar: Option<String>,
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
    /// Rows that are predicted have numbers or dates outside the limits of an input that had outliers in training.
    Limited {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// The lower limit.
        low: f64,
        /// The upper limit.
        high: f64,
        /// For a column of dates or times, which of them it holds. The limits are then days, as
        /// [`DatePart::Elapsed`](nnfs::datasets::DatePart::Elapsed).
        dates: Option<DateKind>,
        /// How many rows have one.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// Dates have no time, where other rows or the training rows have one. They are read as 0:00.
    WithoutTime {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// How many there are.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// Months, quarters or weeks have no day, where other rows or the training rows have one. They are read as their
    /// first day.
    WithoutDay {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// How many there are.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// Rows that are predicted have numbers, or dates, more than 30 standard deviations from the mean of the
    /// training rows.
    Far {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// How many rows have one.
        cells: usize,
        /// The number of rows.
        rows: usize,
    },
    /// The numbers of a column had a currency in training and these do not, or the other way round. They
    /// are taken as the same.
    OtherUnit {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
        /// The unit in training; `None` for plain numbers.
        expected: Option<String>,
        /// The unit of these numbers.
        unit: Option<String>,
    },
    /// Numbers of an input column are written as codes are: `01067`, `+4930100037`, `12E5`.
    NumbersLikeCodes {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
    },
    /// An input column has the same information as a target in every row: it has the same numbers, or one value for
    /// each class.
    SameAsTarget {
        /// The place of the first value.
        place: Place,
        /// The name of the target.
        target: String,
    },
    /// The last row has a word such as `Total`, which no other row has in its column.
    TotalRow {
        /// The place of the word.
        place: Place,
        /// The word.
        found: String,
    },
    /// All targets of a column are equal, so that there is nothing to learn.
    ConstantTarget {
        /// The place of the first of them.
        place: Place,
        /// The first of them.
        found: String,
    },
    /// Different integers of an input or target column become one number, because double precision has 53 bits.
    LargeIntegers {
        /// The place of the second of them.
        place: Place,
        /// The second of them.
        found: String,
        /// The first of them.
        other: String,
    },
}

impl Warning {
    /// The name of the column, shortened if it is long; `None` for a warning of the whole table.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::NoTestRows { .. } | Self::FewerFolds { .. } | Self::RepeatedRows { .. } => None,
            Self::NoTarget { place, .. }
            | Self::Missing { place, .. }
            | Self::Dates { place, .. }
            | Self::Constant { place, .. }
            | Self::RareWords { place, .. }
            | Self::OnlyHeldOut { place, .. }
            | Self::InputOutliers { place, .. }
            | Self::TargetOutliers { place, .. }
            | Self::TestOutliers { place, .. }
            | Self::MissingCode { place, .. }
            | Self::Unknown { place, .. }
            | Self::NotConstant { place, .. }
            | Self::RowNumbers { place, .. }
            | Self::TwoDigitYears { place, .. }
            | Self::NumbersLikeDates { place, .. }
            | Self::NumberLike { place, .. }
            | Self::NumbersAndWords { place, .. }
            | Self::Alike { place, .. }
            | Self::Limited { place, .. }
            | Self::WithoutTime { place, .. }
            | Self::WithoutDay { place, .. }
            | Self::Far { place, .. }
            | Self::OtherUnit { place, .. }
            | Self::NumbersLikeCodes { place, .. }
            | Self::SameAsTarget { place, .. }
            | Self::TotalRow { place, .. }
            | Self::ConstantTarget { place, .. }
            | Self::LargeIntegers { place, .. } => Some(&place.column),
        }
    }
}
