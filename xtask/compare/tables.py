"""Writes public tables as CSV files, each split into rows to train and to test with:
DIR/TABLE/SPLIT/train.csv and test.csv. The target is the last column."""

import csv
import pathlib
import sys

from sklearn import datasets
from sklearn.model_selection import train_test_split

TABLES = {"diabetes": "regression", "breast_cancer": "classification", "wine": "classification",
          "digits": "classification"}

folder, splits, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for name, task in TABLES.items():
    table = getattr(datasets, f"load_{name}")()
    classes = task == "classification"
    targets = [str(table.target_names[t]) if classes else repr(float(t)) for t in table.target]
    rows = [[repr(float(value)) for value in row] + [target]
            for row, target in zip(table.data, targets)]
    for split in range(splits):
        parts = train_test_split(rows, test_size=0.2, random_state=seed + split,
                                 stratify=targets if classes else None)
        place = folder / name / str(split)
        place.mkdir(parents=True, exist_ok=True)
        for part, part_rows in zip(["train", "test"], parts):
            with open(place / f"{part}.csv", "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow([*table.feature_names, "target"])
                writer.writerows(part_rows)
    print(f"{name},{task},{len(rows)},{len(table.feature_names)}")
