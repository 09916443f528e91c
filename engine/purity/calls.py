"""What a call does: the lists are asked first, then the callee is read, with the arguments at hand."""

from __future__ import annotations

import ast
import dataclasses
import functools
import inspect
import operator
import types
from abc import abstractmethod
from typing import Any, NamedTuple

from engine.purity.allowed import (
    CALL_WITH_ITEMS,
    CHANGE_FIRST,
    CHANGING,
    KEEP_DISORDER,
    ORDER_FREE,
    PICK,
    RESULTS,
)
from engine.purity.denied import IDENTITY, REFLECTION, Effect
from engine.purity.frame import Frame, Summary
from engine.purity.model import (
    ITERATORS,
    MISSING,
    NOTHING,
    Node,
    Parameter,
    Value,
    is_immutable,
    is_plain,
    parts,
    type_name,
)
from engine.purity.resolve import effect_of, full_name, is_allowed

CHANGES = Effect("changes-argument", "changes an argument", "work on a copy, or return a new value")
CONSUMES = Effect("consumes-argument", "consumes an argument that is an iterator", "take a list or a tuple")
UNKNOWN_CALL = Effect(
    "unresolved-call",
    "calls what could not be resolved",
    "register it, annotate it, or declare with trust=",
)
SET_ORDER = Effect("set-order", "lets a set's order into the result", "sort it first: sorted(...)")
TIES = Effect("set-order-of-ties", "leaves the order of ties to a set", "sort by the whole item as well")
BOUND_STATE = Effect(
    "object-state", "uses an object that can change", "use a frozen dataclass, or a function of its fields"
)
ASYNC = Effect(
    "async", "waits, so others may act meanwhile", "compute in a plain function, and wait outside"
)


class Arguments(NamedTuple):
    """What is passed in a call."""

    positional: list[Value]
    named: dict[str, Value]

    def every(self) -> Value:
        return frozenset[Node]().union(*self.positional, *self.named.values())

    def at(self, place: int, name: str) -> Value:
        if name in self.named:
            return self.named[name]
        return self.positional[place] if 0 <= place < len(self.positional) else NOTHING


