"""What the checks share: the command nnfs, tables, and how far apart predictions are."""

import csv
import subprocess
from pathlib import Path

import numpy

HERE = Path(__file__).parent
# The largest difference over the largest prediction.
LIMITS = {"f32": 1e-5, "f64": 1e-12}
DTYPES = {"f32": numpy.float32, "f64": numpy.float64}


class Nnfs:
    """The command nnfs in a folder."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, *words):
        subprocess.run([self.program, *words], cwd=self.folder, check=True)

    def predict(self, model, table):
        self.run("predict", model, table, "--out", "predictions.csv")
        return read(self.folder / "predictions.csv", ["prediction"])[:, 0]


def input_type(session):
    """The type of the inputs of a graph in ONNX Runtime."""
    return {"tensor(float)": numpy.float32, "tensor(double)": numpy.float64}[session.get_inputs()[0].type]


def difference(ours, theirs):
    assert ours.shape == theirs.shape, f"{ours.shape} and {theirs.shape}"
    # Not a number nowhere, or a comparison with a limit would let it pass.
    assert numpy.isfinite(ours).all() and numpy.isfinite(theirs).all()
    largest = numpy.abs(ours.astype(float) - theirs.astype(float)).max()
    return 0.0 if largest == 0 else largest / numpy.abs(ours).max()


def check(what, found, limit):
    assert found <= limit, f"{what} differs by {found:.1e} of the largest prediction"


def read(path, names):
    with open(path, newline="") as file:
        return numpy.array([[float(row[name]) for name in names] for row in csv.DictReader(file)])


def write(path, names, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows.tolist())


INPUTS = ["year", "area", "share"]
COLUMNS = [*INPUTS, "price"]


def write_prices(path, rows, seed):
    """Three columns that look like years, areas and shares, and what is to be told from them."""
    draws = numpy.random.default_rng(seed).random((rows, 3))
    year, area, share = 1990 + 30 * draws[:, 0], 200 * draws[:, 1], draws[:, 2]
    price = 3 * area + 40 * numpy.sin(6 * share) + (year - 2000) ** 2
    write(path, COLUMNS, numpy.column_stack([year, area, share, price]).round(4))
