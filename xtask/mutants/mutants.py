"""Which mistakes do the tests of a package not see? `cargo xtask mutants` runs this.

`cargo mutants --list` names small changes of the code: mutants. Compiling each takes most of the time of mutation
testing, so this program compiles all mutants of a package into one program: the body of a function becomes

    match crate::mutant() { 1 => { body of mutant 1 } 2 => { body of mutant 2 } _ => { body } }

and an environment variable chooses one. A mutant that does not compile is left out. The unit and integration tests of
the package run for each mutant until the first of them fails. Doctests are not run. In the copy that is compiled,
`const fn` is `fn`, and a function that returns `impl Trait` returns `Box<dyn Trait>`; where this does not compile, the
mutants of the function are left out.

    python mutants.py --package nnfs-losses --survivors survivors.txt
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "mutants"
SOURCE = WORK / "source"
CHOICE = """
/// The number of the mutant that runs; 0 for none.
pub(crate) fn mutant() -> u32 {
    static MUTANT: std::sync::LazyLock<u32> = std::sync::LazyLock::new(|| {
        std::env::var("NNFS_MUTANT").ok().and_then(|number| number.parse().ok()).unwrap_or(0)
    });
    *MUTANT
}

/// Closures in boxes; the type of the box is the type of their arguments.
pub(crate) fn boxed_1<A, R, F: Fn(A) -> R + 'static>(f: F) -> Box<dyn Fn(A) -> R> {
    Box::new(f)
}
pub(crate) fn boxed_2<A, B, R, F: Fn(A, B) -> R + 'static>(f: F) -> Box<dyn Fn(A, B) -> R> {
    Box::new(f)
}
pub(crate) fn boxed_3<A, B, C, R, F: Fn(A, B, C) -> R + 'static>(f: F) -> Box<dyn Fn(A, B, C) -> R> {
    Box::new(f)
}
"""
# More than a few steps of shrinking would only take time.
QUICK = {"PROPTEST_MAX_SHRINK_ITERS": "0", "RUST_BACKTRACE": "0"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--package", required=True)
    parser.add_argument("--file", action="append", default=[], help="only mutants of these files")
    parser.add_argument("--survivors", type=Path, help="the survivors that are explained")
    parser.add_argument("--opt-level", default="1")
    options = parser.parse_args()
    start = time.time()
    mutants = listed(options)
    copy_workspace()
    build = Build(options)
    place(mutants, build)
    programs, baseline = build.tests()
    for mutant in mutants:
        if mutant.fate is None:
            limit = max(20.0, 5 * baseline)
            # Most mutants fail in tests that have the name of their module, which run first.
            modules = Path(mutant.file).with_suffix("").parts[3:]
            killed = fails(programs, mutant.number, limit, modules) or fails(programs, mutant.number, limit)
            mutant.fate = "killed" if killed else "survived"
            if mutant.fate == "survived":
                print(f"survived: {mutant.name}", flush=True)
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
    return [Mutant(number, entry) for number, entry in enumerate(json.loads(found), 1)]


def copy_workspace():
    """The files of the repository and what is not committed yet; files that did not change keep their times."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    for name in filter(None, names):
        source, copy = ROOT / name, SOURCE / name
        if source.is_file() and not (copy.is_file() and copy.read_bytes() == source.read_bytes()):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    for copy in SOURCE.rglob("*.rs"):
        if not (ROOT / copy.relative_to(SOURCE)).is_file():
            copy.unlink()


class Build:
    def __init__(self, options):
        self.package = options.package
        self.config = []
        for setting in (f'profile.dev.opt-level={options.opt_level}', "profile.dev.debug=false"):
            self.config += ["--config", setting]

    def cargo(self, *arguments):
        command = ["cargo", *arguments, "--package", self.package, "--message-format=json", *self.config]
        environment = {**os.environ, "CARGO_TARGET_DIR": str(WORK / "target")}
        done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, env=environment)
        messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return done, messages

    def errors(self):
        """The places of the errors of the library, as (file, line)."""
        done, messages = self.cargo("check", "--lib")
        places = []
        for message in messages:
            if message.get("reason") == "compiler-message" and message["message"]["level"] == "error":
                for spans in [message["message"]["spans"]]:
                    spans = [s for s in spans if s["is_primary"]] or spans
                    places += [(s["file_name"], s["line_start"]) for s in spans]
        if done.returncode and not places:
            sys.exit(done.stderr)
        return places

    def tests(self):
        """The programs with the tests, and how long they take without a mutant."""
        done, messages = self.cargo("test", "--no-run", "--lib", "--tests")
        if done.returncode:
            sys.exit(done.stderr)
        programs = [m["executable"] for m in messages if m.get("executable") and m.get("profile", {}).get("test")]
        start = time.time()
        # One that counts allocations, for example, also counts that of the choice.
        sound = [program for program in programs if not fails([program], 0, 600)]
        for program in set(programs) - set(sound):
            print(f"not run, because it fails without a mutant: {Path(program).name}")
        if not sound:
            sys.exit("no tests pass without a mutant")
        return sound, time.time() - start


