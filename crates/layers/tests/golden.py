"""The dense layer of the chapter in NumPy, with all four regularizers. Writes golden/values.rs.

Three arithmetics:
- F64 and F32: everything in one type. All inputs, weights and gradients are small eighths, so
  that every product and sum is exact in whatever order a kernel takes them, and the results are
  expected bit for bit. (Products of other numbers: crates/tensor/tests/suite/products.rs.)
- NUMPY: as after `nnfs.init()`: float32 parameters, every dot product computed in float64, added
  in the order of k and rounded to float32 once. The layer is the first and the last one, so that
  the inputs and the gradient that comes in are float64; RELU_NUMPY has float32 inputs, as the
  layers between. All values are held as float64 here, the kinds stand beside them.

One weight is exactly 0. There the chapter takes +lambda as the gradient of L1; we take 0, the
middle of the subgradients, and so does this program: np.sign, which elsewhere is the same.

The penalty is computed in float64 for all, as the layer does (the chapter: in float32).
"""

import math
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[2] / "tensor" / "tests"))

import numpy as np
from golden_writer import Code, write

WEIGHT_L1, WEIGHT_L2, BIAS_L1, BIAS_L2 = 0.01, 0.03, 0.007, 0.05


def dot(a, b):
    """np.dot of nnfs.init() with the order of the sum fixed, whatever library NumPy uses."""
    rows = [[sum(float(p) * float(q) for p, q in zip(row, column)) for column in b.T] for row in a]
    return np.array(rows).astype(np.float32)


def dense(x, w, b, g, relu, dot):
    outputs = dot(x, w) + b
    if relu:
        outputs, g = np.maximum(0, outputs), g.copy()
        g[outputs <= 0] = 0
        # Both branches, and no unit without a sample: the layer's masked values have the kind of
        # the parameters, and a column of nothing else would have it too.
        assert np.all(np.any(outputs > 0, axis=0)) and np.any(outputs == 0)
    dw, db = dot(x.T, g), np.sum(g, axis=0, keepdims=True)
    dw += WEIGHT_L1 * np.sign(w)
    dw += 2 * WEIGHT_L2 * w
    db += BIAS_L1 * np.sign(b)
    db += 2 * BIAS_L2 * b
    absolute = [math.fsum(abs(float(v)) for v in values.ravel()) for values in (w, b)]
    squares = [math.fsum(float(v) ** 2 for v in values.ravel()) for values in (w, b)]
    penalty = (WEIGHT_L1 * absolute[0] + WEIGHT_L2 * squares[0]
               + BIAS_L1 * absolute[1] + BIAS_L2 * squares[1])
    results = {"outputs": outputs, "weight_gradient": dw, "bias_gradient": db,
               "input_gradient": dot(g, w.T)}
    return results, penalty


# Five samples of three inputs, four outputs.
EIGHTHS = (
    [[1.0, -2.5, 0.625], [0.125, 3.0, -1.75], [-0.5, 0.0, 2.25], [1.5, -1.125, 0.25],
     [-2.0, 0.75, 1.375]],
    [[0.5, -1.25, 0.0, 2.0], [-0.75, 0.375, 1.125, -0.25], [1.5, -0.625, 0.875, -2.5]],
    [[0.25, -1.0, 0.125, -0.375]],
    [[0.75, -0.25, 1.0, -1.5], [0.125, 2.0, -0.625, 0.5], [-1.0, 0.875, 0.25, 1.25],
     [2.5, -0.125, -0.75, 0.375], [0.5, -1.75, 1.625, -0.875]],
)
# The same in decimals that are exact in neither type.
DECIMALS = (
    [[1.1, -2.3, 0.7], [0.2, 2.9, -1.7], [-0.6, 0.01, 2.2], [1.4, -1.3, 0.3], [-2.1, 0.8, 1.6]],
    [[0.4, -1.3, 0.0, 1.9], [-0.7, 0.3, 1.2, -0.1], [1.6, -0.9, 0.8, -2.6]],
    [[0.3, -1.1, 0.1, -0.35]],
    [[0.7, -0.3, 1.1, -1.6], [0.15, 2.1, -0.6, 0.45], [-1.2, 0.85, 0.2, 1.3],
     [2.4, -0.1, -0.8, 0.35], [0.55, -1.7, 1.65, -0.9]],
)

constants = {
    "WEIGHT_PENALTY": ("(f64, f64)", Code(f"({WEIGHT_L1}, {WEIGHT_L2})")),
    "BIAS_PENALTY": ("(f64, f64)", Code(f"({BIAS_L1}, {BIAS_L2})")),
}


def add(name, short, arrays, relu, dot, hold=lambda array: array):
    results, penalty = dense(*arrays, relu, dot)
    given = dict(zip(["inputs", "weights", "biases", "gradient"], arrays))
    case = {key: hold(value) for key, value in (given | results).items()}
    constants[name] = (f"Case<{short}>", case | {"penalty": penalty})
    return results


for short, dtype in [("f64", np.float64), ("f32", np.float32)]:
    for name, relu in [("plain", False), ("relu", True)]:
        arrays = [np.array(rows, dtype) for rows in EIGHTHS]
        results = add(f"{name}_{short}".upper(), short, arrays, relu, np.dot)
        assert all(array.dtype == dtype for array in results.values())

for name, relu, inputs in [("PLAIN", False, np.float64), ("RELU", True, np.float32)]:
    kinds = [inputs, np.float32, np.float32, np.float64]
    arrays = [np.array(rows, kind) for rows, kind in zip(DECIMALS, kinds)]
    results = add(f"{name}_NUMPY", "f64", arrays, relu, dot, lambda array: array.astype(np.float64))
    kinds = {key: Code(f"Kind::{array.dtype.name.capitalize()}") for key, array in results.items()}
    constants[f"{name}_KINDS"] = ("Kinds", kinds)

write(__file__, "use super::{Case, Kinds};\nuse nnfs_numpy::Kind;", constants)
