"""Writes the mutants into a copy of the workspace: one program for all of them."""

import re
import sys

from workspace import ROOT, SOURCE

CHOICE = """
/// The number of the mutant that runs; 0 for none. Writes the number of a function into a file, if there should be one.
pub(crate) fn mutant(function: usize) -> u32 {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicBool, Ordering};
    static MUTANT: LazyLock<u32> = LazyLock::new(|| {
        std::env::var("NNFS_MUTANT").ok().and_then(|number| number.parse().ok()).unwrap_or(0)
    });
    static FILE: LazyLock<Option<std::fs::File>> = LazyLock::new(|| {
        let path = std::env::var_os("NNFS_REACHED")?;
        std::fs::OpenOptions::new().create(true).append(true).open(path).ok()
    });
    static REACHED: [AtomicBool; 10_000] = [const { AtomicBool::new(false) }; 10_000];
    if let Some(mut file) = FILE.as_ref() {
        if !REACHED[function].swap(true, Ordering::Relaxed) {
            let line = format!("{function}\n");
            std::io::Write::write_all(&mut file, line.as_bytes()).expect("the file can be written");
        }
    }
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


def place(mutants, build):
    """Writes all mutants that compile into the copy, and returns the number of the function of each."""
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
        lines, eased, functions = {}, {}, {}
        for file in sorted({mutant.file for mutant in mutants}):
            of_file = [mutant for mutant in kept if mutant.file == file]
            write(file, of_file, lines, eased, functions)
        library = SOURCE / mutants[0].file.split("/src/")[0] / "src" / "lib.rs"
        if "pub(crate) fn mutant(" not in library.read_text():
            library.write_text(library.read_text() + CHOICE)
        errors = build.errors()
        if not errors:
            return functions
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


def write(file, mutants, lines, eased, numbers):
    """Writes a file with these mutants, and notes the lines and function of each, and functions with another signature."""
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
        # A function has the number of its first mutant.
        pieces.append(f"{head}{{ match crate::mutant({functions[function][0].number}) {{")
        for mutant in functions[function]:
            numbers[mutant.number] = functions[function][0].number
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
