//! The settings of a session: read from JSON field by field, so that an error names the field, and
//! checked by the crates that they belong to.

use nnfs::activations::ActivationKind;
use nnfs::layers::Initializer;
use nnfs::losses::LossKind;
use nnfs::optimizers::{LearningRate, OptimizerKind};
use nnfs::tensor::{Penalty, SettingError};
use nnfs_chapter::sine::{self, Arithmetic, OptimizerChoice, Run};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::answer::{OrRefuse, Refusal};
use crate::data::Source;

/// What the page allows. A session beyond this would take too long or too much memory.
pub(crate) mod limits {
    pub(crate) const SAMPLES: usize = 5000;
    pub(crate) const POINTS: usize = 2000;
    pub(crate) const HIDDEN: usize = 5;
    pub(crate) const WIDTH: usize = 256;
    pub(crate) const EPOCHS: usize = 100_000;
    pub(crate) const NOISE: f64 = 10.0;
    pub(crate) const OUTLIERS: f64 = 0.5;
    /// Multiplications of an epoch: about a second in `f32`.
    pub(crate) const WORK: u64 = 2_000_000_000;
    /// The same in the other arithmetics, which are slower.
    pub(crate) const SLOW_WORK: u64 = 400_000_000;
}

/// Everything that decides what a session computes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    pub(crate) data: Source,
    pub(crate) scale: bool,
    pub(crate) noise: f64,
    pub(crate) outliers: f64,
    pub(crate) hidden: Vec<usize>,
    pub(crate) activation: ActivationKind,
    pub(crate) init: Initializer,
    pub(crate) loss: LossKind,
    pub(crate) l1: f64,
    pub(crate) l2: f64,
    pub(crate) dropout: f64,
    pub(crate) optimizer: OptimizerChoice,
    pub(crate) batch_size: usize,
    pub(crate) epochs: usize,
    pub(crate) seed: u32,
    pub(crate) arithmetic: Arithmetic,
}

/// The epochs of the chapter.
const CHAPTER_EPOCHS: usize = 10_001;

impl Settings {
    /// Those of a run of the chapter, in the arithmetic of the book.
    pub(crate) fn of_run(run: &Run) -> Self {
        Self {
            data: Source::chapter(),
            scale: true,
            noise: 0.0,
            outliers: 0.0,
            hidden: run.hidden.clone(),
            activation: ActivationKind::Relu,
            init: run.init,
            loss: run.loss,
            l1: 0.0,
            l2: 0.0,
            dropout: 0.0,
            optimizer: OptimizerChoice { momentum: OptimizerKind::MOMENTUM, ..run.optimizer },
            batch_size: 0,
            epochs: CHAPTER_EPOCHS,
            seed: 0,
            arithmetic: Arithmetic::Numpy,
        }
    }

    /// The last run of the chapter, in `f32`.
    pub(crate) fn defaults() -> Self {
        let runs = sine::chapter();
        let last = runs.last().expect("the chapter has runs");
        Self { arithmetic: Arithmetic::F32, ..Self::of_run(last) }
    }

    /// Reads settings; those that are missing have their defaults.
    pub(crate) fn parse(fields: Map<String, Value>) -> Result<Self, Refusal> {
        let defaults = Self::defaults();
        let mut fields = Fields(fields);
        let settings = Self {
            data: match fields.0.remove("data") {
                None => defaults.data,
                Some(data) => Source::parse(data)?,
            },
            scale: fields.take("scale", "true or false", defaults.scale)?,
            noise: fields.take("noise", NUMBER, defaults.noise)?,
            outliers: fields.take("outliers", NUMBER, defaults.outliers)?,
            hidden: fields.counts("hidden", defaults.hidden)?,
            activation: fields.name("activation", defaults.activation)?,
            init: fields.name("init", defaults.init)?,
            loss: fields.name("loss", defaults.loss)?,
            l1: fields.take("l1", NUMBER, defaults.l1)?,
            l2: fields.take("l2", NUMBER, defaults.l2)?,
            dropout: fields.take("dropout", NUMBER, defaults.dropout)?,
            optimizer: OptimizerChoice {
                kind: fields.name("optimizer", defaults.optimizer.kind)?,
                learning_rate: fields.take(
                    "learning_rate",
                    NUMBER,
                    defaults.optimizer.learning_rate,
                )?,
                decay: fields.take("decay", NUMBER, defaults.optimizer.decay)?,
                momentum: fields.take("momentum", NUMBER, defaults.optimizer.momentum)?,
            },
            batch_size: fields.count("batch_size", defaults.batch_size)?,
            epochs: fields.count("epochs", defaults.epochs)?,
            seed: fields.take("seed", "a whole number from 0 to 4294967295", defaults.seed)?,
            arithmetic: fields.name("arithmetic", defaults.arithmetic)?,
        };
        if let Some(name) = fields.0.keys().next() {
            return Err(Refusal::new(format!("there is no setting {name:?}")));
        }
        settings.check()?;
        Ok(settings)
    }

