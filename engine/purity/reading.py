"""Statements in their order: what names stand for after each, along every branch."""

from __future__ import annotations

import ast
import types
from typing import Any

from engine.purity.calls import ASYNC, CHANGES, SET_ORDER, is_disordered
from engine.purity.denied import Effect
from engine.purity.expressions import Expressions
from engine.purity.frame import GLOBAL_WRITE, Frame
from engine.purity.model import MISSING, NOTHING, Node, Parameter, Value, is_immutable

_NONLOCAL = Effect(
    "nonlocal-write", "rebinds a name of the scope around it", "return the new value instead"
)
_DEFAULT = Effect(
    "mutable-default", "keeps a mutable default between calls", "use None and make a new one within"
)
_AUGMENTED = Effect(
    "augmented-argument",
    "may change an argument in place",
    "write x = x + y, or annotate it with an immutable type",
)
_IMPORT = Effect("code", "imports while it runs", "import at the top of the module")
_SAFE_IN_PLACE = (int, float, complex, bool, str, bytes, tuple, frozenset)


class Reading(Expressions):
    """Reads the body of one function, statement by statement."""

    def read(self, node: ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """The whole function; parameters are bound already."""
        if isinstance(node, ast.AsyncFunctionDef):
            self.found(ASYNC, node.name, node)
        if isinstance(node, ast.Lambda):
            self._give(self.value_of(node.body), node)
        else:
            self.run(node.body)

    def run(self, body: list[ast.stmt]) -> None:
        """Statements, one after another."""
        for statement in body:
            getattr(self, f"_do_{type(statement).__name__.lower()}", self._do_others)(statement)

    def _do_others(self, node: ast.stmt) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value_of(child)

    def _do_return(self, node: ast.Return) -> None:
        self._give(self.value_of(node.value), node)
        if self.unordered_loops and node.value is not None and not isinstance(node.value, ast.Constant):
            self.found(SET_ORDER, "return", node)

    def _give(self, value: Value, node: ast.AST) -> None:
        self.summary.result |= value
        for each in value:
            if (
                each.owner is not None
                and each.owner.default is not MISSING
                and not is_immutable(each.owner.default)
            ):
                self.change(frozenset({each}), _DEFAULT, each.owner.name, node)

    def _do_assign(self, node: ast.Assign) -> None:
        value = self.value_of(node.value)
        for target in node.targets:
            self.bind(target, value)

    def _do_annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.bind(node.target, self.value_of(node.value))

    def _do_augassign(self, node: ast.AugAssign) -> None:
        right = self.value_of(node.value)
        if not isinstance(node.target, ast.Name):
            self.assign_into(node.target, right)
            return
        before = self.look_up(node.target.id, node)
        self._augment(node, before, right)
        made = self.fresh(node, next((each.annotation for each in before), None))
        made.hold(right)
        self.env[node.target.id] = before | {made}
        if self.unordered_loops and any(each.kind in {list, str} for each in before | right):
            self.found(SET_ORDER, f"{node.target.id} +=", node)

    def _augment(self, node: ast.AugAssign, before: Value, right: Value) -> None:
        name = ast.unparse(node.target)
        reached = frozenset(each for each in before if each.owner and each.kind not in _SAFE_IN_PLACE)
        if any(each.kind in {list, set, dict} for each in reached | right):
            self.change(reached, CHANGES, name, node)
        elif reached and not any(each.kind in _SAFE_IN_PLACE for each in right):
            self.found(_AUGMENTED, name, node, certain=False)

    def _do_delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Attribute | ast.Subscript):
                self.assign_into(target, NOTHING)
            elif isinstance(target, ast.Name):
                self.env.pop(target.id, None)

    def _do_global(self, node: ast.Global | ast.Nonlocal) -> None:
        effect = GLOBAL_WRITE if isinstance(node, ast.Global) else _NONLOCAL
        self.found(effect, ", ".join(node.names), node)

    _do_nonlocal = _do_global

    def _do_import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.found(_IMPORT, ast.unparse(node)[:80], node, certain=False)

    _do_importfrom = _do_import

    def _do_if(self, node: ast.If) -> None:
        self.value_of(node.test)
        self._branches([node.body, node.orelse])

    def _branches(self, bodies: list[list[ast.stmt]]) -> None:
        before, after = dict(self.env), list[dict[str, Value]]()
        for body in bodies:
            self.env = dict(before)
            self.run(body)
            if not body or not isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break):
                after.append(self.env)
        self.env = _joined(after) if after else before

    def _do_while(self, node: ast.While) -> None:
        self.value_of(node.test)
        self._loop([*node.body, *node.orelse])

    def _do_for(self, node: ast.For | ast.AsyncFor) -> None:
        source = self.value_of(node.iter)
        self.iterate(source, node, "for")
        if isinstance(node, ast.AsyncFor):
            self.found(ASYNC, "async for", node)
        disordered = any(is_disordered(each) for each in source)
        self.unordered_loops += disordered
        self._loop(node.body, node, source)
        self.unordered_loops -= disordered
        self.run(node.orelse)

    _do_asyncfor = _do_for

    def _loop(
        self, body: list[ast.stmt], head: ast.For | ast.AsyncFor | None = None, source: Value = NOTHING
    ) -> None:
        for _ in range(2):  # what is bound in one round may be used in the next
            before = dict(self.env)
            if head is not None:
                self.bind(head.target, self.items_of(source, head))
            self.run(body)
            self.env = _joined([before, self.env])

    def _do_with(self, node: ast.With | ast.AsyncWith) -> None:
        if isinstance(node, ast.AsyncWith):
            self.found(ASYNC, "async with", node)
        for item in node.items:
            value = self.value_of(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value)
        self.run(node.body)

    _do_asyncwith = _do_with

    def _do_try(self, node: ast.Try) -> None:
        self.run(node.body)
        for handler in node.handlers:
            if handler.name:
                self.env[handler.name] = frozenset({self.fresh(handler, Exception)})
        self._branches([node.orelse, *(handler.body for handler in node.handlers)])
        self.run(node.finalbody)

    _do_trystar = _do_try

    def _do_match(self, node: ast.Match) -> None:
        subject = self.value_of(node.subject)
        held = subject | frozenset(part for each in subject for part in each.part())
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                if isinstance(name, str):
                    self.env[name] = held
            if case.guard is not None:
                self.value_of(case.guard)
        self._branches([case.body for case in node.cases] + [[]])

    def _do_functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        made = self.fresh(node, types.FunctionType)
        made.inner = (self, node)
        value = frozenset({made})
        self.env[node.name] = value
        for decorator in node.decorator_list:
            self.value_of(decorator)
        self.read_inner(node, [])

    _do_asyncfunctiondef = _do_functiondef

    def read_inner(
        self, node: ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef, bound: list[Value]
    ) -> Value:
        """What a function defined here gives: it is read each time, as its arguments differ."""
        name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
        if _depth(self) > _DEEPEST or _is_within(self, node):
            return frozenset({self.fresh(node, None, "recursive")})
        inner = Reading(self.session, f"{self.name}.{name}", self.file, self.names, {}, self)
        inner.node = node
        inner.made = self.made
        parameters = parameters_of(node)
        for place, each in enumerate(parameters):
            given = (
                bound[place]
                if place < len(bound)
                else frozenset({self.fresh(node, None, f"argument {place}")})
            )
            inner.env[each.name.lstrip("*")] = given
        inner.read(node)
        self.adopt(
            {key: reason for key, reason in inner.summary.reasons.items() if bound or reason.certain}
        )
        return frozenset(inner.summary.result)

    node: Any = None


_DEEPEST = 6


def _depth(frame: Frame | None) -> int:
    return 0 if frame is None else 1 + _depth(frame.outer)


def _is_within(frame: Frame | None, node: object) -> bool:
    return frame is not None and (getattr(frame, "node", None) is node or _is_within(frame.outer, node))


def parameters_of(node: ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef) -> list[Parameter]:
    """The parameters in the order of a call; with their stars."""
    given = node.args
    found = [Parameter(each.arg) for each in [*given.posonlyargs, *given.args]]
    found += [Parameter(f"*{given.vararg.arg}")] if given.vararg else []
    found += [Parameter(each.arg) for each in given.kwonlyargs]
    return found + ([Parameter(f"**{given.kwarg.arg}")] if given.kwarg else [])


def _joined(environments: list[dict[str, Value]]) -> dict[str, Value]:
    names = {name for each in environments for name in each}
    return {
        name: frozenset[Node]().union(*(each.get(name, NOTHING) for each in environments)) for name in names
    }
