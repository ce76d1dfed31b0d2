"""The activations in NumPy, forward and backward. Writes golden/values.rs.

Linear, ReLU and leaky ReLU are computed in the type itself, operation by operation, and are
expected bit for bit. Sigmoid, tanh and softmax are computed from the same inputs in extended
precision and rounded once, since `exp` differs from library to library in its last bit.

As in the layers, a derivative is told from the output, after that has been rounded to the type.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[2] / "tensor" / "tests"))

import numpy as np
from golden_writer import Extended, write

# Eighths and the like: exact in both types. 1000 and -1000 are beyond what exp can hold.
INPUTS = [
    [-1000.0, -80.0, -2.0, -1.5],
    [-1.0, -0.75, -0.5, -0.125],
    [0.0, 0.0078125, 0.125, 0.25],
    [0.5, 1.0, 1.5, 2.0],
    [40.0, 80.0, 100.0, 1000.0],
]
GRADIENT = [
    [0.3, -1.7, 0.9, 2.1],
    [-0.6, 1.1, -2.3, 0.7],
    [1.3, -0.4, 0.2, -1.9],
    [0.8, -1.2, 2.7, -0.1],
    [-0.5, 1.6, -0.9, 2.2],
]
SLOPE = 0.01


def linear(x, g):
    return x, g


def relu(x, g):
    return np.maximum(0, x), np.where(x > 0, g, g.dtype.type(0))


def leaky_relu(x, g):
    return np.where(x > 0, x, SLOPE * x), np.where(x > 0, g, SLOPE * g)


def sigmoid(x, g):
    y = (1 / (1 + np.exp(-x.astype(Extended)))).astype(x.dtype)
    return y, (g * (1 - y.astype(Extended)) * y).astype(x.dtype)


def tanh(x, g):
    y = np.tanh(x.astype(Extended)).astype(x.dtype)
    return y, (g * (1 - y.astype(Extended) ** 2)).astype(x.dtype)


def softmax(x, g):
    """The book's way: the Jacobian of every row, times the gradient."""
    exponentials = np.exp(x.astype(Extended) - np.max(x, axis=1, keepdims=True))
    p = exponentials / np.sum(exponentials, axis=1, keepdims=True)
    rows = [np.sum((np.diagflat(row) - np.outer(row, row)) * g_row, axis=1)
            for row, g_row in zip(p, g)]
    # The layer takes a mean off g. Where the two nearly cancel, it cannot keep its digits; the
    # tolerance of the test holds for gradients like these.
    mean = np.sum(p * g, axis=1, keepdims=True)
    size = np.sum(np.abs(p * g), axis=1, keepdims=True)
    assert np.all((np.abs(g - mean) >= size / 2) | (np.abs(p - 1) < 1e-30))
    return p.astype(x.dtype), np.array(rows).astype(x.dtype)


SOFTMAX_INPUTS = [
    [0.0, 0.0, 0.0, 0.0],
    [1.0, -2.5, 0.75, 2.0],
    [-1000.0, -1000.5, -1001.0, -998.0],
    [1000.0, 1000.0, 1000.0, 1000.0],
    [0.0, 1000.0, -1000.0, 0.5],
]
SOFTMAX_GRADIENT = [
    [2.0, -0.9, 1.4, -1.3],
    [1.5, -0.7, 1.9, -1.1],
    [-3.1, 1.6, -1.9, 0.2],
    [-2.2, 1.7, 1.1, -0.9],
    [0.3, -1.7, 0.9, 2.1],
]

constants = {}
for function in [linear, relu, leaky_relu, sigmoid, tanh, softmax]:
    for short, dtype in [("f64", np.float64), ("f32", np.float32)]:
        own = function is softmax
        inputs = np.array(SOFTMAX_INPUTS if own else INPUTS, dtype)
        gradient = np.array(SOFTMAX_GRADIENT if own else GRADIENT, dtype)
        outputs, input_gradient = function(inputs, gradient)
        assert outputs.dtype == input_gradient.dtype == dtype
        constants[f"{function.__name__}_{short}".upper()] = (f"Case<{short}>", {
            "inputs": inputs, "outputs": outputs,
            "gradient": gradient, "input_gradient": input_gradient,
        })
write(__file__, "use super::Case;", constants)
