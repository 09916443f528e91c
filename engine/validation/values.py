"""Rules for texts, numbers, booleans and choices, ready to use, each with code, message and schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any, TypeVar

from engine.errors import PlanError
from engine.kernels.objects.place import brief
from engine.result import Err, Ok, Result
from engine.validation.combined import require_bounds
from engine.validation.issues import Facts, Failure, Issue, name_of_type, shown
from engine.validation.schema import Schema, bounded
from engine.validation.validator import Parser, Validator, require_function

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Text(Validator[str]):
    """Text by length and pattern."""

    at_least: int
    at_most: int | None
    pattern: str | None
    strip: bool
    matches: Callable[[str], object] | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        matches = None if self.pattern is None else re.compile(self.pattern).fullmatch
        object.__setattr__(self, "matches", matches)

    def judge(self, value: Any) -> Any:
        if not isinstance(value, str):
            return Failure((Issue("", "type", "must be text", name_of_type(value)),))
        text = value.strip() if self.strip else value
        count = len(text)
        if self.at_most is not None and count > self.at_most:
            # Nothing else is asked of a giant: what follows may take time in proportion to it, or worse.
            return Failure((_length_issue("too_long", "at most", "at_most", self.at_most, count),))
        issues: tuple[Issue, ...] = ()
        if count < self.at_least:
            issues = (_length_issue("too_short", "at least", "at_least", self.at_least, count),)
        if self.matches is not None and not self.matches(text):
            pattern = self.pattern
            issues += (Issue("", "pattern", f"must match {pattern}", None, (("pattern", pattern),)),)
        return Failure(issues, text) if issues else text

    def describe(self) -> Schema:
        pattern = None if self.pattern is None else f"^(?:{self.pattern})$"
        bounds = bounded(minLength=self.at_least or None, maxLength=self.at_most, pattern=pattern)
        return {"type": "string", **bounds}

    def __str__(self) -> str:
        return _called("text", self.at_least or None, self.at_most)


@dataclass(frozen=True, slots=True, eq=False)
class Number(Validator[T_co]):
    """A number of the kinds named, between bounds."""

    kinds: tuple[type[Any], ...]
    name: str
    at_least: float | None
    at_most: float | None
    message: str = field(init=False, repr=False)
    facts: Facts = field(init=False, repr=False)

    def __post_init__(self) -> None:
        bounds = bounded(at_least=self.at_least, at_most=self.at_most)
        ways = [f"{name.replace('_', ' ')} {bound}" for name, bound in bounds.items()]
        expected = ways[0] if len(ways) == 1 else f"from {self.at_least} to {self.at_most}"
        object.__setattr__(self, "message", f"must be {expected}")
        object.__setattr__(self, "facts", tuple(bounds.items()))

    def judge(self, value: Any) -> Any:
        if not isinstance(value, self.kinds) or isinstance(value, bool):
            article = "an" if self.name == "integer" else "a"
            return Failure((Issue("", "type", f"must be {article} {self.name}", name_of_type(value)),))
        if not -inf < value < inf:
            return Failure((Issue("", "type", "must be a finite number", shown(value)),))
        if self.at_least is not None and value < self.at_least:
            return Failure((Issue("", "too_small", self.message, shown(value), self.facts),), value)
        if self.at_most is not None and value > self.at_most:
            return Failure((Issue("", "too_large", self.message, shown(value), self.facts),), value)
        return value

    def describe(self) -> Schema:
        return {"type": self.name, **bounded(minimum=self.at_least, maximum=self.at_most)}

    def __str__(self) -> str:
        return _called(self.name, self.at_least, self.at_most)


@dataclass(frozen=True, slots=True, eq=False)
class Boolean(Validator[bool]):
    """True or False."""

    def judge(self, value: Any) -> Any:
        if value is True or value is False:
            return value
        return Failure((Issue("", "type", "must be a boolean", name_of_type(value)),))

    def describe(self) -> Schema:
        return {"type": "boolean"}

    def __str__(self) -> str:
        return "boolean"


@dataclass(frozen=True, slots=True, eq=False)
class OneOf(Validator[T_co]):
    """One of some values; True is not 1, as in JSON."""

    values: tuple[T_co, ...]

    def judge(self, value: Any) -> Any:
        if any(value == each and isinstance(value, bool) == isinstance(each, bool) for each in self.values):
            return value
        expected = ", ".join(each if isinstance(each, str) else brief(each) for each in self.values)
        return Failure(
            (
                Issue(
                    "", "not_one_of", f"must be one of {expected}", brief(value), (("values", self.values),)
                ),
            ),
            value,
        )

    def describe(self) -> Schema:
        return {"enum": list(self.values)}

    def __str__(self) -> str:
        return _called("one_of", *self.values)


def text(
    at_least: int = 0, at_most: int | None = None, *, pattern: str | None = None, strip: bool = False
) -> Validator[str]:
    """Text of so many characters.

    Args:
        at_least: of the number of characters.
        at_most: of the number of characters; None for no bound.
        pattern: a regular expression that the whole text matches. What Python and JSON Schema read alike
            describes it to others, too.
        strip: white space at both ends is taken off first, and does not count.

    Raises:
        PlanError: a bound is negative, they cross, or the pattern is none.

    Cost: of a text that is too long, nothing but its length is looked at.

    >>> text(1, strip=True).check(" Ada ")
    Ok(value='Ada')
    """
    require_bounds(at_least, at_most)
    try:
        return Text(at_least, at_most, pattern, strip)
    except re.error as error:
        raise PlanError(f"pattern must be a regular expression, got {brief(pattern)}: {error}") from error


def integer(at_least: int | None = None, at_most: int | None = None) -> Validator[int]:
    """A whole number; 1.0 and True are none, and JSON Schema differs in the first.

    >>> integer(0, 150).check(-1).error[0].text
    'must be from 0 to 150, got -1'
    """
    _require_order(at_least, at_most)
    return Number((int,), "integer", at_least, at_most)


def number(at_least: float | None = None, at_most: float | None = None) -> Validator[float]:
    """A number that is finite.

    >>> number(0).check(float("nan")).error[0].text
    'must be a finite number, got nan'
    """
    _require_order(at_least, at_most)
    return Number((int, float), "number", at_least, at_most)


def boolean() -> Validator[bool]:
    """True or False.

    >>> boolean().check(1).error[0].text
    'must be a boolean, got a number'
    """
    return Boolean()


def one_of(*values: T) -> Validator[T]:
    """One of these values.

    Raises:
        PlanError: there is none.

    >>> one_of("home", "work").check("car").error[0].text
    "must be one of home, work, got 'car'"
    """
    if not values:
        raise PlanError("one_of must have at least 1 value, got 0")
    return OneOf(values)


def attempt(
    f: Callable[[Any], T],
    exception: type[Exception],
    *exceptions: type[Exception],
    code: str = "invalid",
    message: str = "is not valid",
) -> Validator[T]:
    """What `f` makes of the value; an issue where it raises one of the exceptions named.

    Other exceptions are bugs, and pass through.

    >>> number_in_text = attempt(int, ValueError, message="must be a whole number")
    >>> number_in_text.check("12"), number_in_text.check("x").error[0].text
    (Ok(value=12), 'must be a whole number')
    """
    named = (exception, *exceptions)
    return Parser(_Attempt(require_function("f", f), named), code, message, ())


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A function that raises, as one that gives a Result: a class, so that it can be pickled."""

    function: Callable[[Any], Any]
    exceptions: tuple[type[Exception], ...]

    def __call__(self, value: Any) -> Result[Any, str]:
        try:
            return Ok(self.function(value))
        except self.exceptions:
            return Err("")

    @property
    def __name__(self) -> str:
        return str(getattr(self.function, "__name__", type(self.function).__name__))


def _length_issue(code: str, words: str, fact: str, bound: int, count: int) -> Issue:
    noun = "character" if bound == 1 else "characters"
    return Issue("", code, f"must have {words} {bound} {noun}", str(count), ((fact, bound),))


def _called(name: str, *arguments: object) -> str:
    given = [brief(argument) for argument in arguments if argument is not None]
    return f"{name}({', '.join(given)})" if given else name


def _require_order(at_least: float | None, at_most: float | None) -> None:
    if at_least is not None and at_most is not None and at_most < at_least:
        raise PlanError(f"at_most must be at least {at_least}, got {at_most}")
