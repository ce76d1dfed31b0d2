"""Ridge regressions of scikit-learn: writes golden/ridge.json."""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import RidgeCV

PENALTIES = [1e-2, 3e-2, 1e-1, 3e-1, 1e0, 3e0, 1e1, 3e1, 1e2, 3e2, 1e3, 3e3, 1e4]


def case(name, rows, inputs, outputs, noise, weighted, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((rows, inputs))
    y = x @ rng.standard_normal((inputs, outputs)) + 3 + noise * rng.standard_normal((rows, outputs))
    weight = rng.uniform(0.2, 3, rows) if weighted else None
    if outputs == 1:
        ridge = RidgeCV(PENALTIES).fit(x, y[:, 0], sample_weight=weight)
    else:
        ridge = RidgeCV(PENALTIES).fit(x, y, sample_weight=weight)
    weights = np.atleast_2d(ridge.coef_).T
    return {
        "name": name,
        "x": x.tolist(),
        "y": y.tolist(),
        "sample_weight": None if weight is None else weight.tolist(),
        "penalty": ridge.alpha_,
        "weights": weights.tolist(),
        "biases": [np.atleast_1d(ridge.intercept_).tolist()],
    }


cases = [
    case("tall", 20, 3, 1, 1.0, False, 11),
    case("tall, mostly noise", 20, 5, 1, 20.0, False, 2),
    case("wide", 8, 12, 1, 0.5, False, 3),
    case("weighted", 20, 4, 1, 2.0, True, 4),
    case("wide, weighted", 7, 9, 1, 1.0, True, 5),
    case("two outputs", 15, 3, 2, 2.0, False, 6),
]
path = Path(__file__).resolve().parent / "golden" / "ridge.json"
path.write_text(json.dumps({"sklearn": sklearn.__version__, "cases": cases}) + "\n")
