"""Writes letters_table.hpp: what the interpreter that builds says of each letter, for kernels over text.

Usage: letters.py TARGET. Nothing is written down here that Unicode could change: `str` is asked for each.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from unicodedata import unidata_version

_PAGE = 64  # letters whose UTF-8 differs in the last byte alone
_LETTERS = 0x110000
_PAIRS = 0x800  # letters of at most two bytes
_SURROGATES = range(0xD800, 0xE000)
_MAPPINGS: dict[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper, "fold": str.casefold}


def main(target: str) -> None:
    Path(target).write_text("\n".join(render()) + "\n", encoding="ascii")


def render() -> Iterator[str]:
    yield f"// Written by letters.py from Unicode {unidata_version}."
    yield "#pragma once"
    yield "#include <cstdint>"
    yield "namespace engine {"
    yield f'inline constexpr char unicode_version[] = "{unidata_version}";'
    for name, mapping in _MAPPINGS.items():
        yield from _render_table(name, "uint64_t", [mapped(letter, mapping) for letter in range(_LETTERS)])
        pairs = _joined(mapped_pair(letter, mapping) for letter in range(_PAIRS))
        yield f"inline constexpr uint16_t {name}_pairs[{_PAIRS}] = {{{pairs}}};"
    yield from _render_table("class", "uint8_t", [class_of(letter) for letter in range(_LETTERS)])
    yield "}  // namespace engine"


def mapped(letter: int, mapping: Callable[[str], str]) -> int:
    """What a letter becomes, in UTF-8: the first byte lowest, how many in the highest; 0 for itself.

    >>> hex(mapped(ord("Ä"), str.lower)), mapped(ord("1"), str.upper)
    ('0x20000000000a4c3', 0)
    """
    if letter in _SURROGATES or mapping(chr(letter)) == chr(letter):
        return 0
    text = mapping(chr(letter)).encode()
    if len(text) > 7:  # noqa: PLR2004 (bytes beside the count)
        raise ValueError(f"a letter must become at most 7 bytes, got {len(text)} for U+{letter:04X}")
    return int.from_bytes(text, "little") | len(text) << 56


def mapped_pair(letter: int, mapping: Callable[[str], str]) -> int:
    """What a letter of two bytes becomes if that is one, too, whatever stands beside it; otherwise 0.

    >>> [hex(mapped_pair(ord(letter), str.lower)) for letter in "Ää1Σ"]
    ['0xa4c3', '0xa4c3', '0x0', '0x0']
    """
    text, changed = chr(letter).encode(), mapping(chr(letter)).encode()
    depends = mapping("a" + chr(letter)) != mapping("a") + mapping(chr(letter))
    return 0 if depends or len(text) != 2 or len(changed) != 2 else int.from_bytes(changed, "little")  # noqa: PLR2004 (bytes)


def class_of(letter: int) -> int:
    """Bits: 1 space, 2 cased, 4 ignorable between cased ones, 8 a digit; 16 times a decimal's value + 1.

    Cased and ignorable show only in how a capital sigma is lowered: another letter where a word ends.

    >>> [class_of(ord(character)) for character in " a'5"]
    [1, 2, 4, 104]
    """
    text = chr(letter)
    cased = (text + "Σ").lower().endswith("ς")
    ignorable = not cased and ("a" + text + "Σ").lower().endswith("ς")
    decimal = int(text) + 1 if text.isdecimal() else 0
    return text.isspace() | cased << 1 | ignorable << 2 | text.isdigit() << 3 | decimal << 4


def _render_table(name: str, kind: str, entries: list[int]) -> Iterator[str]:
    """Pages of entries, equal ones once, and the page of each run of letters; page 0 is all zeros."""
    numbers = {(0,) * _PAGE: 0}
    pages = [
        numbers.setdefault(tuple(entries[start : start + _PAGE]), len(numbers))
        for start in range(0, _LETTERS, _PAGE)
    ]
    yield f"inline constexpr uint16_t {name}_pages[{len(pages)}] = {{{_joined(pages)}}};"
    yield f"inline constexpr {kind} {name}_entries[{len(numbers)}][{_PAGE}] = {{"
    yield from (f"{{{_joined(page)}}}," for page in numbers)
    yield "};"


def _joined(numbers: Iterable[int]) -> str:
    return ",".join(f"{number:#x}" for number in numbers)


if __name__ == "__main__":
    main(sys.argv[1])
