"""Prints tables.rs: the edges of the 256 layers of the ziggurat for the normal distribution.

The numbers R and V and the recursion are those of J. Doornik, An Improved Ziggurat Method to Generate
Normal Random Samples (2005), in double precision.

    python crates/tensor/src/standard_normal/tables.py > crates/tensor/src/standard_normal/tables.rs
"""

from math import exp, log, sqrt

R = 3.6541528853610088
V = 0.00492867323399


def density(x):
    return exp(-x * x / 2.0)


edges = [V / density(R), R]
while len(edges) < 256:
    edges.append(sqrt(-2.0 * log(V / edges[-1] + density(edges[-1]))))
edges.append(0.0)


def table(name, docs, values):
    print(f"\n/// {docs}\n#[rustfmt::skip]\npub(super) static {name}: [f64; 257] = [")
    for start in range(0, 257, 4):
        print("    " + " ".join(f"{value!r}," for value in values[start:start + 4]))
    print("];")


print("//! The layers of the ziggurat. `tables.py` prints this file.")
print("\n/// The right edge of the lowest layer: the tail begins here.")
print(f"pub(super) const R: f64 = {R!r};")
table("X", "The right edge of each layer: decreasing, the first for the lowest layer with its tail.", edges)
table("F", "`e^(-x^2 / 2)` at each edge.", [density(x) for x in edges])