    /// Checks every number that does not depend on the data.
    fn check(&self) -> Result<(), Refusal> {
        let fraction = |name, value, most: f64| {
            let range = format!("from 0 to {most}");
            let valid = (0.0..=most).contains(&value);
            if valid { Ok(()) } else { Err(format!("{name} must be {range}, found {value}")) }
        };
        fraction("noise", self.noise, limits::NOISE).or_refuse("noise")?;
        fraction("outliers", self.outliers, limits::OUTLIERS).or_refuse("outliers")?;
        let layers = self.hidden.len();
        count("number of hidden layers", layers, 0, limits::HIDDEN).or_refuse("hidden")?;
        for &width in &self.hidden {
            count("width of a hidden layer", width, 1, limits::WIDTH).or_refuse("hidden")?;
        }
        count("number of epochs", self.epochs, 1, limits::EPOCHS).or_refuse("epochs")?;
        Penalty::l1(self.l1).or_refuse("l1")?;
        Penalty::l2(self.l2).or_refuse("l2")?;
        SettingError::check_fraction("dropout rate", self.dropout).or_refuse("dropout")?;
        let OptimizerChoice { learning_rate, decay, .. } = self.optimizer;
        LearningRate::constant(learning_rate).or_refuse("learning_rate")?;
        LearningRate::inverse_time(learning_rate, decay).or_refuse("decay")?;
        self.optimizer.build::<f64>().map(drop).or_refuse("momentum")
    }

    /// The number of the run of the chapter that these settings are, apart from seed, arithmetic and the
    /// number of epochs.
    pub(crate) fn run(&self) -> Option<u8> {
        let is_run = |run: &Run| {
            let momentum = self.optimizer.momentum;
            let chapter = Self {
                scale: self.scale,
                epochs: self.epochs,
                seed: self.seed,
                arithmetic: self.arithmetic,
                optimizer: OptimizerChoice { momentum, ..run.optimizer },
                ..Self::of_run(run)
            };
            chapter == *self
        };
        let position = sine::chapter().iter().position(is_run)?;
        u8::try_from(position + 1).ok()
    }

    /// Whether the digits are those of the book, if the settings are those of a run.
    pub(crate) fn has_digits_of_the_book(&self) -> bool {
        self.seed == 0 && self.arithmetic == Arithmetic::Numpy
    }

    /// The settings as the page has them.
    pub(crate) fn to_json(&self) -> Value {
        let OptimizerChoice { kind, learning_rate, decay, momentum } = self.optimizer;
        json!({
            "data": self.data,
            "scale": self.scale,
            "noise": self.noise,
            "outliers": self.outliers,
            "hidden": self.hidden,
            "activation": self.activation.name(),
            "init": self.init.to_string(),
            "loss": self.loss.name(),
            "l1": self.l1,
            "l2": self.l2,
            "dropout": self.dropout,
            "optimizer": kind.name(),
            "learning_rate": learning_rate,
            "decay": decay,
            "momentum": momentum,
            "batch_size": self.batch_size,
            "epochs": self.epochs,
            "seed": self.seed,
            "arithmetic": self.arithmetic.name(),
        })
    }
}

const NUMBER: &str = "a number";
const COUNT: &str = "a whole number of at least 0";

/// An error unless a count is within a range.
pub(crate) fn count(what: &str, found: usize, least: usize, most: usize) -> Result<(), String> {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    Err(format!("{what} must be from {least} to {most}, found {found}"))
}

