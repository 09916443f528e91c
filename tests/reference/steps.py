"""Every step of a chain in plain Python, over lists: what the kernels are held against."""

from __future__ import annotations

import itertools

_NOTHING = object()


def map_(items, f):
    return [f(item) for item in items]


def filter_(items, predicate):
    return [item for item in items if predicate(item)]


def filter_map(items, f):
    return [made for item in items if (made := f(item)) is not None]


def flat_map(items, f):
    return [inner for item in items for inner in f(item)]


def enumerate_(items, start):
    return [(start + i, items[i]) for i in range(len(items))]


def take(items, n):
    return items[:n]


def skip(items, n):
    return items[n:]


def take_while(items, predicate):
    taken = []
    for item in items:
        if not predicate(item):
            return taken
        taken.append(item)
    return taken


def skip_while(items, predicate):
    return items[len(take_while(items, predicate)) :]


def scan(items, initial, f):
    return [state for i in range(len(items)) for state in [_fold(items[: i + 1], initial, f)]]


def _fold(items, initial, f):
    state = initial
    for item in items:
        state = f(state, item)
    return state


def windows(items, n):
    return [tuple(items[i : i + n]) for i in range(len(items) - n + 1)]


def chunks(items, n):
    return [items[i : i + n] for i in range(0, len(items), n)]


def concat(items, other):
    return items + other


def zip_(items, other):
    return [(items[i], other[i]) for i in range(min(len(items), len(other)))]


def product(items, other):
    return [(a, b) for a in items for b in other]


def chunk_by(items, key):
    runs = []
    for item in items:
        if runs and runs[-1][0] == key(item):
            runs[-1][1].append(item)
        else:
            runs.append((key(item), [item]))
    return runs


def group_by(items, key):
    keys = unique([key(item) for item in items], lambda k: k)
    return [(k, [item for item in items if key(item) == k]) for k in keys]


def unique(items, key):
    seen, kept = [], []
    for item in items:
        if key(item) not in seen:
            seen.append(key(item))
            kept.append(item)
    return kept


def dedup(items, key):
    return [item for i, item in enumerate(items) if i == 0 or key(item) != key(items[i - 1])]


def sort(items, key, *, reverse):
    return sorted(items, key=key, reverse=reverse)


def top_k(items, k, key):
    return sorted(items, key=key, reverse=True)[:k]


def kmerge(inputs, key):
    return sorted(itertools.chain(*inputs), key=key)


def join(items, other, key, how):
    """Pairs for inner, left, right and outer; single items for semi and anti."""
    pairs = [(a, b) for a in items for b in other if key(a) == key(b)]
    lonely = [b for b in other if all(key(a) != key(b) for a in items)]
    kept = [
        pair
        for a in items
        for pair in ([(x, b) for x, b in pairs if x is a] or [(a, None)] * (how in {"left", "outer"}))
    ]
    if how in {"right", "outer"}:
        kept += [(None, b) for b in lonely]
    return kept
