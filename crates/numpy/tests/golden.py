"""NumPy's promotion of numbers, and its RandomState. Writes the files in golden.

Promotion: `+ - * /` and `+=` on every pair of kinds (Python float, float32, float64), `abs` on
every kind, and `sqrt` and `exp` on NumPy's two. NumPy's operands are arrays of one element, as in
the chapter; `+=` on a single NumPy number would make a new one. Kinds and values are expected bit
for bit, but for `exp`: it is computed in extended precision and rounded once, since NumPy's own
differs from machine to machine in the last bit.

RandomState: `randn`, `random_sample` and `uniform` of np.random.RandomState, the first 20 draws
and five after 1000, and all three in turn, which shows where the second number of the
polar method waits. The logarithm of `randn` is that of the C library.
"""

import operator
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[2] / "tensor" / "tests"))

import numpy as np
from golden_writer import Code, Extended, number, write

KINDS = [float, np.float32, np.float64]
OPERATIONS = {
    "ADD": operator.add, "SUBTRACT": operator.sub, "MULTIPLY": operator.mul,
    "DIVIDE": operator.truediv, "ADD_ASSIGN": operator.iadd,
}
PAIRS = [
    (0.1, -1 / 3),  # rounded differently in each type
    (16777217.0, 1.0),  # 2^24 + 1, of which float32 holds only the first 24 bits
    (0.7, -0.69999999),  # cancellation
    (1e-9, 1.0),  # lost in float32, not in float64
    (3e38, -2e38),  # products, and differences, that only float64 holds
    (1e-40, 3.0),  # subnormal in float32
    (1e-25, 3e-20),  # a product that is
    (1e300, 1e10),  # infinite in float32
    (2.5, 0.0),
]
UNARY = [0.1, 1 / 3, 5.0, 10.0, 87.5, -3.0, -80.0, 1e-40, 16777217.0, 0.0]


def operand(kind, value):
    return value if kind is float else np.array([value], kind)


def known(value):
    """Kind and value as Rust writes them; the value in double precision."""
    kind = "Python" if isinstance(value, float) else value.dtype.name.capitalize()
    return f"({kind}, {number(float(np.ravel(value)[0]))})"


def row(*values):
    return Code("[" + ", ".join(map(known, values)) + "]")


def binary(operation):
    rows = []
    for left_kind in KINDS:
        for right_kind in KINDS:
            for left, right in PAIRS:
                if left_kind is right_kind is float and right == 0 and operation is operator.truediv:
                    continue  # Python's own division raises an error there
                # Made afresh, since += changes the left one.
                left_before = operand(left_kind, left)
                result = operation(operand(left_kind, left), operand(right_kind, right))
                rows.append(row(left_before, operand(right_kind, right), result))
    return rows


def unary(function, kinds):
    return [row(operand(kind, value), function(operand(kind, value)))
            for kind in kinds for value in UNARY]


def draws(seed):
    def stream(draw):
        random = np.random.RandomState(seed)
        return [float(draw(random)) for _ in range(1005)]

    randn = stream(lambda random: random.randn())
    sample = stream(lambda random: random.random_sample())
    uniform = stream(lambda random: random.uniform(-2.5, 0.7))
    random = np.random.RandomState(seed)
    in_turn = []
    for _ in range(9):
        in_turn += [random.randn(), random.random_sample(), random.uniform(-2.5, 0.7)]
    return {
        "seed": seed,
        "standard_normal": randn[:20], "standard_normal_after_1000": randn[1000:],
        "random_sample": sample[:20], "random_sample_after_1000": sample[1000:],
        "uniform": uniform[:20], "uniform_after_1000": uniform[1000:],
        "in_turn": in_turn,
    }


def exp(x):
    return np.exp(x.astype(Extended)).astype(x.dtype)


arithmetic, functions, seeds = {}, {}, {}
with np.errstate(all="ignore"):
    for name, operation in OPERATIONS.items():
        constants = functions if name == "ADD_ASSIGN" else arithmetic
        constants[name] = ("&[[Number; 3]]", binary(operation))
    functions["SQRT"] = ("&[[Number; 2]]", unary(np.sqrt, KINDS[1:]))
    functions["ABS"] = ("&[[Number; 2]]", unary(abs, KINDS))
    functions["EXP"] = ("&[[Number; 2]]", unary(exp, KINDS[1:]))
for seed in [0, 1, 42, 2**32 - 1]:
    seeds[f"SEED_{seed}"] = ("Draws", draws(seed))
imports = "use super::Number;\nuse nnfs_numpy::Kind::{Float32, Float64, Python};"
write(__file__, imports, arithmetic, "arithmetic")
write(__file__, imports, functions, "functions")
write(__file__, "use super::Draws;", seeds, "seeds")
