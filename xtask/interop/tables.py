"""Tables of every kind, trained with `nnfs`, exported, and predicted in ONNX Runtime and PyTorch.

    python tables.py NNFS EXAMPLE FOLDER [TABLE TARGET TASK]...

NNFS is the command, and EXAMPLE the program `table` of crates/export/examples. FOLDER takes the files. Further
tables follow as a file, the column to predict, and `regression` or `classification`.
"""

import csv
import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch

import encode
import in_torch
from checks import LIMITS, Nnfs, check, difference

ROWS = 120


def tables():
    """The name of each table, its header, its rows, its target, and its task."""
    draw = numpy.random.default_rng(1)
    x = draw.random(ROWS)
    a, b = draw.normal(size=ROWS), draw.normal(size=ROWS)
    seconds = 1_700_000_000 + numpy.arange(ROWS)
    kinds = numpy.where(a + b > 0.5, "high", numpy.where(a + b > -0.5, "mid", "low"))
    words = numpy.array(["flat", "house", "hut"])[draw.integers(0, 3, ROWS)]
    holes = [("" if row % 9 == 4 else f"{value:.4f}") for row, value in enumerate(a)]
    far = [("1e9" if row == 7 else text) for row, text in enumerate(holes)]
    rare = numpy.where(numpy.arange(ROWS) % 30 == 3, [f"rare{row}" for row in range(ROWS)], words)
    fives = [("NA" if row % 7 == 3 else "5") for row in range(ROWS)]
    start = datetime(2023, 1, 1)
    moments = [start + timedelta(days=int(3 * row), hours=int(row % 24)) for row in range(ROWS)]
    dates = [("" if row % 11 == 5 else f"{each:%d/%m/%Y}") for row, each in enumerate(moments)]
    stamps = [f"{each:%Y-%m-%dT%H:%M:00+02:00}" for each in moments]
    clocks = [f"{each:%H:%M}" for each in moments]
    months = [f"{each:%b %Y}" for each in moments]
    quarters = [f"{each:%Y}-Q{(each.month + 2) // 3}" for each in moments]
    short_years = [("NaT" if row % 11 == 5 else f"{each:%d.%m.%y}") for row, each in enumerate(moments)]
    nones = [("None" if row % 9 == 4 else f"{value:.4f}") for row, value in enumerate(a)]
    return [
        ("far_target", "x,y", zip(x, 1.7e9 + 60 * x), "y", "regression"),
        ("far_input", "t,y", zip(seconds, numpy.sin(seconds / 20)), "y", "regression"),
        ("narrow_input", "t,y", zip(293.15 + 0.05 * x, x), "y", "regression"),
        ("small_numbers", "x,y", zip(1e-30 * x, 1e-20 * x), "y", "regression"),
        ("words", "x,kind,y", zip(x, words, x + (words == "hut")), "y", "regression"),
        ("missing", "a,b,y", zip(holes, b, a + 2 * b), "y", "regression"),
        ("outliers", "a,b,y", zip(far, b, a + 2 * b), "y", "regression"),
        ("rare_words", "a,kind,y", zip(a, rare, a + (words == "hut")), "y", "regression"),
        ("dates", "date,stamp,clock,y", zip(dates, stamps, clocks, a), "y", "regression"),
        ("forms_of_dates", "month,quarter,short,y", zip(months, quarters, short_years, a), "y", "regression"),
        ("missing_words", "a,b,y", zip(nones, b, a + 2 * b), "y", "regression"),
        ("constant_or_missing", "a,five,y", zip(a, fives, a), "y", "regression"),
        ("constant", "a,b,y", zip(a, [5] * ROWS, a), "y", "regression"),
        ("two_targets", "a,b,y,z", zip(a, b, 1e6 + a, b - 1e6), "y,z", "regression"),
        ("classes", "a,b,kind", zip(a, b, kinds), "kind", "classification"),
        ("two_classes", "a,b,kind", zip(a, b, numpy.where(a > b, "yes", "no")), "kind", "classification"),
        ("integers", "a,b,kind", zip(a, b, (3 * x).astype(int) - 1), "kind", "classification"),
        ("missing_classes", "a,b,kind", zip(holes, b, kinds), "kind", "classification"),
        ("everything", "a,b,kind,date,y", zip(far, b, rare, dates, a + b), "y", "regression"),
    ]


def options(task):
    yield []
    yield ["--dtype", "f64"]
    if task == "classification":
        yield ["--loss", "binary-cross-entropy"]


def run(session, inputs):
    return dict(zip([it.name for it in session.get_outputs()], session.run(None, {"inputs": inputs})))


