"""What changed between two states: edits with paths, which can be done again and undone."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeAlias, TypeVar, cast

from engine.option import Nothing, Option, Some
from engine.persistent import PMap, PSet, PVector, keys_apart

S = TypeVar("S")
Path: TypeAlias = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One place of a state before and after.

    Args:
        path: keys of maps, indexes of vectors, items of sets, names of fields; empty for the whole state.
        old: Nothing where nothing was.
        new: Nothing where nothing is.
    """

    path: Path
    old: Option[Any]
    new: Option[Any]


def difference(old: object, new: object) -> tuple[Edit, ...]:
    """The edits that make the new state of the old one.

    Maps, vectors, sets and dataclasses of one type are compared part by part, all else as a
    whole. 1, 1.0 and True are three values.

    Cost: O(edits) for maps and sets made from each other, for vectors that plus n / 64 comparisons.

    >>> difference(PMap({"a": 1}), PMap({"a": 2}))
    (Edit(path=('a',), old=Some(value=1), new=Some(value=2)),)
    """
    return tuple(_apart((), old, new))


def redo(state: S, edits: Iterable[Edit]) -> S:
    """The state after the edits.

    >>> redo(PMap({"a": 1}), difference(PMap({"a": 1}), PMap({"a": 2})))
    PMap({'a': 2})
    """
    for edit in edits:
        state = _put(state, edit.path, edit.new)
    return state


def undo(state: S, edits: Iterable[Edit]) -> S:
    """The state before the edits."""
    for edit in reversed(tuple(edits)):
        state = _put(state, edit.path, edit.old)
    return state


def _apart(path: Path, old: Any, new: Any) -> Iterator[Edit]:
    if old is new:
        return
    if type(old) is not type(new):
        yield Edit(path, Some(old), Some(new))
    elif isinstance(old, PMap):
        yield from _maps_apart(path, old, new)
    elif isinstance(old, PVector):
        yield from _vectors_apart(path, old, new)
    elif isinstance(old, PSet):
        yield from _sets_apart(path, old, new)
    elif is_dataclass(old):
        for field in fields(old):
            yield from _apart((*path, field.name), getattr(old, field.name), getattr(new, field.name))
    elif old != new:
        yield Edit(path, Some(old), Some(new))


def _maps_apart(path: Path, old: PMap[Any, Any], new: PMap[Any, Any]) -> Iterator[Edit]:
    for key in keys_apart(old, new):
        if key in old and key in new:
            yield from _apart((*path, key), old[key], new[key])
        elif key in old or key in new:
            yield Edit((*path, key), _at(old, key), _at(new, key))


def _at(items: PMap[Any, Any], key: Any) -> Option[Any]:
    return Some(items[key]) if key in items else Nothing


def _vectors_apart(path: Path, old: PVector[Any], new: PVector[Any]) -> Iterator[Edit]:
    for index in old.indexes_apart(new):
        yield from _apart((*path, index), old[index], new[index])
    for index in range(len(old), len(new)):
        yield Edit((*path, index), Nothing, Some(new[index]))
    # From the end, so that each edit takes the last item away.
    for index in reversed(range(len(new), len(old))):
        yield Edit((*path, index), Some(old[index]), Nothing)


def _sets_apart(path: Path, old: PSet[Any], new: PSet[Any]) -> Iterator[Edit]:
    for item in old.apart(new):
        if (item in old) is not (item in new):
            yield Edit((*path, item), *((Some(item), Nothing) if item in old else (Nothing, Some(item))))


def _put(state: Any, path: Path, value: Option[Any]) -> Any:
    if not path:
        return value.value
    step, rest = path[0], path[1:]
    if isinstance(state, PMap):
        return _put_in_map(state, step, rest, value)
    if isinstance(state, PVector):
        return _put_in_vector(state, cast("int", step), rest, value)
    if isinstance(state, PSet):
        items = state
        return items.remove(step) if value is Nothing else items.add(step)
    return replace(state, **{str(step): _put(getattr(state, str(step)), rest, value)})


def _put_in_map(items: PMap[Any, Any], key: Any, rest: Path, value: Option[Any]) -> PMap[Any, Any]:
    if not rest and value is Nothing:
        return items.remove(key)
    return items.set(key, _put(items[key] if rest else None, rest, value))


def _put_in_vector(items: PVector[Any], index: int, rest: Path, value: Option[Any]) -> PVector[Any]:
    if not rest and value is Nothing:
        return items.pop()
    if index == len(items):
        return items.append(value.value)
    return items.set(index, _put(items[index], rest, value))