/// The fields that were not read yet.
struct Fields(Map<String, Value>);

impl Fields {
    fn take<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        expected: &str,
        default: T,
    ) -> Result<T, Refusal> {
        let Some(value) = self.0.remove(name) else { return Ok(default) };
        let text = value.to_string();
        serde_json::from_value(value).map_err(|_| {
            let found: String = text.chars().take(40).collect();
            let plain = name.replace('_', " ");
            Refusal::of(name, format!("{plain} must be {expected}, found {found}"))
        })
    }

    /// A count, in 64 bits also where `usize` has 32: the page sends any number.
    fn count(&mut self, name: &'static str, default: usize) -> Result<usize, Refusal> {
        let count = self.take(name, COUNT, default as u64)?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn counts(&mut self, name: &'static str, default: Vec<usize>) -> Result<Vec<usize>, Refusal> {
        let found = self.take(name, "a list of widths", None::<Vec<u64>>)?;
        let count = |width| usize::try_from(width).unwrap_or(usize::MAX);
        Ok(found.map_or(default, |widths| widths.into_iter().map(count).collect()))
    }

    fn name<T>(&mut self, name: &'static str, default: T) -> Result<T, Refusal>
    where
        T: std::str::FromStr<Err: std::fmt::Display>,
    {
        match self.take(name, "a name", None::<String>)? {
            None => Ok(default),
            Some(text) => text.parse().or_refuse(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: Value) -> Result<Settings, Refusal> {
        let Value::Object(fields) = value else { panic!("an object") };
        Settings::parse(fields)
    }

    #[test]
    fn settings_are_written_as_they_are_read() {
        let defaults = Settings::defaults();
        assert_eq!(parse(defaults.to_json()).unwrap(), defaults);
        assert_eq!(parse(json!({})).unwrap(), defaults);
        for run in sine::chapter() {
            let settings = Settings::of_run(&run);
            assert_eq!(parse(settings.to_json()).unwrap(), settings);
        }
    }

    #[test]
    fn the_runs_of_the_chapter_are_recognized() {
        for (index, run) in sine::chapter().iter().enumerate() {
            let settings = Settings::of_run(run);
            assert_eq!(settings.run(), u8::try_from(index + 1).ok());
            assert!(settings.has_digits_of_the_book());
            let other = Settings { seed: 7, epochs: 50, ..settings.clone() };
            assert_eq!(other.run(), settings.run());
            assert!(!other.has_digits_of_the_book());
            assert_eq!(Settings { l2: 0.1, ..settings }.run(), None);
        }
    }

    #[test]
    fn an_error_names_its_field() {
        for (field, value) in [
            ("learning_rate", json!(-1)),
            ("learning_rate", json!("fast")),
            ("learning_rate", json!(null)),
            ("decay", json!(-1)),
            ("momentum", json!(2)),
            ("hidden", json!([0])),
            ("hidden", json!([1, 2, 3, 4, 5, 6])),
            ("hidden", json!([1e6])),
            ("hidden", json!([-1])),
            ("hidden", json!(64)),
            ("epochs", json!(0)),
            ("epochs", json!(1e9)),
            ("seed", json!(4_294_967_296_u64)),
            ("seed", json!(-1)),
            ("dropout", json!(1)),
            ("l1", json!(-0.1)),
            ("l2", json!(-0.1)),
            ("noise", json!(-0.1)),
            ("outliers", json!(0.6)),
            ("activation", json!("gelu")),
            ("init", json!("normal:-1")),
            ("init", json!("normal:x")),
            ("loss", json!("rmse")),
            ("optimizer", json!("lion")),
            ("arithmetic", json!("f16")),
            ("batch_size", json!(0.5)),
            ("scale", json!("yes")),
        ] {
            let mut settings = json!({ "optimizer": "sgd" });
            settings[field] = value.clone();
            let refusal = serde_json::to_value(parse(settings).unwrap_err()).unwrap();
            assert_eq!(refusal["field"], field, "{value}: {refusal}");
        }
        assert!(parse(json!({ "learning rate": 1 })).is_err());
    }
}
