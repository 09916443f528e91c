"""Steps that look at neighbours, in plain Python, over lists."""

from __future__ import annotations


def windows_circular(items, n):
    return [tuple(items[(start + i) % len(items)] for i in range(n)) for start in range(len(items))]


def pairwise(items):
    return [(items[i], items[i + 1]) for i in range(len(items) - 1)]


def split_when(items, predicate):
    cuts = [i for i in range(1, len(items)) if predicate(items[i - 1], items[i])]
    bounds = [0, *cuts, len(items)]
    return [items[bounds[i] : bounds[i + 1]] for i in range(len(bounds) - 1) if items]


def coalesce(items, f):
    kept = []
    for item in items:
        merged = f(kept[-1], item) if kept else None
        if merged is None:
            kept.append(item)
        else:
            kept[-1] = merged
    return kept


def run_length(items, key):
    starts = [i for i in range(len(items)) if i == 0 or key(items[i]) != key(items[i - 1])]
    ends = [*starts[1:], len(items)]
    return [(items[start], end - start) for start, end in zip(starts, ends, strict=False)]


def duplicates(items, key):
    return [item for i, item in enumerate(items) if key(item) in [key(other) for other in items[:i]]]


def intersperse(items, separator):
    return [x for item in items for x in (separator, item)][1:]


def with_position(items):
    if len(items) == 1:
        return [("only", items[0])]
    marks = {0: "first", len(items) - 1: "last"}
    return [(marks.get(i, "middle"), item) for i, item in enumerate(items)]
