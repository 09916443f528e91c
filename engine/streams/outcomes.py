"""Steps over items that are Ok or Err."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.kernels.objects.place import brief
from engine.result import Err, Ok
from engine.streams.stream import Stream, asked

if TYPE_CHECKING:
    from engine.steps import Step


def map_ok(items: Iterator[Any], step: Step) -> Iterator[Any]:
    function = asked(step)
    for item in items:
        yield Ok(function(item.value)) if is_ok(item) else item


def filter_ok(items: Iterator[Any], step: Step) -> Iterator[Any]:
    holds = asked(step)
    for item in items:
        if not is_ok(item) or holds(item.value):
            yield item


def and_then(items: Iterator[Any], step: Step) -> Iterator[Any]:
    for item in items:
        yield step.function(item.value) if is_ok(item) else item


def map_err(items: Iterator[Any], step: Step) -> Iterator[Any]:
    for item in items:
        yield item if is_ok(item) else Err(step.function(item.error))


def flatten_ok(items: Iterator[Any], _: Step) -> Iterator[Any]:
    for item in items:
        if is_ok(item):
            for inner in item.value:
                yield Ok(inner)
        else:
            yield item


def recover(items: Iterator[Any], step: Step) -> Iterator[Any]:
    for item in items:
        yield item.value if is_ok(item) else step.function(item.error)


def validate(items: Iterator[Any], step: Step) -> Iterator[Any]:
    checked: Iterator[Any] = step.extra.validator.iter_checked(items, step.extra.start)
    return checked


def is_ok(item: object) -> bool:
    """Whether it is Ok; what is neither Ok nor Err has no place here.

    Raises:
        TypeError: it is neither.
    """
    if isinstance(item, Ok):
        return True
    if isinstance(item, Err):
        return False
    raise TypeError(f"items must be Ok or Err, got {brief(item)}")


STREAMS = {
    "map_ok": Stream(map_ok, "errors pass"),
    "filter_ok": Stream(filter_ok, "errors pass"),
    "and_then": Stream(and_then, "errors pass"),
    "map_err": Stream(map_err, "values pass"),
    "flatten_ok": Stream(flatten_ok, "errors pass"),
    "validate": Stream(validate, "Ok of a good item, Err of all issues of a bad one"),
    "recover": Stream(recover, "values pass"),
}
