"""The optimizers of the chapter in NumPy, and AdamW. Writes the files in golden.

Seven steps of two parameters (2x3 and 1x3) with given gradients and inverse-time decay, operation
by operation in the order of the chapter. `+ - * /` and the square root are exact operations of
IEEE 754, so that the parameters are expected bit for bit, in three arithmetics:
- F64 and F32: everything in one type, the settings being Python floats, which adopt it (NEP 50);
  what Adam divides by for all parameters alike, it multiplies with the reciprocal of;
- NUMPY: the last layer of the book: float32 parameters, float32 gradients for the weights and
  float64 ones for the biases. All values are held as float64, and after the last step the kinds
  of the optimizer's tensors stand beside them.

The one exception is `beta**t`, which Python leaves to the C library: see the test.

AdamW multiplies by 1 - learning_rate * weight_decay first, as PyTorch does; the step that follows
is the chapter's Adam with its epsilon of 1e-7.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[2] / "tensor" / "tests"))

import numpy as np
from golden_writer import Code, write

LEARNING_RATE, DECAY, WEIGHT_DECAY = 0.05, 0.1, 0.01
MOMENTUM, RHO, BETA_1, BETA_2, EPSILON = 0.9, 0.9, 0.9, 0.999, 1e-7

WEIGHTS = [[0.3, -0.7, 1.1], [-0.2, 0.6, -1.4]]
BIASES = [[0.0, 0.1, -0.9]]
# The first weight's gradients are all 0; the second one's are first 0, then about epsilon.
WEIGHT_GRADIENTS = [
    [[0.0, 0.0, 0.3], [-1.1, 2.3, 0.01]],
    [[0.0, 0.0, -0.7], [-0.9, -1.9, 0.02]],
    [[0.0, 3e-7, 0.1], [-1.3, 0.4, -0.07]],
    [[0.0, -1e-7, 0.9], [-0.1, 0.7, 13.0]],
    [[0.0, 2e-7, -0.2], [0.6, -0.3, 0.05]],
    [[0.0, 7e-8, 0.0], [0.3, 1e-3, -0.6]],
    [[0.0, -4e-7, 1.7], [-2e-4, 0.2, 0.0]],
]
BIAS_GRADIENTS = [
    [[0.7, -0.01, 5.3]], [[-0.3, 0.02, 4.1]], [[0.0, 1e-8, -2.9]], [[1.9, -0.3, 0.6]],
    [[-2.1, 0.11, 0.0]], [[0.4, -1.7, 1e-5]], [[0.9, 0.013, -0.8]],
]


class Sgd:
    def __init__(self, momentum):
        self.momentum = momentum

    def start(self, w):
        return [np.zeros_like(w)]

    def step(self, w, g, state, rate, t):
        # As the chapter without momentum too, which there is 0 here.
        state[0] = self.momentum * state[0] - rate * g if self.momentum else -rate * g
        w += state[0]


class AdaGrad:
    def start(self, w):
        return [np.zeros_like(w)]

    def step(self, w, g, state, rate, t):
        state[0] += g**2
        w += -rate * g / (np.sqrt(state[0]) + EPSILON)


class RmsProp:
    def start(self, w):
        return [np.zeros_like(w)]

    def step(self, w, g, state, rate, t):
        state[0] = RHO * state[0] + (1 - RHO) * g**2
        w += -rate * g / (np.sqrt(state[0]) + EPSILON)


def divided(tensor, divisor):
    return tensor / divisor if in_the_book else tensor * (1 / divisor)


class Adam:
    def __init__(self, weight_decay):
        self.weight_decay = weight_decay

    def start(self, w):
        return [np.zeros_like(w), np.zeros_like(w)]

    def step(self, w, g, state, rate, t):
        if self.weight_decay:
            w *= 1 - rate * self.weight_decay
        state[0] = BETA_1 * state[0] + (1 - BETA_1) * g
        mean = divided(state[0], 1 - BETA_1**t)
        state[1] = BETA_2 * state[1] + (1 - BETA_2) * g**2
        square = divided(state[1], 1 - BETA_2**t)
        w += -rate * mean / (np.sqrt(square) + EPSILON)


OPTIMIZERS = {
    "sgd": Sgd(0), "momentum": Sgd(MOMENTUM), "ada_grad": AdaGrad(), "rms_prop": RmsProp(),
    "adam": Adam(0), "adam_w": Adam(WEIGHT_DECAY),
}
ARITHMETICS = {  # the type of the values; of parameters and weight gradients, of bias gradients
    "f64": ("f64", np.float64, np.float64),
    "f32": ("f32", np.float32, np.float32),
    "numpy": ("f64", np.float32, np.float64),
}

settings = {
    name: ("f64", value) for name, value in [
        ("LEARNING_RATE", LEARNING_RATE), ("DECAY", DECAY), ("MOMENTUM", MOMENTUM),
        ("WEIGHT_DECAY", WEIGHT_DECAY),
    ]
}
settings["LEARNING_RATES"] = ("&[f64]", [
    LEARNING_RATE * (1.0 / (1.0 + DECAY * iteration)) for iteration in range(len(BIAS_GRADIENTS))
])
for arithmetic, (short, kind, bias_kind) in ARITHMETICS.items():
    constants = {}
    in_the_book = arithmetic == "numpy"
    held = np.float32 if short == "f32" else np.float64
    weight_gradients = np.array(WEIGHT_GRADIENTS, kind)
    bias_gradients = np.array(BIAS_GRADIENTS, bias_kind)
    constants[f"START_{arithmetic}".upper()] = (f"Start<{short}>", {
        "weights": np.array(WEIGHTS, kind).astype(held),
        "biases": np.array(BIASES, kind).astype(held),
        "weight_gradients": weight_gradients.astype(held),
        "bias_gradients": bias_gradients.astype(held),
    })
    for name, optimizer in OPTIMIZERS.items():
        weights, biases = np.array(WEIGHTS, kind), np.array(BIASES, kind)
        weight_state, bias_state = optimizer.start(weights), optimizer.start(biases)
        steps = []
        for t, rate in enumerate(settings["LEARNING_RATES"][1], start=1):
            optimizer.step(weights, weight_gradients[t - 1], weight_state, rate, t)
            optimizer.step(biases, bias_gradients[t - 1], bias_state, rate, t)
            assert weights.dtype == biases.dtype == kind
            steps.append((weights.astype(held), biases.astype(held)))
        state = weight_state + bias_state
        kinds = [Code(f"Kind::{tensor.dtype.name.capitalize()}") for tensor in state]
        constants[f"{name}_{arithmetic}".upper()] = (f"Run<{short}>", {
            "weights": [w for w, _ in steps],
            "biases": [b for _, b in steps],
            "state": [tensor.astype(held) for tensor in state],
            "kinds": kinds,
        })
    write(__file__, "use super::{Run, Start};\nuse nnfs_numpy::Kind;", constants, f"in_{arithmetic}")
write(__file__, "", settings, "settings")
