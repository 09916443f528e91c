"""Plain references of the column kernels: lists, dicts and loops that a reader can check by eye."""

from __future__ import annotations

from itertools import pairwise

import numpy as np


def key_of(value):
    """What equality means: NaN equals NaN, NaT equals NaT; Python sees to -0.0, widths and True == 1."""
    return "missing" if value != value else value.item()  # noqa: PLR0124 (only NaN and NaT differ from themselves)


def rank_of(value):
    """What order means: NaN and NaT last, and equal to each other."""
    missing = key_of(value) == "missing"
    return (missing, 0 if missing else value.item())


def find_runs(array):
    keys = [key_of(value) for value in ticks(array)]
    starts = [i for i in range(len(keys)) if i == 0 or keys[i] != keys[i - 1]]
    return starts, [end - start for start, end in pairwise([*starts, len(keys)])]


def merge_places(arrays):
    places = [
        (rank_of(value), which, position)
        for which, array in enumerate(arrays)
        for position, value in enumerate(ticks(array))
    ]
    return [(which, position) for _, which, position in sorted(places)]


def join_rows(left, right, how):
    rows = {}
    for row, value in enumerate(ticks(right)):
        rows.setdefault(key_of(value), []).append(row)
    matches = [rows.get(key_of(value), []) for value in ticks(left)]
    kept = {"semi": 1, "anti": 0}.get(how)
    pairs = []
    for row, matching in enumerate(matches):
        pairs += [(row, match) for match in matching[:kept]]
        if not matching and how in ("left", "outer", "anti"):
            pairs.append((row, -1))
    if how in ("right", "outer"):
        matched = {match for matching in matches for match in matching}
        pairs += [(-1, row) for row in range(len(right)) if row not in matched]
    return pairs


def group_rows(keys):
    groups = {}
    for row, value in enumerate(ticks(keys)):
        groups.setdefault(key_of(value), []).append(row)
    return list(groups.values())


def aggregate(values, rows, how):
    picked = values[rows]
    if how in ("first", "last"):
        return picked[0 if how == "first" else -1]
    if how == "count":
        return len(rows)
    if how == "sum" and picked.dtype.kind != "m":
        picked = picked.astype({"f": "f8", "u": "u8"}.get(picked.dtype.kind, "i8"))
    return getattr(np, how)(picked)


def ticks(array):
    """Times as their numbers, since Python has none that hold every unit; NaT as NaN."""
    if array.dtype.kind not in "mM":
        return list(array)
    return [np.float64("nan") if np.isnat(time) else time.astype("i8") for time in array]
