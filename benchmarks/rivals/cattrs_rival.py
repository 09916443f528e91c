"""cattrs and attrs: a class whose validators are asked when it is made."""

from __future__ import annotations

from typing import Any

import attrs
import cattrs
from attrs import validators

CONVERTER = cattrs.Converter()


@attrs.frozen
class Person:
    name: str = attrs.field(validator=[validators.min_len(1), validators.max_len(100)])
    age: int = attrs.field(validator=[validators.ge(0), validators.le(150)])
    active: bool
    score: float = attrs.field(validator=validators.ge(0))
    kind: str = attrs.field(validator=validators.in_(("home", "work", "other")))
    labels: list[str]


def good(rows: list[dict[str, Any]]) -> list[Person]:
    return CONVERTER.structure(rows, list[Person])


def as_dicts(people: list[Person]) -> list[dict[str, Any]]:
    return [attrs.asdict(person) for person in people]