class Calls(Frame):
    """Calls of functions, classes and objects; methods are found where attributes are read."""

    @abstractmethod
    def call_method(self, caller: operator.methodcaller, given: Arguments, node: ast.AST) -> Value:
        """What the method that a methodcaller names gives for its argument."""

    def call(self, callees: Value, given: Arguments, node: ast.AST, shown: str) -> Value:
        """What any of the callees gives."""
        results: set[Node] = set()
        for callee in callees:
            results |= self._call_one(callee, given, node, shown)
        if not callees:
            self.found(UNKNOWN_CALL, shown, node, certain=False)
            results |= self._derived(node, given.every())
        return frozenset(results)

    def _call_one(self, callee: Node, given: Arguments, node: ast.AST, shown: str) -> Value:
        if callee.inner is not None:
            frame, definition = callee.inner
            return frame.read_inner(definition, given.positional or [given.every()])  # type: ignore[no-any-return]
        if callee.known is not MISSING:
            return self.call_known(callee.known, given, node)
        if callee.owner is not None and shown.isidentifier():
            callee.owner.called = True
        else:
            self.found(UNKNOWN_CALL, shown, node, certain=False)
        return self._derived(node, given.every())

    def call_known(self, callee: Any, given: Arguments, node: ast.AST) -> Value:
        """What a resolved callee gives."""
        name = full_name(callee)
        effect = effect_of(name)
        if effect is not None and not self.session.trusted(callee):
            if not (name == "builtins.hash" and all(n.kind in {int, float, bool} for n in given.every())):
                self.found(effect, name, node)
            return self._derived(node, given.every())
        if self.session.trusted(callee):
            return self._derived(node, given.every())
        if isinstance(callee, types.BuiltinFunctionType) and not is_immutable(callee):
            self.found(BOUND_STATE, f"{name} of a {type(callee.__self__).__name__}", node)
        if is_allowed(name) and not isinstance(callee, functools.partial | operator.methodcaller):
            return self._call_listed(name, callee, given, node)
        return self._call_read(callee, name, given, node)

    def _call_listed(self, name: str, callee: Any, given: Arguments, node: ast.AST) -> Value:
        self._check_arguments(name, given, node)
        if name in {"builtins.getattr", "builtins.setattr", "builtins.delattr"}:
            self._check_reflection(name, node)
        every = given.every()
        if name in CALL_WITH_ITEMS:
            every |= self._call_with_items(name, given, node)
        if name in PICK:
            return every | parts(every)
        if getattr(callee, "__self__", None) is not None and name.startswith("builtins.dict.fromkeys"):
            return frozenset({self.fresh(node, dict)})
        if name == "collections.defaultdict":
            made = self.fresh(node, callee)  # what its factory makes is nobody else's
            made.hold(parts(frozenset[Node]().union(*given.positional[1:])))
            return frozenset({made})
        made = self.fresh(node, RESULTS.get(name, _kind_made(callee)))
        made.hold(parts(every) | (NOTHING if name in RESULTS else every))
        made.disordered |= name in KEEP_DISORDER and any(is_disordered(each) for each in every)
        return frozenset({made})

    def _check_arguments(self, name: str, given: Arguments, node: ast.AST) -> None:
        every = given.every()
        first = given.positional[0] if given.positional else NOTHING
        if name in {"builtins.next", "itertools.tee"}:
            self.change(first, CONSUMES, name, node)
        elif name in CHANGE_FIRST or name in CHANGING_METHODS:
            self.change(first, CHANGES, name, node)
            for value in given.positional[1:]:
                for each in first:
                    each.hold(value)
        elif name not in KEEP_DISORDER:
            self.iterate(every, node, name)
        if name in SHOWING:
            self.show(every, node, name)
        self._check_order(name, given, node)

    def show(self, value: Value, node: ast.AST, name: str) -> None:
        """Note that these values become texts: an object without a text of its own tells its address."""
        if any(map(_tells_address, value)):
            self.found(IDENTITY, name, node)

    def _check_order(self, name: str, given: Arguments, node: ast.AST) -> None:
        if not any(is_disordered(each) for each in given.every()):
            return
        if name in {"builtins.sorted", "builtins.min", "builtins.max"} and "key" in given.named:
            self.found(TIES, name, node, certain=False)
        elif name not in ORDER_FREE and name not in KEEP_DISORDER and name.startswith(ORDERING):
            self.found(SET_ORDER, name, node)

    def iterate(self, value: Value, node: ast.AST, name: str) -> None:
        """Note that these values are gone through: what is annotated as an iterator is used up."""
        used = {each for each in value if isinstance(each.kind, type) and issubclass(each.kind, ITERATORS)}
        self.change(frozenset(each for each in used if each.owner), CONSUMES, name, node)

    def _check_reflection(self, name: str, node: ast.AST) -> None:
        arguments = node.args if isinstance(node, ast.Call) else []
        if len(arguments) < 2 or not isinstance(arguments[1], ast.Constant):  # noqa: PLR2004 (object, name)
            self.found(REFLECTION, name, node)

    def _call_with_items(self, name: str, given: Arguments, node: ast.AST) -> Value:
        keyword, place = CALL_WITH_ITEMS[name]
        function = given.at(place, keyword)
        rest = [value for at, value in enumerate(given.positional) if at != place]
        function = frozenset(
            each for each in function if each.known is not None and each.kind is not type(None)
        )
        if not function:
            return NOTHING
        items = [parts(value) for value in rest]
        if name.endswith("reduce"):
            items = [rest[1] if len(rest) > 1 else parts(rest[0]) if rest else NOTHING, *items[:1]]
        return self.call(function, Arguments(items, {}), node, keyword)

    def _call_read(self, callee: Any, name: str, given: Arguments, node: ast.AST) -> Value:
        if isinstance(callee, functools.partial):
            bound = [self._kept(value) for value in callee.args]
            named = {key: self._kept(value) for key, value in callee.keywords.items()} | given.named
            return self.call_known(callee.func, Arguments([*bound, *given.positional], named), node)
        if isinstance(callee, types.MethodType):
            owner = callee.__self__
            if not is_immutable(owner):
                self.found(BOUND_STATE, f"{name} of a {type(owner).__name__}", node)
            return self.call_known(
                callee.__func__, Arguments([self._kept(owner), *given.positional], given.named), node
            )
        if isinstance(callee, type):
            return self.construct(callee, given, node)
        if isinstance(callee, operator.methodcaller):
            return self.call_method(callee, given, node)
        if isinstance(callee, types.FunctionType):
            return self.follow(self.session.read(callee), given, node)
        return self._call_object(callee, name, given, node)

    def _call_object(self, callee: Any, name: str, given: Arguments, node: ast.AST) -> Value:
        wrapped = getattr(callee, "__wrapped__", None)
        method = inspect.getattr_static(type(callee), "__call__", None)
        if type(callee) is functools._lru_cache_wrapper and wrapped is not None:  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
            return self.call_known(wrapped, given, node)
        if isinstance(method, types.FunctionType):
            bound = Arguments([self._kept(callee), *given.positional], given.named)
            if not is_immutable(callee) and not _has_no_state(callee):
                self.found(BOUND_STATE, name, node)
            return self.follow(self.session.read(method), bound, node)
        self.found(UNKNOWN_CALL, name, node, certain=False)
        return self._derived(node, given.every())

    def construct(self, kind: type, given: Arguments, node: ast.AST) -> Value:
        """A new object: what its `__init__` does is read, with the object as one that nobody else holds."""
        made = self.fresh(node, kind)
        made.hold(given.every())
        for name in ("__new__", "__init__", "__post_init__", "_missing_"):
            function = inspect.getattr_static(kind, name, None)
            function = getattr(function, "__func__", function)
            if not isinstance(function, types.FunctionType) or function.__module__ == "enum":
                continue
            if _is_generated(kind, function):
                self._make_defaults(kind, function, given, made, node)
            else:
                rest = [] if name == "__post_init__" else given.positional
                self.follow(
                    self.session.read(function), Arguments([frozenset({made}), *rest], given.named), node
                )
        if type(kind).__call__ is not type.__call__ and type(kind).__module__ not in {
            "enum",
            "abc",
            "typing",
        }:
            self.found(UNKNOWN_CALL, full_name(kind), node, certain=False)
        return frozenset({made})

    def _make_defaults(
        self, kind: type, function: types.FunctionType, given: Arguments, made: Node, node: ast.AST
    ) -> None:
        """What a generated `__init__` calls: the factories of the fields that are not given."""
        code = function.__code__
        absent = {*code.co_varnames[1 + len(given.positional) : code.co_argcount + code.co_kwonlyargcount]}
        for each in dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ():
            is_made = not each.init or each.name in absent.difference(given.named)
            if each.default_factory is not dataclasses.MISSING and is_made:
                default = self.call_known(each.default_factory, Arguments([], {}), node)
                made.hold(default, ("attribute", each.name))

    def follow(self, read: Summary, given: Arguments, node: ast.AST) -> Value:
        """Take over what a callee does to these arguments, and what it gives for them."""
        self.adopt(read.reasons)
        bound = _bound(read.parameters, given)
        for parameter in read.parameters:
            value = bound.get(parameter.name, NOTHING)
            if parameter.changed is not None:
                self._change_through(value, parameter, node)
            if parameter.called and value:
                self.call(
                    value, Arguments([given.every() | parts(given.every())], {}), node, parameter.name
                )
        return self._result_of(read, bound, node)

    def _change_through(self, value: Value, parameter: Parameter, node: ast.AST) -> None:
        reason = parameter.changed
        if reason is not None:
            self.change(
                value, Effect(reason.rule, reason.text, reason.fix), reason.name.split(" ")[0], node
            )
            for each in value:
                each.hold(self._derived(node, value))

    def _result_of(self, read: Summary, bound: dict[str, Value], node: ast.AST) -> Value:
        results: set[Node] = set()
        for place, each in enumerate(read.result):
            if each.owner is not None:
                value = bound.get(each.owner.name, NOTHING)
                results |= value | parts(value)
            elif each.known is not MISSING:
                results.add(each)
            else:
                made = self.fresh(node, each.annotation, f"result {place}")
                made.disordered |= each.disordered
                made.inner = each.inner
                for owner in _owners(each):
                    made.hold(bound.get(owner.name, NOTHING))
                results.add(made)
        return frozenset(results)

    def _derived(self, node: ast.AST, held: Value) -> Value:
        made = self.fresh(node, None, "derived")
        made.hold(held)
        return frozenset({made})

    def _kept(self, value: object) -> Value:
        return frozenset({self._known(value)})


