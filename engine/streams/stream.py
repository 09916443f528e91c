"""What a step of the long tail is: how its items come about, and what `explain` says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeGuard

from engine.steps import ready_key

if TYPE_CHECKING:
    from engine.steps import Step

END: Any = object()
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Stream:
    """`run(items, step)` gives what comes out; the items are closed for it, whatever happens.

    `reads_all`: all items are read first, and no more than them come out, so that a list of what comes out
    costs nothing more. `needs_end`: all are read first too, but what they make may be far more, and is made
    one by one.
    """

    run: Callable[[Iterator[Any], Step], Iterator[Any]]
    reason: str
    reads_all: bool = False
    needs_end: bool = False


def asked(step: Step) -> Callable[[Any], Any]:
    """The step's function or key as something to call; without a key, the item itself."""
    return as_callable_key(step.function)


def as_callable_key(key: Any) -> Callable[[Any], Any]:
    """A key, as `require_key` lets it through, as a function of the item."""
    ready: Any = ready_key(key)
    if ready is None:
        return _itself
    return itemgetter(ready) if isinstance(ready, str | int) else ready


def canonical(key: Any) -> Any:
    """The key by which items are compared: every NaN is the same one, also inside a tuple."""
    if isinstance(key, float) and key != key:  # noqa: PLR0124 (only NaN differs from itself)
        return _NAN
    if is_plain_tuple(key):
        return tuple(map(canonical, key))
    return key


def is_plain_tuple(value: Any) -> TypeGuard[tuple[Any, ...]]:
    """Whether it is a tuple and no record that is one too."""
    return type(value) is tuple


def is_before(left: Any, right: Any) -> bool:
    """Whether one key sorts before another; NaN is last and equal to itself."""
    if left is right or left != left:  # noqa: PLR0124 (only NaN differs from itself)
        return False
    return bool(right != right or (left != right and left < right))  # noqa: PLR0124 (as above)


def opened(sources: Iterable[Iterable[Any]], stack: ExitStack) -> list[Iterator[Any]]:
    """An iterator over each other input; the stack closes them all."""
    return [_entered(iter(source), stack) for source in sources]


def _entered(iterator: Iterator[Any], stack: ExitStack) -> Iterator[Any]:
    close = getattr(iterator, "close", None)
    if close is not None:
        stack.callback(close)
    return iterator


def _itself(item: Any) -> Any:
    return item
