"""A history as JSON-able data and back, in a format that says its number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from engine.edits import Edit
from engine.errors import SavedStateError
from engine.histories import Delta, History, Versioned
from engine.option import Nothing, Option, Some
from engine.persistent import PMap
from engine.plain import from_json, to_json
from engine.result import Err, Ok, Result

FORMAT: Final = 1
_DAMAGED: Final = (AttributeError, IndexError, LookupError, TypeError, ValueError)


def save_history(history: History[Any], encode: Callable[[Any], Any] = to_json) -> dict[str, Any]:
    """The present state, its version and the deltas, as what `json.dumps` takes.

    Args:
        history: its whole states on the way are left out: they only make it quicker.
        encode: gets the state, and whatever occurs in it alone: values, keys, names; and the metadata.

    >>> save_history(History(Versioned(PMap({"age": 2}), 0)))
    {'format': 1, 'version': 0, 'state': {'age': 2}, 'deltas': []}
    """
    return {
        "format": FORMAT,
        "version": history.present.version,
        "state": encode(history.present.state),
        "deltas": [_delta_to_data(delta, encode) for delta in history.deltas],
    }


def load_history(
    data: Any, decode: Callable[[Any], Any] = from_json
) -> Result[History[Any], SavedStateError]:
    """The history of which `save_history` made the data; give it to `Store.restore`.

    >>> load_history({"format": 2}).error
    SavedStateError('format must be 1, got 2')
    """
    number = data.get("format") if isinstance(data, dict) else data
    if type(number) is not int or number != FORMAT:
        return Err(SavedStateError(f"format must be {FORMAT}, got {number!r:.200}"))
    try:
        return Ok(_loaded(data, decode))
    except SavedStateError as error:
        return Err(error)
    except _DAMAGED as error:
        damaged = SavedStateError(f"saved data must be whole, got {type(error).__name__}: {error!s:.200}")
        damaged.__cause__ = error
        return Err(damaged)


def _loaded(data: dict[str, Any], decode: Callable[[Any], Any]) -> History[Any]:
    version = data["version"]
    deltas = tuple(_delta_from_data(delta, decode) for delta in data["deltas"])
    versions = [delta.version for delta in deltas]
    expected = list(range(version - len(deltas) + 1, version + 1))
    if versions != expected or (version - len(deltas)) < 0:
        raise SavedStateError(f"deltas must lead to version {version} one by one, got {versions!r:.200}")
    return History(Versioned(decode(data["state"]), version), deltas)


def _delta_to_data(delta: Delta, encode: Callable[[Any], Any]) -> dict[str, Any]:
    return {
        "version": delta.version,
        "name": delta.name,
        "edits": [_edit_to_data(edit, encode) for edit in delta.edits],
        "metadata": {key: encode(value) for key, value in delta.metadata.items()},
    }


def _delta_from_data(data: dict[str, Any], decode: Callable[[Any], Any]) -> Delta:
    edits = tuple(_edit_from_data(edit, decode) for edit in data["edits"])
    metadata = PMap({key: decode(value) for key, value in data["metadata"].items()})
    return Delta(data["version"], data["name"], edits, metadata)


def _edit_to_data(edit: Edit, encode: Callable[[Any], Any]) -> dict[str, Any]:
    """A side where nothing is has no entry: null is a value."""
    sides = {"old": edit.old, "new": edit.new}
    there = {side: encode(option.value) for side, option in sides.items() if option is not Nothing}
    return {"path": [encode(step) for step in edit.path], **there}


def _edit_from_data(data: dict[str, Any], decode: Callable[[Any], Any]) -> Edit:
    def side(name: str) -> Option[Any]:
        return Some(decode(data[name])) if name in data else Nothing

    return Edit(tuple(decode(step) for step in data["path"]), side("old"), side("new"))
