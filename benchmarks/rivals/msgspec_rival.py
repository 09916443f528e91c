"""msgspec: a struct, checked in C; the first problem is told."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec


class Person(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    age: Annotated[int, msgspec.Meta(ge=0, le=150)]
    active: bool
    score: Annotated[float, msgspec.Meta(ge=0)]
    kind: Literal["home", "work", "other"]
    labels: list[str]


def good(rows: list[dict[str, Any]]) -> list[Person]:
    return [msgspec.convert(row, Person) for row in rows]


def as_dicts(people: list[Person]) -> list[dict[str, Any]]:
    return [msgspec.structs.asdict(person) for person in people]


def first_problems(rows: list[dict[str, Any]]) -> list[str]:
    wrong: list[str] = []
    for row in rows:
        try:
            msgspec.convert(row, Person)
        except msgspec.ValidationError as error:
            wrong.append(str(error))
    return wrong
