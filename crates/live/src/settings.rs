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
use crate::numbers::{check_size, plain, setting, shown, whole};

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
            hidden: fields.widths("hidden", defaults.hidden)?,
            activation: fields.name("activation", defaults.activation)?,
            init: fields.init(defaults.init)?,
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
            batch_size: fields.count("batch_size", (0, usize::MAX), defaults.batch_size)?,
            epochs: fields.count("epochs", (1, limits::EPOCHS), defaults.epochs)?,
            seed: fields.take("seed", "a whole number from 0 to 4294967295", defaults.seed)?,
            arithmetic: fields.name("arithmetic", defaults.arithmetic)?,
        };
        if let Some(name) = fields.0.keys().next() {
            return Err(Refusal::new(format!("there is no setting {name:?}")));
        }
        settings.check()?;
        Ok(settings)
    }

    /// Checks every number that does not depend on the data, apart from the counts.
    fn check(&self) -> Result<(), Refusal> {
        let fraction = |name, value, most: f64| {
            let valid = (0.0..=most).contains(&value);
            let error = || format!("{name} must be from 0 to {most}, found {}", plain(value));
            if valid { Ok(()) } else { Err(error()) }
        };
        fraction("noise", self.noise, limits::NOISE).or_refuse("noise")?;
        fraction("outliers", self.outliers, limits::OUTLIERS).or_refuse("outliers")?;
        let OptimizerChoice { learning_rate, decay, .. } = self.optimizer;
        check_size("L1 strength", self.l1).or_refuse("l1")?;
        check_size("L2 strength", self.l2).or_refuse("l2")?;
        check_size("learning rate", learning_rate).or_refuse("learning_rate")?;
        check_size("decay", decay).or_refuse("decay")?;
        Penalty::l1(self.l1).map_err(setting).or_refuse("l1")?;
        Penalty::l2(self.l2).map_err(setting).or_refuse("l2")?;
        SettingError::check_fraction("dropout rate", self.dropout)
            .map_err(setting)
            .or_refuse("dropout")?;
        LearningRate::constant(learning_rate).map_err(setting).or_refuse("learning_rate")?;
        LearningRate::inverse_time(learning_rate, decay).map_err(setting).or_refuse("decay")?;
        self.optimizer.build::<f64>().map(drop).map_err(setting).or_refuse("momentum")
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

/// An error unless a count is within a range.
pub(crate) fn count(what: &str, found: usize, least: usize, most: usize) -> Result<(), String> {
    whole(what, &found.into(), least, most).map(drop)
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
        let found = shown(&value);
        serde_json::from_value(value).map_err(|_| {
            let plain = name.replace('_', " ");
            Refusal::of(name, format!("{plain} must be {expected}, found {found}"))
        })
    }

    fn count(
        &mut self,
        name: &'static str,
        (least, most): (usize, usize),
        default: usize,
    ) -> Result<usize, Refusal> {
        let Some(value) = self.0.remove(name) else { return Ok(default) };
        let what = match name {
            "epochs" => "number of epochs",
            _ => &name.replace('_', " "),
        };
        whole(what, &value, least, most).or_refuse(name)
    }

    fn widths(&mut self, name: &'static str, default: Vec<usize>) -> Result<Vec<usize>, Refusal> {
        let Some(widths) = self.take(name, "a list of widths", None::<Vec<Value>>)? else {
            return Ok(default);
        };
        count("number of hidden layers", widths.len(), 0, limits::HIDDEN).or_refuse(name)?;
        let width = |found| whole("width of a hidden layer", found, 1, limits::WIDTH);
        widths.iter().map(width).collect::<Result<_, _>>().or_refuse(name)
    }

    fn init(&mut self, default: Initializer) -> Result<Initializer, Refusal> {
        let text = self.0.get("init").and_then(Value::as_str).unwrap_or_default();
        let deviation = text.strip_prefix("normal:").and_then(|it| it.parse().ok());
        if let Some(deviation) = deviation {
            check_size("standard deviation of weights", deviation).or_refuse("init")?;
        }
        self.name("init", default)
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
            ("hidden", json!([1e21])),
            ("l1", json!(1e300)),
            ("l2", json!(-1e300)),
            ("learning_rate", json!(1e300)),
            ("learning_rate", json!(1e-300)),
            ("init", json!("normal:1e300")),
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

    /// `usize` has 32 bits in the browser.
    #[test]
    fn an_error_has_the_number_that_was_typed() {
        for (settings, found) in [
            (json!({ "epochs": 1_000_000_000_000_u64 }), "1000000000000"),
            (json!({ "epochs": 1e21 }), "1e21"),
            (json!({ "hidden": [1e12] }), "1000000000000"),
            (json!({ "seed": 1_000_000_000_000_u64 }), "1000000000000"),
            (json!({ "learning_rate": -1e300 }), "-1e300"),
            (json!({ "dropout": 1e300 }), "1e300"),
            (json!({ "noise": 1e300 }), "1e300"),
            (json!({ "optimizer": "sgd", "momentum": 2 }), "2"),
            (
                json!({ "data": { "kind": "sine", "samples": 1_000_000_000_000_u64 } }),
                "1000000000000",
            ),
            (
                json!({ "data": { "kind": "spiral", "classes": 5_000_000_000_u64, "samples": 9 } }),
                "5000000000",
            ),
        ] {
            let refusal = serde_json::to_value(parse(settings).unwrap_err()).unwrap();
            let error = refusal["error"].as_str().unwrap();
            assert!(error.ends_with(&format!("found {found}.")), "{error}");
        }
        // A batch has at most all rows.
        assert!(parse(json!({ "batch_size": 1e21 })).is_ok());
    }
}
