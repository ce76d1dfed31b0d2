"""A model of nnfs over a large table, and over one of many digits, in ONNX Runtime.

    python large_table.py NNFS FOLDER

NNFS is the command; FOLDER takes the files. Ray and Spark, on workers that are all on this machine, have to
predict what `nnfs predict` does; Spark is left out where there is no Java.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
import onnxruntime
import torch

import in_torch
from checks import COLUMNS, HERE, LIMITS, Nnfs, check, difference, read, write, write_prices

MODEL = "model/model.safetensors"
PARTS, ROWS = 4, 50_000


def train(nnfs, kind, table, target):
    nnfs.run("train", table, "--target", target, "--task", "regression", "--dtype", kind,
             "--epochs", "3", "--out", "model", "--quiet")
    nnfs.run("export", MODEL, "--onnx", "model.onnx")


def on(engine, script, nnfs, kind):
    """A table in several files through a script of ours."""
    # Ray would add to what is there, and Spark refuse.
    shutil.rmtree(nnfs.folder / engine, ignore_errors=True)
    words = [sys.executable, HERE / script, "model.onnx", "parts", engine]
    # Spark's workers would take another Python.
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    finished = subprocess.run(words, cwd=nnfs.folder, env=environment, capture_output=True, text=True)
    assert finished.returncode == 0, f"{engine}: {finished.stdout}{finished.stderr}"
    files = (nnfs.folder / engine).glob("*.csv")
    rows = numpy.concatenate([read(file, [*COLUMNS, "prediction"]) for file in files])
    assert len(rows) == PARTS * ROWS, f"{len(rows)} rows"
    # An engine may give its rows in another order.
    write(nnfs.folder / "all.csv", COLUMNS, rows[:, :-1])
    found = difference(nnfs.predict(MODEL, "all.csv"), rows[:, -1])
    check(engine, found, LIMITS[kind])
    print(f"{kind}: {len(rows)} rows on {engine}: {found:.1e}")


def many_digits(nnfs, kind):
    """Seconds since 1970: a network of f32 needs their last digits, but only once they are scaled."""
    seconds = 1_700_000_000 + numpy.arange(1000.0)
    write(nnfs.folder / "digits.csv", ["seconds", "wave"],
          numpy.column_stack([seconds, numpy.sin(seconds / 100)]))
    train(nnfs, kind, "digits.csv", "wave")
    session = onnxruntime.InferenceSession(nnfs.folder / "model.onnx")
    inputs = seconds.reshape(-1, 1)
    (runtime,) = session.run(["predictions"], {"inputs": inputs})
    with torch.no_grad():
        pytorch = in_torch.load(nnfs.folder / MODEL)(torch.from_numpy(inputs)).numpy()
    ours = nnfs.predict(MODEL, "digits.csv")
    for name, theirs in {"ONNX Runtime": runtime, "PyTorch": pytorch}.items():
        found = difference(ours, theirs[:, 0])
        print(f"{kind}: a column of many digits in {name}: {found:.1e}")
        check(name, found, LIMITS[kind])


def main(program, folder):
    for kind in LIMITS:
        nnfs = Nnfs(program, folder / kind)
        write_prices(nnfs.folder / "train.csv", 800, seed=1)
        train(nnfs, kind, "train.csv", "price")
        (nnfs.folder / "parts").mkdir(exist_ok=True)
        for part in range(PARTS):
            write_prices(nnfs.folder / f"parts/{part}.csv", ROWS, seed=10 + part)
        on("Ray", "infer_ray.py", nnfs, kind)
        if shutil.which("java"):
            on("Spark", "infer_spark.py", nnfs, kind)
        else:
            print(f"{kind}: Spark left out, for there is no Java")
        many_digits(nnfs, kind)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
