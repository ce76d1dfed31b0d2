"""Writes golden values as constants of Rust: what the programs golden.py of the crates share."""

import textwrap
from pathlib import Path

import numpy as np

# The reference values of functions that NumPy rounds differently from machine to machine are
# computed in this type and rounded once.
Extended = np.longdouble
assert np.finfo(Extended).nmant >= 63, "long double is no wider than double on this machine"

WIDTH = 100


class Code(str):
    """A text that stands in the file as it is."""


def number(value):
    """The shortest literal that reads back as the same value of its type."""
    kind = "f32" if isinstance(value, np.float32) else "f64"
    if np.isnan(value):
        return f"{kind}::NAN"
    if np.isinf(value):
        return f"{kind}::INFINITY" if value > 0 else f"-{kind}::INFINITY"
    return str(value) if isinstance(value, np.floating) else repr(value)


def rust(value, indent="", before=0):
    """A value as Rust writes it: a list becomes a slice, a dict the fields of a struct.

    So many characters stand before it in its line, beside the indent.
    """
    inner = indent + "    "
    if isinstance(value, Code):
        return value
    if isinstance(value, dict):
        fields = [(f"{name}: ", field) for name, field in value.items()]
        lines = [f"{inner}{name}{rust(field, inner, len(name))},\n" for name, field in fields]
        return "{\n" + "".join(lines) + indent + "}"
    if not isinstance(value, (list, np.ndarray)):
        return number(value)
    entries = [rust(entry, inner) for entry in value]
    line = "&[" + ", ".join(entries) + "]"
    if len(indent + line) + before < WIDTH:
        return line
    if isinstance(value[0], (list, np.ndarray, Code)):
        lines = [entry + "," for entry in entries]
    else:
        lines = textwrap.wrap(", ".join(entries) + ",", WIDTH - len(inner), break_on_hyphens=False)
    return "&[\n" + "".join(f"{inner}{line}\n" for line in lines) + indent + "]"


def write(program, imports, constants, name="values"):
    """Writes {name: (type, value)} into golden/NAME.rs beside the program."""
    program = Path(program).resolve()
    crate = program.parents[1].name
    text = (
        f"// Written by golden.py with NumPy {np.__version__}. Do not edit; to write it again:\n"
        f"// python crates/{crate}/tests/golden.py\n"
    )
    if imports:
        text += f"\n{imports}\n"
    for constant, (kind, value) in constants.items():
        start = f"pub(crate) const {constant}: {kind} = "
        if isinstance(value, dict):
            start += kind.split("<")[0] + " "
        text += f"\n{start}{rust(value, before=len(start))};\n"
    (program.parent / "golden" / f"{name}.rs").write_text(text)
