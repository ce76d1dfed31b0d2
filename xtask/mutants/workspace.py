"""The repository, its copy with the mutants, and what cargo says about the copy."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "mutants"
SOURCE = WORK / "source"


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
    def __init__(self, package, opt_level):
        self.package = package
        self.config = []
        for setting in (f"profile.dev.opt-level={opt_level}", "profile.dev.debug=false"):
            self.config += ["--config", setting]

    def cargo(self, *arguments):
        command = ["cargo", *arguments, "--package", self.package, "--all-features", "--message-format=json", *self.config]
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
                spans = message["message"]["spans"]
                spans = [s for s in spans if s["is_primary"]] or spans
                places += [(s["file_name"], s["line_start"]) for s in spans]
        if done.returncode and not places:
            sys.exit(done.stderr)
        return places

    def programs(self):
        """The programs with the unit and integration tests."""
        done, messages = self.cargo("test", "--no-run", "--lib", "--tests")
        if done.returncode:
            sys.exit(done.stderr)
        return [m["executable"] for m in messages if m.get("executable") and m.get("profile", {}).get("test")]
