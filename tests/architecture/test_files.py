"""What every file of the repository keeps to."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAX_LINES = 400
# A kernel brings its types and its reasons for safety along.
MAX_LINES_OF_KERNEL = 500
SOURCES = (".py", ".pyx", ".pxd", ".hpp", ".h", ".sql", ".sh")

# Put together here, so that this file does not hold them itself.
LEFTOVERS = re.compile(
    "|".join((r"\bTO" + "DO", "FIX" + "ME", r"\bX" + r"XX\b", "NotImplemented" + "Error", "<" * 7))
)
VAGUE_NAMES = {"utils", "helpers", "helper", "common", "misc", "base", "core", "manager", "impl"}


def tracked(*suffixes):
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)  # noqa: S607  # git is a tool of every clone
    names = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in names if path.is_file() and path.suffix in suffixes]


def most_lines(path):
    return MAX_LINES_OF_KERNEL if path.suffix == ".pyx" else MAX_LINES


def test_no_file_is_longer_than_a_reader_can_hold():
    lengths = {path: len(path.read_text().splitlines()) for path in tracked(*SOURCES)}
    assert {path: length for path, length in lengths.items() if length > most_lines(path)} == {}


def test_nothing_is_left_over_for_later():
    found = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked(*SOURCES, ".md", ".toml", ".yaml", ".yml")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if LEFTOVERS.search(line)
    }
    assert found == set()


def test_every_file_is_named_for_its_subject():
    assert [str(path) for path in tracked(*SOURCES) if path.stem.lower() in VAGUE_NAMES] == []
