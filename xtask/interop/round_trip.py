"""A model of nnfs trained on elsewhere, and back.

    python round_trip.py NNFS FOLDER

NNFS is the command; FOLDER takes the files. One step in PyTorch and one in Keras: what comes back
predicts what they do. Training in two processes: what comes back predicts better, on rows that nobody
has trained on.
"""

import csv
import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy
import torch
from safetensors.torch import load_file, save_file
from torch import nn

import in_keras
import in_torch

LIMITS = {"f32": 1e-5, "f64": 1e-12}
HERE = Path(__file__).parent


class Command:
    """The command nnfs in a folder."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, *words):
        subprocess.run([self.program, *words], cwd=self.folder, check=True)

    def predict(self, model, table):
        self.run("predict", model, table, "--out", "predictions.csv")
        return read(self.folder / "predictions.csv", ["prediction"])[:, 0]


def read(path, names):
    with open(path, newline="") as file:
        return numpy.array([[float(row[name]) for name in names] for row in csv.DictReader(file)])


def write_table(path, rows, seed):
    """Three columns that look like years, areas and shares, and what is to be told from them."""
    draws = numpy.random.default_rng(seed).random((rows, 3))
    year, area, share = 1990 + 30 * draws[:, 0], 200 * draws[:, 1], draws[:, 2]
    price = 3 * area + 40 * numpy.sin(6 * share) + (year - 2000) ** 2
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["year", "area", "share", "price"])
        writer.writerows(numpy.column_stack([year, area, share, price]).round(4).tolist())


def difference(ours, theirs):
    assert ours.shape == theirs.shape and numpy.isfinite(theirs).all()
    return numpy.abs(ours - theirs).max() / numpy.abs(ours).max()


def check(what, kind, before, ours, theirs):
    found = difference(ours, theirs)
    assert found <= LIMITS[kind], f"{what} differs by {found:.1e}"
    # A step that changes nothing would prove nothing.
    moved = difference(ours, before)
    assert moved > 1e-4, f"the step has changed predictions by {moved:.1e}"
    print(f"{kind}: one step in {what} and back: {found:.1e} (the step itself: {moved:.1e})")


def one_step_in_torch(nnfs, kind, before):
    model = in_torch.load(nnfs.folder / "model/model.safetensors")
    inputs = torch.tensor(read(nnfs.folder / "train.csv", ["year", "area", "share"]), dtype=model.dtype)
    targets = torch.tensor(read(nnfs.folder / "train.csv", ["price"]), dtype=model.dtype)
    optimizer = torch.optim.SGD(model.network.parameters(), lr=0.05)
    outputs = model.network(model.input_scaler(inputs))
    nn.functional.mse_loss(outputs, model.target_scaler(targets)).backward()
    optimizer.step()
    save_file(model.network.state_dict(), nnfs.folder / "torch.safetensors")
    nnfs.run("import", "torch.safetensors", "--from", "pytorch", "--like", "model/model.safetensors",
             "--out", "from_torch.safetensors")
    back = load_file(nnfs.folder / "from_torch.safetensors")
    for name, tensor in model.network.state_dict().items():
        assert torch.equal(back[name], tensor), f"{name} is not the same, bit for bit"
    with torch.no_grad():
        theirs = model(inputs).numpy()[:, 0].astype(float)
    check("PyTorch", kind, before, nnfs.predict("from_torch.safetensors", "train.csv"), theirs)


def one_step_in_keras(nnfs, kind, before):
    model = in_torch.load(nnfs.folder / "model/model.safetensors")
    network = in_keras.load(nnfs.folder / "model/model.safetensors")
    table = read(nnfs.folder / "train.csv", ["year", "area", "share", "price"])
    inputs = model.input_scaler(torch.tensor(table[:, :3], dtype=model.dtype)).numpy()
    targets = model.target_scaler(torch.tensor(table[:, 3:], dtype=model.dtype)).numpy()
    network.compile(keras.optimizers.SGD(0.05), "mse")
    network.train_on_batch(inputs, targets)
    in_keras.save(network, nnfs.folder / "keras.safetensors")
    nnfs.run("import", "keras.safetensors", "--from", "keras", "--like", "model/model.safetensors",
             "--out", "from_keras.safetensors")
    with torch.no_grad():
        outputs = network(torch.from_numpy(inputs), training=False).cpu()
    theirs = model.target_scaler.inverse(outputs).numpy()[:, 0].astype(float)
    check("Keras", kind, before, nnfs.predict("from_keras.safetensors", "train.csv"), theirs)


def train_in_two_processes(nnfs):
    paths = [nnfs.folder / name for name in ["model/model.safetensors", "train.csv", "ddp.safetensors"]]
    subprocess.run([sys.executable, HERE / "train_ddp.py", *paths], check=True)
    nnfs.run("import", "ddp.safetensors", "--from", "pytorch", "--like", "model/model.safetensors",
             "--out", "better.safetensors")
    wanted = read(nnfs.folder / "test.csv", ["price"])[:, 0]
    error = lambda model: numpy.sqrt(numpy.mean((nnfs.predict(model, "test.csv") - wanted) ** 2))
    before, after = error("model/model.safetensors"), error("better.safetensors")
    assert after < before, f"{after} after training on, {before} before"
    print(f"two processes: RMSE on held-out rows {before:.2f} before, {after:.2f} after")


def main(program, folder):
    for kind in LIMITS:
        nnfs = Command(program, folder / kind)
        nnfs.folder.mkdir(parents=True, exist_ok=True)
        write_table(nnfs.folder / "train.csv", 800, seed=1)
        write_table(nnfs.folder / "test.csv", 200, seed=2)
        nnfs.run("train", "train.csv", "--target", "price", "--task", "regression", "--dtype", kind,
                 "--epochs", "3", "--out", "model", "--quiet")
        before = nnfs.predict("model/model.safetensors", "train.csv")
        one_step_in_torch(nnfs, kind, before)
        # See compare.py.
        if kind == "f32":
            one_step_in_keras(nnfs, kind, before)
        train_in_two_processes(nnfs)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
