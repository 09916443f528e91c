"""What a function is, as one short text: it changes when its code, or anything that it refers to, does."""

from __future__ import annotations

import functools
import hashlib
import inspect
import types
from collections.abc import Iterator

from engine.purity.model import is_immutable
from engine.purity.resolve import full_name

_DEEPEST = 12


def fingerprint_of(function: object) -> str:
    """A digest of code, constants, defaults, closure and of all functions and constants referred to.

    The same in every process of one version of Python; a lambda has one like any function.

    >>> fingerprint_of(lambda n: n + 1) == fingerprint_of(lambda n: n + 2)
    False
    """
    digest = hashlib.sha256()
    for piece in _pieces(function, set(), 0):
        digest.update(piece.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()[:32]


def _pieces(value: object, seen: set[int], depth: int) -> Iterator[str]:
    if id(value) in seen or depth > _DEEPEST:
        yield "seen"
        return
    if isinstance(value, types.FunctionType):
        seen.add(id(value))
        yield from _of_function(value, seen, depth + 1)
    elif isinstance(value, functools.partial):
        yield "partial"
        for part in (value.func, *value.args, *value.keywords.items()):
            yield from _pieces(part, seen, depth + 1)
    elif isinstance(value, types.MethodType):
        yield from _pieces(value.__func__, seen, depth + 1)
        yield from _pieces(value.__self__, seen, depth + 1)
    elif isinstance(value, types.CodeType):
        yield from _of_code(value, seen, depth + 1)
    else:
        yield from _of_value(value, seen, depth + 1)


def _of_function(function: types.FunctionType, seen: set[int], depth: int) -> Iterator[str]:
    yield from (
        function.__module__ or "",
        function.__qualname__,
        repr(sorted(map(str, function.__annotations__.items()))),
    )
    yield from _pieces(function.__code__, seen, depth)
    for value in (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).items()):
        yield from _pieces(value, seen, depth)
    for cell in function.__closure__ or ():
        yield from _pieces(_content(cell), seen, depth)
    for name in _names(function.__code__):
        if name in function.__globals__:
            yield name
            yield from _pieces(function.__globals__[name], seen, depth)


def _of_code(code: types.CodeType, seen: set[int], depth: int) -> Iterator[str]:
    yield f"{code.co_code.hex()} {code.co_names} {code.co_varnames} {code.co_flags}"
    yield f"{code.co_filename}:{code.co_firstlineno}"  # reasons name lines
    for constant in code.co_consts:
        yield from _pieces(constant, seen, depth)


def _of_value(value: object, seen: set[int], depth: int) -> Iterator[str]:
    kind = type(value)
    yield f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(value, tuple):
        for part in value:
            yield from _pieces(part, seen, depth)
    elif isinstance(value, frozenset):
        yield repr(sorted(repr(part) for part in value))
    elif isinstance(value, type | types.ModuleType) or callable(value):
        yield from _of_named(value, seen, depth)
    elif is_immutable(value) and kind.__repr__ is not object.__repr__:
        yield repr(value)


def _of_named(value: object, seen: set[int], depth: int) -> Iterator[str]:
    yield full_name(value)
    wrapped = getattr(value, "__wrapped__", None)
    members = (
        [*vars(value).values()] if isinstance(value, type) and value.__module__ != "builtins" else [wrapped]
    )
    own = inspect.getattr_static(type(value), "__call__", None)
    for member in [*members, own]:
        if isinstance(member, types.FunctionType):
            yield from _pieces(member, seen, depth)


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _content(cell: types.CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:
        return None