CHANGING_METHODS = frozenset(
    f"{type_name(kind)}.{name}" for kind, names in CHANGING.items() for name in names
)
ORDERING = (
    *(
        "builtins.list",
        "builtins.tuple",
        "builtins.next",
        "builtins.str",
        "builtins.repr",
        "builtins.reversed",
    ),
    *(
        "builtins.bytes",
        "builtins.format",
        "collections.deque",
        "itertools.islice",
        "json.dumps",
        "functools.reduce",
    ),
    *(
        "_functools.reduce",
        "itertools.accumulate",
        "itertools.groupby",
        "itertools.takewhile",
        "builtins.dict.fromkeys",
    ),
    *("collections.OrderedDict", "builtins.set.pop", "builtins.enumerate", "builtins.zip"),
)


SHOWING = frozenset({"builtins.repr", "builtins.str", "builtins.format", "builtins.ascii"})


def is_disordered(node: Node) -> bool:
    """Whether going through it gives an order that depends on hashes."""
    return node.disordered or node.kind in {set, frozenset}


def _kind_made(callee: Any) -> Any:
    """The class of what a listed callee gives: its own, or that whose other constructor it is."""
    owner = getattr(callee, "__self__", None)
    if is_plain(owner) and callee.__name__.startswith(("from", "strptime", "combine")):
        return owner
    return callee if isinstance(callee, type) else None


