"""Computes the constants of the elementary functions and prints `constants.rs`.

Each polynomial is the best one in the sense of Chebyshev: no other of its degree has a smaller
largest error. It is found with the second algorithm of Remez (1934), in 50 decimal digits.
Its coefficients are then rounded to the kind of number. Where the interval begins at 0, it is also
tried to round the two lowest ones first and to compute the others anew, so that they make up for it.
The better of both is taken. The error that is printed is that of the rounded coefficients.

    python3 -m venv venv && venv/bin/pip install mpmath
    venv/bin/python coefficients.py > constants.rs
"""

import struct

import mpmath
from mpmath import exp, log, log1p, mp, mpf, sqrt, tanh

mp.dps = 50


def remez(target, weight, degree, low, high):
    """The polynomial p that minimizes the largest |weight(x) (p(x) - target(x))| on [low, high].

    Gives its coefficients, lowest degree first, and the error.
    """
    count = degree + 2
    points = [
        (low + high) / 2 - (high - low) / 2 * mpmath.cos(mpmath.pi * i / (count - 1))
        for i in range(count)
    ]
    for _ in range(30):
        # The error has the size `level` and alternates in sign at the points.
        rows = mpmath.matrix(count, count)
        right = mpmath.matrix(count, 1)
        for i, x in enumerate(points):
            for power in range(degree + 1):
                rows[i, power] = x**power
            rows[i, degree + 1] = (-1) ** i / weight(x)
            right[i] = target(x)
        solution = mpmath.lu_solve(rows, right)
        coefficients, level = list(solution[: degree + 1]), abs(solution[degree + 1])

        def error(x):
            return weight(x) * (mpmath.polyval(coefficients[::-1], x) - target(x))

        points, largest = extrema(error, points, low, high)
        if largest <= level * (1 + mpf(10) ** -4):
            break
    return coefficients, largest


def extrema(error, points, low, high):
    """The extremum of the error between its zeros around each point, and the largest size."""
    zeros = [zero(error, left, right) for left, right in zip(points, points[1:])]
    bounds = [low, *zeros, high]
    found = [largest_of(error, left, right) for left, right in zip(bounds, bounds[1:])]
    return found, max(abs(error(x)) for x in found)


def zero(error, left, right):
    """Where the error changes its sign, by halving."""
    is_positive = error(left) > 0
    for _ in range(30):
        middle = (left + right) / 2
        if (error(middle) > 0) == is_positive:
            left = middle
        else:
            right = middle
    return left


def largest_of(error, left, right):
    """Where |error| is largest on [left, right], by ever finer grids."""
    for _ in range(10):
        grid = [left + (right - left) * i / 8 for i in range(9)]
        best = max(range(9), key=lambda i: abs(error(grid[i])))
        left, right = grid[max(best - 1, 0)], grid[min(best + 1, 8)]
    return grid[best]


def round_to(value, bits):
    """The nearest number with so many significant bits."""
    with mp.workprec(bits):
        return +value


def largest_error(coefficients, target, weight, low, high):
    """The largest |weight (p - target)|, on a grid of 2001 points."""
    grid = [low + (high - low) * i / 2000 for i in range(2001)]
    return max(
        abs(weight(x) * (mpmath.polyval(coefficients[::-1], x) - target(x))) for x in grid
    )


def fit(target, weight, degree, low, high, bits):
    """The rounded coefficients of the best polynomial, lowest degree first, and their error."""

    def measured(coefficients):
        return coefficients, largest_error(coefficients, target, weight, low, high)

    best, _ = remez(target, weight, degree, low, high)
    found = [measured([round_to(c, bits) for c in best])]
    if low == 0:
        found.append(measured(refit(target, weight, degree, high, bits)))
    return min(found, key=lambda pair: pair[1])


def refit(target, weight, degree, high, bits):
    """As `fit` on [0, high]: each of the two lowest coefficients is rounded before the others."""
    low = high / 1024
    fixed = []

    def rest(x):
        return (target(x) - mpmath.polyval(fixed[::-1], x)) / x ** len(fixed)

    def rest_weight(x):
        return weight(x) * x ** len(fixed)

    for _ in range(2):
        best, _ = remez(rest, rest_weight, degree - len(fixed), low, high)
        fixed.append(round_to(best[0], bits))
    best, _ = remez(rest, rest_weight, degree - 2, low, high)
    return fixed + [round_to(c, bits) for c in best]


