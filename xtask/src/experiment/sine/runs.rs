//! The runs: the chapter's nine, four more that show what an initializer decides, and one's own.

use std::fmt;

use nnfs_layers::Initializer;

use super::book::{fields, number};
use super::choices::{LossKind, OptimizerChoice, OptimizerKind};

/// Whose run it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    /// One of the chapter's, from 1.
    Chapter(u8),
    /// Made from options.
    Custom,
    /// A row for comparison under the chapter's.
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

/// Everything that decides the digits of a run, but for the seed and the arithmetic.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    pub(crate) label: Label,
    /// Widths of the hidden layers.
    pub(crate) hidden: Vec<usize>,
    pub(crate) init: Initializer,
    pub(crate) optimizer: OptimizerChoice,
    pub(crate) loss: LossKind,
}

impl Run {
    /// The widths from the input to the output.
    pub(crate) fn widths(&self) -> Vec<usize> {
        [&[1], self.hidden.as_slice(), &[1]].concat()
    }

    /// The widths as a word: `1-64-64-1`.
    pub(crate) fn network(&self) -> String {
        self.widths().iter().map(usize::to_string).collect::<Vec<_>>().join("-")
    }

    /// How many weights there are: what a step costs.
    pub(crate) fn weights(&self) -> usize {
        self.widths().windows(2).map(|pair| pair[0] * pair[1]).sum()
    }

    /// Its name as a heading, which no other run has.
    pub(crate) fn title(&self) -> String {
        match self.label {
            Label::Chapter(number) => format!("Run {number}"),
            Label::Custom => "Your run".to_owned(),
            Label::Extra => format!("{} {}", self.init, self.optimizer.learning_rate),
        }
    }

    /// Its name while it runs.
    pub(crate) fn name(&self) -> String {
        match self.label {
            Label::Chapter(number) => format!("run {number}"),
            Label::Custom => "custom run".to_owned(),
            Label::Extra => format!("{} {}", self.init, self.optimizer.learning_rate),
        }
    }
}

/// `9 runs`, `1 run`.
pub(crate) fn count(runs: usize) -> String {
    format!("{runs} run{}", if runs == 1 { "" } else { "s" })
}

/// The nine runs of the chapter.
pub(crate) fn chapter() -> Vec<Run> {
    let header = "run,hidden_layers,width,init_scale,optimizer,learning_rate,decay,epochs,\
                  chapter_result";
    let rows = fields::<9>(include_str!("../../../data/runs.csv"), header);
    rows.map(|[run, layers, width, scale, optimizer, rate, decay, _epochs, _result]| {
        assert_eq!(optimizer, "Adam", "the optimizer of every run");
        Run {
            label: Label::Chapter(number(run)),
            hidden: vec![number(width); number(layers)],
            init: Initializer::normal(number(scale)).expect("a deviation"),
            optimizer: adam(number(rate), number(decay)),
            loss: LossKind::Mse,
        }
    })
    .collect()
}

/// Glorot and He at two of the chapter's learning rates: with them there is no factor to find.
pub(crate) fn extras() -> Vec<Run> {
    let inits = [Initializer::GlorotUniform, Initializer::HeNormal];
    let optimizers = [adam(0.001, 0.0), adam(0.005, 1e-3)];
    let run = |init, optimizer| Run {
        label: Label::Extra,
        hidden: vec![64, 64],
        init,
        optimizer,
        loss: LossKind::Mse,
    };
    inits.iter().flat_map(|&init| optimizers.map(|optimizer| run(init, optimizer))).collect()
}

fn adam(learning_rate: f64, decay: f64) -> OptimizerChoice {
    OptimizerChoice { kind: OptimizerKind::Adam, learning_rate, decay, momentum: 0.0 }
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
