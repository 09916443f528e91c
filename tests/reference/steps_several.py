"""Steps over several inputs in plain Python, over lists."""

from __future__ import annotations

from engine import Both, Left, Right


def zip_longest(items, other, fill):
    longest = max(len(items), len(other))
    padded = [each + [fill] * (longest - len(each)) for each in (items, other)]
    return [(padded[0][i], padded[1][i]) for i in range(longest)]


def zip_offset(items, other, offsets):
    moved = items[offsets[0] :], other[offsets[1] :]
    return [(moved[0][i], moved[1][i]) for i in range(min(map(len, moved)))]


def interleave_longest(inputs):
    rounds = range(max(map(len, inputs), default=0))
    return [each[i] for i in rounds for each in inputs if i < len(each)]


def interleave_shortest(inputs):
    given = []
    for i in range(max(map(len, inputs)) + 1):
        for each in inputs:
            if i == len(each):
                return given
            given.append(each[i])
    return given


def merge_align(items, other, key):
    """Of each key, the pairs by place; then what is left over on one side."""
    aligned = []
    for k in sorted({key(item) for item in items + other}):
        lefts = [item for item in items if key(item) == k]
        rights = [item for item in other if key(item) == k]
        paired = min(len(lefts), len(rights))
        aligned += [Both(lefts[i], rights[i]) for i in range(paired)]
        aligned += [Left(item) for item in lefts[paired:]]
        aligned += [Right(item) for item in rights[paired:]]
    return aligned


def merge_join(items, other, key, how):
    rows = []
    for k in sorted({key(item) for item in items + other}):
        lefts = [item for item in items if key(item) == k]
        rights = [item for item in other if key(item) == k]
        if how in {"semi", "anti"}:
            rows += lefts if bool(rights) == (how == "semi") else []
        elif lefts and rights:
            rows += [(a, b) for a in lefts for b in rights]
        else:
            rows += [(a, None) for a in lefts if how in {"left", "outer"}]
            rows += [(None, b) for b in rights if how in {"right", "outer"}]
    return rows
