"""A model file of nnfs as a PyTorch module.

    model = in_torch.load("model.safetensors")
    predictions = model(inputs)

`model.network` is the nn.Sequential to train; of an ensemble, it is a module that has several of them in the
nn.ModuleList `members`. Its state dict has the names of the file. It takes scaled numbers in `model.dtype`;
whole tables may be of another kind, as in nnfs.
"""

import json
import math

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn

KINDS = {
    "dropout": lambda settings: nn.Dropout(settings["rate"]),
    "leaky_relu": lambda settings: nn.LeakyReLU(settings["slope"]),
    "linear": lambda settings: nn.Identity(),
    "relu": lambda settings: nn.ReLU(),
    "sigmoid": lambda settings: nn.Sigmoid(),
    "softmax": lambda settings: nn.Softmax(dim=1),
    "tanh": lambda settings: nn.Tanh(),
}

LINKS = {"identity": nn.Identity(), "sigmoid": nn.Sigmoid(), "softmax": nn.Softmax(dim=1)}


def modules(layer, dtype):
    """A layer of the header: a dense layer and its activation are two modules."""
    settings = layer.get("settings", {})
    if layer["kind"] != "dense":
        return [KINDS[layer["kind"]](settings)]
    linear = nn.Linear(*layer["widths"], dtype=dtype)
    activation = settings.get("activation", {"kind": "linear"})
    if activation["kind"] == "linear":
        return [linear]
    return [linear, *modules(activation, dtype)]


def sequential(layers, dtype):
    return nn.Sequential(*[module for layer in layers for module in modules(layer, dtype)])


class Members(nn.Module):
    """The weighted mean of the outputs of several networks."""

    def __init__(self, members, dtype):
        super().__init__()
        self.members = nn.ModuleList(sequential(member["layers"], dtype) for member in members)
        total = sum(member["weight"] for member in members)
        self.shares = [member["weight"] / total for member in members]

    def forward(self, inputs):
        return sum(share * member(inputs) for share, member in zip(self.shares, self.members))


class Scaler(nn.Module):
    """Columns brought to one scale and back, in double precision as in nnfs.

    A missing number, NaN, is scaled to 0, or to the middle of the range of a `min_max` scaler.
    """

    def __init__(self, scaler):
        super().__init__()
        numbers = lambda values: torch.tensor(values, dtype=torch.float64)
        self.first, self.width, self.low, self.range, self.center = 0.0, 1.0, 0.0, 1.0, 0.0
        self.limits = None
        if not scaler:
            return
        ((kind, values),) = scaler.items()
        if kind == "min_max":
            self.first, self.width = numbers(values["minimums"]), numbers(values["spreads"])
            self.low, self.range = values["low"], values["high"] - values["low"]
            self.center = (values["low"] + values["high"]) / 2
        elif kind in ["standard", "clipped"]:
            self.first, self.width = numbers(values["means"]), numbers(values["deviations"])
        else:
            raise ValueError(f'expected a scaler "standard", "clipped" or "min_max", found "{kind}"')
        if kind == "clipped":
            # A column without outliers has no limits.
            limits = [pair or [-math.inf, math.inf] for pair in values["limits"]]
            self.limits = numbers(limits).T

    def forward(self, values):
        values = values.double()
        if self.limits is not None:
            values = values.clamp(*self.limits)
        scaled = self.low + (values - self.first) / self.width * self.range
        return scaled.nan_to_num(nan=self.center, posinf=math.inf, neginf=-math.inf)

    def inverse(self, values):
        return self.first + (values.double() - self.low) / self.range * self.width


class Pipeline(nn.Module):
    """From raw inputs to what they mean."""

    def __init__(self, header):
        super().__init__()
        self.header = header
        self.dtype = {"f32": torch.float32, "f64": torch.float64}[header["dtype"]]
        if "members" in header:
            self.network = Members(header["members"], self.dtype)
        else:
            self.network = sequential(header["layers"], self.dtype)
        self.link = LINKS[header["link"]]
        self.input_scaler = Scaler(header.get("input_scaler"))
        self.target_scaler = Scaler(header.get("target_scaler"))

    def scaled(self, inputs):
        return self.input_scaler(inputs).to(self.dtype)

    def meaning(self, outputs):
        return self.target_scaler.inverse(self.link(outputs))

    def forward(self, inputs):
        return self.meaning(self.network(self.scaled(inputs))).to(inputs.dtype)


def load(path):
    with safe_open(path, "pt") as file:
        header = json.loads(file.metadata()["nnfs"])
    model = Pipeline(header)
    model.network.load_state_dict(load_file(path))
    return model.eval()
