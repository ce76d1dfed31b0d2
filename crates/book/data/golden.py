"""Writes logs.txt: the logs of the four programs of the exercises, and of the twenty with a mistake.

Written in NumPy from the formulas of the book, without the Rust code. Run it with
`python3 crates/book/data/golden.py` in the root of the repository.
"""

import numpy as np

EPOCHS = range(101)


class Dense:
    def __init__(self, random, inputs, outputs):
        self.w = 0.1 * random.randn(inputs, outputs)
        self.b = np.zeros((1, outputs))
        self.state = {}

    def forward(self, x):
        return x @ self.w + self.b

    def backward(self, x, g, mistake):
        self.dw = x.T @ g
        self.db = g.sum(axis=0, keepdims=True)
        if mistake == "07":
            # The gradient has one number for each sample, and the update reads the first ones.
            self.db = g.sum(axis=1)[: g.shape[1]].reshape(1, -1)
        return g @ self.w.T

    def update(self, rule):
        for name, gradient in [("w", self.dw), ("b", self.db)]:
            zeros = np.zeros_like(gradient)
            value, *state = rule(getattr(self, name), gradient, *self.state.get(name, (zeros, zeros)))
            setattr(self, name, value)
            self.state[name] = state


def number(value):
    # A loss of a million or more has an exponent, as in Rust: 7.449e139.
    return f"{value:.3e}".replace("e+", "e") if 1e6 <= value < np.inf else f"{value:.3f}"


def row(epoch, accuracy, data_loss, penalty, rate):
    return (f"epoch: {epoch}, acc: {accuracy:.3f}, loss: {number(data_loss + penalty)} "
            f"(data_loss: {number(data_loss)}, reg_loss: {number(penalty)}), lr: {rate}")


def relu(z):
    return np.maximum(0, z)


def sine():
    x = np.arange(200).reshape(-1, 1) / 200
    return x, np.sin(2 * np.pi * x)


def layers(random, widths, mistake):
    made = []
    for inputs, outputs in zip(widths, widths[1:]):
        made.append(Dense(np.random.RandomState(0) if mistake == "02" else random, inputs, outputs))
    return made


def adam(rate, t, mistake):
    beta_1, beta_2 = (0.999, 0.9) if mistake == "06" else (0.9, 0.999)

    def rule(w, g, m, c):
        m = beta_1 * m + (1 - beta_1) * g
        c = beta_2 * c + (1 - beta_2) * g * g
        if mistake == "05":
            return w - rate * m / (np.sqrt(c) + 1e-7), m, c
        return w - rate * m / (1 - beta_1**t) / (np.sqrt(c / (1 - beta_2**t)) + 1e-7), m, c

    return rule


def momentum(rate, mistake):
    def rule(w, g, v, _):
        v = (-0.9 if mistake == "11" else 0.9) * v - rate * g
        return (w - v if mistake == "12" else w + v), v, _

    return rule


def rms_prop(rate, mistake):
    def rule(w, g, c, _):
        c = 0.9 * c + 0.1 * g * g
        return w - rate * g / ((c if mistake == "15" else np.sqrt(c)) + 1e-7), c, _

    return rule


def regression(program, mistake):
    x, y = sine()
    d1, d2, d3 = layers(np.random.RandomState(0), [1, 64, 64, 1], mistake)
    precision = np.std(y) / (25 if mistake == "03" else 250)
    start, decay = {"adam": (0.005, 1e-3), "momentum": (0.05, 0.0), "rms-prop": (0.001, 0.0)}[program]
    strength = 1e-3 if program == "rms-prop" else 0.0
    rate = start
    for epoch in EPOCHS:
        z1 = d1.forward(x)
        a1 = relu(z1)
        z2 = d2.forward(a1)
        a2 = relu(z2)
        p = d3.forward(a2)
        z3 = p
        if mistake == "13":
            p = relu(p)
        if epoch % 10 == 0:
            loss = np.mean(np.abs(y - p)) if program == "rms-prop" else np.mean((y - p) ** 2)
            penalty = strength * sum(np.sum(d.w * d.w) for d in (d1, d2, d3))
            yield row(epoch, np.mean(np.abs(p - y) < precision), loss, penalty, rate)
        if program == "rms-prop":
            g = np.sign(y - p if mistake == "14" else p - y) / len(x)
        else:
            g = -2 * (y - p) / (1 if mistake == "10" else len(x))
        if mistake == "13":
            g = g * (z3 > 0)
        g = d3.backward(a2, g, mistake)
        g = g if mistake == "08" else g * (z2 > 0)
        g = d2.backward(a2 if mistake == "09" else a1, g, mistake)
        g = g if mistake == "08" else g * (z1 > 0)
        d1.backward(x, g, mistake)
        if mistake != "16":
            for d in (d1, d2, d3):
                d.dw = d.dw + 2 * strength * d.w
        if mistake == "04":
            rate = rate / (1 + decay * epoch)
        else:
            rate = start / (1 + decay * epoch)
        rule = {"adam": adam(rate, epoch + 1, mistake), "momentum": momentum(rate, mistake),
                "rms-prop": rms_prop(rate, mistake)}[program]
        for d in (d1, d3) if mistake == "01" else (d1, d2, d3):
            d.update(rule)


def spiral(random):
    points, classes = [], []
    for kind in range(3):
        r = np.linspace(0, 1, 100)
        t = np.linspace(4 * kind, 4 * (kind + 1), 100) + 0.2 * random.randn(100)
        points.append(np.column_stack([r * np.sin(2.5 * t), r * np.cos(2.5 * t)]))
        classes.append(np.tile(np.eye(3)[kind], (100, 1)))
    return np.vstack(points), np.vstack(classes)


def dropout(mistake):
    random = np.random.RandomState(0)
    x, y = spiral(random)
    d1, d2 = layers(random, [2, 64, 3], mistake)
    masks = np.random.RandomState(1)
    rate = 0.02

    def softmax(z):
        e = np.exp(z)
        return e / e.sum(axis=0 if mistake == "20" else 1, keepdims=True)

    def draw():
        kept = masks.random_sample((300, 64)) >= 0.2
        return kept / (1.0 if mistake == "18" else 0.8)

    for epoch in EPOCHS:
        if epoch % 10 == 0:
            a1 = relu(d1.forward(x))
            if mistake == "17":
                a1 = a1 * draw()
            p = softmax(d2.forward(a1))
            loss = -np.sum(y * np.log(p)) / 300
            accuracy = np.mean(np.argmax(p, axis=1) == np.argmax(y, axis=1))
            yield row(epoch, accuracy, loss, 0.0, rate)
        z1 = d1.forward(x)
        mask = draw()
        h = relu(z1) * mask
        p = softmax(d2.forward(h))
        g = d2.backward(h, (p - y) / 300, mistake)
        g = g if mistake == "19" else g * mask
        d1.backward(x, g * (z1 > 0), mistake)
        for d in (d1, d2):
            d.update(adam(rate, epoch + 1, mistake))


def logs():
    programs = {"adam": range(1, 10), "momentum": range(10, 14), "rms-prop": range(14, 17), "dropout": range(17, 21)}
    for program, exercises in programs.items():
        train = lambda mistake: dropout(mistake) if program == "dropout" else regression(program, mistake)
        yield program, train(None)
        for exercise in exercises:
            yield f"{exercise:02}", train(f"{exercise:02}")


with open("crates/book/data/logs.txt", "w") as file, np.errstate(all="ignore"):
    for name, rows in logs():
        print(f"# {name}", *rows, sep="\n", file=file)