def compare(name, document, path, limit):
    onnx.checker.check_model(str(path), full_check=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    # In JSON a missing number is null.
    inputs = numpy.array(document["inputs"], dtype=float)
    ours = numpy.array(document["predictions"])
    outputs = run(session, inputs)
    if document["labels"] is None:
        expected = {"predictions": ours}
        if document["intervals"] is not None:
            expected |= dict(zip(["low", "high"], numpy.array(document["intervals"])))
        assert list(outputs) == list(expected), list(outputs)
        # Of its spread, not of its size: predictions may lie far from 0.
        center = ours.mean(axis=0)
        found = max(difference(ours - center, outputs[name] - center) for name, ours in expected.items())
    else:
        assert list(outputs) == ["output_label", "output_probability"], list(outputs)
        labels, probability = outputs["output_label"], outputs["output_probability"]
        found = difference(ours, probability)
        # Labels of which two are equally likely may differ.
        two = numpy.sort(ours, axis=1)[:, -2:]
        clear = two[:, 1] - two[:, 0] > 1e-4
        theirs = [str(label) for label in labels]
        wrong = [row for row in range(len(ours)) if clear[row] and theirs[row] != document["labels"][row]]
        assert not wrong, f"{name}: other labels in rows {wrong}"
    check(name, found, limit)
    return found


def compare_in_torch(name, document, path, limit):
    """Probabilities, or numbers; without a second of two classes, which `in_torch` does not add."""
    ours = numpy.array(document["predictions"])
    with torch.no_grad():
        theirs = in_torch.load(path)(torch.tensor(numpy.array(document["inputs"], dtype=float))).numpy()
    if document["labels"] is None:
        center = ours.mean(axis=0)
        ours, theirs = ours - center, theirs - center
    elif theirs.shape[1] == 1:
        ours = ours[:, 1:]
    found = difference(ours, theirs)
    check(f"{name} in PyTorch", found, limit)
    return found


def compare_inputs(name, document, rows, model):
    """`encode` gives the inputs that nnfs gives."""
    ours = numpy.array(document["inputs"], dtype=float)
    theirs = encode.encode(rows, encode.columns(model))
    numpy.testing.assert_allclose(theirs, ours, rtol=1e-14, atol=1e-14, err_msg=name)


def new_rows(nnfs):
    """`encode` and ONNX Runtime predict new rows of the table `everything` as `nnfs predict` does."""
    header = "date,kind,b,a"
    rows = ["31/12/2025,hut,0.5,1e12", ",rare3,-1,", "29/02/2024,unseen,0,NA", "03/04/2023,,1,-0.25"]
    (nnfs.folder / "new.csv").write_text("\n".join([header, *rows]) + "\n")
    ours = nnfs.predict("model", "new.csv")
    columns = encode.columns(nnfs.folder / "model/model.safetensors")
    inputs = encode.encode(read_rows(nnfs.folder / "new.csv"), columns)
    session = onnxruntime.InferenceSession(str(nnfs.folder / "model.onnx"))
    found = difference(ours, run(session, inputs)["predictions"][:, 0])
    check("new rows", found, LIMITS["f64"] * 1e3)
    print(f"new rows: {found:.1e}")


def read_rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def case(nnfs, example, name, table, target, task, inputs_too=True):
    count = 0
    for words in options(task):
        kind = "f64" if "f64" in words else "f32"
        finished = subprocess.run(
            [nnfs.program, "train", table, "--target", target, "--task", task, "--epochs", "100",
             "--learning-rate", "0.01", "--out", "model", "--quiet", *words],
            cwd=nnfs.folder, capture_output=True, text=True)
        if finished.returncode:
            # Binary cross-entropy of three classes, or a table that is refused.
            print(f"{name} {' '.join(words)}: {finished.stderr.strip()}")
            continue
        subprocess.run([example, "model/model.safetensors", table, "model.onnx", "rows.json"],
                       cwd=nnfs.folder, check=True)
        document = json.loads((nnfs.folder / "rows.json").read_text())
        limit = 1e-4 if kind == "f32" else LIMITS[kind] * 1e3
        found = compare(name, document, nnfs.folder / "model.onnx", limit)
        model = nnfs.folder / "model/model.safetensors"
        in_pytorch = compare_in_torch(name, document, model, limit)
        if inputs_too:
            compare_inputs(name, document, read_rows(nnfs.folder / table), model)
        print(f"{name} {' '.join(words)}: {found:.1e}, in PyTorch {in_pytorch:.1e}")
        count += 1
    return count


def main(program, example, folder, own):
    nnfs = Nnfs(program, folder)
    count = 0
    for name, header, rows, target, task in tables():
        lines = [header, *(",".join(str(value) for value in row) for row in rows)]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
        found = case(nnfs, example, name, f"{name}.csv", target, task)
        assert found >= 2, f"{name} was not trained"
        count += found
    new_rows(nnfs)
    for table, target, task in zip(own[::3], own[1::3], own[2::3]):
        count += case(nnfs, example, Path(table).name, str(Path(table).resolve()), target, task,
                      inputs_too=False)
    print(f"{count} models of tables in ONNX Runtime")


if __name__ == "__main__":
    main(*[Path(word).resolve() for word in sys.argv[1:4]], sys.argv[4:])
