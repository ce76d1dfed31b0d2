"""Permutation importance and partial dependence of scikit-learn for two small models.

    golden.py table     writes golden/houses.csv; then train the two models as the lines below say
    golden.py           writes golden/inspection.json from houses.csv and the models

    nnfs train houses.csv --task regression --target price --ignore kind,weight --hidden 8 --epochs 150 --batch 16 \\
        --dtype f64 --out price
    nnfs train houses.csv --task classification --target kind --ignore price,weight --hidden 8 --epochs 150 --batch 16 \\
        --dtype f64 --out kind

The models are read from their files and computed here in NumPy, so nothing of nnfs is in the values.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.metrics import get_scorer
from sklearn.utils import check_random_state

FOLDER = Path(__file__).resolve().parent / "golden"
ROWS, REPEATS, RESOLUTION, SEED = 160, 5, 20, 3


def table():
    rng = np.random.default_rng(15)
    area = np.round(30 + 120 * rng.random(ROWS), 1)
    rooms = rng.integers(1, 6, ROWS)
    age = rng.integers(0, 90, ROWS).astype(float)
    quarter = rng.choice(["hill", "old town", "port"], ROWS)
    days = rng.integers(0, 900, ROWS)
    sold = np.datetime64("2021-03-01") + days
    price = 3 * area + 20 * rooms - 0.5 * age + 40 * (quarter == "hill") + 0.02 * days
    price = np.round(price + 5 * rng.standard_normal(ROWS), 1)
    kind = np.where(price > 400, "villa", np.where(quarter == "port", "loft", "flat"))
    text = pd.Series(age).map("{:.0f}".format).where(rng.random(ROWS) > 0.1, "")
    weight = np.round(0.5 + rng.random(ROWS), 2)
    columns = dict(area=area, rooms=rooms, age=text, quarter=quarter, sold=sold)
    pd.DataFrame({**columns, "price": price, "kind": kind, "weight": weight}).to_csv(
        FOLDER / "houses.csv", index=False, lineterminator="\n"
    )


def of_date(text, part):
    day = np.datetime64(text)
    year = day.astype("datetime64[Y]")
    elapsed = (day - np.datetime64("1970-01-01")).astype(int)
    length = ((year + 1).astype("datetime64[D]") - year.astype("datetime64[D]")).astype(int)
    periods = {
        "year": (day - year.astype("datetime64[D]")).astype(int) / length,
        "week": (elapsed + 3) % 7 / 7,
    }
    if part == "elapsed":
        return float(elapsed)
    period, wave = part.split("_")
    return {"sine": np.sin, "cosine": np.cos}[wave](2 * np.pi * periods[period])


class Network(BaseEstimator):
    """A model file, computed in NumPy."""

    def __init__(self, path):
        self.path = path
        data = Path(path).read_bytes()
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length])
        self.model = json.loads(header["__metadata__"]["nnfs"])
        self.tensors = {}
        for name, entry in header.items():
            if name != "__metadata__":
                start, end = (8 + length + offset for offset in entry["data_offsets"])
                numbers = np.frombuffer(data[start:end], np.float64)
                self.tensors[name] = numbers.reshape(entry["shape"])

    def __sklearn_is_fitted__(self):
        return True

    def fit(self, inputs, targets):
        return self

    def encode(self, table):
        inputs = []
        for entry in self.model["encoder"]["inputs"]:
            column, coding = table[entry["name"]], entry["coding"]
            if coding == "Number":
                inputs.append(column)
            elif coding == "NumberOrMissing":
                inputs += [column, column.isna()]
            elif "OneHot" in coding:
                inputs += [column == category for category in coding["OneHot"]]
            else:
                parts = coding["Date"]["parts"]
                inputs += [column.map(lambda text, part=part: of_date(text, part)) for part in parts]
        return np.column_stack([np.asarray(column, float) for column in inputs])

    def outputs(self, table):
        (kind, scaler), *_ = self.model["input_scaler"].items()
        inputs, means, deviations = (
            self.encode(table),
            np.array(scaler["means"]),
            np.array(scaler["deviations"]),
        )
        if kind == "clipped":
            for index, limits in enumerate(scaler["limits"]):
                if limits:
                    inputs[:, index] = np.clip(inputs[:, index], *limits)
        values = np.nan_to_num((inputs - means) / deviations)
        layers = [layer for layer in self.model["layers"] if layer["kind"] == "dense"]
        module = 0
        for layer in layers:
            values = values @ self.tensors[f"{module}.weight"].T + self.tensors[f"{module}.bias"]
            module += 1
            if layer.get("settings", {}).get("activation", {}).get("kind") == "relu":
                values = np.maximum(values, 0)
                module += 1
        return values


class Regression(RegressorMixin, Network):
    def predict(self, table):
        scaler = self.model["target_scaler"]["standard"]
        return (self.outputs(table) * scaler["deviations"] + scaler["means"])[:, 0]


class Classification(ClassifierMixin, Network):
    @property
    def classes_(self):
        return np.array(self.model["encoder"]["target"]["Classes"]["labels"])

    def predict_proba(self, table):
        logits = self.outputs(table)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return shares / shares.sum(axis=1, keepdims=True)

    def predict(self, table):
        return self.classes_[self.predict_proba(table).argmax(axis=1)]


def permutations():
    """Those of scikit-learn for this seed: all columns are shuffled in the same ways."""
    seed = check_random_state(SEED).randint(np.iinfo(np.int32).max + 1)
    random, indices, found = check_random_state(seed), np.arange(ROWS), []
    for _ in range(REPEATS):
        random.shuffle(indices)
        # The column is shuffled again after it was shuffled.
        found.append((found[-1] if found else np.arange(ROWS))[indices])
    return found


def importance(network, inputs, targets, weights, scoring):
    options = dict(scoring=scoring, n_repeats=REPEATS, random_state=SEED, sample_weight=weights)
    found = permutation_importance(network, inputs, targets, **options)
    score = get_scorer(scoring)(network, inputs, targets, sample_weight=weights)
    # The permutations are those that scikit-learn used.
    for column, decreases in zip(inputs, found.importances):
        for permutation, decrease in zip(permutations(), decreases):
            shuffled = inputs.copy()
            shuffled[column] = inputs[column].to_numpy()[permutation]
            of_shuffled = get_scorer(scoring)(network, shuffled, targets, sample_weight=weights)
            assert abs(score - of_shuffled - decrease) < 1e-12, column
    columns = {
        column: {"decreases": list(decreases), "mean": mean, "deviation": deviation}
        for column, decreases, mean, deviation in zip(
            inputs, found.importances, found.importances_mean, found.importances_std
        )
    }
    weighted = weights is not None
    return {"score": scoring, "weighted": weighted, "value": score, "columns": columns}


def dependence(network, inputs, weights, column):
    options = {"categorical_features": ["quarter"]}
    found = partial_dependence(
        network, inputs, [column], grid_resolution=RESOLUTION, method="brute", kind="average",
        sample_weight=weights, **options,
    )
    weighted = weights is not None
    grid = list(found.grid_values[0])
    return {"column": column, "weighted": weighted, "grid": grid, "means": found.average.T.tolist()}


def main():
    houses = pd.read_csv(FOLDER / "houses.csv")
    inputs = houses[["area", "rooms", "age", "quarter", "sold"]].astype({"rooms": float})
    golden = {"scikit-learn": sklearn.__version__, "permutations": [p.tolist() for p in permutations()]}
    for target, kind, scores in [
        ("price", Regression, ["r2"]),
        ("kind", Classification, ["accuracy", "neg_log_loss"]),
    ]:
        network = kind(FOLDER / f"{target}.safetensors")
        both = [None, houses["weight"].to_numpy()]
        golden[target] = {
            "importances": [
                importance(network, inputs, houses[target], weights, score)
                for score in scores
                for weights in both
            ],
            "dependences": [
                dependence(network, inputs, weights, column)
                for column in ["area", "rooms", "quarter"]
                for weights in both
            ],
        }
    text = json.dumps(golden, indent=None, separators=(",", ":"))
    (FOLDER / "inspection.json").write_text(text.replace('{"score"', '\n{"score"') + "\n")


table() if sys.argv[1:] == ["table"] else main()
