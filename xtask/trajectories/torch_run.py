"""The trainings of `cargo xtask trajectories` in PyTorch: its layers, losses, optimizers and schedules, and the
gradients of autograd. What PyTorch has in another form is written out below, each with its reason."""

import math
import sys

from comparison import batches, main, schedule

try:
    import torch
except ImportError:
    sys.exit("PyTorch is missing; install xtask/peers/requirements.txt, or name a Python with --python")
from torch.nn import functional as F

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


class ChapterMomentum(torch.optim.Optimizer):
    """The momentum of the chapter and of Keras: v = momentum * v - rate * g, w = w + v.

    PyTorch has v = momentum * v + g, w = w - rate * v, which gives other steps if the rate changes.
    """

    def __init__(self, parameters, lr, momentum):
        super().__init__(parameters, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                state = self.state[w]
                v = state.get("v", torch.zeros_like(w))
                state["v"] = group["momentum"] * v - group["lr"] * w.grad
                w += state["v"]


def optimizer_of(case, parameters):
    settings, rate = case["optimizer"], case["rate"]
    match settings["kind"]:
        case "sgd" if settings["momentum"] > 0 and schedule(case)[0] != "constant":
            return ChapterMomentum(parameters, rate, settings["momentum"])
        case "sgd":
            return torch.optim.SGD(parameters, rate, momentum=settings["momentum"])
        case "ada_grad":
            return torch.optim.Adagrad(parameters, rate, eps=settings["epsilon"])
        case "rms_prop":
            return torch.optim.RMSprop(parameters, rate, alpha=settings["rho"], eps=settings["epsilon"])
    betas = settings["beta_1"], settings["beta_2"]
    if settings["kind"] == "adam":
        return torch.optim.Adam(parameters, rate, betas, settings["epsilon"])
    decay = settings["weight_decay"]
    return torch.optim.AdamW(parameters, rate, betas, settings["epsilon"], weight_decay=decay)


def scheduler_of(case, optimizer):
    """The scheduler, and the number of steps after which the rate stays as it is."""
    schedulers = torch.optim.lr_scheduler
    match schedule(case):
        case "constant", []:
            return None, 0
        case "inverse-time", [decay]:
            # PyTorch has no such scheduler, but one that takes a formula.
            return schedulers.LambdaLR(optimizer, lambda t: 1 / (1 + decay * t)), math.inf
        case "step", [every, factor]:
            return schedulers.StepLR(optimizer, int(every), factor), math.inf
        case "exponential", [factor]:
            return schedulers.ExponentialLR(optimizer, factor), math.inf
        case "cosine", [steps, end]:
            # After the last step, the cosine of PyTorch rises again.
            return schedulers.CosineAnnealingLR(optimizer, int(steps), end), steps
    raise ValueError(case["schedule"])


def activate(activation, x):
    match activation["kind"]:
        case "leaky_relu":
            return F.leaky_relu(x, activation["slope"])
        case "softmax":
            return torch.softmax(x, dim=1)
        case "linear":
            return x
    return getattr(torch, activation["kind"])(x)


def forward(case, parameters, x):
    for layer, w, b in zip(case["layers"], parameters[::2], parameters[1::2]):
        x = activate(layer["activation"], x @ w + b)
    return x


def data_loss(loss, p, y):
    match loss["kind"]:
        case "mean_squared_error":
            return F.mse_loss(p, y)
        case "mean_absolute_error":
            return F.l1_loss(p, y)
        case "huber":
            return F.huber_loss(p, y, delta=loss["delta"])
        case "binary_cross_entropy":
            # The clip of the chapter. PyTorch limits the logarithms to -100 instead.
            return F.binary_cross_entropy(p.clamp(1e-7, 1 - 1e-7), y)
        case "sigmoid_cross_entropy":
            return F.binary_cross_entropy_with_logits(p, y)
        case "categorical_cross_entropy":
            # Of probabilities, with the clip of the chapter. PyTorch has the loss of logits only.
            return -(y * p.clamp(1e-7, 1 - 1e-7).log()).sum(dim=1).mean()
        case "softmax_cross_entropy":
            return F.cross_entropy(p, y)
    raise ValueError(loss["kind"])


def penalty_of(case, parameters):
    """L1 and L2 as a part of the loss, whose gradient is that of autograd. The weight decay of PyTorch's
    optimizers is half of L2, and there is none for L1."""
    penalty = torch.zeros(())
    for layer, w, b in zip(case["layers"], parameters[::2], parameters[1::2]):
        for values, (l1, l2) in [(w, layer["weight_penalty"]), (b, layer["bias_penalty"])]:
            penalty = penalty + l1 * values.abs().sum() + l2 * (values**2).sum()
    return penalty


def train(case, parameters):
    parameters = [torch.tensor(rows, requires_grad=True) for rows in parameters]
    inputs, targets = torch.tensor(case["inputs"]), torch.tensor(case["targets"])
    optimizer = optimizer_of(case, parameters)
    scheduler, last = scheduler_of(case, optimizer)
    losses, penalties = [], []
    for step, rows in enumerate(batches(case), start=1):
        optimizer.zero_grad()
        loss = data_loss(case["loss"], forward(case, parameters, inputs[rows]), targets[rows])
        penalty = penalty_of(case, parameters)
        total = loss + penalty
        if not total.isfinite():
            break
        total.backward()
        if not all(parameter.grad.isfinite().all() for parameter in parameters):
            break
        losses.append(loss.item())
        penalties.append(penalty.item())
        optimizer.step()
        if step <= last:
            scheduler.step()
    return losses, penalties, [parameter.tolist() for parameter in parameters]


main(train)
