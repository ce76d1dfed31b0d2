//! What the page offers: the runs, the choices and the limits, as the crates know them.

use nnfs::activations::ActivationKind;
use nnfs::losses::LossKind;
use nnfs::optimizers::OptimizerKind;
use nnfs_chapter::sine::{self, Arithmetic, Expected, Run};
use serde_json::{Value, json};

use crate::formula;
use crate::settings::{Settings, limits};

/// The initializers that have no number.
const INITIALIZERS: [&str; 5] =
    ["glorot-uniform", "glorot-normal", "he-uniform", "he-normal", "zeros"];

/// The losses for classes.
const FOR_CLASSES: [LossKind; 2] = [LossKind::SoftmaxCrossEntropy, LossKind::SigmoidCrossEntropy];

pub(crate) fn describe() -> Value {
    let optimizer = |kind: &OptimizerKind| json!({ "name": kind.name(), "learning_rate": kind.default_learning_rate() });
    let losses = |for_classes: bool| -> Vec<&str> {
        let kinds = LossKind::ALL.iter().filter(|kind| FOR_CLASSES.contains(kind) == for_classes);
        kinds.map(|kind| kind.name()).collect()
    };
    json!({
        "defaults": Settings::defaults().to_json(),
        "runs": sine::chapter().iter().zip(1..).map(|(run, number)| self::run(run, number)).collect::<Vec<_>>(),
        "choices": {
            "activation": ActivationKind::ALL.map(ActivationKind::name),
            "init": INITIALIZERS,
            "loss": losses(false),
            "classifier_loss": losses(true),
            "optimizer": OptimizerKind::ALL.iter().map(optimizer).collect::<Vec<_>>(),
            "arithmetic": Arithmetic::ALL.map(Arithmetic::name),
            "functions": formula::functions(),
            "constants": formula::constants(),
        },
        "limits": {
            "samples": limits::SAMPLES,
            "points": limits::POINTS,
            "hidden": limits::HIDDEN,
            "width": limits::WIDTH,
            "epochs": limits::EPOCHS,
            "noise": limits::NOISE,
            "outliers": limits::OUTLIERS,
        },
    })
}

fn run(run: &Run, number: u8) -> Value {
    let Expected { printed, really_printed, .. } = Expected::of(number);
    let really = |epoch| {
        let mut lines = really_printed.iter().flatten();
        lines.find(|line| line.epoch == epoch).map(|line| line.text.clone())
    };
    let lines = printed.iter().map(
        |line| json!({ "epoch": line.epoch, "text": line.text, "really": really(line.epoch) }),
    );
    json!({
        "run": number,
        "title": run.title(),
        "network": run.network(),
        "settings": Settings::of_run(run).to_json(),
        "printed": lines.collect::<Vec<_>>(),
        "note": really_printed.as_ref().map(|_| sine::MISPRINT),
    })
}