# The functions that the polynomials stand for. Near 0, where the formula cancels or divides by 0,
# the first terms of the series take over. A weight of 0 would make the equations singular.
TINY = mpf(10) ** -9


def exp_rest(r):
    """P of e^r = 1 + r + r^2 P(r)"""
    return (exp(r) - 1 - r) / r**2 if abs(r) > TINY else mpf(1) / 2 + r / 6


def exp_weight(r):
    """d(e^r) / e^r for a change of P"""
    return max(r**2, TINY) / exp(r)


def tanh_rest(y):
    """P of tanh(x) = x + x^3 P(x^2)"""
    x = sqrt(y)
    return (tanh(x) - x) / x**3 if y > TINY else -mpf(1) / 3 + 2 * y / 15


def tanh_weight(y):
    """d(tanh x) / tanh x for a change of P"""
    x = sqrt(max(y, TINY))
    return x**3 / tanh(x)


def ln_rest(w):
    """Q of ln((1 + s) / (1 - s)) = 2 s + s w Q(w), w = s^2"""
    s = sqrt(w)
    return (log1p(s) - log1p(-s) - 2 * s) / s**3 if w > TINY else mpf(2) / 3 + 2 * w / 5


def ln_weight(w):
    """d(ln) / ln for a change of Q"""
    s = sqrt(max(w, TINY))
    return s**3 / (log1p(s) - log1p(-s))


class Kind:
    """A kind of number, and how it is written in Rust."""

    def __init__(self, name, bits, high_bits, exp_terms, tanh_terms, tanh_switch, ln_terms):
        self.name, self.bits, self.high_bits = name, bits, high_bits
        self.exp_terms, self.tanh_terms, self.ln_terms = exp_terms, tanh_terms, ln_terms
        self.tanh_switch = tanh_switch

    def literal(self, value):
        """The shortest decimal that gives the number back."""
        wanted = float(value)
        if self.name == "f64":
            return repr(wanted)
        for digits in range(1, 10):
            text = f"{wanted:.{digits}g}"
            if struct.unpack("f", struct.pack("f", float(text)))[0] == wanted:
                return text if "." in text or "e" in text else text + ".0"
        raise ValueError(wanted)

    def table(self, name, note, coefficients, error):
        """A table of coefficients in Rust."""
        print(f"    // {note}, error 2^{float(log(error, 2)):.1f}")
        print(f"    const {name}: &'static [{self.name}] = &[")
        for coefficient in coefficients:
            print(f"        {self.literal(coefficient)},")
        print("    ];")

    def print(self):
        half = log(mpf(2)) / 2 * mpf("1.0002")
        switch = mpf(self.tanh_switch)
        high = round_to(log(mpf(2)), self.high_bits)
        print(f"impl Constants for {self.name} {{")
        above = int(high * 2**self.high_bits)
        print(f"    const LN_2_HIGH: {self.name} = {above}.0 / {2**self.high_bits}.0;")
        low = round_to(log(mpf(2)) - high, self.bits)
        print(f"    const LN_2_LOW: {self.name} = {self.literal(low)};")
        print(f"    const TANH_SWITCH: {self.name} = {self.tanh_switch};")
        # The argument of the exponential is rounded off its interval by a little.
        exp_fit = fit(exp_rest, exp_weight, self.exp_terms - 1, -half, half, self.bits)
        self.table("EXP", "|r| <= ln 2 / 2", *exp_fit)
        tanh_fit = fit(tanh_rest, tanh_weight, self.tanh_terms - 1, mpf(0), switch**2, self.bits)
        self.table("TANH", f"|x| <= {self.tanh_switch}", *tanh_fit)
        ln_fit = fit(ln_rest, ln_weight, self.ln_terms - 1, mpf(0), mpf("0.2") ** 2, self.bits)
        self.table("LN", "|s| <= 0.2", *ln_fit)
        print("}")


def main():
    print("//! The constants of the elementary functions, printed by `coefficients.py`.")
    print("//!")
    print("//! The errors are relative to the function whose polynomial it is.")
    print()
    print("use super::float::Constants;")
    for kind in [
        # n in exp and k in ln have 8 and 11 bits: their products with LN_2_HIGH are exact.
        Kind("f32", 24, 16, 5, 6, "0.75", 3),
        Kind("f64", 53, 42, 10, 10, "0.55", 7),
    ]:
        print()
        kind.print()


if __name__ == "__main__":
    main()
