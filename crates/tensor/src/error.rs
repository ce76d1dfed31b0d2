//! Errors that all crates share: a shape that does not fit, a setting out of range, an unknown name.

/// Two shapes that do not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: expected {expected}, found {found}")]
pub struct ShapeError {
    /// Which tensor or layer.
    pub what: String,
    /// The shape or width that would fit.
    pub expected: String,
    /// The shape or width that was found.
    pub found: String,
}

impl ShapeError {
    /// `what` should be `expected`, but is `found`.
    ///
    /// ```
    /// use nnfs_tensor::ShapeError;
    /// let error = ShapeError::new("targets", "3x1", "4x1");
    /// assert_eq!(error.to_string(), "targets: expected 3x1, found 4x1");
    /// ```
    pub fn new(
        what: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self { what: what.into(), expected: expected.into(), found: found.into() }
    }
}

/// A hyper-parameter outside its range.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{name} must be {expected}, found {found}")]
pub struct SettingError {
    /// The name of the setting.
    pub name: &'static str,
    /// Its range, in words.
    pub expected: &'static str,
    /// The value that was found.
    pub found: f64,
}

impl SettingError {
    /// Returns the value if `valid`, and otherwise an error with what was `expected`.
    ///
    /// ```
    /// use nnfs_tensor::SettingError;
    /// let rate = -0.1;
    /// let error = SettingError::check("dropout rate", rate, "in [0, 1)", (0.0..1.0).contains(&rate));
    /// assert_eq!(error.unwrap_err().to_string(), "dropout rate must be in [0, 1), found -0.1");
    /// ```
    ///
    /// # Errors
    /// If not `valid`.
    pub fn check(
        name: &'static str,
        value: f64,
        expected: &'static str,
        valid: bool,
    ) -> Result<f64, Self> {
        if valid { Ok(value) } else { Err(Self { name, expected, found: value }) }
    }

    /// Checks for a count of at least 1.
    ///
    /// # Errors
    /// For 0.
    pub fn check_count(name: &'static str, count: u64) -> Result<(), Self> {
        Self::check(name, count as f64, "at least 1", count > 0).map(drop)
    }

    /// Checks for a finite number of at least 0.
    ///
    /// # Errors
    /// For anything else, NaN included.
    pub fn check_not_negative(name: &'static str, value: f64) -> Result<f64, Self> {
        Self::check(name, value, "finite and at least 0", value.is_finite() && value >= 0.0)
    }

    /// Checks for a finite number above 0.
    ///
    /// # Errors
    /// For anything else, NaN included.
    pub fn check_positive(name: &'static str, value: f64) -> Result<f64, Self> {
        Self::check(name, value, "finite and above 0", value.is_finite() && value > 0.0)
    }

    /// Checks for a number that is added to a divisor: finite, and at least `f32::MIN_POSITIVE`, so that it is above 0
    /// in single precision too.
    ///
    /// # Errors
    /// For anything else, NaN included.
    pub fn check_epsilon(name: &'static str, value: f64) -> Result<f64, Self> {
        let is_valid = value.is_finite() && value >= f64::from(f32::MIN_POSITIVE);
        Self::check(name, value, "finite and at least 1.2e-38", is_valid)
    }

    /// Checks for a fraction of at least 0 and below 1.
    ///
    /// # Errors
    /// For anything else, NaN included.
    pub fn check_fraction(name: &'static str, value: f64) -> Result<f64, Self> {
        Self::check(name, value, "in [0, 1)", (0.0..1.0).contains(&value))
    }
}

/// A name that is not one of those that are known: of an optimizer, a loss or a kind of number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what}: expected {expected}, found {found:?}")]
pub struct UnknownName {
    /// What the name is for.
    pub what: &'static str,
    /// The names that are known.
    pub expected: String,
    /// The name that was given.
    pub found: String,
}

impl UnknownName {
    /// `found` is not one of the `known` names.
    ///
    /// ```
    /// use nnfs_tensor::UnknownName;
    /// let error = UnknownName::new("shape", ["circle", "square", "star"], "cube");
    /// assert_eq!(
    ///     error.to_string(),
    ///     r#"unknown shape: expected circle, square or star, found "cube""#
    /// );
    /// ```
    pub fn new<'a>(
        what: &'static str,
        known: impl IntoIterator<Item = &'a str>,
        found: &str,
    ) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let expected = match known.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => "none".to_owned(),
        };
        Self { what, expected, found: found.to_owned() }
    }
}
