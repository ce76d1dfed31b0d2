"""Compares the prediction intervals of nnfs with those of MAPIE (CV+, five folds) around scikit-learn's MLPRegressor,
on the regressions of ablation.py and the same rows. Prints a table in Markdown: the share of the test targets within
their intervals, and the mean width in standard deviations of the training targets.

    python intervals.py NNFS DIR SPLITS SEED ROWS [LEVEL]

Splits that are already in DIR, as DIR/TABLE/SPLIT/train.csv and test.csv, are not drawn again."""

import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pandas as pd
from mapie.regression import CrossConformalRegressor
from sklearn.compose import TransformedTargetRegressor, make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from ablation import REGRESSIONS, main as write_tables

warnings.filterwarnings("ignore")


def of_nnfs(nnfs, place, target, categorical, seed, level):
    """The ends of the intervals for the test rows, after a training with default settings."""
    with tempfile.TemporaryDirectory() as folder:
        def run(*words):
            subprocess.run([nnfs, *map(str, words)], check=True, capture_output=True)
        words = [word for name in categorical for word in ("--categorical", f'"{name}"')]
        run("train", place / "train.csv", "--out", f"{folder}/model", "--target", target, "--task", "regression",
            "--test-fraction", "0", "--seed", seed, "--quiet", *words)
        run("predict", f"{folder}/model", place / "test.csv", "--interval", level, "--out", f"{folder}/p.csv")
        table = pd.read_csv(f"{folder}/p.csv")
        return table["low"].to_numpy(), table["high"].to_numpy()


def of_mapie(train, test, target, seed, level):
    """The same of MAPIE, with words in one-hot codes, missing numbers filled, and numbers and targets standardized."""
    inputs = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), make_column_selector(dtype_exclude="number")),
        (make_pipeline(SimpleImputer(), StandardScaler()), make_column_selector(dtype_include="number")))
    network = TransformedTargetRegressor(MLPRegressor(random_state=seed), transformer=StandardScaler())
    folds = KFold(5, shuffle=True, random_state=seed)
    model = CrossConformalRegressor(make_pipeline(inputs, network), confidence_level=level, method="plus", cv=folds)
    model.fit_conformalize(train.drop(columns=target), train[target])
    ends = model.predict_interval(test.drop(columns=target))[1][:, :, 0]
    return ends[:, 0], ends[:, 1]


def read(place, part, categorical):
    table = pd.read_csv(place / f"{part}.csv", dtype={name: str for name in categorical})
    return table.fillna({name: "missing" for name in categorical})


def compare(place, target, categorical, nnfs, level):
    """For nnfs and MAPIE: coverage and mean width."""
    seed = int(place.name)
    train, test = read(place, "train", categorical), read(place, "test", categorical)
    peers = [lambda: of_nnfs(nnfs, place, target, categorical, seed, level),
             lambda: of_mapie(train, test, target, seed, level)]
    results = []
    for peer in peers:
        low, high = peer()
        targets = test[target].to_numpy()
        covered = np.mean((low <= targets) & (targets <= high))
        results.append((covered, np.mean(high - low) / train[target].std()))
    return results


def main(nnfs, folder, splits, seed, rows, level=0.9):
    if not folder.exists():
        write_tables(folder, splits, seed, rows)
    print("| table | training rows | coverage, nnfs | coverage, MAPIE | width, nnfs | width, MAPIE |")
    print("|---|---|---|---|---|---|")
    means = []
    for _, name, target, _ in REGRESSIONS:
        places = [folder / name / str(split) for split in range(splits)]
        first = pd.read_csv(places[0] / "train.csv")
        categorical = list(first.columns.difference(first.select_dtypes("number").columns))
        found = [compare(place, target, categorical, nnfs, level) for place in places]
        # From (splits, learners, measures) to the coverage of both, then the width of both.
        means.append(np.mean(found, axis=0).T.ravel())
        print(line(name, len(first), means[-1]), flush=True)
    print(line("mean", "", np.mean(means, axis=0)))


def line(name, rows, numbers):
    cells = [f"{number:.3f}" for number in numbers]
    return "| " + " | ".join([name, str(rows), *cells]) + " |"


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]), *map(int, sys.argv[3:6]), *map(float, sys.argv[6:]))
