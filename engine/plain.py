"""Persistent values made of plain ones and back: Python's own containers, and what JSON can hold."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from engine.errors import SavedStateError
from engine.persistent import PMap, PSet, PVector


def freeze(value: Any) -> Any:
    """The value with each dict, list and set in it made a `PMap`, `PVector` and `PSet`; tuples stay tuples.

    >>> freeze({"tags": ["a", "b"]})
    PMap({'tags': PVector(['a', 'b'])})
    """
    match value:
        case dict():
            return PMap({key: freeze(item) for key, item in value.items()})
        case list():
            return PVector(freeze(item) for item in value)
        case set() | frozenset():
            return PSet(value)
        case tuple():
            return tuple(freeze(item) for item in value)
        case _:
            return value


def thaw(value: Any) -> Any:
    """The value with each `PMap`, `PVector` and `PSet` in it made a dict, list and set.

    >>> thaw(PMap({"tags": PVector(["a", "b"])}))
    {'tags': ['a', 'b']}
    """
    match value:
        case PMap():
            return {key: thaw(item) for key, item in value.items()}
        case PVector():
            return [thaw(item) for item in value]
        case PSet():
            return set(value)
        case tuple():
            return tuple(thaw(item) for item in value)
        case _:
            return value


def to_json(value: object) -> Any:
    """What `json.dumps` takes: vectors as arrays, maps of texts as objects, the others under a mark.

    Raises:
        SavedStateError: something is neither persistent nor a scalar of JSON.

    >>> to_json(PMap({"tags": PSet(["a"]), "sizes": PMap({1: 2.5})}))["sizes"]
    {'$map': [[1, 2.5]]}
    """
    match value:
        case PMap():
            return _map_to_json(value)
        case PVector():
            return [to_json(item) for item in value]
        case PSet():
            return {"$set": [to_json(item) for item in value]}
        case _ if value is None or type(value) in {bool, int, str}:
            return value
        case float() if type(value) is float and isfinite(value):
            return value
        case _:
            raise SavedStateError(
                f"a saved value must be persistent or a scalar of JSON, got {value!r:.200}"
            )


def from_json(data: Any) -> Any:
    """The value of which `to_json` made the data.

    >>> from_json({"tags": {"$set": ["a"]}})
    PMap({'tags': PSet(['a'])})
    """
    match data:
        case {"$set": list(items), **others} if not others:
            return PSet(from_json(item) for item in items)
        case {"$map": list(pairs), **others} if not others:
            return PMap((from_json(key), from_json(item)) for key, item in pairs)
        case dict():
            return PMap({key: from_json(item) for key, item in data.items()})
        case list():
            return PVector(from_json(item) for item in data)
        case _:
            return data


def _map_to_json(items: Mapping[Any, Any]) -> dict[str, Any]:
    # A key that looks like a mark would be read as one.
    if all(type(key) is str and not key.startswith("$") for key in items):
        return {key: to_json(item) for key, item in items.items()}
    return {"$map": [[to_json(key), to_json(item)] for key, item in items.items()]}
