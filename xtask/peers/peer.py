"""What the Python peers share: the job, and the conversation with `cargo xtask bench --peers`.

A peer builds the network, trains 100 steps, tells on one line who it is and the loss that the
100th step reported, and then waits: each line on stdin is a number of seconds to train on for, and
is answered with one line. README.md tells the job in words.
"""

import argparse
import gc
import importlib
import json
import math
import os
import sys
import time

FIRST_STEPS = 100
LEAST_STEPS = 3
MISSING = 3  # The exit code for "not installed".

LEARNING_RATE = 0.005
DECAY = 1e-3
BETAS = (0.9, 0.999)
EPSILON = 1e-7


class Job:
    """What the command line asks for. Reading it also holds the numeric libraries to the threads,
    so it comes before they are imported."""

    def __init__(self, modes=()):
        parser = argparse.ArgumentParser()
        parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")],
                            default=[1, 64, 64, 1])
        parser.add_argument("--batch", type=int, default=1000)
        parser.add_argument("--dtype", choices=["f32", "f64"], default="f32")
        parser.add_argument("--threads", type=int, default=1)
        if modes:
            parser.add_argument("--mode", choices=modes, default=modes[0])
        vars(self).update(vars(parser.parse_args()))
        for library in ("OMP", "OPENBLAS", "MKL"):
            os.environ[f"{library}_NUM_THREADS"] = str(self.threads)

    def layers(self):
        """(inputs, outputs) of each dense layer."""
        return list(zip(self.sizes, self.sizes[1:]))

    def weights(self, layer):
        """The initial weights of a layer, in double precision, one list an input."""
        inputs, outputs = self.layers()[layer]
        scale = math.sqrt(2 / inputs) * math.sqrt(2)
        return [[scale * math.sin(1 + 12.9898 * i + 78.233 * j + 37.719 * layer)
                 for j in range(outputs)] for i in range(inputs)]

    def data(self):
        """Inputs and targets in double precision, one list a sample."""
        points = [i / self.batch for i in range(self.batch)]
        return ([[x] * self.sizes[0] for x in points],
                [[math.sin(2 * math.pi * x)] * self.sizes[-1] for x in points])

    def steps_at_once(self):
        """How many steps a peer that trains on without returning to Python takes: about 0.1 s."""
        operations = 6 * self.batch * sum(i * o for i, o in self.layers())
        return 100 if operations < 1e8 else 10 if operations < 1e9 else 1


def require(module):
    """The module, or the end of this peer."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        print(f"{module} is not installed: {error}", file=sys.stderr)
        sys.exit(MISSING)


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


def serve(name, version, settings, train, at_once=1, comparable=True):
    """Answer until stdin ends. `train(steps)` trains and returns the loss of the last step; it is
    called with `at_once` steps at a time, so that what it compiles for a number serves again."""
    for _ in range(FIRST_STEPS // at_once):
        loss = train(at_once)
    say({"peer": name, "version": version, "settings": settings,
         "loss": loss if comparable else None})
    gc.freeze()  # What was built to start with need not be searched for garbage again and again.
    for line in sys.stdin:
        seconds = float(line)
        steps, start, elapsed = 0, time.perf_counter(), 0.0
        while steps < LEAST_STEPS or elapsed < seconds:
            train(at_once)
            steps += at_once
            elapsed = time.perf_counter() - start
        say({"us_per_step": elapsed / steps * 1e6})
