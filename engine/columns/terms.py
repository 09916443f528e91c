"""The values of an expression while it is compiled: of a type, perhaps missing, perhaps a constant."""

from __future__ import annotations

from typing import Any, NamedTuple

from engine.columns.programs import Operation, Operations
from engine.columns.promotion import BOOL, F64, bits_of, constant_type, register_of, width_of
from engine.columns.types import ColumnType
from engine.errors import PlanError
from engine.kernels.objects.place import brief

__all__ = ["Term", "Terms"]


class Term(NamedTuple):
    """A value: the numbers of its operation and of the bool that says where it is there, None everywhere.

    A constant has no number, and None as its kind when it is None.
    """

    kind: ColumnType | None
    number: int | None = None
    valid: int | None = None
    constant: Any = None

    @property
    def is_constant(self) -> bool:
        return self.number is None


class Terms(Operations):
    """Operations as terms need them."""

    def __init__(self) -> None:
        super().__init__()
        self.guards: list[int | None] = [None]

    def constant(self, value: Any, register: str) -> int:
        return self.add(Operation("constant", (), width_of(register), number=bits_of(value, register)))

    def literal(self, value: Any) -> Term:
        """A constant of the expression.

        Raises:
            TypeError: no column can hold it.
        """
        if value is not None and (hasattr(value, "dtype") and hasattr(value, "item")):
            value = value.item()
        kind = constant_type(value)
        if kind is None and not (
            value is None or isinstance(value, tuple | frozenset) or hasattr(value, "total_seconds")
        ):
            raise TypeError(f"a constant must be bool, a number, text or a datetime, got {brief(value)}")
        return Term(kind, None, None, value)

    def result(
        self,
        name: str,
        kind: ColumnType,
        valid: int | None,
        *read: int,
        text: str = "",
        checked: bool = False,
    ) -> Term:
        """The result of an operation; a checked one may fail, where the result is there and wanted."""
        guard = self.both(valid, self.guards[-1]) if checked else None
        width = width_of(register_of(kind))
        return Term(kind, self.add(Operation(name, read, width, guard, text=text)), valid)

    def in_register(self, term: Term, register: str, text: str = "") -> int:
        """The number of the value in the form of a register."""
        if term.is_constant:
            value = float(term.constant) if register in {"f64", "f32"} else term.constant
            return self.constant(value, register)
        if term.kind is None or term.number is None:
            raise PlanError(f"a constant None has no place in {text}")
        return self._converted(term, register_of(term.kind), register, text)

    def _converted(self, term: Term, have: str, want: str, text: str) -> int:
        number: int = term.number  # type: ignore[assignment]  # no constant
        while have != want:
            step = _PATHS[have, want]
            checked = (have, step) in {("u64", "i64"), ("f64", "i64")}
            guard = self.both(term.valid, self.guards[-1]) if checked else None
            number = self.add(Operation(f"{have} to {step}", (number,), width_of(step), guard, text=text))
            have = step
        return number

    def truth(self, term: Term, text: str) -> int:
        """The number of a bool."""
        if term.kind != BOOL:
            raise TypeError(f"{text} must be bool, got {term.kind}")
        return self.in_register(term, "bool")

    def whole(self, term: Term, text: str) -> int:
        return self.in_register(term, "i64", text)

    def real(self, term: Term, text: str) -> int:
        return self.in_register(term, register_of(F64), text)

    def validity(self, *terms: Term) -> int | None:
        valid: int | None = None
        for term in terms:
            valid = self.both(valid, term.valid)
        return valid

    def either(self, a: int | None, b: int | None) -> int | None:
        """Where one is true; None is true everywhere."""
        return None if a is None or b is None else self.add(Operation("Or bool", (a, b), 1))


# The next step on the way from one register to another.
_PATHS = {
    ("bool", "i64"): "i64", ("bool", "f64"): "i64", ("bool", "f32"): "i64", ("bool", "u64"): "i64",
    ("i64", "f64"): "f64", ("i64", "f32"): "f64", ("i64", "u64"): "u64",
    ("u64", "f64"): "f64", ("u64", "f32"): "f64", ("u64", "i64"): "i64",
    ("f32", "f64"): "f64", ("f32", "i64"): "f64", ("f64", "f32"): "f32", ("f64", "i64"): "i64",
}  # fmt: skip
