//! A network that the page trains, whatever its arithmetic.

use nnfs::model::FitState;
use nnfs::numpy::NumpyScalar;
use nnfs::tensor::{Elementwise, Scalar, Tensor, Trainable};
use nnfs_chapter::sine::{Arithmetic, Expected, Number};
use nnfs_chapter::{Training, network_text};
use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::data::Data;
use crate::inspect::{CELLS, Grid};
use crate::network;
use crate::settings::Settings;
use crate::train::Log;

/// The most samples that the page gets to show.
const SHOWN: usize = 2000;

/// What the page asks of a session, in any arithmetic.
pub(crate) trait Session {
    fn created(&self) -> Value;
    fn train(&mut self, epochs: usize) -> Result<Answer, Refusal>;
    fn step(&mut self) -> Result<Answer, Refusal>;
    fn curve(&self) -> Result<Answer, Refusal>;
    fn regions(&self) -> Result<Answer, Refusal>;
    fn units(&self, layer: usize) -> Result<Answer, Refusal>;
    fn hinges(&self) -> Result<Answer, Refusal>;
    fn weights(&self, layer: usize) -> Result<Answer, Refusal>;
    /// The kind and a sentence.
    fn verdict(&self) -> Result<(&'static str, String), Refusal>;
    fn predict(&self, x: Value) -> Result<Answer, Refusal>;
    fn save(&self) -> Result<Answer, Refusal>;
    fn rust(&self) -> String;
    fn check(&self) -> Result<Answer, Refusal>;
    /// Whether there is nothing left to train.
    fn is_over(&self) -> bool;
    fn epochs_done(&self) -> usize;
}

/// A session in one arithmetic.
pub(crate) struct Trainee<T: Number> {
    pub(crate) settings: Settings,
    pub(crate) data: Data,
    pub(crate) notes: Vec<String>,
    pub(crate) training: Training<T>,
    /// The epochs that are done.
    pub(crate) state: FitState<T>,
    pub(crate) log: Log,
    /// The run of the chapter that it is, and what that computes.
    pub(crate) run: Option<Expected>,
    /// How far from its target a prediction may be, for the network.
    pub(crate) tolerance: Option<f64>,
}

/// Makes a session; `file` is that of a table.
pub(crate) fn create(settings: &Settings, file: &[u8]) -> Result<Box<dyn Session>, Refusal> {
    let data = Data::of(settings, file)?;
    let (settings, notes) = network::fitting(settings.clone(), &data)?;
    let notes = [data.notes.clone(), notes].concat();
    Ok(match settings.arithmetic {
        Arithmetic::Numpy => Box::new(Trainee::<NumpyScalar>::new(settings, data, notes)?),
        Arithmetic::F32 => Box::new(Trainee::<f32>::new(settings, data, notes)?),
        Arithmetic::F64 => Box::new(Trainee::<f64>::new(settings, data, notes)?),
    })
}

impl<T: Number> Trainee<T> {
    fn new(settings: Settings, data: Data, notes: Vec<String>) -> Result<Self, Refusal> {
        let (training, tolerance) = network::training(&settings, &data)?;
        let log = Log::new(training.optimizer.learning_rate());
        let run = settings.run().map(Expected::of);
        Ok(Self { settings, data, notes, training, state: FitState::new(), log, run, tolerance })
    }

    /// Whether the lines are compared with the book.
    pub(crate) fn ticks(&self) -> bool {
        self.run.is_some() && self.settings.has_digits_of_the_book()
    }

    /// The predictions of the network for inputs in the units of the user: outputs of the network.
    pub(crate) fn outputs(&self, inputs: &Tensor<f64>) -> Result<Tensor<T>, Refusal> {
        let inputs = self.data.scaled_inputs(inputs)?.map(T::data);
        self.training.model.predict(&inputs).map_err(Refusal::new)
    }

    /// An error unless the targets are numbers.
    pub(crate) fn check_regression(&self, what: &str) -> Result<(), Refusal> {
        match self.data.classes {
            0 => Ok(()),
            _ => Err(Refusal::new(format!("{what} needs targets that are numbers, found classes"))),
        }
    }

