"""Google-style CSV files as people have them: repeats, bad e-mails, two encodings in one file, line breaks.

python tests/generators/contacts_csv.py 10000 contacts.csv --seed 7
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

HEADERS = (
    "Name", "Given Name", "Additional Name", "Family Name", "Notes", "Group Membership",
    "E-mail 1 - Type", "E-mail 1 - Value", "Phone 1 - Type", "Phone 1 - Value", "Address 1 - Formatted",
)  # fmt: skip
FIRST = ("Ada", "Zoë", "José", "Grace", "Łukasz", "Anaïs", "Jürgen", "Mary Ann", "Søren", "Eva")
LAST = ("Lovelace", "O'Neill", "Müller", "García, Jr.", "van der Berg", 'Smith "Bob"', "Ångström", "Nuñez")
BAD_EMAILS = ("nobody", "a@@example.com", "@example.com", "x y@example.com", "user@")


@dataclass(frozen=True)
class Expected:
    """What importing the file into an empty tenant must report."""

    rows: int
    imported: int
    duplicates: int
    rejected: int
    guessed: int


def generate(rows: int, seed: int = 1) -> tuple[bytes, Expected]:
    """5 % repeats (in other letter case), 2 % bad e-mails, 10 % of the lines in Windows-1252."""
    chance = random.Random(seed)  # noqa: S311 - the same file every time, no secret
    lines, seen = [_encode(list(HEADERS), "utf-8")], list[list[str]]()
    duplicates = rejected = guessed = 0
    for number in range(rows):
        kind = chance.random()
        row = _row(chance, number)
        if kind < 0.05 and seen:
            row = _repeated(chance.choice(seen))
            duplicates += 1
        elif kind < 0.07:
            row[HEADERS.index("E-mail 1 - Value")] = chance.choice(BAD_EMAILS)
            rejected += 1
        else:
            seen.append(row)
        encoding = "cp1252" if chance.random() < 0.1 and _fits(row) else "utf-8"
        guessed += encoding == "cp1252" and not "".join(row).isascii()
        lines.append(_encode(row, encoding))
    expected = Expected(rows, rows - duplicates - rejected, duplicates, rejected, guessed)
    return b"".join(lines), expected


def _row(chance: random.Random, number: int) -> list[str]:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    street = f"{chance.randint(1, 999)} Main Street"
    return [
        f"{first} {last}",
        first,
        "",
        last,
        chance.choice(("", 'said "hello"', "two\r\nlines", "a, b; c")),
        chance.choice(("* myContacts", "* myContacts ::: Friends", "")),
        "* Home",
        f"contact.{number}@example.com",
        "Mobile",
        f"+1 415 {number // 10_000 % 800 + 200:03d} {number % 10_000:04d}",
        chance.choice((street, f"{street}\nSpringfield, IL 62701\nUSA", "")),
    ]


def _repeated(row: list[str]) -> list[str]:
    """The same e-mail in capitals: the same person."""
    column = HEADERS.index("E-mail 1 - Value")
    return [*row[:column], row[column].upper(), *row[column + 1 :]]


def _fits(row: list[str]) -> bool:
    try:
        "".join(row).encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _encode(row: list[str], encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(row)
    return text.getvalue().encode(encoding)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    arguments = _read_arguments()
    content, counts = generate(arguments.rows, arguments.seed)
    arguments.file.write_bytes(content)
    sys.stdout.write(json.dumps(asdict(counts)) + "\n")
