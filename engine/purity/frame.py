"""One function being read: its names, what they stand for, and what was found to be wrong with it."""

from __future__ import annotations

import ast
import builtins
import types
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.purity.denied import Effect
from engine.purity.model import MISSING, NOTHING, Node, Parameter, Value, is_immutable
from engine.purity.sources import page_of
from engine.purity.verdict import Reason


@dataclass(eq=False, slots=True)
class Summary:
    """What a reading found out, for whoever calls the function."""

    parameters: list[Parameter] = field(default_factory=list)
    reasons: dict[tuple[str, int, str], Reason] = field(default_factory=dict)
    result: set[Node] = field(default_factory=set)
    one_shot: bool = False


@dataclass(eq=False, slots=True)
class Session:
    """What all readings of one verdict share: how a function is read, and who is known already."""

    read: Callable[[types.FunctionType], Summary]
    trusted: Callable[[object], bool]


@dataclass(eq=False)
class Frame(ABC):
    """Names and reports; what reads statements and expressions is built on it."""

    session: Session
    name: str
    file: str
    names: dict[str, Any]
    cells: Mapping[str, Any]
    outer: Frame | None = None
    summary: Summary = field(default_factory=Summary)
    env: dict[str, Value] = field(default_factory=dict)
    made: dict[object, Node] = field(default_factory=dict)
    unordered_loops: int = 0

    @abstractmethod
    def value_of(self, node: ast.expr | None) -> Value:
        """What an expression may give."""

    @abstractmethod
    def read_inner(
        self, node: ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef, bound: list[Value]
    ) -> Value:
        """What a function defined here gives for these arguments, by position."""

    def fresh(self, node: object, annotation: Any = None, tag: str = "") -> Node:
        """The value made at this place of the source: the same one when it is read again."""
        key = (id(node), tag)
        if key not in self.made:
            self.made[key] = Node(annotation=annotation)
        return self.made[key]

    def found(
        self, effect: Effect, name: str, node: ast.AST | int | None, *, certain: bool = True
    ) -> Reason:
        """Note something that speaks against the function; nothing is noted twice."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 0)
        reason = Reason(effect.rule, name, self.name, self.file, line, effect.text, effect.fix, certain)
        self.summary.reasons.setdefault((reason.rule, line, name), reason)
        return reason

    def adopt(self, reasons: Mapping[tuple[str, int, str], Reason]) -> None:
        """Take over what speaks against a function that is called here."""
        self.summary.reasons.update(reasons)

    def change(self, value: Value, effect: Effect, name: str, node: ast.AST) -> None:
        """Note that these values are changed, which matters where a parameter reaches them."""
        line = getattr(node, "lineno", 0)
        for each in value:
            if each.owner is not None and each.owner.changed is None:
                named = f"{name} of the argument {each.owner.name}" if name != each.owner.name else name
                each.owner.changed = Reason(
                    effect.rule, named, self.name, self.file, line, effect.text, effect.fix, certain=True
                )
            elif each.known is not MISSING and not isinstance(each.known, types.MappingProxyType):
                self.found(GLOBAL_WRITE, name, node)

    def look_up(self, name: str, node: ast.AST | int) -> Value:
        """What a name stands for: a local, a closure's cell, a global or a builtin."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.env:
                return frame.env[name]
            if name in frame.cells:
                return self._cell(name, frame.cells[name], node)
            frame = frame.outer
        if name in self.names:
            return self._global(name, node)
        if hasattr(builtins, name):
            return frozenset({self._known(getattr(builtins, name))})
        self.found(UNRESOLVED_NAME, name, node, certain=False)
        return NOTHING

    def _cell(self, name: str, value: object, node: ast.AST | int) -> Value:
        if not is_immutable(value):
            effect = KEPT_GENERATOR if isinstance(value, Iterator) else MUTABLE_CELL
            self.found(effect, f"{name} ({type(value).__name__})", node)
        return frozenset({self._known(value)})

    def _global(self, name: str, node: ast.AST | int) -> Value:
        value = self.names[name]
        page = page_of(self.file, self.names)
        if page is not None and name in page.rebound:
            self.found(CHANGING_GLOBAL, name, node)
        elif not is_immutable(value) and not self._is_promised(name):
            effect = KEPT_GENERATOR if isinstance(value, Iterator) else MUTABLE_GLOBAL
            self.found(effect, f"{self.names.get('__name__', '')}.{name} ({type(value).__name__})", node)
        return frozenset({self._known(value)})

    def _is_promised(self, name: str) -> bool:
        """`Final[Mapping[...]]`: a type checker refuses to rebind the name and to assign an item."""
        annotation = str(self.names.get("__annotations__", {}).get(name, ""))
        for module in ("typing.", "collections.abc.", "abc.", "t."):
            annotation = annotation.replace(module, "")
        return annotation.startswith(
            ("Final[Mapping[", "Final[Sequence[", "Final[Set[", "Final[AbstractSet[")
        )

    def _known(self, value: object) -> Node:
        return self.made.setdefault(("known", id(value)), Node(annotation=type(value), known=value))


GLOBAL_WRITE = Effect(
    "global-write", "changes what others see", "return the new value and let the caller keep it"
)
MUTABLE_GLOBAL = Effect(
    "mutable-global",
    "reads a global that can change",
    "make it a tuple, frozenset or MappingProxyType, annotate it Final[Mapping[...]], or pass it in",
)
CHANGING_GLOBAL = Effect(
    "changing-global", "reads a global that a function rebinds", "take it as an argument"
)
MUTABLE_CELL = Effect(
    "mutable-cell",
    "shares a mutable value with the scope around it",
    "bind an immutable one (tuple, frozenset, MappingProxyType) or take it as an argument",
)
KEPT_GENERATOR = Effect(
    "kept-generator", "draws on an iterator kept between calls", "make it within, or take a list"
)
UNRESOLVED_NAME = Effect(
    "unresolved-name", "uses a name that has no value yet", "define it before registering"
)
