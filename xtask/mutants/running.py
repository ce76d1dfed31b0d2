"""Runs the tests for a mutant: only those that reach its function, and the quick ones first."""

import os
import subprocess
import sys
import time
from pathlib import Path

from workspace import WORK

# More than a few steps of shrinking would only take time.
QUICK = {"PROPTEST_MAX_SHRINK_ITERS": "0", "RUST_BACKTRACE": "0"}
# Tests run together until one fails. The first ones take at most so many seconds in all.
BATCHES = (0.5, 5.0, float("inf"))


class Test:
    def __init__(self, program, name):
        self.program = program
        self.name = name
        self.seconds = 0.0
        # The numbers of the functions that it reaches; None for all of them.
        self.reached = None

    def reaches(self, function):
        return self.reached is None or function in self.reached


class Tests:
    def __init__(self, programs):
        self.killers = {}
        self.sound = []
        for program in programs:
            for name in names(program):
                test = Test(program, name)
                start = time.time()
                # One that counts allocations, for example, also counts that of the choice.
                if failed([test], 0, 600) is None:
                    test.seconds = time.time() - start
                    test.reached = reached(test)
                    self.sound.append(test)
                else:
                    print(f"not run, because it fails without a mutant: {name} of {Path(program).name}", flush=True)
        if not self.sound:
            sys.exit("no test passes without a mutant")
        self.sound.sort(key=lambda test: test.seconds)

    def summary(self):
        return f"{len(self.sound)} tests, {sum(test.seconds for test in self.sound):.0f} s one after the other"

    def reach(self, function):
        return any(test.reaches(function) for test in self.sound)

    def kill(self, number, function):
        """Whether a test fails or takes too long with a mutant of a function."""
        killers = self.killers.setdefault(function, [])
        left = [test for test in self.sound if test.reaches(function)]
        # The tests that saw other mutants of the function, if they are quick, and then all by their time.
        batches = [[test for test in killers if test.seconds < BATCHES[0]]]
        left = [test for test in left if test not in batches[0]]
        for most in BATCHES:
            batch, seconds = [], 0.0
            while left and seconds + left[0].seconds <= most:
                seconds += left[0].seconds
                batch.append(left.pop(0))
            batches.append(batch)
        for batch in filter(None, batches):
            limit = max(20.0, 5 * sum(test.seconds for test in batch))
            killer = failed(batch, number, limit)
            if killer:
                if killer not in killers:
                    killers.append(killer)
                return True
        return False


def names(program):
    listed = subprocess.run([program, "--list", "--format=terse"], check=True, capture_output=True, text=True).stdout
    return [line.removesuffix(": test") for line in listed.splitlines() if line.endswith(": test")]


def reached(test):
    """The numbers of the functions that a test reaches, which it writes into a file; None if that fails."""
    file = WORK / "reached"
    file.unlink(missing_ok=True)
    if failed([test], 0, 600, {"NNFS_REACHED": str(file)}) is not None:
        return None
    return {int(line) for line in file.read_text().split()} if file.exists() else set()


def failed(tests, number, limit, variables=None):
    """A test that fails or takes too long with a mutant; None if all pass."""
    folder = WORK / "empty"
    folder.mkdir(exist_ok=True)
    environment = {**os.environ, **QUICK, **(variables or {}), "NNFS_MUTANT": str(number)}
    for program in sorted({test.program for test in tests}):
        here = {test.name: test for test in tests if test.program == program}
        command = ["timeout", str(limit), program, "--test-threads=1", "--exact", *here]
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        running = next(iter(here))
        for line in process.stdout:
            words = line.split()
            if len(words) > 1 and words[0] == "test" and words[1] in here:
                running = words[1]
            if line.rstrip().endswith("... FAILED"):
                process.terminate()
                process.stdout.close()
                process.wait()
                return here[running]
        process.stdout.close()
        if process.wait() != 0:
            return here[running]
    return None
