//! The runs: the nine of the chapter, four more that compare initializers, and custom ones.

use std::fmt;

use nnfs::layers::Initializer;
use nnfs::losses::LossKind;

use super::book::{fields, number};
use super::choices::OptimizerChoice;
use crate::network_text;

/// Which run it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// One of the chapter, from 1.
    Chapter(u8),
    /// Made from options.
    Custom,
    /// One for comparison with those of the chapter.
    Extra,
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chapter(number) => write!(f, "{number}"),
            Self::Custom => f.write_str("custom"),
            Self::Extra => f.write_str("extra"),
        }
    }
}

/// The settings of a run. With a seed and an arithmetic they determine its digits.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Which run it is.
    pub label: Label,
    /// Widths of the hidden layers.
    pub hidden: Vec<usize>,
    /// The distribution of the first weights.
    pub init: Initializer,
    /// The optimizer.
    pub optimizer: OptimizerChoice,
    /// The loss.
    pub loss: LossKind,
}

impl Run {
    /// The widths from the input to the output.
    pub fn widths(&self) -> Vec<usize> {
        [&[1], self.hidden.as_slice(), &[1]].concat()
    }

    /// The widths as a word: `1-64-64-1`.
    pub fn network(&self) -> String {
        network_text(&self.widths())
    }

    /// The number of weights, to which the cost of a step is proportional.
    pub fn weights(&self) -> usize {
        self.widths().windows(2).map(|pair| pair[0] * pair[1]).sum()
    }

    /// Its name as a heading, different from that of every other run.
    pub fn title(&self) -> String {
        match self.label {
            Label::Chapter(number) => format!("Run {number}"),
            Label::Custom => "Your run".to_owned(),
            Label::Extra => format!("{} {}", self.init, self.optimizer.learning_rate),
        }
    }

    /// Its name inside a sentence.
    pub fn name(&self) -> String {
        match self.label {
            Label::Chapter(number) => format!("run {number}"),
            Label::Custom => "custom run".to_owned(),
            Label::Extra => format!("{} {}", self.init, self.optimizer.learning_rate),
        }
    }
}

/// The nine runs of the chapter.
pub fn chapter() -> Vec<Run> {
    let header = "run,hidden_layers,width,init_scale,optimizer,learning_rate,decay,epochs,\
                  chapter_result";
    let rows = fields::<9>(include_str!("../../data/runs.csv"), header);
    rows.map(|[run, layers, width, scale, optimizer, rate, decay, _epochs, _result]| {
        assert_eq!(optimizer, "Adam", "the optimizer of every run");
        Run {
            label: Label::Chapter(number(run)),
            hidden: vec![number(width); number(layers)],
            init: Initializer::normal(number(scale)).expect("a deviation"),
            optimizer: OptimizerChoice::adam(number(rate), number(decay)),
            loss: LossKind::MeanSquaredError,
        }
    })
    .collect()
}

/// Glorot and He initialization at two learning rates of the chapter. They need no factor to be found
/// by trial.
pub fn extras() -> Vec<Run> {
    let inits = [Initializer::GlorotUniform, Initializer::HeNormal];
    let optimizers = [OptimizerChoice::adam(0.001, 0.0), OptimizerChoice::adam(0.005, 1e-3)];
    let run = |init, optimizer| Run {
        label: Label::Extra,
        hidden: vec![64, 64],
        init,
        optimizer,
        loss: LossKind::MeanSquaredError,
    };
    inits.iter().flat_map(|&init| optimizers.map(|optimizer| run(init, optimizer))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chapter_has_nine_runs() {
        let runs = chapter();
        let numbers: Vec<Label> = runs.iter().map(|run| run.label).collect();
        assert_eq!(numbers, (1..=9).map(Label::Chapter).collect::<Vec<_>>());
        assert_eq!(runs[0].network(), "1-64-1");
        assert_eq!(runs[0].weights(), 128);
        assert_eq!(runs[8].network(), "1-64-64-1");
        assert_eq!(runs[8].init.to_string(), "normal:0.1");
        assert_eq!(runs[8].optimizer.to_string(), "adam 0.005, decay 0.001");
    }

    #[test]
    fn four_more_compare_initializers() {
        let settings: Vec<String> =
            extras().iter().map(|run| format!("{}, {}", run.init, run.optimizer)).collect();
        assert_eq!(
            settings,
            [
                "glorot-uniform, adam 0.001",
                "glorot-uniform, adam 0.005, decay 0.001",
                "he-normal, adam 0.001",
                "he-normal, adam 0.005, decay 0.001"
            ]
        );
    }
}
