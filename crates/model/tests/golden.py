"""Prediction intervals around outputs, from residuals, in NumPy. Writes golden/values.rs.

The residuals have ties and grow with the predictions.
"""

from fractions import Fraction
from math import ceil
from pathlib import Path

import numpy as np

generator = np.random.default_rng(21)

# 37 rows with residuals, 2 outputs, and 4 new rows.
ROWS = 37
LEVELS = ["0.5", "0.8", "0.9", "0.95"]
predictions = np.round(generator.normal(size=(ROWS, 2)), 1)
residuals = np.round(generator.normal(size=(ROWS, 2)) * np.exp(predictions), 1)
outputs = generator.normal(size=(4, 2))


def scale(output):
    """Piecewise linear through the medians and the shrunk means of the thirds, and constant beyond them."""
    m, r = predictions[:, output], np.abs(residuals[:, output])
    order = np.argsort(m, kind="stable")
    edges = [part * len(m) // 3 for part in range(4)]
    parts = [order[start:end] for start, end in zip(edges, edges[1:])]
    points = [m[part[len(part) // 2]] for part in parts]
    sizes = [(r[part].sum() + 10 * r.mean()) / (len(part) + 10) for part in parts]
    return lambda at: np.interp(at, points, sizes)


def intervals(level, scales):
    """The ends of both outputs: m - s(m) q and m + s(m) q."""
    rank = ceil(Fraction(level) * (ROWS + 1))
    halves = []
    for output, s in enumerate(scales):
        relative = np.abs(residuals[:, output]) / s(predictions[:, output])
        halves.append(s(outputs[:, output]) * np.sort(relative)[rank - 1])
    return outputs - np.transpose(halves), outputs + np.transpose(halves)


def numbers(array):
    return "[" + ", ".join(repr(float(x)) for x in np.asarray(array).ravel()) + "]"


def constant(what, name, array):
    return [f"/// {what}; row after row.", f"pub(crate) const {name}: [f64; {array.size}] = {numbers(array)};", ""]


def cases(what, name, scales):
    rows = [f"    ({level}, {numbers(low)}, {numbers(high)}),"
            for level in LEVELS for low, high in [intervals(level, scales)]]
    kind = f"[(f64, [f64; {outputs.size}], [f64; {outputs.size}]); {len(LEVELS)}]"
    return [f"/// {what}", f"pub(crate) const {name}: {kind} = [", *rows, "];"]


lines = [
    f"// Written by golden.py with NumPy {np.__version__}. Do not edit; to write it again:",
    "// python crates/model/tests/golden.py",
    "",
    *constant("The residuals", "RESIDUALS", residuals),
    *constant("The predictions of the rows with residuals", "PREDICTIONS", predictions),
    *constant("The outputs for new rows", "OUTPUTS", outputs),
    *cases("For each level, the lower and upper ends of the intervals around the outputs; row after row.",
           "INTERVALS", [np.ones_like] * 2),
    "",
    *cases("The same from residuals relative to their size.", "SCALED", [scale(0), scale(1)]),
]
path = Path(__file__).with_name("golden") / "values.rs"
path.write_text("\n".join(lines) + "\n")
