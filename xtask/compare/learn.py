"""Trains scikit-learn's MLP on the training rows of one split and scores it on the test rows; prints
R2 or accuracy, and the seconds that fitting took. Settings as in `nnfs train`, what that scales is
scaled here too, and whatever would end the training early is off."""

import csv
import pathlib
import sys
import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("ignore", ConvergenceWarning)
place, task, epochs, seed = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])


def read(part):
    with open(place / f"{part}.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return np.array([row[:-1] for row in rows], float), np.array([row[-1] for row in rows])


(train, targets), (test, test_targets) = read("train"), read("test")
scaler = StandardScaler().fit(train)
train, test = scaler.transform(train), scaler.transform(test)
if task == "regression":
    kind = MLPRegressor
    # R2 is the same in any unit.
    scaler = StandardScaler().fit(targets.astype(float).reshape(-1, 1))
    targets, test_targets = (
        scaler.transform(values.astype(float).reshape(-1, 1)).ravel() for values in (targets, test_targets))
else:
    kind = MLPClassifier
model = kind(hidden_layer_sizes=(32, 32), solver="adam", learning_rate_init=0.001, batch_size=32,
             max_iter=epochs, alpha=0, n_iter_no_change=epochs + 1, random_state=seed)
start = time.perf_counter()
model.fit(train, targets)
seconds = time.perf_counter() - start
print(f"{model.score(test, test_targets)},{seconds}")
