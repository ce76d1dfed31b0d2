"""Repeats the trainings of `cargo xtask trajectories` with another library, and compares their numbers.

A program calls `main(train)`. `train(case, parameters)` trains from these parameters, which are lists of rows:
weights and biases of each layer. It returns the losses of the data, the penalties, and the final parameters.
"""

import json
import math
import sys

# How many weights are moved by one ulp, one after the other.
MOVES = 16


def main(train, can_train=lambda case: True):
    cases_file, results_file, tolerance = sys.argv[1:]
    with open(cases_file) as file:
        trainings = json.load(file)
    results = []
    for training in trainings:
        case = training["case"]
        if not can_train(case):
            continue
        ours = training["data_losses"], training["penalties"], training["parameters"]
        theirs = train(case, initial_parameters(case))
        difference, place = largest_difference(ours, theirs)
        own_difference = None
        if not difference <= float(tolerance):
            moved = (train(case, parameters) for parameters in moved_parameters(case))
            own_difference = max(largest_difference(theirs, other)[0] for other in moved)
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
    """The initial parameters with one number moved to the next larger one, for several numbers."""
    parameters = initial_parameters(case)
    # The number after 0 is too small to change a sum.
    places = [(i, j, k) for i, matrix in enumerate(parameters) for j, row in enumerate(matrix)
              for k, number in enumerate(row) if number != 0]
    for i, j, k in places[:: max(1, len(places) // MOVES)][:MOVES]:
        parameters = initial_parameters(case)
        parameters[i][j][k] = math.nextafter(parameters[i][j][k], math.inf)
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
        for row_a, row_b in zip(a, b, strict=True):
            differences += [(relative(x, y), place) for x, y in zip(row_a, row_b, strict=True)]
    return max(differences)


def relative(a, b):
    """The difference over the larger number. A number that is not finite is None in our file."""
    finite = [x is not None and math.isfinite(x) for x in (a, b)]
    if not all(finite):
        return sys.float_info.max if any(finite) else 0.0
    return 0.0 if a == b else abs(a - b) / max(abs(a), abs(b))


def schedule(case):
    """The name of a schedule and its numbers: `step:1000:0.5`."""
    name, *numbers = case["schedule"].split(":")
    return name, [float(number) for number in numbers]


def batches(case):
    """The rows of the batch of each step."""
    rows, size = len(case["inputs"]), case["batch"]
    epoch = [slice(start, min(start + size, rows)) for start in range(0, rows, size)]
    return (epoch[step % len(epoch)] for step in range(case["steps"]))
