"""Repeats the trainings of `cargo xtask trajectories` with another library, and compares their numbers.

A program calls `main(train)`. `train(case, parameters)` trains from these parameters, which are lists of rows:
weights and biases of each layer. It returns the losses of the data, the penalties, and the final parameters.
"""

import json
import math
import sys

# How many numbers are moved by one ulp at most, one after the other, up and down.
MOVES = 64


def main(train):
    cases_file, results_file, tolerance = sys.argv[1:]
    with open(cases_file) as file:
        trainings = json.load(file)
    results = []
    for training in trainings:
        case = training["case"]
        ours = training["data_losses"], training["penalties"], training["parameters"]
        theirs = train(case, initial_parameters(case))
        difference, place = largest_difference(ours, theirs)
        own_difference = None
        if not difference <= float(tolerance):
            own_difference = 0.0
            for parameters in moved_parameters(case):
                moved = train(case, parameters)
                own_difference = max(own_difference, largest_difference(theirs, moved)[0])
                if own_difference >= difference:
                    break
        results.append({"case": case["number"], "difference": difference, "place": place,
                        "own_difference": own_difference})
    with open(results_file, "w") as file:
        json.dump(results, file)


def initial_parameters(case):
    parameters = []
    for layer in case["layers"]:
        parameters += [[list(row) for row in layer["weights"]], [list(layer["biases"])]]
    return parameters


def moved_parameters(case):
    """The initial parameters with one number moved to the next larger or smaller one, for several numbers."""
    parameters = initial_parameters(case)
    # The number after 0 is too small to change a sum.
    places = [(i, j, k) for i, matrix in enumerate(parameters) for j, row in enumerate(matrix)
              for k, number in enumerate(row) if number != 0]
    # From all layers.
    for i, j, k in places[:: -(-len(places) // MOVES)]:
        for direction in (math.inf, -math.inf):
            parameters = initial_parameters(case)
            parameters[i][j][k] = math.nextafter(parameters[i][j][k], direction)
            yield parameters


def largest_difference(ours, theirs):
    """The largest relative difference of two trainings, and where it is."""
    differences = [(0.0, "nothing")]
    for name, a, b in zip(["data loss", "penalty"], ours, theirs):
        if len(a) != len(b):
            # One of them was not finite.
            return sys.float_info.max, f"the number of steps, {len(a)} and {len(b)}"
        steps = enumerate(zip(a, b), start=1)
        differences += [(relative(x, y), f"the {name} of step {step}") for step, (x, y) in steps]
    for i, (a, b) in enumerate(zip(ours[2], theirs[2], strict=True)):
        place = f"the {['weights', 'biases'][i % 2]} of layer {i // 2 + 1}"
        pairs = [pair for rows in zip(a, b, strict=True) for pair in zip(*rows, strict=True)]
        # L1 can move a number close to 0, where it has the rounding errors of the way there.
        largest = max((abs(x) for pair in pairs for x in pair if x is not None), default=0.0)
        differences += [(relative(x, y, largest), place) for x, y in pairs]
    return max(differences)


def relative(a, b, scale=0.0):
    """The difference over the largest of both numbers and the scale. A number that is not finite is None in our file."""
    finite = [x is not None and math.isfinite(x) for x in (a, b)]
    if not all(finite):
        return sys.float_info.max if any(finite) else 0.0
    return 0.0 if a == b else abs(a - b) / max(abs(a), abs(b), scale)


def schedule(case):
    """The name of a schedule and its numbers: `step:1000:0.5`."""
    name, *numbers = case["schedule"].split(":")
    return name, [float(number) for number in numbers]


def batches(case):
    """The rows of the batch of each step."""
    rows, size = len(case["inputs"]), case["batch"]
    epoch = [slice(start, min(start + size, rows)) for start in range(0, rows, size)]
    return (epoch[step % len(epoch)] for step in range(case["steps"]))
