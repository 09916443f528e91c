"""Endings in plain Python, over lists."""

from __future__ import annotations

import statistics


def tree_reduce(items, f):
    """Pairs are merged until one is left; the odd one at the end waits for its turn."""
    while len(items) > 1:
        odd = items[-1:] if len(items) % 2 else []
        items = [f(items[i], items[i + 1]) for i in range(0, len(items) - 1, 2)] + odd
    return items[0]


def prod(items):
    product = 1
    for item in items:
        product *= item
    return product


def counts(items, key):
    keys = [key(item) for item in items]
    return {k: keys.count(k) for k in keys}


def minmax(items, key):
    return (min(items, key=key), max(items, key=key))


def extremes(items, key, choose):
    best = choose(map(key, items))
    return [item for item in items if key(item) == best]


def stats(items):
    return (len(items), statistics.fmean(items), min(items), max(items), statistics.pstdev(items))


def is_sorted(items, key, *, reverse, strict):
    keys = [key(item) for item in items]
    in_order = sorted(keys, reverse=reverse)
    return keys == in_order and (not strict or len(set(keys)) == len(keys))


def first_difference(items, other):
    for i in range(max(len(items), len(other))):
        if items[i : i + 1] != other[i : i + 1]:
            return i
    return None
