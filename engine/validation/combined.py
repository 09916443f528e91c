"""Several validators as one: all of them, any of them, one for each item of a list, none for None."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from engine.errors import PlanError
from engine.validation.issues import MISSING, Failure, Issue, deepen, name_of_type, union
from engine.validation.rules import Rule
from engine.validation.schema import Schema, bounded, merged
from engine.validation.validator import Check, Validator, as_validator

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class AllOf(Validator[T_co]):
    """Each in turn, of what the one before it gave."""

    parts: tuple[Validator[Any], ...]

    def judge(self, value: Any) -> Any:
        issues: tuple[Issue, ...] = ()
        for part in self.parts:
            found = part.judge(value)
            if type(found) is Failure:
                issues += found.issues
                found = found.value
                if found is MISSING:
                    return Failure(issues)
            value = found
        return Failure(issues, value) if issues else value

    def describe(self) -> Schema:
        return merged(part.describe() for part in self.parts)

    def __str__(self) -> str:
        return " & ".join(map(str, self.parts)) or "anything"


@dataclass(frozen=True, slots=True, eq=False)
class AnyOf(Validator[T_co]):
    """The first that accepts."""

    parts: tuple[Validator[Any], ...]

    def judge(self, value: Any) -> Any:
        issues: tuple[Issue, ...] = ()
        for part in self.parts:
            found = part.judge(value)
            if type(found) is not Failure:
                return found
            issues += found.issues
        return Failure(tuple(issue for at, issue in enumerate(issues) if issue not in issues[:at]))

    def describe(self) -> Schema:
        return {"anyOf": [part.describe() for part in self.parts]}

    def __str__(self) -> str:
        return f"({' | '.join(map(str, self.parts))})"


@dataclass(frozen=True, slots=True, eq=False)
class Nullable(Validator[T_co | None]):
    """None, or what `of` accepts."""

    of: Validator[T_co]

    def judge(self, value: Any) -> Any:
        return None if value is None else self.of.judge(value)

    def describe(self) -> Schema:
        return {"anyOf": [{"type": "null"}, self.of.describe()]}

    def __str__(self) -> str:
        return f"nullable {self.of}"


@dataclass(frozen=True, slots=True, eq=False)
class ListOf(Validator[list[T]]):
    """A list whose items are all what `item` accepts."""

    item: Validator[T]
    at_least: int
    at_most: int | None
    noun: str

    def judge(self, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return Failure((Issue("", "type", "must be a list", name_of_type(value)),))
        count = len(value)  # pyright: ignore[reportUnknownArgumentType]  # of any items
        if self.at_most is not None and count > self.at_most:
            # A list without bounds would be work, and issues, without bounds.
            return Failure((self._issue("too_many", "at most", "at_most", self.at_most, count),))
        found = self._judge_items(value)  # pyright: ignore[reportUnknownArgumentType]  # of any items
        if count >= self.at_least:
            return found
        few = Failure((self._issue("too_few", "at least", "at_least", self.at_least, count),), found)
        return union((few, found), found.value) if type(found) is Failure else few

    def _judge_items(self, items: Sequence[Any]) -> Any:
        judge, made, failures = self.item.ready(), list[Any](), list[Failure]()
        position = 0
        try:
            for position, item in enumerate(items):
                found = judge(item)
                if type(found) is Failure:
                    failures.append(found.below(f"[{position}]"))
                    found = found.value
                made.append(found)
        except Exception as error:
            deepen(error, f"[{position}]")
            raise
        return union(failures, made) if failures else made

    def _issue(self, code: str, words: str, fact: str, bound: int, count: int) -> Issue:
        return Issue("", code, f"must have {words} {bound} {self.noun}", str(count), ((fact, bound),))

    def describe(self) -> Schema:
        bounds = bounded(minItems=self.at_least or None, maxItems=self.at_most)
        return {"type": "array", "items": self.item.describe(), **bounds}

    def __str__(self) -> str:
        return f"list_of({self.item})"


@overload
def all_of(first: Check[T], /, *rules: Rule) -> Validator[T]: ...
@overload
def all_of(*validators: Check[Any]) -> Validator[Any]: ...
def all_of(*validators: Check[Any]) -> Validator[Any]:
    """Each in turn, of what the one before it gave; of none, anything is accepted.

    Issues are gathered: behind a broken rule the others are still asked. What makes a value another
    (a parser, a type) ends it, for then there is no value to ask about.

    >>> from engine import it
    >>> from engine.validation import rule, text
    >>> digit = rule(lambda text: any(map(str.isdigit, text)), "digit", "must have a digit")
    >>> [issue.code for issue in all_of(text(8), digit).check("short").error]
    ['too_short', 'digit']
    """
    ready = [as_validator(validator) for validator in validators]
    parts = [part for each in ready for part in (each.parts if isinstance(each, AllOf) else (each,))]
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


@overload
def any_of(a: Check[T], b: Check[U], /) -> Validator[T | U]: ...
@overload
def any_of(a: Check[T], b: Check[U], c: Check[V], /) -> Validator[T | U | V]: ...
@overload
def any_of(*validators: Check[Any]) -> Validator[Any]: ...
def any_of(*validators: Check[Any]) -> Validator[Any]:
    """The first that accepts the value; when none does, the issues of all.

    Raises:
        PlanError: there is none.

    >>> from engine.validation import integer, text
    >>> [issue.text for issue in any_of(integer(), text()).check(None).error]
    ['must be an integer, got null', 'must be text, got null']
    """
    if not validators:
        raise PlanError("any_of must have at least 1 validator, got 0")
    ready = [as_validator(validator) for validator in validators]
    parts = [part for each in ready for part in (each.parts if isinstance(each, AnyOf) else (each,))]
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def nullable(validator: Check[T]) -> Validator[T | None]:
    """None as it is; any other value by `validator`.

    >>> from engine.validation import integer
    >>> nullable(integer()).check(None)
    Ok(value=None)
    """
    return Nullable(as_validator(validator))


def each(validator: Check[T]) -> Validator[list[T]]:
    """A list or tuple, each item by `validator`; paths have the index.

    >>> from engine.validation import text
    >>> each(text()).check(["a", 2]).error[0].path
    '[1]'
    """
    return list_of(validator)


def list_of(
    validator: Check[T], at_least: int = 0, at_most: int | None = None, *, noun: str = "items"
) -> Validator[list[T]]:
    """A list or tuple of so many items, each by `validator`; what comes out is a list.

    Args:
        validator: what each item has to be.
        at_least: of the number of items.
        at_most: of the number of items; None for no bound.
        noun: what the items are called in messages.

    Raises:
        PlanError: a bound is negative, or they cross.

    Cost: of a list that is too long, no item is looked at.

    >>> from engine.validation import text
    >>> list_of(text(), 1, noun="labels").check([]).error[0].text
    'must have at least 1 labels, got 0'
    """
    require_bounds(at_least, at_most)
    return ListOf(as_validator(validator), at_least, at_most, noun)


def require_bounds(at_least: int, at_most: int | None) -> None:
    """Bounds of a size that something can have, or PlanError."""
    if at_least < 0:
        raise PlanError(f"at_least must be at least 0, got {at_least}")
    if at_most is not None and at_most < at_least:
        raise PlanError(f"at_most must be at least {at_least}, got {at_most}")
