"""Programs under construction: operations on numbered values, made cheaper, then laid out in registers."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from engine.kernels.columns.evaluation import Program

__all__ = ["Operation", "Operations"]

_SOURCES = frozenset({"values", "bits", "validity", "constant"})
_INNER = ("Add", "Subtract", "Multiply", "Divide")
# What an operator is when its operands change places.
_TURNED = {"Add": "Add", "Multiply": "Multiply", "Subtract": "SubtractFrom", "Divide": "DivideInto"}

_MOVES = frozenset({"Add", "Subtract", "SubtractFrom"})


class Operation(NamedTuple):
    """One value of a program: how it is computed, from which others, and how wide its items are in bytes.

    `guard` is the value of bool that says where a fault counts; `number` that of an input or of an
    aggregate, or the bits of a constant; `pool` what is_in looks among; `text` what an error calls it.
    """

    name: str
    read: tuple[int, ...] = ()
    width: int = 8
    guard: int | None = None
    number: int = 0
    pool: bytes | None = None
    text: str = ""


class Operations:
    """The values of a program by number, each of them once."""

    def __init__(self) -> None:
        self.made: list[Operation] = []
        self._numbers: dict[Operation, int] = {}

    def add(self, operation: Operation) -> int:
        """The number of the value, which may be there already."""
        known = self._numbers.get(operation._replace(text=""))
        if known is None:
            known = self._numbers[operation._replace(text="")] = len(self.made)
            self.made.append(operation)
        return known

    def both(self, a: int | None, b: int | None) -> int | None:
        """Where both are true; None is true everywhere."""
        if a is None or b is None or a == b:
            return a if b is None else b
        return self.add(Operation("And bool", (min(a, b), max(a, b)), 1))

    def turned(self, a: int) -> int:
        """Where a is false."""
        return self.add(Operation("Not bool", (a,), 1))

    def program(self, outputs: list[tuple[str, int, int]], totals: list[tuple[str, str]]) -> Layout:
        """All that the outputs need, laid out: each is (role, value, width or number)."""
        roots = [value for _, value, _ in outputs]
        cheaper = _joined_up(self.made, roots)
        return _laid_out(cheaper, outputs, totals)


class Layout(NamedTuple):
    """A program and, for each of its steps, what an error calls it."""

    program: Program
    texts: list[tuple[str, str]]


def _joined_up(made: list[Operation], roots: list[int]) -> list[Operation]:
    """Operations that are read by one other alone are computed with it, in one pass."""
    uses = Counter(roots)
    for number in _needed(made, roots):
        uses.update(_reads(made[number]))
    joined = list(made)
    for number in range(len(joined)):
        joined[number] = _joined(joined, number, uses)
    return joined


def _joined(made: list[Operation], number: int, uses: Counter[int]) -> Operation:
    operation = made[number]
    verb, _, kind = operation.name.partition(" ")
    inner = [made[read] if uses[read] == 1 else None for read in operation.read]
    if verb == "sum" and operation.name.startswith("sum f64"):
        return _joined_sum(operation, inner)
    if kind not in {"f64", "f32"}:
        return operation
    if verb == "Root":
        return _joined_root(operation, inner[0], kind)
    if verb not in _TURNED:
        return operation
    return _joined_scaled(made, operation, inner, uses) or _joined_two(operation, inner, kind)


def _joined_root(operation: Operation, inner: Operation | None, kind: str) -> Operation:
    if inner is not None and inner.name in {f"Products Add {kind}", f"Products Subtract {kind}"}:
        return operation._replace(name=f"Root {inner.name}", read=inner.read)
    return operation


def _joined_scaled(
    made: list[Operation], operation: Operation, inner: list[Operation | None], uses: Counter[int]
) -> Operation | None:
    """A root of products, what it is scaled by, and what is added, if that is what it is."""
    verb, _, kind = operation.name.partition(" ")
    for side, other, outer in ((inner[0], 1, verb), (inner[1], 0, _TURNED[verb])):
        if side is None or outer not in _MOVES or side.name not in {f"Multiply {kind}", f"Divide {kind}"}:
            continue
        scale = side.name.removesuffix(f" {kind}")
        for place in (0, 1) if scale == "Multiply" else (0,):
            root = made[side.read[place]]
            if uses[side.read[place]] == 1 and root.name.startswith("Root Products "):
                name = f"{root.name.removesuffix(kind)}{scale} {outer} {kind}"
                read = (*root.read, side.read[1 - place], operation.read[other])
                return operation._replace(name=name, read=read)
    return None


def _joined_two(operation: Operation, inner: list[Operation | None], kind: str) -> Operation:
    verb = operation.name.partition(" ")[0]
    left, right = inner
    if left and right and {left.name, right.name} == {f"Multiply {kind}"} and verb in {"Add", "Subtract"}:
        return operation._replace(name=f"Products {operation.name}", read=left.read + right.read)
    inners = {f"{name} {kind}" for name in _INNER}
    with_root = {f"Root {name}" for name in (*inners, kind)}
    for side, other, outer in ((left, 1, verb), (right, 0, _TURNED[verb])):
        if side and side.name in inners | with_root:
            name = f"{side.name.removesuffix(kind)}{outer} {kind}"
            return operation._replace(name=name, read=(*side.read, operation.read[other]))
    return operation


def _joined_sum(operation: Operation, inner: list[Operation | None]) -> Operation:
    value, *filters = inner
    read = list(operation.read[:1])
    of, kept = "", operation.name.removeprefix("sum f64")
    if value and value.name in {"Multiply f64", "Multiply Add f64"}:
        of, read = value.name.removesuffix("f64"), list(value.read)
    if filters and filters[0] and filters[0].name in {"Less f64", "LessEqual f64"}:
        kept = f" {filters[0].name.removesuffix(' f64')}"
        read += filters[0].read
    else:
        read += operation.read[1:]
    return operation._replace(name=f"sum {of}f64{kept}", read=tuple(read))


def _reads(operation: Operation) -> tuple[int, ...]:
    return operation.read if operation.guard is None else (*operation.read, operation.guard)


def _needed(made: list[Operation], roots: list[int]) -> list[int]:
    """The numbers of all values that the roots are made of, in order."""
    needed: set[int] = set()
    pending = list(roots)
    while pending:
        number = pending.pop()
        if number not in needed:
            needed.add(number)
            pending += _reads(made[number])
    return sorted(needed)


def _laid_out(  # noqa: C901 (registers are given out and taken back in one walk)
    made: list[Operation], outputs: list[tuple[str, int, int]], totals: list[tuple[str, str]]
) -> Layout:
    """Registers for all values: those of values that are no longer read are used again."""
    needed = _needed(made, [value for _, value, _ in outputs])
    last = {read: number for number in needed for read in _reads(made[number])}
    last |= {value: len(made) for _, value, _ in outputs}
    registers: list[tuple[str, int, int]] = []
    constants: list[tuple[int, int, int]] = []
    steps: list[tuple[str, int, tuple[int, ...], int, bytes | None]] = []
    texts: list[tuple[str, str]] = []
    places: dict[int, int] = {}
    direct = _written_in_place(made, outputs)
    free: dict[int, list[int]] = {}

    def taken(role: str, width: int, index: int) -> int:
        registers.append((role, width, index))
        return len(registers) - 1

    for number in needed:
        operation = made[number]
        if operation.name in _SOURCES:
            is_constant = operation.name == "constant"
            places[number] = taken(
                "scratch" if is_constant else operation.name,
                operation.width,
                0 if is_constant else operation.number,
            )
            if is_constant:
                constants.append((places[number], operation.width, operation.number))
            continue
        if number in direct:
            places[number] = taken(*direct[number])
        elif reusable := free.get(operation.width):
            places[number] = reusable.pop()
        else:
            places[number] = taken("scratch", operation.width, 0)
        guard = -1 if operation.guard is None else places[operation.guard]
        read = tuple(places[each] for each in operation.read)
        steps.append((operation.name, places[number], read, guard, operation.pool))
        texts.append((operation.name, operation.text))
        for each in set(_reads(operation)):
            if (
                last[each] == number
                and registers[places[each]][0] == "scratch"
                and not _is_constant(made[each])
            ):
                free.setdefault(made[each].width, []).append(places[each])
    for role, value, width in outputs:
        if role == "partial" or direct.get(value) == (role, width, 0):
            continue
        name = "pack" if role != "output" else f"copy {width}"
        steps.append((name, taken(role, width, 0), (places[value],), -1, None))
        texts.append((name, ""))
    return Layout(Program(registers, constants, steps, totals), texts)


def _is_constant(operation: Operation) -> bool:
    return operation.name == "constant"


def _written_in_place(
    made: list[Operation], outputs: list[tuple[str, int, int]]
) -> dict[int, tuple[str, int, int]]:
    """The values that are computed where the result is to be, with the register that stands for it."""
    return {
        value: (role, 32, width) if role == "partial" else (role, width, 0)
        for role, value, width in outputs
        if role == "partial" or (role == "output" and made[value].name not in _SOURCES)
    }
