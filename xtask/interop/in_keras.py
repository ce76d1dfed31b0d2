"""A model file of nnfs as a Keras model, and back.

    network = in_keras.load("model.safetensors")       # scaled inputs to outputs without the link;
                                                       # sets the numbers that Keras works in
    in_keras.save(network, "weights.safetensors")      # for `nnfs import --from keras`
"""

import json
import os

# On PyTorch, Keras 3.15 multiplies float64 in single precision.
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_ENABLE_X64", "1")

import keras
import numpy
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

KINDS = {
    "dropout": lambda settings: keras.layers.Dropout(settings["rate"]),
    "leaky_relu": lambda settings: keras.layers.LeakyReLU(negative_slope=settings["slope"]),
    "linear": lambda settings: keras.layers.Activation("linear"),
    "relu": lambda settings: keras.layers.ReLU(),
    "sigmoid": lambda settings: keras.layers.Activation("sigmoid"),
    "softmax": lambda settings: keras.layers.Softmax(),
    "tanh": lambda settings: keras.layers.Activation("tanh"),
}


def layers(layer, dtype):
    settings = layer.get("settings", {})
    if layer["kind"] != "dense":
        return [KINDS[layer["kind"]](settings)]
    # First weights at random would take JAX most of the time.
    dense = keras.layers.Dense(layer["widths"][1], dtype=dtype, kernel_initializer="zeros")
    activation = settings.get("activation", {"kind": "linear"})
    if activation["kind"] == "linear":
        return [dense]
    return [dense, *layers(activation, dtype)]


def load(path):
    with safe_open(path, "np") as file:
        header = json.loads(file.metadata()["nnfs"])
    dtype = {"f32": "float32", "f64": "float64"}[header["dtype"]]
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    one = keras.ops.ones((1, 1), dtype)
    product = keras.backend.standardize_dtype(keras.ops.matmul(one, one).dtype)
    assert product == dtype, f"Keras on {keras.backend.backend()} multiplies {dtype} in {product}"
    tensors, width = load_file(path), header["input_width"]
    if "members" not in header:
        return sequential(header["layers"], width, dtype, tensors, "")
    members = header["members"]
    total = sum(member["weight"] for member in members)
    inputs = keras.Input((width,), dtype=dtype)
    products = []
    for number, member in enumerate(members):
        network = sequential(member["layers"], width, dtype, tensors, f"members.{number}.")
        products.append(network(inputs) * (member["weight"] / total))
    return keras.Model(inputs, keras.layers.Add()(products))


def sequential(described, width, dtype, tensors, prefix):
    """The network of these layers, whose tensors have names that begin with the prefix."""
    stack = [layer for each in described for layer in layers(each, dtype)]
    network = keras.Sequential([keras.Input((width,), dtype=dtype), *stack])
    for number, layer in enumerate(network.layers):
        if isinstance(layer, keras.layers.Dense):
            # (outputs, inputs) in the file, (inputs, outputs) in Keras.
            name = f"{prefix}{number}"
            layer.set_weights([tensors[f"{name}.weight"].T, tensors[f"{name}.bias"]])
    return network


def save(network, path):
    # Those of frozen layers too, and nothing of the generators of dropout.
    weights = {v.path: numpy.ascontiguousarray(v.numpy()) for v in network.weights}
    save_file(weights, path)
