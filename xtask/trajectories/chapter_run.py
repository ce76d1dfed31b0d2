"""The trainings of `cargo xtask trajectories` with the formulas of the chapter in NumPy, forward and backward,
written without PyTorch and without the Rust code.

It knows the activations, losses and optimizers of the chapter, and its decay of the learning rate. Where the
chapter is wrong, the formula is that of docs/errata.md, and a comment has the number of the
erratum.
"""

import sys

from comparison import batches, main, schedule

try:
    import numpy as np
except ImportError:
    sys.exit("NumPy is missing; install xtask/peers/requirements.txt, or name a Python with --python")


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def activate(kind, x):
    match kind:
        case "relu":
            return np.maximum(0, x)
        case "sigmoid":
            return 1 / (1 + np.exp(-x))
        case "softmax":
            return softmax(x)
    return x


def activation_gradient(kind, x, y, g):
    match kind:
        case "relu":
            return np.where(x <= 0, 0, g)
        case "sigmoid":
            return g * (1 - y) * y
        case "softmax":
            jacobians = [np.diagflat(p) - np.outer(p, p) for p in y]
            return np.array([jacobian @ row for jacobian, row in zip(jacobians, g)])
    return g


def loss_and_gradient(kind, p, y):
    n, outputs = p.shape
    c = np.clip(p, 1e-7, 1 - 1e-7)
    match kind:
        case "mean_squared_error":
            return ((y - p) ** 2).mean(axis=1).mean(), -2 * (y - p) / outputs / n
        case "mean_absolute_error":
            # Erratum 1: the chapter has the opposite sign.
            return np.abs(y - p).mean(axis=1).mean(), -np.sign(y - p) / outputs / n
        case "binary_cross_entropy":
            loss = -(y * np.log(c) + (1 - y) * np.log(1 - c)).mean(axis=1).mean()
            # Erratum 4: where the clip is active, the loss is constant.
            return loss, np.where(p == c, -(y / c - (1 - y) / (1 - c)) / outputs / n, 0)
        case "categorical_cross_entropy":
            # Erratum 3: as in 4.
            return -np.log((c * y).sum(axis=1)).mean(), np.where(p == c, -y / c / n, 0)
    # The softmax and the loss together. The loss of logits is not clipped.
    p = softmax(p)
    return -np.log((p * y).sum(axis=1)).mean(), (p - y) / n


def penalty_and_gradient(w, l1, l2):
    # Erratum 5: at 0, the gradient of L1 is 0.
    return l1 * np.abs(w).sum() + l2 * (w * w).sum(), l1 * np.sign(w) + 2 * l2 * w


def update(settings, rate, t, w, g, state):
    """Moves w in place; t is the number of the step, from 1."""
    zeros = np.zeros_like(w)
    match settings["kind"]:
        case "sgd":
            state["v"] = settings["momentum"] * state.get("v", zeros) - rate * g
            w += state["v"]
        case "ada_grad":
            state["c"] = state.get("c", zeros) + g**2
            w += -rate * g / (np.sqrt(state["c"]) + settings["epsilon"])
        case "rms_prop":
            rho = settings["rho"]
            state["c"] = rho * state.get("c", zeros) + (1 - rho) * g**2
            w += -rate * g / (np.sqrt(state["c"]) + settings["epsilon"])
        case "adam":
            beta_1, beta_2 = settings["beta_1"], settings["beta_2"]
            state["m"] = beta_1 * state.get("m", zeros) + (1 - beta_1) * g
            state["c"] = beta_2 * state.get("c", zeros) + (1 - beta_2) * g**2
            m = state["m"] / (1 - beta_1**t)
            c = state["c"] / (1 - beta_2**t)
            w += -rate * m / (np.sqrt(c) + settings["epsilon"])


def train(case, parameters):
    parameters = [np.array(rows) for rows in parameters]
    states = [{} for _ in parameters]
    inputs, targets = np.array(case["inputs"]), np.array(case["targets"])
    kinds = [layer["activation"]["kind"] for layer in case["layers"]]
    strengths = [layer[name] for layer in case["layers"] for name in ("weight_penalty", "bias_penalty")]
    decay = sum(schedule(case)[1])
    losses, penalties = [], []
    for t, rows in enumerate(batches(case), start=1):
        # z: outputs of the dense layers, a: the inputs, and the outputs of the activations.
        a, z = [inputs[rows]], []
        for kind, w, b in zip(kinds, parameters[::2], parameters[1::2]):
            z.append(a[-1] @ w + b)
            a.append(activate(kind, z[-1]))
        loss, g = loss_and_gradient(case["loss"]["kind"], a[-1], targets[rows])
        of_penalties = [penalty_and_gradient(w, *both) for w, both in zip(parameters, strengths)]
        penalty = sum(value for value, _ in of_penalties)

        gradients = [None] * len(parameters)
        for k in reversed(range(len(kinds))):
            g = activation_gradient(kinds[k], z[k], a[k + 1], g)
            gradients[2 * k] = a[k].T @ g + of_penalties[2 * k][1]
            gradients[2 * k + 1] = g.sum(axis=0, keepdims=True) + of_penalties[2 * k + 1][1]
            g = g @ parameters[2 * k].T
        if not all(np.isfinite(numbers).all() for numbers in [loss + penalty, *gradients]):
            break
        losses.append(float(loss))
        penalties.append(float(penalty))
        rate = case["rate"] * (1 / (1 + decay * (t - 1)))
        for w, gradient, state in zip(parameters, gradients, states):
            update(case["optimizer"], rate, t, w, gradient, state)
    return losses, penalties, [parameter.tolist() for parameter in parameters]


main(train)
