"""Names of people: one text or two, how they compare and under which letter they stand."""

from __future__ import annotations

import unicodedata


def split_name(name: str) -> tuple[str, str]:
    """First name and the rest, cut at the first white space (API v1's rule)."""
    first, *rest = name.split(maxsplit=1)[:2] or [""]
    return first, "".join(rest).strip()


def name_from(text: str) -> tuple[str, str]:
    """First and last name of a text that stands for both; one word alone is a last name."""
    first, rest = split_name(text)
    return (first, rest) if rest else ("", first)


def full_name(first_name: str, last_name: str) -> str:
    return f"{first_name} {last_name}".strip()


def fold_name(first_name: str, last_name: str) -> str:
    """The full name for comparing: case, composition and spacing do not count, accents do."""
    name = " ".join(full_name(first_name, last_name).split())
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def strip_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def letter_of(name: str) -> str:
    """`A` to `Z`, accents and case apart, or `#` for all other names."""
    folded = strip_accents(name.lstrip()[:1].casefold())[:1].upper()
    return folded if "A" <= folded <= "Z" else "#"
