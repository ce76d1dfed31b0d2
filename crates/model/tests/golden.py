"""Prediction intervals CV+ (Barber, Candès, Ramdas and Tibshirani, 2021) in NumPy. Writes golden/values.rs.

Every sum is computed and sorted. The residuals have ties, and the means of the folds differ by more than a
residual in some rows.
"""

from fractions import Fraction
from math import ceil
from pathlib import Path


import numpy as np

generator = np.random.default_rng(21)

# Rows of folds of 13, 12 and 12 rows, 2 outputs, and 4 new rows.
SIZES = [13, 12, 12]
LEVELS = ["0.5", "0.8", "0.9", "0.95"]
residuals = [np.round(generator.normal(size=(size, 2)), 1) for size in SIZES]
means = [generator.normal(scale=[0.1, 0.1, 3.0, 3.0], size=(2, 4)).T for _ in SIZES]


def intervals(level):
    n = sum(SIZES)
    rank = ceil(Fraction(level) * (n + 1))
    folds = list(zip(means, residuals))
    high = np.concatenate([mean[None] + np.abs(r)[:, None] for mean, r in folds])
    low = np.concatenate([mean[None] - np.abs(r)[:, None] for mean, r in folds])
    return np.sort(low, axis=0)[n - rank], np.sort(high, axis=0)[rank - 1]


# The predictions of the rows with residuals, which are larger for larger predictions.
predictions = [np.round(generator.normal(size=(size, 2)), 1) for size in SIZES]
grown = [r * np.exp(m) for r, m in zip(residuals, predictions)]


def scale(output):
    """Piecewise linear through the medians and the shrunk means of the thirds, and constant beyond them."""
    m = np.concatenate([fold[:, output] for fold in predictions])
    r = np.abs(np.concatenate([fold[:, output] for fold in grown]))
    order = np.argsort(m, kind="stable")
    edges = [part * len(m) // 3 for part in range(4)]
    parts = [order[start:end] for start, end in zip(edges, edges[1:])]
    points = [m[part[len(part) // 2]] for part in parts]
    sizes = [(r[part].sum() + 10 * r.mean()) / (len(part) + 10) for part in parts]
    return lambda at: np.interp(at, points, sizes)


def scaled_intervals(level):
    n = sum(SIZES)
    rank = ceil(Fraction(level) * (n + 1))
    ends = []
    for output in range(2):
        s = scale(output)
        low, high = [], []
        for mean, m, r in zip(means, predictions, grown):
            relative = np.abs(r[:, output]) / s(m[:, output])
            width = s(mean[:, output])[None] * relative[:, None]
            low.append(mean[None, :, output] - width)
            high.append(mean[None, :, output] + width)
        ends.append([np.sort(np.concatenate(low), axis=0)[n - rank], np.sort(np.concatenate(high), axis=0)[rank - 1]])
    return np.transpose(ends, (1, 2, 0))


def numbers(array):
    return "[" + ", ".join(repr(float(x)) for x in np.asarray(array).ravel()) + "]"


lines = [
    f"// Written by golden.py with NumPy {np.__version__}. Do not edit; to write it again:",
    "// python crates/model/tests/golden.py",
    "",
    "/// For each fold, the residuals and the means for new rows; row after row.",
    f"pub(crate) const FOLDS: [(&[f64], [f64; 8]); {len(SIZES)}] = [",
    *(f"    (&{numbers(r)}, {numbers(m)})," for r, m in zip(residuals, means)),
    "];",
    "",
    "/// For each level, the lower and upper ends of the intervals; row after row.",
    f"pub(crate) const INTERVALS: [(f64, [f64; 8], [f64; 8]); {len(LEVELS)}] = [",
    *(f"    ({level}, {numbers(low)}, {numbers(high)})," for level in LEVELS for low, high in [intervals(level)]),
    "];",
    "",
    "/// For each fold, the predictions of its rows and their residuals; row after row.",
    f"pub(crate) const GROWN: [(&[f64], &[f64]); {len(SIZES)}] = [",
    *(f"    (&{numbers(m)}, &{numbers(r)})," for m, r in zip(predictions, grown)),
    "];",
    "",
    "/// For each level, the ends of the intervals from residuals relative to their size.",
    f"pub(crate) const SCALED: [(f64, [f64; 8], [f64; 8]); {len(LEVELS)}] = [",
    *(f"    ({level}, {numbers(low)}, {numbers(high)})," for level in LEVELS for low, high in [scaled_intervals(level)]),
    "];",
]
path = Path(__file__).with_name("golden") / "values.rs"
path.write_text("\n".join(lines) + "\n")
