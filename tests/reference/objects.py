"""What the object kernels must do, in plain Python that is easy to believe."""

from __future__ import annotations

import functools
import operator

NAN = float("nan")


def canonical(key):
    if isinstance(key, float) and key != key:  # noqa: PLR0124 - only NaN differs from itself
        return NAN
    if type(key) is tuple:
        return tuple(canonical(part) for part in key)
    return key


def key_function(spec):
    if spec is None:
        return canonical
    if isinstance(spec, (str, int)):
        spec = operator.itemgetter(spec)
    return lambda item: canonical(spec(item))


def runs(iterable, key=None):
    key_of = key_function(key)
    found = []
    for item in iterable:
        item_key = key_of(item)
        if found and (found[-1][0] is item_key or found[-1][0] == item_key):
            found[-1][1].append(item)
        else:
            found.append((item_key, [item]))
    return found


def merged(iterables, key=None, *, reverse=False):
    key_of = key_function(key)

    def compare(a, b):
        a, b = key_of(a), key_of(b)
        if a is NAN or b is NAN:
            return (a is NAN) - (b is NAN)
        return -1 if a < b else int(b < a)

    everything = [item for iterable in iterables for item in iterable]
    return sorted(everything, key=functools.cmp_to_key(compare), reverse=reverse)


def joined(left, right, left_key, right_key, how, nulls="skip"):
    left, right = list(left), list(right)
    left_of, right_of = key_function(left_key), key_function(right_key)

    def meets(a, b):
        x, y = left_of(a), right_of(b)
        return (nulls == "match" or x is not None) and (x is y or x == y)

    if how == "cross":
        return [(a, b) for a in left for b in right]
    if how in ("semi", "anti"):
        return [a for a in left if any(meets(a, b) for b in right) == (how == "semi")]
    rows = []
    for a in left:
        partners = [b for b in right if meets(a, b)]
        rows += [(a, b) for b in partners]
        if not partners and how in ("left", "outer"):
            rows.append((a, None))
    if how in ("right", "outer"):
        rows += [(None, b) for b in right if not any(meets(a, b) for a in left)]
    return rows


def groups(iterable, key=None):
    key_of = key_function(key)
    found = {}
    for item in iterable:
        found.setdefault(key_of(item), []).append(item)
    return found


def folded(iterable, key, initial, step):
    return {key: functools.reduce(step, items, initial()) for key, items in groups(iterable, key).items()}


def unique(iterable, key=None):
    return [items[0] for items in groups(iterable, key).values()]


def dedup(iterable, key=None):
    return [items[0] for _, items in runs(iterable, key)]


def reduced(iterable, key, step):
    return {key: functools.reduce(step, items) for key, items in groups(iterable, key).items()}


def counted(iterable, key=None):
    return {key: len(items) for key, items in groups(iterable, key).items()}


def duplicates(iterable, key=None):
    key_of = key_function(key)
    seen = []
    found = []
    for item in iterable:
        item_key = key_of(item)
        if any(one is item_key or one == item_key for one in seen):
            found.append(item)
        seen.append(item_key)
    return found


def ordered(iterable, key=None, *, reverse=False):
    return merged([iterable], key, reverse=reverse)


def top(iterable, k, key=None, *, largest=True):
    return ordered(iterable, key, reverse=largest)[:k]


AGGREGATES = {
    "count": len,
    "sum": lambda values: functools.reduce(operator.add, values, 0),
    "mean": lambda values: functools.reduce(operator.add, values, 0) / len(values),
    "min": min,
    "max": max,
    "first": operator.itemgetter(0),
    "last": operator.itemgetter(-1),
    "list": list,
    "set": lambda values: {canonical(value) for value in values},
}


def aggregated(items, aggregates):
    def value_function(how, spec):
        if spec is None or how == "count":
            return lambda item: item
        return operator.itemgetter(spec) if isinstance(spec, (str, int)) else spec

    return tuple(AGGREGATES[how](list(map(value_function(how, spec), items))) for how, spec in aggregates)


def aggregated_runs(iterable, key, aggregates):
    return [(run_key, aggregated(items, aggregates)) for run_key, items in runs(iterable, key)]


def aggregated_groups(iterable, key, aggregates):
    return [
        (group_key, aggregated(items, aggregates)) for group_key, items in groups(iterable, key).items()
    ]
