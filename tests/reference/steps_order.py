"""Cuts and orders in plain Python, over lists."""

from __future__ import annotations


def take_last(items, n):
    return items[len(items) - n :] if n < len(items) else items


def skip_last(items, n):
    return items[: max(0, len(items) - n)]


def take_while_inclusive(items, predicate):
    for i, item in enumerate(items):
        if not predicate(item):
            return items[: i + 1]
    return items


def while_some(items):
    return items[: items.index(None)] if None in items else items


def positions(items, predicate):
    return [i for i in range(len(items)) if predicate(items[i])]


def pad_to(items, n, value):
    return items + [value] * (n - len(items))


def combinations(items, k):
    """Choose by place: with the first item, then without it."""
    if k == 0:
        return [()]
    if not items:
        return []
    return [(items[0], *rest) for rest in combinations(items[1:], k - 1)] + combinations(items[1:], k)


def combinations_repeating(items, k):
    if k == 0:
        return [()]
    if not items:
        return []
    with_first = [(items[0], *rest) for rest in combinations_repeating(items, k - 1)]
    return with_first + combinations_repeating(items[1:], k)


def permutations(items, k):
    if k == 0:
        return [()]
    return [
        (items[i], *rest)
        for i in range(len(items))
        for rest in permutations(items[:i] + items[i + 1 :], k - 1)
    ]


def powerset(items):
    return [choice for size in range(len(items) + 1) for choice in combinations(items, size)]
