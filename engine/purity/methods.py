"""What a call of a method does: found on the type where that is known, else told by its name."""

from __future__ import annotations

import ast
import collections.abc
import functools
import inspect
import operator
import types
from abc import abstractmethod
from types import GenericAlias
from typing import Any

from engine.purity.allowed import (
    CHANGING,
    CHANGING_NAMES,
    CONSUMING_NAMES,
    PICKING_NAMES,
    STORING_ITEMS,
    STORING_NAMES,
    TEXT_RESULTS,
)
from engine.purity.calls import CHANGES, CONSUMES, SET_ORDER, Arguments, Calls, is_disordered
from engine.purity.denied import Effect
from engine.purity.model import ITERATORS, MISSING, NOTHING, Node, Value, is_plain, item_type, parts
from engine.purity.resolve import effect_of, full_name

UNKNOWN_METHOD = Effect(
    "unresolved-method", "calls a method of a value whose type is not known", "annotate it with its type"
)


class Methods(Calls):
    """Calls of methods, and what is found in containers."""

    @abstractmethod
    def known_attribute(self, owner: Any, node: ast.Attribute) -> Value:
        """An attribute of something known."""

    def _method(self, target: ast.Attribute, given: Arguments, node: ast.Call) -> Value:
        owners = self.value_of(target.value)
        found: set[Node] = set()
        for owner in owners:
            found |= self._method_of(owner, target, given, node)
        if not owners:
            self.found(UNKNOWN_METHOD, ast.unparse(target)[:80], node, certain=False)
        return frozenset(found)

    def _method_of(self, owner: Node, target: ast.Attribute, given: Arguments, node: ast.Call) -> Value:
        receiver = frozenset({owner})
        if owner.known is not MISSING and not _is_instance(owner.known):
            return self.call(
                self.known_attribute(owner.known, target), given, node, ast.unparse(target)[:80]
            )
        member = inspect.getattr_static(owner.kind, target.attr, None) if owner.kind is not None else None
        if isinstance(member, staticmethod):
            return self.call_known(member.__func__, given, node)
        if isinstance(member, classmethod):
            return self.call_known(getattr(owner.kind, target.attr), given, node)
        if isinstance(member, types.FunctionType) and not _is_of_containers(member):
            return self.call_known(member, Arguments([receiver, *given.positional], given.named), node)
        stored = owner.fields.get(("attribute", target.attr))
        if stored and member is None:
            return self.call(frozenset(stored), given, node, ast.unparse(target)[:80])
        return self._method_by_name(owner, target.attr, given, node)

    def call_method(self, caller: operator.methodcaller, given: Arguments, node: ast.AST) -> Value:
        """What the method that a methodcaller names gives for its argument."""
        name, positional, named = _told_to(caller)
        passed = Arguments([*map(self._kept, positional)], {key: self._kept(named[key]) for key in named})
        target = ast.Attribute(ast.Name("argument"), name)
        call = ast.Call(target, [], [], lineno=getattr(node, "lineno", 0))
        found: set[Node] = set()
        for owner in given.positional[0] if given.positional else NOTHING:
            found |= self._method_of(owner, target, passed, call)
        return frozenset(found)

    def _method_by_name(self, owner: Node, name: str, given: Arguments, node: ast.Call) -> Value:
        kind, receiver = owner.kind, frozenset({owner})
        shown = f"{kind.__qualname__ if kind else 'unknown'}.{name}"
        if name in _changes(kind):
            effect = CONSUMES if name in CONSUMING_NAMES else CHANGES
            self.change(receiver, effect, shown, node)
            self._store(owner, name, given)
            if kind is set and name == "pop":
                self.found(SET_ORDER, shown, node)
        elif kind is None or (not is_plain(kind) and kind not in _READABLE and not _is_reading(kind)):
            self._unknown_method(owner, name, node)
        self._check_method(owner, name, given, node)
        return self._method_result(owner, name, given, node)

    def _unknown_method(self, owner: Node, name: str, node: ast.Call) -> None:
        kind = owner.kind
        member = getattr(kind, name, None) if kind is not None else None
        effect = effect_of(full_name(member)) if member is not None else None
        target = ast.unparse(node.func)[:80]
        if effect is not None:
            self.found(effect, full_name(member), node)
        elif owner.owner is not None or kind is None or member is None or not _is_listed(kind):
            self.found(UNKNOWN_METHOD, target, node, certain=False)

    def _check_method(self, owner: Node, name: str, given: Arguments, node: ast.Call) -> None:
        kind = owner.kind
        effect = effect_of(f"{kind.__module__}.{kind.__qualname__}.{name}") if kind is not None else None
        if effect is not None:
            self.found(effect, f"{kind.__module__}.{kind.__qualname__}.{name}", node)
        if name == "join" or (name == "extend" and kind in {list, None}):
            self._ordered(given.every(), node, name)
            self.iterate(given.every(), node, name)
        if name == "sort" and given.named.get("key"):
            self._call_with_items("builtins.list.sort", Arguments([frozenset({owner})], given.named), node)
        if name in STORING_NAMES and self.unordered_loops and kind in {list, None} and name != "add":
            self.found(SET_ORDER, f"list.{name}", node)

    def _store(self, owner: Node, name: str, given: Arguments) -> None:
        if name in STORING_NAMES:
            owner.hold(_passed_on(name, given))
        if name in STORING_ITEMS:
            owner.hold(parts(given.every()))
            owner.hold(frozenset[Node]().union(*given.named.values()))

    def _method_result(self, owner: Node, name: str, given: Arguments, node: ast.Call) -> Value:
        if name in PICKING_NAMES:
            held = owner.part() if owner.known is MISSING else self._part(owner)
            return held | _passed_on(name, given) or frozenset(self._empty_part(node, frozenset({owner})))
        kind = owner.kind
        annotation = _result_type(owner, name)
        made = self.fresh(node, annotation, str(kind))
        made.hold(owner.part())
        made.hold(given.every())
        if kind in {set, frozenset}:
            made.disordered = True
        return frozenset({made})

    def _empty_part(self, node: ast.AST, value: Value) -> set[Node]:
        made = self.fresh(node, next((item_type(each.annotation) for each in value), None), "part")
        for each in value:
            each.hold(frozenset({made}))
        return {made}

    def _part(self, node: Node, key: object = None) -> Value:
        if node.known is MISSING:
            return node.part(key)
        constants: list[Any] = []
        if isinstance(node.known, tuple | frozenset):
            constants = [*node.known]
        elif isinstance(node.known, dict | types.MappingProxyType):
            constants = [*node.known.values()]
        return frozenset(self._known(constant) for constant in constants[:50])

    def _ordered(self, value: Value, node: ast.AST, name: str) -> None:
        if any(is_disordered(each) for each in value):
            self.found(SET_ORDER, name, node)


