"""What a reading knows of values: who owns them, of which type they are, and what they hold."""

from __future__ import annotations

import collections.abc
import types
import typing
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from engine.purity.allowed import PLAIN_TYPES
from engine.purity.verdict import Reason

Value: TypeAlias = "frozenset[Node]"
MISSING: Any = object()
NOTHING: Value = frozenset()
ITERATORS = (collections.abc.Iterator, map, filter, zip, enumerate, reversed)


@dataclass(eq=False, slots=True)
class Parameter:
    """A parameter of a function being read, with what is done to it."""

    name: str
    annotation: Any = None
    default: Any = MISSING
    changed: Reason | None = None
    called: bool = False


@dataclass(eq=False, slots=True)
class Node:
    """A value, or all values made at one place; `owner` when a parameter can reach it."""

    owner: Parameter | None = None
    annotation: Any = None
    known: Any = MISSING
    inner: Any = None
    fields: dict[object, set[Node]] = field(default_factory=dict)
    disordered: bool = False

    @property
    def kind(self) -> Any:
        """The class, where it is known."""
        return class_of(self.annotation)

    def part(self, key: object = None, annotation: Any = None) -> Value:
        """What may be found in it under a key or an attribute's name; None stands for any."""
        if self.owner is not None:
            if key not in self.fields:
                found = annotation or item_type(self.annotation)
                self.fields[key] = {
                    self if found is None and self.annotation is None else Node(self.owner, found)
                }
            return frozenset(self.fields[key])
        if key is None:
            return frozenset(node for nodes in self.fields.values() for node in nodes)
        return frozenset(self.fields.get(key, set()) | self.fields.get(None, set()))

    def hold(self, value: Value, key: object = None) -> None:
        """Note that these values are put into it."""
        if self.owner is None:
            self.fields.setdefault(key, set()).update(value)


def parts(value: Value) -> Value:
    """What may be found in any of the values."""
    return frozenset(part for node in value for part in node.part())


def class_of(annotation: Any) -> Any:
    """The class that an annotation names, without its arguments; None for what has none."""
    found = typing.get_origin(annotation) or annotation
    if found in {types.UnionType, typing.Union}:
        rest = [kind for kind in typing.get_args(annotation) if kind is not type(None)]
        return class_of(rest[0]) if len(rest) == 1 else None
    if isinstance(found, typing.NewType):
        return class_of(found.__supertype__)
    return found if isinstance(found, type) and found is not object else None


def item_type(annotation: Any) -> Any:
    """The type of what an annotated container gives when it is iterated over or asked for an item."""
    kind, arguments = class_of(annotation), typing.get_args(annotation)
    if kind in {str, bytes}:
        return kind if kind is str else int
    if kind is range:
        return int
    if not arguments or kind is None:
        return None
    is_mapping = isinstance(kind, type) and issubclass(kind, collections.abc.Mapping)
    return arguments[-1] if is_mapping and len(arguments) > 1 else arguments[0]


def key_type(annotation: Any) -> Any:
    """The type of what iterating gives: the keys of a mapping, else the items."""
    kind, arguments = class_of(annotation), typing.get_args(annotation)
    if arguments and isinstance(kind, type) and issubclass(kind, collections.abc.Mapping):
        return arguments[0]
    return item_type(annotation)


def type_name(kind: Any) -> str:
    """As in lists of names: `datetime.date`."""
    return f"{kind.__module__}.{kind.__qualname__}"


def is_plain(kind: Any) -> bool:
    """Values of exactly this type can not change."""
    return isinstance(kind, type) and (type_name(kind) in PLAIN_TYPES or issubclass(kind, Enum))


def is_immutable(value: object, depth: int = 0) -> bool:
    """Whether nothing that the value holds can change, as far as can be seen without running it.

    >>> is_immutable((1, frozenset({"a"}))), is_immutable(([],))
    (True, False)
    """
    if isinstance(value, tuple | frozenset):
        return depth < 6 and all(is_immutable(part, depth + 1) for part in value)  # noqa: PLR2004 (deep enough)
    if isinstance(value, types.MappingProxyType):
        return depth < 6 and all(is_immutable(part, depth + 1) for part in value.values())  # noqa: PLR2004
    return is_plain(type(value)) or _is_code(value) or _is_frozen(value, depth)


def _is_code(value: object) -> bool:
    """Functions, classes and modules, and what wraps them; not methods, which carry an object along."""
    kind = type(value)
    if kind is types.MethodType:
        return False
    if isinstance(value, types.BuiltinFunctionType):
        owner = value.__self__
        return owner is None or isinstance(owner, types.ModuleType) or is_immutable(owner, 1)
    known = kind.__module__ in {"builtins", "functools", "typing", "types", "abc"} and callable(value)
    is_wrapper = callable(value) and "__wrapped__" in getattr(value, "__dict__", ())
    named = isinstance(value, type | types.ModuleType) or kind.__module__ in {"typing", "typing_extensions"}
    return named or known or is_wrapper


def _is_frozen(value: object, depth: int) -> bool:
    options = getattr(type(value), "__dataclass_params__", None)
    if options is None or not options.frozen:
        return False
    names = type(value).__dataclass_fields__  # type: ignore[attr-defined]  # it is a dataclass
    return depth < 6 and all(is_immutable(getattr(value, name, None), depth + 1) for name in names)  # noqa: PLR2004
