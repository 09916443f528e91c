"""The rules of a row, written out by hand: what comes out is a dict of its fields, or what is wrong."""

from __future__ import annotations

from typing import Any

KINDS = frozenset({"home", "work", "other"})
MISSING = object()


def checked(row: dict[str, Any]) -> tuple[dict[str, Any], bool]:  # noqa: C901 (a rule for each field)
    """The fields and True, or what is wrong with each and False."""
    problems: dict[str, str] = {}
    name, age, active = row.get("name", MISSING), row.get("age", MISSING), row.get("active", MISSING)
    score, kind, labels = row.get("score", MISSING), row.get("kind", MISSING), row.get("labels", MISSING)
    if type(name) is not str:
        problems["name"] = "must be text"
    elif not 1 <= len(name) <= 100:
        problems["name"] = f"must have 1 to 100 characters, got {len(name)}"
    if type(age) is not int:
        problems["age"] = "must be an integer"
    elif not 0 <= age <= 150:
        problems["age"] = f"must be from 0 to 150, got {age}"
    if active is not True and active is not False:
        problems["active"] = "must be a boolean"
    if type(score) is not float and type(score) is not int:
        problems["score"] = "must be a number"
    elif not score >= 0:
        problems["score"] = f"must be at least 0, got {score}"
    if type(kind) is not str or kind not in KINDS:
        problems["kind"] = "must be one of home, work, other"
    if type(labels) is not list:
        problems["labels"] = "must be a list"
    elif not all(type(label) is str for label in labels):
        problems["labels"] = "must be texts"
    if problems:
        return problems, False
    made = {
        "name": name,
        "age": age,
        "active": active,
        "score": score,
        "kind": kind,
        "labels": list(labels),
    }
    return made, True


def good(rows: list[dict[str, Any]]) -> list[Any]:
    return [checked(row)[0] for row in rows]


def fields_that_are_wrong(rows: list[dict[str, Any]]) -> list[set[str]]:
    return [set(checked(row)[0]) for row in rows]


def outcomes(rows: list[dict[str, Any]]) -> list[Any]:
    """The fields of a good row; the position of a bad one, with its wrong fields."""
    found: list[Any] = []
    for position, row in enumerate(rows):
        made, is_good = checked(row)
        found.append(made if is_good else (position, set(made)))
    return found