    pub(crate) fn describe(&self) -> Value {
        let Self { settings, data, training, .. } = self;
        let widths = network::widths(settings, data);
        let layers = training.model.layers();
        let mut units = widths[0];
        let layers = layers.iter().map(|layer| {
            units = layer.output_width(units).unwrap_or(units);
            let description = layer.description();
            json!({
                "kind": description.kind,
                "text": description.to_string(),
                "units": units,
                "can_die": layer.activation().is_some_and(Elementwise::can_die),
            })
        });
        let rows = data.inputs.nrows();
        let every = rows.div_ceil(SHOWN).max(1);
        let pick = |values: &[f64]| values.iter().step_by(every).copied().collect::<Vec<_>>();
        let inputs = data.inputs.as_slice();
        let samples = match data.classes {
            0 => json!({ "x": pick(inputs), "y": pick(data.targets.as_slice()) }),
            _ => {
                let classes: Vec<usize> = data.labels.iter().step_by(every).copied().collect();
                json!({ "x": pick(&inputs[..rows]), "y": pick(&inputs[rows..]), "class": classes })
            }
        };
        let grid = match Grid::of(data, CELLS) {
            Grid::Line(x) => json!({ "x": x }),
            Grid::Plane { edge, cells } => json!({ "low": -edge, "high": edge, "cells": cells }),
        };
        let is_regression = data.classes == 0;
        // A distance of the network's targets, in the units of the user.
        let tolerance = self.tolerance.map(|it| data.unscaled(it) - data.unscaled(0.0));
        json!({
            "settings": settings.to_json(),
            "run": self.run.as_ref().map(|run| run.run),
            "ticks": self.ticks(),
            "task": if is_regression { "regression" } else { "classification" },
            "classes": (!is_regression).then_some(data.classes),
            "network": network_text(&widths),
            "parameters": training.model.parameter_count(),
            "rows": rows,
            "layers": layers.collect::<Vec<_>>(),
            "samples": samples,
            "grid": grid,
            "tolerance": tolerance,
            "names": [data.names.0, data.names.1],
            "notes": self.notes,
        })
    }
}

/// A number as the page gets it: short, because the page draws it.
pub(crate) fn short<T: Scalar>(value: T) -> f32 {
    value.to_f64() as f32
}

impl<T: Number> Session for Trainee<T> {
    fn created(&self) -> Value {
        self.describe()
    }
    fn train(&mut self, epochs: usize) -> Result<Answer, Refusal> {
        self.advance(epochs)?;
        Ok(Answer::of(&self.report()))
    }
    fn step(&mut self) -> Result<Answer, Refusal> {
        self.step_in_lines()
    }
    fn curve(&self) -> Result<Answer, Refusal> {
        self.show_curve()
    }
    fn regions(&self) -> Result<Answer, Refusal> {
        self.show_regions()
    }
    fn units(&self, layer: usize) -> Result<Answer, Refusal> {
        self.show_units(layer)
    }
    fn hinges(&self) -> Result<Answer, Refusal> {
        self.show_hinges()
    }
    fn weights(&self, layer: usize) -> Result<Answer, Refusal> {
        self.show_weights(layer)
    }
    fn verdict(&self) -> Result<(&'static str, String), Refusal> {
        self.judge()
    }
    fn predict(&self, x: Value) -> Result<Answer, Refusal> {
        self.predict_values(x)
    }
    fn save(&self) -> Result<Answer, Refusal> {
        self.to_file()
    }
    fn rust(&self) -> String {
        self.program()
    }
    fn check(&self) -> Result<Answer, Refusal> {
        self.compare_with_the_book()
    }
    fn is_over(&self) -> bool {
        self.log.diverged.is_some() || self.state.next_epoch() >= self.settings.epochs
    }
    fn epochs_done(&self) -> usize {
        self.state.next_epoch()
    }
}
