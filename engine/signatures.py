"""What functions take and return by their annotations, and whether one surely does not fit the other."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable, Coroutine
from types import FunctionType, MethodType, NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

# Nothing is known: fits everything.
UNKNOWN: Final = Any
_COROUTINE = 0x80
_PROMOTED: dict[type, tuple[type, ...]] = {int: (float, complex), float: (complex,), bytearray: (bytes,)}


class Annotated:
    """What knows itself what it takes and returns."""

    __slots__ = ()

    @property
    def takes(self) -> Any:
        return UNKNOWN

    @property
    def returns(self) -> Any:
        return UNKNOWN


def takes_of(function: Any) -> Any:
    """The annotation of the first parameter, or `UNKNOWN`."""
    if isinstance(function, Annotated):
        return function.takes
    plain, skipped = _plain(function)
    if plain is None or plain.__code__.co_argcount <= skipped:
        return UNKNOWN
    return _hints(plain).get(plain.__code__.co_varnames[skipped], UNKNOWN)


def returns_of(function: Any) -> Any:
    """The annotation of what comes out, of a class itself, or `UNKNOWN`."""
    if isinstance(function, type):
        return function
    if isinstance(function, Annotated):
        return function.returns
    plain, _ = _plain(function)
    if plain is None:
        return UNKNOWN
    returned = _hints(plain).get("return", UNKNOWN)
    is_coroutine = plain.__code__.co_flags & _COROUTINE
    return Coroutine if is_coroutine else returned


def may_fit(returned: Any, taken: Any) -> bool:
    """Whether a value of the one type can be one of the other; False only when it surely can not.

    >>> may_fit(int | None, int), may_fit(int, float), may_fit(str, int)
    (True, True, False)
    """
    return any(_overlap(each, other) for each in _members(returned) for other in _members(taken))


def name_of(function: Any) -> str:
    """A function by its name, other values by their repr, cut: `len`, `pipeline(str.strip, len)`."""
    name: str | None = getattr(function, "__qualname__", None)
    return repr(function)[:60] if name is None else name.rpartition("<locals>.")[2]


def located(function: Any) -> str:
    """The name with the file and line, if the function is written in Python."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    if code is None:
        return name_of(function)
    file = code.co_filename.replace("\\", "/").rpartition("/")[2]
    return f"{name_of(function)} at {file}:{code.co_firstlineno}"


def shown(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)


def _plain(function: Any) -> tuple[FunctionType | None, int]:
    """The Python function behind, and how many parameters are bound; wrapped ones take what others say."""
    if isinstance(function, MethodType) and isinstance(function.__func__, FunctionType):
        return function.__func__, 1
    return (function, 0) if isinstance(function, FunctionType) else (None, 0)


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    if not function.__annotations__ or hasattr(function, "__wrapped__"):
        return {}
    try:
        return get_type_hints(function)
    except Exception:  # noqa: BLE001 (names that exist for checkers only; evaluating may raise anything)
        return {}


def _members(annotation: Any) -> tuple[Any, ...]:
    """What an annotation may be at run time: classes, or what is not understood as it is."""
    while hasattr(annotation, "__supertype__"):
        annotation = annotation.__supertype__
    origin = get_origin(annotation)
    if origin is Union or origin is UnionType:
        return tuple(member for part in get_args(annotation) for member in _members(part))
    if origin is Literal:
        kinds: list[Any] = [type(value) for value in get_args(annotation)]
        return tuple(kinds)
    if annotation is None:
        return (NoneType,)
    return (annotation if origin is None else origin,)


def _overlap(returned: Any, taken: Any) -> bool:
    # In Python 3.11 Any is a class.
    if returned is Any or taken is Any or not (isinstance(returned, type) and isinstance(taken, type)):
        return True
    if _is_loose(returned, taken):
        return True
    try:
        if issubclass(returned, taken) or issubclass(taken, returned):
            return True
    except TypeError:
        return True
    # A class may be both of two abstract ones.
    abstract = isinstance(returned, ABCMeta) and isinstance(taken, ABCMeta)
    return abstract or taken in _PROMOTED.get(returned, ())


def _is_loose(*annotations: type) -> bool:
    """Whether one of them says what a value can do, not what it is."""
    return any(getattr(each, "_is_protocol", False) or hasattr(each, "__total__") for each in annotations)
