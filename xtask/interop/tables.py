"""Tables of every kind, trained with `nnfs`, exported, and predicted in ONNX Runtime.

    python tables.py NNFS EXAMPLE FOLDER [TABLE TARGET TASK]...

NNFS is the command, and EXAMPLE the program `table` of crates/export/examples. FOLDER takes the files. Own
tables follow as a file, the column to predict, and `regression` or `classification`.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy
import onnx
import onnxruntime

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
    return [
        ("far_target", "x,y", zip(x, 1.7e9 + 60 * x), "y", "regression"),
        ("far_input", "t,y", zip(seconds, numpy.sin(seconds / 20)), "y", "regression"),
        ("narrow_input", "t,y", zip(293.15 + 0.05 * x, x), "y", "regression"),
        ("small_numbers", "x,y", zip(1e-30 * x, 1e-20 * x), "y", "regression"),
        ("words", "x,kind,y", zip(x, words, x + (words == "hut")), "y", "regression"),
        ("missing", "a,b,y", zip(holes, b, a + 2 * b), "y", "regression"),
        ("constant", "a,b,y", zip(a, [5] * ROWS, a), "y", "regression"),
        ("two_targets", "a,b,y,z", zip(a, b, 1e6 + a, b - 1e6), "y,z", "regression"),
        ("classes", "a,b,kind", zip(a, b, kinds), "kind", "classification"),
        ("two_classes", "a,b,kind", zip(a, b, numpy.where(a > b, "yes", "no")), "kind", "classification"),
        ("integers", "a,b,kind", zip(a, b, (3 * x).astype(int) - 1), "kind", "classification"),
        ("missing_classes", "a,b,kind", zip(holes, b, kinds), "kind", "classification"),
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
        assert list(outputs) == ["predictions"], list(outputs)
        # Of its spread, not of its size: predictions may lie far from 0.
        center = ours.mean(axis=0)
        found = difference(ours - center, outputs["predictions"] - center)
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


def case(nnfs, example, name, table, target, task):
    count = 0
    for words in options(task):
        kind = "f64" if "f64" in words else "f32"
        finished = subprocess.run(
            [nnfs.program, "train", table, "--target", target, "--task", task, "--epochs", "100",
             "--learning-rate", "0.01", "--out", "model", "--quiet", *words],
            cwd=nnfs.folder, capture_output=True, text=True)
        if finished.returncode:
            # Binary cross-entropy of three classes, or a table of one's own that is refused.
            print(f"{name} {' '.join(words)}: {finished.stderr.strip()}")
            continue
        subprocess.run([example, "model/model.safetensors", table, "model.onnx", "rows.json"],
                       cwd=nnfs.folder, check=True)
        document = json.loads((nnfs.folder / "rows.json").read_text())
        limit = 1e-4 if kind == "f32" else LIMITS[kind] * 1e3
        found = compare(name, document, nnfs.folder / "model.onnx", limit)
        print(f"{name} {' '.join(words)}: {found:.1e}")
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
    for table, target, task in zip(own[::3], own[1::3], own[2::3]):
        count += case(nnfs, example, Path(table).name, str(Path(table).resolve()), target, task)
    print(f"{count} models of tables in ONNX Runtime")


if __name__ == "__main__":
    main(*[Path(word).resolve() for word in sys.argv[1:4]], sys.argv[4:])
