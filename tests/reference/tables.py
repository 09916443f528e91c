"""Plain references of what columns and frames do with rows: lists of values, None where one is missing."""

from __future__ import annotations

import math
from itertools import groupby

from hypothesis import strategies as st

from engine import Column

TYPES = [
    "bool",
    "i8",
    "i16",
    "i32",
    "i64",
    "u8",
    "u16",
    "u32",
    "u64",
    "f32",
    "f64",
    "string",
    "timestamp[us]",
]
NUMBERS = [name for name in TYPES if name not in ("string", "timestamp[us]")]


def key_of(value):
    """What equality means: None equals None, NaN equals NaN."""
    return ("nan",) if isinstance(value, float) and math.isnan(value) else (value,)


def rank_of(value):
    """What order means: NaN above all numbers."""
    is_nan = isinstance(value, float) and math.isnan(value)
    return (is_nan, 0 if is_nan else value)


def cells(dtype):
    few = {"bool": [False, True], "string": ["", "a", "Ö"], "f64": [0.0, -0.0, 1.5, math.nan, -math.inf]}
    if dtype == "f32":
        return few["f64"]
    if dtype[0] in "iu" and dtype[1:].isdigit():
        bits = int(dtype[1:]) - (dtype[0] == "i")
        return [0, 1, 2**bits - 1, -(2**bits) if dtype[0] == "i" else 2]
    return few.get(dtype, [0, 1, 2])


def columns(dtypes=TYPES, size=None):
    """A column, perhaps a slice, so that its values and bits begin anywhere; sizes about a word of bits."""
    return st.sampled_from(dtypes).flatmap(lambda dtype: columns_of(dtype, size))


@st.composite
def columns_of(draw, dtype, size=None):
    before = draw(st.integers(0, 9))
    rows = draw(st.sampled_from([0, 1, 2, 7, 63, 64, 65, 130])) if size is None else size
    has_nulls = draw(st.booleans())
    picked = st.sampled_from([*cells(dtype), *([None] if has_nulls else [])])
    few = draw(st.lists(picked, min_size=1, max_size=12))
    values = (
        (few * (rows + before))[: rows + before] if draw(st.booleans()) else sorted_few(few, rows + before)
    )
    return column_of(values, dtype)[before:]


def sorted_few(few, size):
    """Each value several times in succession."""
    return [few[i * len(few) // size] for i in range(size)]


def column_of(values, dtype):
    if dtype != "timestamp[us]":
        return Column(values, dtype)
    import numpy as np

    ticks = np.array([0 if value is None else value for value in values], "i8").view("M8[us]")
    return Column(np.ma.MaskedArray(ticks, [value is None for value in values]))


def runs_of(values):
    keys = [key_of(value) for value in values]
    lengths = [len(list(run)) for _, run in groupby(keys)]
    return [sum(lengths[:run]) for run in range(len(lengths))], lengths


def groups_of(keys):
    """The rows of each group, in first-seen order."""
    groups = {}
    for row, key in enumerate(keys):
        groups.setdefault(key_of(key), []).append(row)
    return list(groups.values())


def aggregate(values, how):  # noqa: PLR0911 (a line for each)
    """As `Grouped.agg` says, of a list of values; whole sums wrap outside."""
    there = [value for value in values if value is not None]
    if how in ("first", "last"):
        return values[0 if how == "first" else -1]
    if how in ("count", "non_null"):
        return len(values if how == "count" else there)
    if how == "sum":
        return sum(there)
    if not there:
        return None
    if how == "mean":
        return sum(map(float, there)) / len(there)
    if nans := [value for value in there if rank_of(value)[0]]:
        return nans[0]
    return min(there) if how == "min" else max(there)


def order_of(keys, *, descending, nulls):
    """Row numbers; `keys` are lists of values, the first decides first."""
    rows = list(range(len(keys[0])))
    for key, falls in reversed(list(zip(keys, descending, strict=True))):
        there = [row for row in rows if key[row] is not None]
        missing = [row for row in rows if key[row] is None]
        there.sort(key=lambda row: rank_of(key[row]), reverse=falls)
        rows = missing + there if nulls == "first" else there + missing
    return rows


def pairs_of(left, right, how):
    """Row numbers of a join, None for a missing side; a key, a tuple, with None in it matches nothing."""
    rows = {}
    for row, key in enumerate(right):
        if None not in key:
            rows.setdefault(tuple(map(key_of, key)), []).append(row)
    matches = [[] if None in key else rows.get(tuple(map(key_of, key)), []) for key in left]
    pairs = []
    for row, matching in enumerate(matches):
        pairs += [(row, match) for match in matching[: {"semi": 1, "anti": 0}.get(how)]]
        pairs += [(row, None)] if not matching and how in ("left", "outer", "anti") else []
    matched = {match for matching in matches for match in matching}
    lonely = [(None, row) for row in range(len(right)) if row not in matched]
    return pairs + (lonely if how in ("right", "outer") else [])
