"""What a chain is made of: frozen values that say which step, with what, and where it was written."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import BuiltinFunctionType, MethodDescriptorType
from typing import Any, NamedTuple, TypeAlias

from engine.errors import PlanError
from engine.expr import Expr, as_callable, simple_key
from engine.kernels.objects.stream import brief
from engine.signatures import Annotated, name_of

Key: TypeAlias = Callable[[Any], Any] | Expr | str | int | None

# A record of a dozen fields names its rules in less.
_SHOWN_LENGTH = 300
_ENGINE = os.path.dirname(__file__)  # noqa: PTH120 (pathlib is slow to load)


class Place(NamedTuple):
    """The line of the caller's code that added a step."""

    file: str
    line: int

    def __str__(self) -> str:
        name = _cell_of(self.file) or os.path.basename(self.file)  # noqa: PTH119 (pathlib is slow to load)
        return f"{name}:{self.line}"


def _cell_of(file: str) -> str | None:
    """What a notebook calls the cell, `In[3]`; the name of its file is a number that nobody knows."""
    shell: Any = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    naming = getattr(
        getattr(shell, "compile", None), "format_code_name", None
    )  # older shells name no cells
    name: tuple[str, str] | None = None if naming is None else naming(file)
    return None if name is None else name[1]


class Shown:
    """What a step keeps of which `explain` may tell, as `str` does: never data."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step of a chain. `number` counts from 1; `function` is what it calls, if anything."""

    verb: str
    number: int
    place: Place
    function: Any = None
    count: int = 0
    extra: Any = None
    label: str | None = None

    def __str__(self) -> str:
        """As in errors: `step 2 (map at report.py:31)`."""
        name = f" {self.label!r}" if self.label else ""
        return f"step {self.number} ({self.verb}{name} at {self.place})"

    def shown(self) -> str:
        """As in `repr` and `explain`: `map(str)`; functions by name, never data."""
        arguments = [] if self.function is None else [describe(self.function)]
        if self.count and self.verb != "skip_while":
            arguments.append(str(self.count))
        if isinstance(self.extra, Shown) and (told := str(self.extra)):
            arguments.append(told[:_SHOWN_LENGTH])
        name = "" if self.label is None else f".name({self.label!r})"
        return f"{self.verb}({', '.join(arguments)}){name}"


def current_place() -> Place:
    """The innermost line outside the engine: cheap enough to be noted for each step."""
    frame = sys._getframe(1)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  # inspect.stack costs a thousand times more
    while frame.f_code.co_filename.startswith(_ENGINE) and frame.f_back is not None:
        frame = frame.f_back
    return Place(frame.f_code.co_filename, frame.f_lineno)


def require_count(name: str, value: object, minimum: int) -> int:
    """The value as an int of at least `minimum`, or PlanError."""
    if not isinstance(value, int) or isinstance(value, bool) or value < minimum:
        raise PlanError(f"{name} must be a whole number of at least {minimum}, got {brief(value)}")
    return value


def require_key(name: str, key: object, *, optional: bool = True) -> Any:
    """The key as the kernels take it (callable, field name, position or None), or PlanError."""
    if isinstance(key, Expr):
        simple = simple_key(key)
        return key if simple is None else simple
    if (
        (key is None and optional)
        or callable(key)
        or (isinstance(key, str | int) and not isinstance(key, bool))
    ):
        return key
    raise PlanError(
        f"{name} must be a callable, a field name, a position or an expression, got {brief(key)}"
    )


def require_callable(name: str, function: object) -> Any:
    """The function itself, or PlanError."""
    if not callable(function):
        raise PlanError(f"{name} must be callable, got {brief(function)}")
    return function


def require_iterables(name: str, values: Iterable[object]) -> None:
    """Every value can be iterated over, or PlanError; nothing is iterated."""
    for value in values:
        if not hasattr(type(value), "__iter__") and not hasattr(type(value), "__getitem__"):
            raise PlanError(f"{name} must be iterable, got {brief(value)}")


def require_label(label: object) -> str:
    """A text, or PlanError."""
    if not isinstance(label, str):
        raise PlanError(f"a name must be a text, got {brief(label)}")
    return label


def require_exceptions(values: Iterable[object]) -> None:
    """Every value is a class of exceptions, or PlanError."""
    wrong: list[object] = [
        value for value in values if not (isinstance(value, type) and issubclass(value, Exception))
    ]
    if wrong:
        raise PlanError(f"exceptions must be classes of exceptions, got {brief(wrong[0])}")


def ready_key(key: Any) -> Any:
    """The key as a kernel takes it when a run begins: expressions are compiled."""
    return as_callable(key) if isinstance(key, Expr) else key


def describe(value: object) -> str:
    """A short text for a step's argument: names of functions, keys as written; never data."""
    if isinstance(value, type | BuiltinFunctionType | MethodDescriptorType):
        return value.__qualname__
    if isinstance(value, str):
        return brief(value)
    if isinstance(value, Expr | int):
        return repr(value)[:60]
    if isinstance(value, Annotated):
        return name_of(value)
    return str(getattr(value, "__qualname__", None) or type(value).__name__)