def _tells_address(node: Node) -> bool:
    """Whether its text says where it lies in memory; of an abstract class, nobody knows."""
    if node.annotation is object:
        return node.owner is None
    texts = [inspect.getattr_static(node.kind, name, None) for name in ("__repr__", "__str__")]
    is_abstract = inspect.isabstract(node.kind) or getattr(node.kind, "_is_protocol", False)
    return texts == [object.__repr__, object.__str__] and not is_abstract


def _has_no_state(callee: object) -> bool:
    return not getattr(callee, "__dict__", None) and not getattr(type(callee), "__slots__", ())


def _is_generated(kind: type, function: types.FunctionType) -> bool:
    generated = dataclasses.is_dataclass(kind) or issubclass(kind, tuple) or issubclass(kind, BaseException)
    return generated and not function.__code__.co_filename.endswith(".py")


def _owners(node: Node) -> set[Parameter]:
    seen: set[Node] = set()
    left = [node]
    while left:
        each = left.pop()
        if each not in seen:
            seen.add(each)
            left += [inside for held in each.fields.values() for inside in held]
    return {each.owner for each in seen if each.owner is not None}


def _bound(parameters: list[Parameter], given: Arguments) -> dict[str, Value]:
    names = [each.name.lstrip("*") for each in parameters]
    bound = dict(zip(names, given.positional, strict=False)) | given.named
    extra = frozenset[Node]().union(
        *given.positional[len(names) :], *(v for k, v in given.named.items() if k not in names)
    )
    for each in parameters:
        if each.name.startswith("*"):
            bound[each.name] = bound.get(each.name.lstrip("*"), NOTHING) | extra
    return bound
