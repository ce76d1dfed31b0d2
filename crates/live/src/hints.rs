//! What looks wrong with a network, in sentences for the page.

use nnfs::layers::Initializer;
use nnfs::model::{Diagnostics, Hint};

use crate::answer::sentence;
use crate::settings::Settings;

/// The sentence about a training without steps.
const NO_STEPS: &str = "The learning rate is 0, so no weight ever changes.";

/// The sentence about a training that never starts.
const ZEROS: &str = "All first weights are 0, so no unit of layer 0 ever gets a gradient. Choose \
                     normal, Glorot or He weights.";

/// The hints of the library. Those that only follow from another one are left out: the layers before a dead
/// layer get no gradient, and the layers after it have constant inputs.
pub(crate) fn hints(found: &Diagnostics, settings: &Settings) -> Vec<String> {
    if settings.optimizer.learning_rate == 0.0 {
        return vec![NO_STEPS.to_owned()];
    }
    let is_zero =
        |hint: &Hint| matches!(hint, Hint::GradientVanishes { share, .. } if *share == 0.0);
    if settings.init == Initializer::Zeros && found.hints.iter().any(is_zero) {
        return vec![ZEROS.to_owned()];
    }
    let is_dead = |hint: &Hint| matches!(hint, Hint::DeadUnits { share, .. } if *share == 1.0);
    if let Some(hint) = found.hints.iter().find(|hint| is_dead(hint)) {
        return vec![sentence(&hint.to_string())];
    }
    found.hints.iter().map(|hint| sentence(&hint.to_string())).collect()
}
