"""Which mistakes do the tests of a package not see? `cargo xtask mutants` runs this.

`cargo mutants --list` names small changes of the code: mutants. Compiling each takes most of the time of mutation
testing, so this program compiles all mutants of a package into one program: the body of a function becomes

    match crate::mutant(5) { 1 => { body of mutant 1 } 2 => { body of mutant 2 } _ => { body } }

and an environment variable chooses one. A mutant that does not compile is left out. In the copy that is compiled,
`const fn` is `fn`, and a function that returns `impl Trait` returns `Box<dyn Trait>`; where this does not compile, the
mutants of the function are left out.

Each unit and integration test of the package first runs alone without a mutant. Its time and the functions that it
reaches (here function 5) are recorded. A mutant is tested by the tests that reach its function, the quick ones first,
until one of them fails. Doctests are not run.

    python mutants.py --package nnfs-losses --survivors survivors.txt
"""

import argparse
import collections
import json
import re
import subprocess
import sys
import time
from pathlib import Path

from placing import place
from running import Tests
from workspace import ROOT, Build, copy_workspace


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--package", required=True)
    parser.add_argument("--file", action="append", default=[], help="only mutants of these files; a name or a pattern")
    parser.add_argument("--survivors", type=Path, help="the survivors that are explained")
    parser.add_argument("--opt-level", default="1")
    options = parser.parse_args()
    start = time.time()
    mutants = listed(options)
    copy_workspace()
    build = Build(options.package, options.opt_level)
    functions = place(mutants, build)
    tests = Tests(build.programs())
    print(f"{tests.summary()}; {time.time() - start:.0f} s until here", flush=True)
    for mutant in mutants:
        if mutant.fate is None:
            function = functions[mutant.number]
            mutant.fate = "killed" if tests.kill(mutant.number, function) else "survived"
            if mutant.fate == "survived":
                where = "" if tests.reach(function) else ", which no test reaches"
                print(f"survived: {mutant.name}{where}", flush=True)
    report(options, mutants, time.time() - start)


class Mutant:
    def __init__(self, number, entry):
        self.number = number
        self.file = entry["file"]
        self.name = entry["name"]
        # Lines change with every edit; the rest of the name remains.
        self.key = re.sub(r"^([^:]+):\d+:\d+: ", r"\1: ", entry["name"])
        self.function = span(entry["function"]["span"]) if entry.get("function") else None
        self.span = span(entry["span"])
        self.replacement = entry["replacement"]
        self.fate = None


def span(entry):
    return tuple((entry[end]["line"], entry[end]["column"]) for end in ("start", "end"))


def listed(options):
    command = ["cargo", "mutants", "--list", "--json", "--package", options.package]
    for file in options.file:
        command += ["--file", file]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    mutants = [Mutant(number, entry) for number, entry in enumerate(json.loads(found), 1)]
    if not mutants:
        sys.exit(f"no mutants in {', '.join(options.file) or options.package}")
    number_equal_names(mutants)
    return mutants


def number_equal_names(mutants):
    """Adds (1 of 2) and (2 of 2) to a name that two mutants have, in the order of the file."""
    groups = collections.defaultdict(list)
    for mutant in sorted(mutants, key=lambda mutant: (mutant.file, mutant.span)):
        groups[mutant.key].append(mutant)
    for group in groups.values():
        for number, mutant in enumerate(group, 1):
            if len(group) > 1:
                mutant.key += f" ({number} of {len(group)})"


def report(options, mutants, seconds):
    fates = {fate: [m for m in mutants if m.fate == fate] for fate in ("killed", "survived", "does not compile", "left out")}
    killed, survived = len(fates["killed"]), len(fates["survived"])
    share = 100 * killed / max(killed + survived, 1)
    print(
        f"{options.package} {' '.join(options.file)}: {killed} of {killed + survived} mutants killed ({share:.1f}%), "
        f"{survived} survived, {len(fates['does not compile'])} do not compile, {len(fates['left out'])} left out, "
        f"{seconds:.0f} s"
    )
    for mutant in fates["left out"]:
        print(f"left out: {mutant.name}")
    if options.survivors:
        compare(options, mutants, fates["survived"])


def compare(options, mutants, survived):
    """Ends with an error if a survivor is not explained, or an explained one does not survive."""
    explained = [line.split(" # ")[0].strip() for line in options.survivors.read_text().splitlines()]
    files = {mutant.file for mutant in mutants}
    explained = [key for key in explained if key and not key.startswith("#") and key.split(":")[0] in files]
    unexplained = [mutant for mutant in survived if mutant.key not in explained]
    gone = [key for key in explained if key not in {mutant.key for mutant in survived}]
    for mutant in unexplained:
        print(f"not explained: {mutant.key}")
    for key in gone:
        print(f"explained, but killed or gone: {key}")
    if unexplained or gone:
        sys.exit(1)


if __name__ == "__main__":
    main()
