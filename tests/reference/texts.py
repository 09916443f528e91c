"""Plain references of the text kernels: Python's own str; and texts that break kernels."""

from __future__ import annotations

from itertools import groupby

from hypothesis import strategies as st

# Letters that change their length, combine, end words, are space or digits elsewhere, or only look so.
ODD = "İıßẞŉΐᾳﬃΣσς\u0345'·\u00ad \t\n\x1c\x85\u2003\u3000\u200bÀéԱև𐐀𝟙٣²+＋09aZ@[`{\x00\x7fＡ"  # noqa: RUF001
letters = st.one_of(
    st.sampled_from(ODD), st.sampled_from("aB cD "), st.characters(exclude_categories=["Cs"])
)
texts = st.text(letters, max_size=24)
columns = st.lists(st.one_of(st.none(), texts), max_size=30)


def each(values, method, *arguments):
    return [None if value is None else getattr(value, method)(*arguments) for value in values]


def digits(text):
    kept = [character for character in text if character.isdecimal()]
    before = text[: text.index(kept[0])] if kept else ""
    plus = "+" if any(character in "+＋" for character in before) else ""  # noqa: RUF001
    return plus + "".join(str(int(character)) for character in kept)


def split(values, *arguments):
    parts = [
        (part, row)
        for row, value in enumerate(values)
        if value is not None
        for part in value.split(*arguments)
    ]
    return [part for part, _ in parts], [row for _, row in parts]


def codes(values):
    numbers = {}
    return [None if value is None else numbers.setdefault(value, len(numbers)) for value in values], list(
        numbers
    )


def order(values):
    return sorted(range(len(values)), key=lambda row: (values[row] is None, values[row] or ""))


def runs(values):
    lengths = [len(list(group)) for _, group in groupby(values)]
    return [sum(lengths[:number]) for number in range(len(lengths))], lengths
