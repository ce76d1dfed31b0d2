"""What the Python peers share: the job, and the conversation with `cargo xtask bench --peers`.

A peer builds the network, trains 100 steps, prints one line with its name and the loss of the 100th
step, and then waits: each line on stdin is a number of seconds to train on for, and is answered with
one line. README.md describes the job.
"""

import argparse
import gc
import importlib
import json
import math
import os
import statistics
import sys
import time

FIRST_STEPS = 100
FEWEST_SAMPLES = 3  # In a turn.
SAMPLE = 0.02  # Seconds.
MISSING = 3  # The exit code for what is not installed or not possible.

BETAS = (0.9, 0.999)
EPSILON = 1e-7
SLOPE = 0.01  # Of the leaky ReLU.

# The initial learning rate and its decay, for each kind of inputs.
RATES = {"sine": (0.005, 1e-3), "random": (0.001, 1e-3), "matrix-exponential": (0.001, 0)}
ACTIVATIONS = ["relu", "leaky-relu", "tanh", "sigmoid", "linear"]


def uniform(index):
    """The number `index` of a sequence of independent uniform numbers in [0, 1): the generator
    SplitMix64 with the seed 0, whose integers are the same in every program."""
    mask = 2**64 - 1
    z = (index + 1) * 0x9E3779B97F4A7C15 & mask
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & mask
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & mask
    return ((z ^ (z >> 31)) >> 11) / 2**53


def normal(index):
    """The number `index` of a sequence of independent standard normal numbers (Box and Muller)."""
    u, v = uniform(2 * index), uniform(2 * index + 1)
    return math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * math.pi * v)


def matrix_exponential(a, b, c, d):
    """exp(A) of the matrix A with the columns (a, b) and (c, d), column after column. With s half the
    trace, (A - s I)^2 = q^2 I, so exp(A) = e^s (cosh(q) I + sinh(q)/q (A - s I))."""
    s, half = (a + d) / 2, (a - d) / 2
    square = half * half + b * c
    q = math.sqrt(abs(square))
    if q < 1e-4:
        even, odd = 1 + square / 2, 1 + square / 6
    elif square > 0:
        even, odd = math.cosh(q), math.sinh(q) / q
    else:
        even, odd = math.cos(q), math.sin(q) / q
    scale = math.exp(s)
    return [scale * entry for entry in (even + odd * half, odd * b, odd * c, even - odd * half)]


class Job:
    """What the command line asks for. Reading it also holds the numeric libraries to the threads,
    so it comes before they are imported."""

    def __init__(self, modes=()):
        parser = argparse.ArgumentParser()
        parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")],
                            default=[1, 64, 64, 1])
        parser.add_argument("--activation", choices=ACTIVATIONS, default="relu")
        parser.add_argument("--inputs", choices=list(RATES), default="sine")
        parser.add_argument("--batch", type=int, default=1000)
        parser.add_argument("--dtype", choices=["f32", "f64"], default="f32")
        parser.add_argument("--threads", type=int, default=1)
        parser.add_argument("--onnx", help="the file of the network, for single rows")
        if modes:
            parser.add_argument("--mode", choices=modes, default=modes[0])
        vars(self).update(vars(parser.parse_args()))
        self.learning_rate, self.decay = RATES[self.inputs]
        # The accuracy is a part of the chapter's step only.
        self.has_accuracy = self.inputs == "sine"
        for library in ("OMP", "OPENBLAS", "MKL"):
            os.environ[f"{library}_NUM_THREADS"] = str(self.threads)

    def layers(self):
        """(inputs, outputs) of each dense layer."""
        return list(zip(self.sizes, self.sizes[1:]))

    def weights(self, layer):
        """The initial weights of a layer, in double precision, one list an input."""
        inputs, outputs = self.layers()[layer]
        if (self.inputs, self.activation) == ("sine", "relu"):
            scale = math.sqrt(2 / inputs) * math.sqrt(2)  # He's spread.
        else:
            scale = math.sqrt(6 / (inputs + outputs))  # Glorot's spread.
        return [[scale * math.sin(1 + 12.9898 * i + 78.233 * j + 37.719 * layer)
                 for j in range(outputs)] for i in range(inputs)]

    def data(self):
        """Inputs and targets in double precision, one list a sample."""
        inputs, outputs, rows = self.sizes[0], self.sizes[-1], range(self.batch)
        if self.inputs == "sine":
            points = [i / self.batch for i in rows]
            return ([[x] * inputs for x in points],
                    [[math.sin(2 * math.pi * x)] * outputs for x in points])
        if self.inputs == "random":
            data = [[2 * uniform(inputs * i + j) - 1 for j in range(inputs)] for i in rows]
            targets = (sum(math.sin(3 * x) for x in row) / math.sqrt(inputs) for row in data)
            return data, [[y] * outputs for y in targets]
        data = [[normal(4 * i + entry) for entry in range(4)] for i in rows]
        return data, [matrix_exponential(*matrix) for matrix in data]

    def rate(self, step):
        """The learning rate of a step, counted from 0."""
        return self.learning_rate / (1 + self.decay * step)

    def steps_at_once(self):
        """How many steps a peer that trains on without returning to Python takes: about 0.1 s."""
        operations = 6 * self.batch * sum(i * o for i, o in self.layers())
        return 100 if operations < 1e8 else 10 if operations < 1e9 else 1


def give_up(reason):
    print(reason, file=sys.stderr)
    sys.exit(MISSING)


def require(module):
    """The module, or the end of this peer."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        give_up(f"{module} is not installed: {error}")


def flush_denormals():
    """Let the CPU treat numbers that fade away as 0: the moments of dead units do, and each such
    number costs a hundred cycles. NumPy has no switch for it, so this asks glibc on x86-64."""
    import ctypes
    import platform

    if platform.machine() != "x86_64" or platform.libc_ver()[0] != "glibc":
        return False
    libm = ctypes.CDLL("libm.so.6")
    environment = (ctypes.c_uint32 * 8)()  # fenv_t; the last word is MXCSR.
    libm.fegetenv(environment)
    environment[7] |= 0x8040  # Flush to zero, denormals are zero.
    libm.fesetenv(environment)
    return True


def say(line):
    print(json.dumps(line), flush=True)


def first_steps(train, at_once=1):
    """Train 100 steps; the loss of the 100th."""
    for _ in range(FIRST_STEPS // at_once):
        loss = train(at_once)
    return loss


def serve(name, version, settings, work, at_once=1, check=None):
    """Answer until stdin ends. `work(pieces)` does so many pieces of work; it is always called with
    `at_once` pieces, so that what it compiles for a number serves again. `check` is the number that
    shows that all programs do the same job."""
    say({"peer": name, "version": version, "settings": settings, "check": check})
    gc.freeze()  # What was built to start with need not be searched for garbage again and again.
    for line in sys.stdin:
        seconds = float(line)
        samples, start = [], time.perf_counter()
        while len(samples) < FEWEST_SAMPLES or time.perf_counter() - start < seconds:
            samples.append(sample(work, at_once))
        say({"us": statistics.median_high(samples) * 1e6})


def sample(work, at_once):
    """The seconds of a piece of work, over pieces that take 20 ms or more, as ours are timed."""
    pieces, start, elapsed = 0, time.perf_counter(), 0.0
    while elapsed < SAMPLE:
        work(at_once)
        pieces += at_once
        elapsed = time.perf_counter() - start
    return elapsed / pieces
