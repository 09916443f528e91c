"""Persistent values and the store, with the types that mypy and pyright must both find."""

from typing import assert_type

from engine import Change, Err, Ok, PMap, PSet, PVector, Result, Store, Versioned, transition
from engine.errors import StateError, UnknownVersion


def values(ages: PMap[str, int], names: PVector[str], tags: PSet[str]) -> None:
    assert_type(ages["ada"], int)
    assert_type(ages.set("ada", "old"), PMap[str, int | str])
    assert_type(ages | {"bob": None}, PMap[str, int | None])
    assert_type(names[0], str)
    assert_type(names[1:], PVector[str])
    assert_type(names.append(1), PVector[str | int])
    assert_type(tags.add("new"), PSet[str])


def checked(n: int) -> Result[int, str]:
    return Ok(n) if n >= 0 else Err("negative")


def halved(n: int) -> Result[int, float]:
    return Err(n / 2) if n % 2 else Ok(n // 2)


def initial(key: str) -> int:
    return len(key)


def stores() -> None:
    store = Store(initial, checked)
    assert_type(store, Store[str, int, str])
    assert_type(store.get("one"), Versioned[int])
    assert_type(store.apply("one", halved), Result[Versioned[int], str | float | StateError])
    assert_type(
        store.apply("one", transition("halve", halved)), Result[Versioned[int], str | float | StateError]
    )
    assert_type(store.prepare("one", halved), Result[Change[str, int], str | float | StateError])
    assert_type(store.at("one", 0), Result[int, UnknownVersion])
