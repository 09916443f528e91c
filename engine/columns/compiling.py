"""From the tree of an expression to a program over columns of known types."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.aggregates import Aggregate
from engine.arithmetic import cast, fill_none, greatest, if_else, least
from engine.columns.calculation import (
    calculated,
    cast_to,
    chosen,
    extreme,
    filled,
    joined,
    of_one,
    require_numbers,
)
from engine.columns.comparison import NAMES, compared, is_among
from engine.columns.programs import Layout, Operation
from engine.columns.promotion import BOOL, register_of, width_of
from engine.columns.terms import Term, Terms
from engine.columns.types import ColumnType
from engine.errors import PlanError
from engine.nodes import (
    Attribute,
    Binary,
    Call,
    Constant,
    Element,
    Item,
    Logical,
    Node,
    Unary,
    rendered,
    walk,
)

__all__ = ["Compiled", "Input", "compiled", "name_of", "names_of"]

_OF_ONE = {
    math.sqrt: "Root",
    math.exp: "Exponential",
    math.log: "Logarithm",
    abs: "Magnitude",
    round: "Round",
}
_ITEM = Term(None, -1)


class Input(NamedTuple):
    """What a program must know of a column: its type, whether an array, whether some are missing."""

    kind: ColumnType
    is_array: bool = False
    is_nullable: bool = False


class Compiled(NamedTuple):
    """A program with what its result is: a column of a type, or the totals of an aggregate."""

    layout: Layout
    kind: ColumnType
    is_nullable: bool
    how: str | None = None
    as_array: bool = False


def names_of(root: Node) -> list[str]:
    """The columns that an expression reads, in order."""
    found: dict[str, None] = {}
    for node, done in walk(root):
        if done == 0 and (name := name_of(node)) is not None:
            found[name] = None
    return list(found)


def name_of(node: Node) -> str | None:
    """The column that a node is, if it is one."""
    match node:
        case Attribute(Item(), name):
            return name
        case Element(Item(), Constant(str() as name)):
            return name
        case _:
            return None


def compiled(
    asked: Node | Aggregate, where: Node | None, inputs: Mapping[str, Input], *, as_array: bool
) -> Compiled:
    """The program of an expression; `where` says which rows an aggregate is of."""
    terms = Terms()
    tree = _Tree(terms, {name: (number, inputs[name]) for number, name in enumerate(inputs)})
    keep: int | None = None
    if where is not None:
        condition = tree.term(where)
        keep = terms.both(terms.truth(condition, f"where ({rendered(where)})"), condition.valid)
    terms.guards.append(keep)
    if isinstance(asked, Aggregate):
        return _aggregated(terms, asked, tree.term(asked.of), keep)
    term = tree.term(asked)
    if term.kind is None or term.kind.kind == "s" or term.is_constant:
        raise PlanError(f"an expression must compute from a column of numbers, got {rendered(asked)}")
    return _columns(terms, term, as_array=as_array)


def _columns(terms: Terms, term: Term, *, as_array: bool) -> Compiled:
    kind: ColumnType = term.kind  # type: ignore[assignment]  # seen by the caller
    number: int = term.number  # type: ignore[assignment]  # seen by the caller
    valid = term.valid
    register = register_of(kind)
    if as_array and valid is not None:
        number = _settled(terms, number, valid, kind)
        valid = None
    if kind.kind in "iu" and kind.item_size < width_of(register):
        number = terms.add(Operation(f"i64 to {kind}", (number,), kind.item_size))
    width = 1 if register == "bool" else kind.item_size
    role = "output bits" if register == "bool" and not as_array else "output"
    outputs = [(role, number, width)]
    if valid is not None:
        outputs.append(("output validity", valid, 1))
    return Compiled(terms.program(outputs, []), kind, valid is not None, as_array=as_array)


def _settled(terms: Terms, number: int, valid: int, kind: ColumnType) -> int:
    """What an array holds where a value is missing: False, NaT, NaN or 0."""
    register = register_of(kind)
    missing: Any = -(2**63) if kind.kind == "M" else (math.nan if kind.kind == "f" else 0)
    width = width_of(register)
    return terms.add(
        Operation(f"choose {register}", (valid, number, terms.constant(missing, register)), width)
    )


def _aggregated(terms: Terms, asked: Aggregate, term: Term, keep: int | None) -> Compiled:
    how = asked.how
    kept = keep if how == "count" else terms.both(keep, term.valid)
    kind = term.kind
    if how in {"first", "last", "list", "set"}:
        raise PlanError(
            f"an aggregate of columns must be sum, count, min, max, mean, any or all, got {how}"
        )
    if kind is None or (kind.kind == "s" and how != "count"):
        raise TypeError(f"{asked!r} must be of numbers, got {kind}")
    outputs: list[tuple[str, int, int]] = []
    totals: list[tuple[str, str]] = []

    def total(name: str, how: str, kind: str, *read: int) -> None:
        totals.append((how, kind))
        outputs.append(
            ("partial", terms.add(Operation(name, read, 32, number=len(totals))), len(totals) - 1)
        )

    if how in {"any", "all"}:
        truth = terms.truth(term, repr(asked))
        wanted = terms.both(truth if how == "any" else terms.turned(truth), kept)
        total("count", "count", "i", wanted)  # type: ignore[arg-type]  # a bool
    elif how != "count":
        _add_total(terms, total, asked, term, kept)
    if kept is not None and how not in {"any", "all"}:
        total("count", "count", "i", kept)
    return Compiled(terms.program(outputs, totals), kind, kept is not None, how)


def _add_total(terms: Terms, total: Any, asked: Aggregate, term: Term, kept: int | None) -> None:
    how = "sum" if asked.how == "mean" else asked.how
    kind: ColumnType = term.kind  # type: ignore[assignment]  # seen by the caller
    if how == "sum":
        require_numbers(repr(asked), term)
    register = {"f32": "f64", "bool": "i64"}.get(register_of(kind), register_of(kind))
    number = terms.in_register(term, register, repr(asked))
    marked = () if kept is None else (kept,)
    start: tuple[int, ...] = ()
    if how != "sum":
        start = (terms.constant(_before_all(register, how), register),)
    total(f"{how} {register}{' marked' if marked else ''}", how, register[0], number, *start, *marked)


def _before_all(register: str, how: str) -> Any:
    low, high = {"f64": (-math.inf, math.inf), "i64": (-(2**63), 2**63 - 1), "u64": (0, 2**64 - 1)}[
        register
    ]
    return high if how == "min" else low


class _Tree:
    """Trees over given columns."""

    def __init__(self, terms: Terms, inputs: dict[str, tuple[int, Input]]) -> None:
        self.terms = terms
        self.inputs = inputs

    def term(self, root: Node) -> Term:
        """The value of a tree, however deep it is."""
        ready: list[Term] = []
        for node, done in walk(root):
            self._guard(node, done, ready)
            count = len(node.operands)
            if done == count:
                operands = ready[len(ready) - count :]
                del ready[len(ready) - count :]
                ready.append(self._made(node, operands))
        return ready[0]

    def _guard(self, node: Node, done: int, ready: list[Term]) -> None:
        """Within the right side of `and_` and the sides of a choice, faults count where they are wanted."""
        terms = self.terms
        count = len(node.operands)
        chooses = isinstance(node, Call) and node.function is if_else
        if done == 0 or not (isinstance(node, Logical) or chooses):
            return
        if done > 1:
            terms.guards.pop()
        if done == count:
            return
        condition = ready[-done]
        known: int = terms.both(terms.truth(condition, rendered(node)), condition.valid)  # type: ignore[assignment]  # a bool
        if isinstance(node, Logical):
            wanted = self._undecided(node.operator, condition, known)
        else:
            wanted = known if done == 1 else terms.turned(known)
        terms.guards.append(terms.both(terms.guards[-1], wanted))

    def _undecided(self, operator: str, left: Term, known_true: int) -> int:
        terms = self.terms
        if operator == "or":
            return terms.turned(known_true)
        known_false = terms.both(terms.turned(terms.truth(left, "and_")), left.valid)
        return terms.turned(known_false)  # type: ignore[arg-type]  # a bool

    def _made(self, node: Node, operands: list[Term]) -> Term:  # noqa: C901, PLR0911 (one for each node)
        text = rendered(node)
        match node:
            case Item():
                return _ITEM
            case Constant(value):
                return self.terms.literal(value)
            case Attribute() | Element():
                return self._column(node, text)
            case Unary(operator, _):
                return of_one(self.terms, operator, operands[0], text)
            case Binary("in", _, Constant(tuple() | frozenset() as values)):
                return is_among(self.terms, operands[0], values, text)
            case Binary("is" | "is not" as sign, _, Constant(None)):
                return self._is_none(operands[0], negated=sign == "is not")
            case Binary(sign, _, _) if sign in NAMES:
                return compared(self.terms, sign, operands[0], operands[1], text)
            case Binary(sign, _, _) if sign not in {"in", "is", "is not"}:
                return calculated(self.terms, sign, operands[0], operands[1], text)
            case Logical(operator, _, _):
                return joined(self.terms, "&" if operator == "and" else "|", operands[0], operands[1], text)
            case Call():
                return self._called(node, operands, text)
            case _:
                raise PlanError(f"{text} can not be computed over columns")

    def _column(self, node: Node, text: str) -> Term:
        name = name_of(node)
        if name is None:
            raise PlanError(f"a column must be named as it.name or it['name'], got {text}")
        index, source = self.inputs[name]
        add = self.terms.add
        kind, register = source.kind, register_of(source.kind)
        valid = None
        if source.is_nullable:
            valid = add(Operation("unpack", (add(Operation("validity", (), 1, number=index)),), 1))
        if kind.kind == "s":
            return Term(kind, add(Operation("validity", (), 1, number=index)), valid)
        if kind == BOOL:
            read = add(Operation("values" if source.is_array else "bits", (), 1, number=index))
            return Term(kind, add(Operation("truth" if source.is_array else "unpack", (read,), 1)), valid)
        number = add(Operation("values", (), kind.item_size, number=index))
        if kind.item_size < width_of(register):
            number = add(Operation(f"{kind} to i64", (number,)))
        return Term(kind, number, valid)

    def _is_none(self, term: Term, *, negated: bool) -> Term:
        if term.valid is None:
            return Term(BOOL, self.terms.constant(negated, "bool"))
        return Term(BOOL, term.valid if negated else self.terms.turned(term.valid))

    def _called(self, node: Call, operands: list[Term], text: str) -> Term:
        terms, function = self.terms, node.function
        if len(operands) == 1 and function in _OF_ONE:
            return of_one(terms, _OF_ONE[function], operands[0], text)
        if function in {least, greatest}:
            name = "Least" if function is least else "Greatest"
            return extreme(terms, name, operands[0], operands[1], text)
        if function is if_else:
            return chosen(terms, operands[0], operands[1], operands[2], text)
        if function is fill_none:
            return filled(terms, operands[0], operands[1], text)
        if function is cast:
            return cast_to(terms, operands[0], operands[1].constant, text)
        raise PlanError(f"{text} can not be computed over columns")
