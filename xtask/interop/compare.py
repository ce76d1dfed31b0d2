"""Networks that `cargo run -p nnfs-export --example architectures FOLDER` has written, in ONNX Runtime,
PyTorch and Keras: the largest difference over the largest prediction.

    python compare.py FOLDER
"""

import json
import sys
import warnings
from pathlib import Path

import in_keras  # Before JAX, for which it chooses double precision.
import jax
import numpy
import onnx
import onnxruntime
import torch

import in_torch
from checks import DTYPES, LIMITS, check, difference, input_type

# A softmax of a single output is in some of the networks, and Keras warns of it.
warnings.filterwarnings("ignore", message=".*softmax over axis.*")


def onnx_runtime(path, inputs):
    kind = inputs.dtype
    onnx.checker.check_model(str(path), full_check=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    # A graph that scales its inputs takes double precision.
    inputs = inputs.astype(input_type(session))
    (predictions,) = session.run(["predictions"], {"inputs": inputs})
    # The size of the batch is open.
    (first,) = session.run(["predictions"], {"inputs": inputs[:1]})
    assert first.shape == (1, predictions.shape[1])
    return predictions.astype(kind)


def compare_intervals(folder, kind):
    """The outputs `low` and `high` of ONNX Runtime, for each row of a batch and for the first row alone."""
    found = []
    for file in sorted(folder.glob("intervals/*.json")):
        document = json.loads(file.read_text())
        path = file.with_suffix(".onnx")
        onnx.checker.check_model(str(path), full_check=True)
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        inputs = numpy.array(document["inputs"], DTYPES[kind]).astype(input_type(session))
        for rows in [slice(None), slice(1)]:
            ends = session.run(["low", "high"], {"inputs": inputs[rows]})
            for name, theirs in zip(["low", "high"], ends):
                found.append(difference(numpy.array(document[name])[rows], theirs))
                check(f"{path}: {name}", found[-1], LIMITS[kind])
    assert found, f"no file in {folder}/intervals"
    print(f"{kind}: {len(found) // 4} networks with prediction intervals in ONNX Runtime: {max(found):.1e}")


def pytorch(path, inputs):
    with torch.no_grad():
        return in_torch.load(path)(torch.from_numpy(inputs)).numpy()


def has_tanh(path):
    return any(isinstance(module, torch.nn.Tanh) for module in in_torch.load(path).network.modules())


def keras(path, inputs):
    """Scalers and link are PyTorch's; the network between is Keras's."""
    pipeline = in_torch.load(path)
    with torch.no_grad():
        scaled = pipeline.scaled(torch.from_numpy(inputs)).numpy()
        # A call: `predict` would bring float64 to single precision on its way in.
        outputs = numpy.array(in_keras.load(path)(scaled, training=False))
        assert outputs.dtype == inputs.dtype, f"Keras: {outputs.dtype}"
        return pipeline.meaning(torch.from_numpy(outputs)).numpy().astype(inputs.dtype)


def compare(folder, kind):
    found = {"ONNX Runtime": [], "PyTorch": [], "Keras": []}
    files = sorted(folder.glob("*.json"), key=lambda file: int(file.stem))
    for file in files:
        document = json.loads(file.read_text())
        inputs = numpy.array(document["inputs"], DTYPES[kind])
        ours = numpy.array(document["predictions"], DTYPES[kind])
        model = file.with_suffix(".safetensors")
        theirs = {
            "ONNX Runtime": onnx_runtime(file.with_suffix(".onnx"), inputs),
            "PyTorch": pytorch(model, inputs),
        }
        # On JAX, Keras 3.15 computes this function of float64 in single precision.
        if not (kind == "f64" and has_tanh(model)):
            theirs["Keras"] = keras(model, inputs)
            # Each network has shapes of its own: what JAX compiles for them is of no use to the next.
            jax.clear_caches()
        for name, predictions in theirs.items():
            assert predictions.dtype == inputs.dtype, f"{name}: {predictions.dtype}"
            found[name].append(difference(ours, predictions))
            check(f"{file}: {name}", found[name][-1], LIMITS[kind])
    assert len(files) == 240, f"expected 240 networks, found {len(files)}"
    for name, all_found in found.items():
        print(f"{kind}: {len(all_found)} networks in {name}: {max(all_found):.1e}")


if __name__ == "__main__":
    for kind in LIMITS:
        compare(Path(sys.argv[1]) / kind, kind)
        compare_intervals(Path(sys.argv[1]) / kind, kind)
