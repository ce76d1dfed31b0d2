//! Where the lesson of the chapter holds: the share of seeds that learn, over learning rates and sizes of
//! the first weights.

use nnfs::layers::Initializer;
use nnfs::optimizers::LearningRate;
use serde::Serialize;
use serde_json::{Value, json};

use crate::answer::{Answer, OrRefuse, Refusal};
use crate::data::Source;
use crate::session::{self, Session};
use crate::settings::{Settings, count};

/// The most learning rates, and the most sizes of weights.
const MOST: usize = 24;

/// The most seeds of a cell.
const MOST_SEEDS: usize = 20;

/// A grid of trainings.
pub(crate) struct Lesson {
    settings: Settings,
    rates: Vec<f64>,
    scales: Vec<f64>,
    seeds: usize,
    cells: Vec<Cell>,
    /// How many trainings are over.
    trained: usize,
    current: Option<Box<dyn Session>>,
}

/// The trainings of one learning rate and one size of weights.
#[derive(Debug, Clone, Serialize)]
struct Cell {
    rate: usize,
    scale: usize,
    learned: usize,
    trained: usize,
    diverged: usize,
}

impl Lesson {
    pub(crate) fn new(
        settings: Settings,
        rates: Vec<f64>,
        scales: Vec<f64>,
        seeds: usize,
    ) -> Result<Self, Refusal> {
        count("number of learning rates", rates.len(), 1, MOST).or_refuse("learning_rates")?;
        count("number of scales", scales.len(), 1, MOST).or_refuse("scales")?;
        count("number of seeds", seeds, 1, MOST_SEEDS).or_refuse("seeds")?;
        for &rate in &rates {
            LearningRate::constant(rate).or_refuse("learning_rates")?;
        }
        for &scale in &scales {
            Initializer::normal(scale).or_refuse("scales")?;
        }
        if matches!(settings.data, Source::Table { .. } | Source::Spiral { .. }) {
            let error =
                "the lesson needs data that is a function or points, found a table or a spiral";
            return Err(Refusal::of("data", error));
        }
        let places =
            (0..scales.len()).flat_map(|scale| (0..rates.len()).map(move |rate| (rate, scale)));
        let cell = |(rate, scale)| Cell { rate, scale, learned: 0, trained: 0, diverged: 0 };
        let cells = places.map(cell).collect();
        Ok(Self { settings, rates, scales, seeds, cells, trained: 0, current: None })
    }

    fn trainings(&self) -> usize {
        self.cells.len() * self.seeds
    }

    pub(crate) fn created(&self) -> Value {
        json!({
            "cells": self.cells.len(),
            "trainings": self.trainings(),
            "epochs": self.settings.epochs,
        })
    }

    /// The settings of a training. All cells of a seed come before those of the next, so that the picture
    /// is complete early.
    fn settings_of(&self, training: usize) -> Result<Settings, Refusal> {
        let Cell { rate, scale, .. } = self.cells[training % self.cells.len()];
        let seed = u32::try_from(training / self.cells.len()).unwrap_or(u32::MAX);
        let mut settings = self.settings.clone();
        settings.optimizer.learning_rate = self.rates[rate];
        settings.init = Initializer::normal(self.scales[scale]).or_refuse("scales")?;
        settings.seed = settings.seed.wrapping_add(seed);
        Ok(settings)
    }

    /// Trains this many epochs, of as many trainings as they take.
    pub(crate) fn train(&mut self, epochs: usize) -> Result<Answer, Refusal> {
        let first = self.trained;
        let mut left = epochs;
        while left > 0 && self.trained < self.trainings() {
            let mut session = match self.current.take() {
                Some(session) => session,
                None => session::create(&self.settings_of(self.trained)?, &[])?,
            };
            let before = session.epochs_done();
            session.train(left.min(self.settings.epochs))?;
            // A training that diverges at once takes time too.
            left = left.saturating_sub((session.epochs_done() - before).max(1));
            if !session.is_over() {
                self.current = Some(session);
                break;
            }
            let count = self.cells.len();
            let cell = &mut self.cells[self.trained % count];
            // The targets of some data have no variance to explain: nothing is learned.
            let kind = session.verdict().map_or("stuck", |(kind, _)| kind);
            cell.trained += 1;
            cell.learned += usize::from(matches!(kind, "learned" | "unsteady"));
            cell.diverged += usize::from(kind == "diverged");
            self.trained += 1;
        }
        let count = self.cells.len();
        let mut changed: Vec<usize> =
            (first..self.trained).map(|training| training % count).collect();
        changed.sort_unstable();
        changed.dedup();
        let cells: Vec<&Cell> = changed.into_iter().map(|cell| &self.cells[cell]).collect();
        Ok(Answer::of(&json!({
            "trained": self.trained,
            "trainings": self.trainings(),
            "done": self.trained == self.trainings(),
            "cells": cells,
        })))
    }
}
