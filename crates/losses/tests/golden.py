"""The losses in NumPy, forward and backward. Writes the files in golden.

A loss is summed without rounding (math.fsum) or in extended precision, and rounded once. The
gradients of all but sigmoid and softmax + cross-entropy are computed in the type itself, operation by
operation in the order of the chapter, and are expected bit for bit.

Where this differs from the chapter:
- the sign of the gradient of MAE, which in the chapter is that of y - p;
- the gradient of both cross-entropies on probabilities is 0 where the clip binds, and only there:
  the probabilities 1e-7 and 1 - 1e-7 themselves are not clipped.
Huber and the two cross-entropies on logits are not in the chapter.
"""

import math
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[2] / "tensor" / "tests"))

import numpy as np
from golden_writer import Extended, write

CLIP = 1e-7


def mean_squared_error(p, y):
    samples, outputs = p.shape
    loss = math.fsum(map(float, ((y - p) ** 2).ravel())) / p.size
    return loss, -2 * (y - p) / outputs / samples


def mean_absolute_error(p, y):
    samples, outputs = p.shape
    loss = math.fsum(map(float, np.abs(y - p).ravel())) / p.size
    return loss, np.sign(p - y) / outputs / samples


def huber(delta):
    def huber_of_delta(p, y):
        samples, outputs = p.shape
        errors = [abs(float(error)) for error in (p - y).ravel()]
        assert delta in errors and min(errors) < delta < max(errors)
        entries = [e * e / 2 if e <= delta else delta * (e - delta / 2) for e in errors]
        return math.fsum(entries) / p.size, np.clip(p - y, -delta, delta) / outputs / samples
    return huber_of_delta


def clip(p):
    """Clipped in double precision, where the clip binds, and p with a harmless value there."""
    clipped = np.clip(p.astype(np.float64), CLIP, 1 - CLIP)
    binds = clipped != p
    assert binds.any() and not binds.all()
    return clipped.astype(Extended), binds, np.where(binds, p.dtype.type(0.5), p)


def binary_cross_entropy(p, y):
    samples, outputs = p.shape
    c, binds, p = clip(p)
    wide = y.astype(Extended)
    loss = float(np.sum(-(wide * np.log(c) + (1 - wide) * np.log(1 - c))) / p.size)
    gradient = -(y / p - (1 - y) / (1 - p)) / outputs / samples
    return loss, np.where(binds, p.dtype.type(0), gradient)


def categorical_cross_entropy(p, y):
    c, binds, p = clip(p)
    loss = float(np.sum(-y * np.log(c)) / len(p))
    return loss, np.where(binds, p.dtype.type(0), -y / p / len(p))


def softmax_cross_entropy(x, y):
    shifted = (x - np.max(x, axis=1, keepdims=True)).astype(Extended)
    log_sum = np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    loss = float(np.sum(y * (log_sum - shifted)) / len(x))
    p, weight = np.exp(shifted - log_sum), np.sum(y, axis=1, keepdims=True)
    slope = p * weight - y
    # Where p and y nearly cancel, the loss cannot keep its digits; the tolerance of the test
    # holds for rows like these.
    assert np.all((p * weight <= 2.5 * np.abs(slope)) | (np.abs(p - 1) < 1e-30))
    return loss, (slope / len(x)).astype(x.dtype)


def sigmoid_cross_entropy(x, y):
    samples, outputs = x.shape
    x, y, dtype = x.astype(Extended), y.astype(Extended), x.dtype
    p = 1 / (1 + np.exp(-x))
    loss = float(np.sum(np.logaddexp(0, x) - x * y) / x.size)
    slope = p - y
    # As above.
    assert np.all((p <= 2.5 * np.abs(slope)) | (np.abs(slope) == 0))
    return loss, (slope / outputs / samples).astype(dtype)


# Five samples of three outputs: neither count is a power of 2, so that the order of the two
# divisions shows. MAE meets ties in the first and the third row; Huber meets errors of exactly 1
# and exactly 0.25 of both signs, which are exact in both types.
PREDICTIONS = [[0.3, 1.75, -2.25], [0.1, -0.7, 12.5], [1.5, 0.25, -0.6], [3.1, -4.2, 0.0],
               [-0.9, 0.8, 5.7]]
TARGETS = [[0.3, 0.75, -1.25], [0.4, -0.9, -3.5], [1.25, 0.5, -0.6], [2.7, -4.9, 0.01],
           [-0.35, 1.9, 5.2]]
REGRESSION = (PREDICTIONS, TARGETS)

# The clip binds at 0, 1, 1e-8 and 1 - 1e-9 (which is 1 in single precision), and not at the edges
# themselves.
BINARY = (
    [[0.0, 1.0, 0.3], [1.0, 0.0, 0.9], [CLIP, 1 - CLIP, 1e-8], [0.5, 0.25, 1 - 1e-9],
     [0.35, 0.6, 0.85]],
    [[0.0, 1.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [1.0, 0.7, 0.0],
     [0.0, 0.45, 1.0]],
)
CATEGORICAL = (
    [[0.7, 0.2, 0.1], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [CLIP, 0.4, 0.6], [1e-8, 0.9, 0.1],
     [0.2, 0.5, 0.3]],
    [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0],
     [0.0, 0.25, 0.75]],
)
# One-hot rows; rows so far apart that only one class has a probability at all, right and wrong;
# equal logits; targets that are no one-hot row, with a sum of 1 and of 2.
LOGITS = (
    [[1.0, -0.5, 0.25], [2.0, 3.5, -1.0], [1000.0, -1000.0, 0.0], [0.0, 200.0, -50.0],
     [-7.0, -7.0, -7.0], [0.5, -1.5, 2.0], [1.5, -0.75, 0.125]],
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0],
     [0.0, 1.0, 0.0], [0.5, 0.25, 0.25], [0.0, 2.0, 0.0]],
)
# Yes and no, with logits on both sides, equal chances, and targets between the two; logits so large
# that exp overflows or the probability is exactly 0 or 1, right and wrong.
YES_OR_NO = (
    [[0.5, -0.5, 0.0], [-2.0, 2.5, 0.75], [1000.0, -1000.0, 200.0], [-200.0, 50.0, -30.0],
     [0.25, -0.75, -4.0]],
    [[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0],
     [0.0, 0.9, 0.25]],
)
CASES = {
    "mean_squared_error": (mean_squared_error, REGRESSION),
    "mean_absolute_error": (mean_absolute_error, REGRESSION),
    "huber_1": (huber(1.0), REGRESSION),
    "huber_quarter": (huber(0.25), REGRESSION),
    "binary_cross_entropy": (binary_cross_entropy, BINARY),
    "categorical_cross_entropy": (categorical_cross_entropy, CATEGORICAL),
    "sigmoid_cross_entropy": (sigmoid_cross_entropy, YES_OR_NO),
    "softmax_cross_entropy": (softmax_cross_entropy, LOGITS),
}

regression, cross_entropies = {}, {}
for name, (function, (predictions, targets)) in CASES.items():
    for short, dtype in [("f64", np.float64), ("f32", np.float32)]:
        p, y = np.array(predictions, dtype), np.array(targets, dtype)
        loss, gradient = function(p, y)
        assert gradient.dtype == dtype
        constants = cross_entropies if "entropy" in name else regression
        constants[f"{name}_{short}".upper()] = (f"Case<{short}>", {
            "predictions": p, "targets": y, "loss": loss, "gradient": gradient,
        })
write(__file__, "use super::Case;", regression, "regression")
write(__file__, "use super::Case;", cross_entropies, "cross_entropies")
