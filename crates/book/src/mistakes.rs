//! The mistakes of the exercises.

/// A mistake that one of the exercises has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mistake {
    /// The name of the exercise: `01` to `20`.
    pub exercise: &'static str,
    /// The name of the program without the mistake.
    pub program: &'static str,
    /// What is wrong, and what is right.
    pub text: &'static str,
    /// The page of the book that derives what is right, and its heading.
    pub page: &'static str,
}

/// The four programs without a mistake, with a title for each.
pub const PROGRAMS: [(&str, &str); 4] = [
    ("adam", "the sine with the mean squared error and Adam"),
    ("momentum", "the sine with the mean squared error and momentum"),
    ("rms-prop", "the sine with the mean absolute error, an L2 penalty and RMSprop"),
    ("dropout", "the spiral with dropout, softmax and Adam"),
];

/// The mistakes of the exercises 1 to 20.
pub const MISTAKES: [Mistake; 20] = [
    adam(
        "01",
        "The second layer is never updated. Every layer needs a step of the optimizer.",
        "training-loop.md",
    ),
    adam(
        "02",
        "Every layer starts with the same random numbers. One generator must draw all weights.",
        "initial-weights.md#why-their-size-matters",
    ),
    adam("03", "The precision of the accuracy is too large. It is std(y) / 250.", "accuracy.md"),
    adam(
        "04",
        "The decay is applied to a rate that has already decayed. Each rate is computed from the first one.",
        "optimizers.md#decay-of-the-learning-rate",
    ),
    adam(
        "05",
        "The averages of Adam are not corrected. Divide m by 1 - beta_1^t, and c by 1 - beta_2^t.",
        "optimizers.md#adam",
    ),
    adam(
        "06",
        "The two betas of Adam are exchanged. It is 0.9 for m, and 0.999 for c.",
        "optimizers.md#adam",
    ),
    adam(
        "07",
        "The gradient of the biases is summed over the units. It is a sum over the samples.",
        "network.md#the-dense-layer-backward",
    ),
    adam(
        "08",
        "The backward pass ignores ReLU. The gradient passes only where z > 0.",
        "network.md#relu",
    ),
    adam(
        "09",
        "The weight gradient of the second layer uses its outputs. It is the product with its inputs.",
        "network.md#the-dense-layer-backward",
    ),
    momentum(
        "10",
        "The gradient of the loss is not divided by the number of samples.",
        "mean-squared-error.md#the-derivative",
    ),
    momentum(
        "11",
        "The sign of the momentum is wrong. The velocity keeps 0.9 of itself, and not -0.9.",
        "optimizers.md#momentum",
    ),
    momentum(
        "12",
        "The step goes uphill. The velocity is added to the weight.",
        "optimizers.md#gradient-descent",
    ),
    momentum(
        "13",
        "The last layer has a ReLU, so no prediction is negative. The last layer of a regression is linear.",
        "regression.md#the-linear-activation",
    ),
    rms_prop(
        "14",
        "The gradient of the mean absolute error has the wrong sign. It is the sign of p - y.",
        "mean-absolute-error.md#erratum-1-the-sign",
    ),
    rms_prop(
        "15",
        "RMSprop divides by the mean square. It divides by its square root.",
        "optimizers.md#rmsprop",
    ),
    rms_prop(
        "16",
        "The penalty is in the loss and not in the gradient. Add 2 * l2 * w to the gradient of each weight.",
        "regularization.md#the-derivatives",
    ),
    dropout(
        "17",
        "Predictions are made with dropout. Dropout does nothing when a network predicts.",
        "dropout.md#two-modes",
    ),
    dropout(
        "18",
        "The values that dropout keeps are not divided by 1 - rate.",
        "dropout.md#forward",
    ),
    dropout("19", "The gradient does not pass the mask of dropout.", "dropout.md#backward"),
    dropout(
        "20",
        "Softmax divides by the sum over the samples. It divides by the sum over the classes of a sample.",
        "cross-entropy.md#one-of-several-classes",
    ),
];

const fn adam(exercise: &'static str, text: &'static str, page: &'static str) -> Mistake {
    Mistake { exercise, program: "adam", text, page }
}

const fn momentum(exercise: &'static str, text: &'static str, page: &'static str) -> Mistake {
    Mistake { exercise, program: "momentum", text, page }
}

const fn rms_prop(exercise: &'static str, text: &'static str, page: &'static str) -> Mistake {
    Mistake { exercise, program: "rms-prop", text, page }
}

const fn dropout(exercise: &'static str, text: &'static str, page: &'static str) -> Mistake {
    Mistake { exercise, program: "dropout", text, page }
}
