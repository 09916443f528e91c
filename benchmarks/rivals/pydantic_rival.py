"""pydantic: a model in strict mode, checked in Rust; every problem is told."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class Person(BaseModel):
    model_config = ConfigDict(strict=True)

    name: Annotated[str, Field(min_length=1, max_length=100)]
    age: Annotated[int, Field(ge=0, le=150)]
    active: bool
    score: Annotated[float, Field(ge=0)]
    kind: Literal["home", "work", "other"]
    labels: list[str]


def good(rows: list[dict[str, Any]]) -> list[Person]:
    return [Person.model_validate(row) for row in rows]


def as_dicts(people: list[Person]) -> list[dict[str, Any]]:
    return [person.model_dump() for person in people]


def fields_that_are_wrong(rows: list[dict[str, Any]]) -> list[set[str]]:
    wrong: list[set[str]] = []
    for row in rows:
        try:
            Person.model_validate(row)
        except ValidationError as error:
            wrong.append({str(each["loc"][0]) for each in error.errors(include_url=False)})
    return wrong
