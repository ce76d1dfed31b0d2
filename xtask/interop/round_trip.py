"""A model of nnfs trained on elsewhere, and back.

    python round_trip.py NNFS FOLDER NETWORKS

NNFS is the command; FOLDER takes the files. NETWORKS is the folder that the example `architectures` of
nnfs-export has written. One step in PyTorch and one in Keras: what comes back predicts what they do. Training
in two processes: what comes back predicts better, on rows that nobody has trained on. Networks that PyTorch
and Keras have made, brought here and from here to ONNX Runtime. And an ensemble that PyTorch has changed.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy
import onnxruntime
import torch
from safetensors.torch import load_file, save_file
from torch import nn

import in_keras
import in_torch
from checks import (COLUMNS, DTYPES, HERE, LIMITS, Nnfs, check, difference, input_type, read,
                    write_prices)

MODEL = "model/model.safetensors"


def bring_back(nnfs, library, weights, model):
    nnfs.run("import", weights, "--from", library, "--like", MODEL, "--out", model)


def check_step(what, kind, before, ours, theirs):
    found = difference(ours, theirs)
    check(what, found, LIMITS[kind])
    # A step that changes nothing would prove nothing.
    moved = difference(ours, before)
    assert moved > 1e-4, f"the step has changed predictions by {moved:.1e}"
    print(f"{kind}: one step in {what} and back: {found:.1e} (the step itself: {moved:.1e})")


def one_step_in_torch(nnfs, kind, before):
    model = in_torch.load(nnfs.folder / MODEL)
    table = torch.tensor(read(nnfs.folder / "train.csv", COLUMNS))
    inputs, targets = table[:, :3], model.target_scaler(table[:, 3:]).to(model.dtype)
    optimizer = torch.optim.SGD(model.network.parameters(), lr=0.05)
    nn.functional.mse_loss(model.network(model.scaled(inputs)), targets).backward()
    optimizer.step()
    save_file(model.network.state_dict(), nnfs.folder / "torch.safetensors")
    bring_back(nnfs, "pytorch", "torch.safetensors", "from_torch.safetensors")
    back = load_file(nnfs.folder / "from_torch.safetensors")
    for name, tensor in model.network.state_dict().items():
        assert torch.equal(back[name], tensor), f"{name} is not the same, bit for bit"
    with torch.no_grad():
        theirs = model(inputs).numpy()[:, 0]
    ours = nnfs.predict("from_torch.safetensors", "train.csv")
    check_step("PyTorch", kind, before, ours, theirs)


def one_step_in_keras(nnfs, kind, before):
    """Scalers are PyTorch's; the network between is Keras's."""
    model = in_torch.load(nnfs.folder / MODEL)
    network = in_keras.load(nnfs.folder / MODEL)
    table = torch.tensor(read(nnfs.folder / "train.csv", COLUMNS))
    inputs = model.scaled(table[:, :3]).numpy()
    targets = model.target_scaler(table[:, 3:]).to(model.dtype).numpy()
    network.compile(in_keras.keras.optimizers.SGD(0.05), "mse")
    network.train_on_batch(inputs, targets)
    in_keras.save(network, nnfs.folder / "keras.safetensors")
    bring_back(nnfs, "keras", "keras.safetensors", "from_keras.safetensors")
    outputs = torch.from_numpy(numpy.array(network(inputs, training=False)))
    theirs = model.meaning(outputs).numpy()[:, 0]
    ours = nnfs.predict("from_keras.safetensors", "train.csv")
    check_step("Keras", kind, before, ours, theirs)


# By itself, and as on several machines.
STARTS = {
    "f32": [],
    "f64": ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"],
}


def train_in_two_processes(nnfs, kind):
    paths = [nnfs.folder / name for name in [MODEL, "train.csv", "ddp.safetensors"]]
    start = [sys.executable, *STARTS[kind]]
    subprocess.run([*start, HERE / "train_ddp.py", *paths], check=True)
    bring_back(nnfs, "pytorch", "ddp.safetensors", "better.safetensors")
    wanted = read(nnfs.folder / "test.csv", ["price"])[:, 0]
    error = lambda model: numpy.sqrt(numpy.mean((nnfs.predict(model, "test.csv") - wanted) ** 2))
    before, after = error(MODEL), error("better.safetensors")
    assert after < before, f"{after} after training on, {before} before"
    print(f"{kind}: trained on in two processes: RMSE {before:.2f} before, {after:.2f} after")


def ensemble_in_torch(nnfs, kind, networks):
    """An ensemble of `architectures`, changed in PyTorch, back here, and from here to ONNX Runtime."""
    path = networks / kind / "200.safetensors"
    model = in_torch.load(path)
    assert len(model.network.members) > 1
    inputs = torch.from_numpy(numpy.array(read_inputs(path), DTYPES[kind]))
    with torch.no_grad():
        before = model(inputs).numpy()
        for tensor in model.network.parameters():
            tensor.mul_(0.75)
        theirs = model(inputs).numpy()
    save_file(model.network.state_dict(), nnfs.folder / "members.safetensors")
    nnfs.run("import", "members.safetensors", "--from", "pytorch", "--like", path,
             "--out", "ensemble.safetensors")
    back = load_file(nnfs.folder / "ensemble.safetensors")
    for name, tensor in model.network.state_dict().items():
        assert torch.equal(back[name], tensor), f"{name} is not the same, bit for bit"
    nnfs.run("export", "ensemble.safetensors", "--onnx", "ensemble.onnx")
    session = onnxruntime.InferenceSession(nnfs.folder / "ensemble.onnx")
    (ours,) = session.run(["predictions"], {"inputs": inputs.numpy().astype(input_type(session))})
    ours = ours.astype(DTYPES[kind])
    found = difference(ours, theirs)
    check("an ensemble changed in PyTorch", found, LIMITS[kind])
    assert difference(ours, before) > 1e-4, "the change has changed nothing"
    print(f"{kind}: an ensemble changed in PyTorch, in ONNX Runtime: {found:.1e}")


def read_inputs(path):
    return json.loads(path.with_suffix(".json").read_text())["inputs"]


def made_in_torch(dtype):
    network = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
    network = network.to(dtype)
    return network, lambda path: save_file(network.state_dict(), path)


def made_in_keras(kind):
    layers, dtype = in_keras.keras.layers, {"f32": "float32", "f64": "float64"}[kind]
    # Keras begins with biases of 0, which would prove nothing.
    words = {"bias_initializer": "random_normal", "dtype": dtype}
    hidden = [layers.Dense(8, activation="leaky_relu", **words) for _ in range(2)]
    last = layers.Dense(1, **words)
    network = in_keras.keras.Sequential([in_keras.keras.Input((3,), dtype=dtype), *hidden, last])
    return network, lambda path: in_keras.save(network, path)


def bring_here(nnfs, kind):
    """Networks of others, without scalers or columns; the layer of 8 by 8 would fit either way round."""
    inputs = numpy.random.default_rng(3).normal(size=(50, 3)).astype(DTYPES[kind])
    torch.manual_seed(0)
    in_keras.keras.utils.set_random_seed(0)
    theirs = {
        "pytorch": (["tanh"], made_in_torch(torch.from_numpy(inputs).dtype)),
        "keras": (["leaky-relu", "--slope", "0.2"], made_in_keras(kind)),
    }
    for library, (activation, (network, save)) in theirs.items():
        save(nnfs.folder / "made.safetensors")
        nnfs.run("import", "made.safetensors", "--from", library, "--activation", *activation,
                 "--task", "regression", "--out", "here.safetensors")
        nnfs.run("export", "here.safetensors", "--onnx", "here.onnx")
        session = onnxruntime.InferenceSession(nnfs.folder / "here.onnx")
        (ours,) = session.run(["predictions"], {"inputs": inputs})
        with torch.no_grad():
            outputs = network(torch.from_numpy(inputs) if library == "pytorch" else inputs)
        found = difference(ours, numpy.asarray(outputs))
        check(library, found, LIMITS[kind])
        print(f"{kind}: made with {library}, in ONNX Runtime: {found:.1e}")


def main(program, folder, networks):
    for kind in LIMITS:
        nnfs = Nnfs(program, folder / kind)
        write_prices(nnfs.folder / "train.csv", 800, seed=1)
        write_prices(nnfs.folder / "test.csv", 200, seed=2)
        nnfs.run("train", "train.csv", "--target", "price", "--task", "regression", "--dtype", kind,
                 "--recipe", "plain", "--epochs", "3", "--out", "model", "--quiet")
        before = nnfs.predict(MODEL, "train.csv")
        one_step_in_torch(nnfs, kind, before)
        one_step_in_keras(nnfs, kind, before)
        train_in_two_processes(nnfs, kind)
        bring_here(nnfs, kind)
        ensemble_in_torch(nnfs, kind, networks)


if __name__ == "__main__":
    main(*[Path(word).resolve() for word in sys.argv[1:]])