_READABLE = frozenset(CHANGING) | {object}


def _told_to(caller: operator.methodcaller) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    """The method that a methodcaller calls, and what it passes: told by how it is copied."""
    told: Any = caller.__reduce__()  # a pair: what makes it, and of what
    made, positional = told
    if isinstance(made, functools.partial):
        return made.args[0], tuple(positional), made.keywords
    return positional[0], tuple(positional[1:]), {}


def _passed_on(name: str, given: Arguments) -> Value:
    """What is stored, or given back: a key or a position comes first and is neither."""
    with_key = name in PICKING_NAMES or name in {"insert", "__setitem__"}
    return given._replace(positional=given.positional[1:]).every() if with_key else given.every()


def _changes(kind: Any) -> frozenset[str]:
    if kind in CHANGING:
        return CHANGING[kind]
    if kind is None or not isinstance(kind, type):
        return CHANGING_NAMES
    for known, names in CHANGING.items():
        if issubclass(kind, known) or (kind.__module__ == "collections.abc" and issubclass(known, kind)):
            return names
    likeness = next((plain for abstract, plain in _LIKENESSES if issubclass(kind, abstract)), None)
    if likeness is not None:
        return CHANGING[likeness]
    return CHANGING_NAMES if issubclass(kind, ITERATORS) else frozenset()


_LIKENESSES: tuple[tuple[type, type], ...] = (
    (collections.abc.MutableMapping, dict),
    (collections.abc.MutableSequence, list),
    (collections.abc.MutableSet, set),
)


def _is_of_containers(method: types.FunctionType) -> bool:
    """Whether the standard library wrote it for its containers: what it does is told by its name."""
    return method.__module__ in {"collections", "collections.abc", "_collections_abc"}


def _is_reading(kind: Any) -> bool:
    return kind.__module__ in {"collections.abc", "collections", "_hashlib", "_io"} or issubclass(
        kind, tuple | dict | list
    )


def _is_listed(kind: Any) -> bool:
    return getattr(kind, "__module__", "") in {"builtins", "collections", "_hashlib", "_io"}


def _is_instance(known: object) -> bool:
    return not isinstance(known, type | types.ModuleType | types.FunctionType | types.BuiltinFunctionType)


def _result_type(owner: Node, name: str) -> Any:
    kind, item = owner.kind, item_type(owner.annotation)
    if kind in {str, bytes}:
        found = TEXT_RESULTS.get(name, bytes if name == "encode" else str)
        return GenericAlias(list, (kind,)) if found is list else found
    if name == "copy" or (kind in {set, frozenset} and name in {"union", "intersection", "difference"}):
        return owner.annotation
    if name in {"values", "items", "keys"} and kind is not None:
        return GenericAlias(list, (item,)) if name == "values" and item is not None else list
    return int if name in {"count", "index", "__len__"} else None