def place(mutants, build):
    """Writes all mutants that compile into the copy."""
    kept = [mutant for mutant in mutants if mutant.function]
    hard = set()
    while True:
        for mutant in mutants:
            if not mutant.function or any(
                mutant.file == file and first <= mutant.function[0] and mutant.function[1] <= last
                for file, (first, last) in hard
            ):
                mutant.fate = "left out"
        kept = [mutant for mutant in kept if mutant.fate is None]
        lines, eased = {}, {}
        for file in sorted({mutant.file for mutant in mutants}):
            of_file = [mutant for mutant in kept if mutant.file == file]
            write(file, of_file, lines, eased)
        library = SOURCE / mutants[0].file.split("/src/")[0] / "src" / "lib.rs"
        if "pub(crate) fn mutant()" not in library.read_text():
            library.write_text(library.read_text() + CHOICE)
        errors = build.errors()
        if not errors:
            return
        wrong = {lines[place] for place in errors if place in lines}
        changed = {eased[place] for place in errors if place in eased and place not in lines}
        if not wrong and not changed:
            # Perhaps a constant needs one of the functions.
            changed = set(eased.values())
        if not wrong and not changed:
            sys.exit(f"errors outside the mutants: {errors}")
        hard |= changed
        for mutant in list(kept):
            if mutant.number in wrong:
                mutant.fate = "does not compile"
                kept.remove(mutant)


def write(file, mutants, lines, eased):
    """Writes a file with these mutants, and notes the lines of each, and of functions with another signature."""
    text = (ROOT / file).read_text()
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)

    def offset(at):
        line, column = at
        return starts[line - 1] + column - 1

    functions = {}
    outermost = sorted({mutant.function for mutant in mutants}, key=lambda f: (f[0], (-f[1][0], -f[1][1])))
    top = []
    for function in outermost:
        if not any(outer[0] <= function[0] and function[1] <= outer[1] for outer in top):
            top.append(function)
    for mutant in mutants:
        function = next(f for f in top if f[0] <= mutant.function[0] and mutant.function[1] <= f[1])
        functions.setdefault(function, []).append(mutant)

    pieces, end = [], 0
    for function in top:
        first, last = offset(function[0]), offset(function[1])
        body = body_start(text, first)
        close = text.rindex("}", body, last)
        head, before, after = ease(text[first:body])
        pieces.append(text[end:first])
        line = "".join(pieces).count("\n") + 1
        pieces.append(head + "{ match crate::mutant() {")
        for mutant in functions[function]:
            start, stop = offset(mutant.span[0]), offset(mutant.span[1])
            changed = text[body + 1:start] + " " + mutant.replacement + " " + text[stop:close]
            above = "".join(pieces).count("\n")
            pieces.append(f"\n{mutant.number} => {{{before}{changed}\n{after}}}")
            for at in range(above + 2, above + 2 + pieces[-1].count("\n")):
                lines[file, at] = mutant.number
        pieces.append("\n_ => {" + before + text[body + 1:close] + after + "}\n}")
        if head != text[first:body]:
            for at in range(line, "".join(pieces).count("\n") + 2):
                eased[file, at] = (file, function)
        end = close
    new = "".join(pieces) + text[end:]
    copy = SOURCE / file
    if copy.read_text() != new:
        copy.write_text(new)


def ease(head):
    """The head of a function that can choose its body, and what is around each body."""
    head = re.sub(r"\bconst fn\b", "fn", head)
    found = re.search(r"-> impl (.+?)\s*(where\b.*)?$", head, re.DOTALL)
    if not found:
        return head, "", ""
    boxed = f"Box<dyn {found[1]}>"
    head = f"{head[:found.start()]}-> {boxed} {found[2] or ''}"
    closure = re.match(r"Fn\((.*?)\) ->", found[1], re.DOTALL)
    if closure:
        count = len(closure[1].split(","))
        return head, f"crate::boxed_{count}::<{closure[1]}, _, _>({{", "})"
    return head, "Box::new({", f"}}) as {boxed}"


def body_start(text, at):
    """Where the body of a function begins."""
    depth = 0
    while True:
        if text.startswith("//", at):
            at = text.index("\n", at)
        letter = text[at]
        if letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == "{" and depth == 0:
            return at
        at += 1


def fails(programs, number, limit, names=()):
    """Whether a test, perhaps only one with such a name, fails or takes too long with a mutant."""
    folder = WORK / "empty"
    folder.mkdir(exist_ok=True)
    for program in programs:
        environment = {**os.environ, **QUICK, "NNFS_MUTANT": str(number)}
        command = ["timeout", str(limit), program, "--test-threads=1", *names]
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        failed = False
        for line in process.stdout:
            if line.rstrip().endswith("... FAILED"):
                failed = True
                process.terminate()
                break
        process.stdout.close()
        if process.wait() != 0 or failed:
            return True
    return False


def report(options, mutants, seconds):
    fates = {fate: [m for m in mutants if m.fate == fate] for fate in ("killed", "survived", "does not compile", "left out")}
    killed, survived = len(fates["killed"]), len(fates["survived"])
    share = 100 * killed / max(killed + survived, 1)
    print(
        f"{options.package} {' '.join(options.file)}: {killed} of {killed + survived} mutants killed ({share:.1f}%), {survived} survived, "
        f"{len(fates['does not compile'])} do not compile, {len(fates['left out'])} left out, {seconds:.0f} s"
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
        print(f"not explained: {mutant.name}")
    for key in gone:
        print(f"explained, but killed or gone: {key}")
    if unexplained or gone:
        sys.exit(1)


if __name__ == "__main__":
    main()
