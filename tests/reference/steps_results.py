"""Steps over Ok and Err in plain Python, over lists."""

from __future__ import annotations

from engine import Err, Ok, Rejected


def map_ok(items, f):
    return [Ok(f(item.value)) if isinstance(item, Ok) else item for item in items]


def filter_ok(items, predicate):
    return [item for item in items if isinstance(item, Err) or predicate(item.value)]


def and_then(items, f):
    return [f(item.value) if isinstance(item, Ok) else item for item in items]


def map_err(items, f):
    return [Err(f(item.error)) if isinstance(item, Err) else item for item in items]


def flatten_ok(items):
    return [x for item in items for x in ([item] if isinstance(item, Err) else map(Ok, item.value))]


def recover(items, f):
    return [f(item.error) if isinstance(item, Err) else item.value for item in items]


def validate(items, validator, start):
    checked = [(position, item, validator.check(item)) for position, item in enumerate(items, start)]
    return [
        result if isinstance(result, Ok) else Err(Rejected(position, item, result.error))
        for position, item, result in checked
    ]


def try_collect(items, *, every):
    errors = [item.error for item in items if isinstance(item, Err)]
    if errors:
        return Err(errors if every else errors[0])
    return Ok([item.value for item in items])
