"""Rules that leave a value as it is: predicates, their opposites, their conditions, their places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar, overload

from engine.errors import PlanError
from engine.expr import Expr, as_callable
from engine.kernels.objects.place import brief
from engine.validation.issues import Facts, Failure, Issue, blame, shown, written
from engine.validation.schema import Schema, rules_told
from engine.validation.validator import Check, Validator, as_validator, name_of, require_function
from engine.validation.words import words_of

T = TypeVar("T")

Predicate: TypeAlias = Callable[[Any], object] | Expr


class Rule(Validator[Any]):
    """A validator that gives the value as it came; a broken one does not keep the next from being asked."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Holds(Rule):
    """A predicate that is true of the value."""

    predicate: Predicate
    code: str
    message: str
    got: Callable[[Any], object] | None
    facts: Facts
    holds: Callable[[Any], object] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "holds", ready_predicate(self.predicate))

    def judge(self, value: Any) -> Any:
        try:
            if self.holds(value):
                return value
            got = None if self.got is None else shown(self.got(value))
        except Exception as error:
            blame(error, f"rule {self.code!r}")
            raise
        return Failure((Issue("", self.code, self.message, got, self.facts),), value)

    def describe(self) -> Schema:
        words = words_of(self.predicate) if isinstance(self.predicate, Expr) else {}
        return words | rules_told(self.code, self.message, self.facts)

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True, eq=False)
class Not(Rule):
    """What another validator refuses."""

    of: Validator[Any]
    code: str
    message: str
    facts: Facts

    def judge(self, value: Any) -> Any:
        if type(self.of.judge(value)) is Failure:
            return value
        return Failure((Issue("", self.code, self.message, None, self.facts),), value)

    def describe(self) -> Schema:
        return rules_told(self.code, self.message, self.facts)

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True, eq=False)
class When(Rule):
    """A validator for those values of which a predicate is true."""

    predicate: Predicate
    then: Validator[Any]
    applies: Callable[[Any], object] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "applies", ready_predicate(self.predicate))

    def judge(self, value: Any) -> Any:
        try:
            applies = self.applies(value)
        except Exception as error:
            blame(error, f"condition {_named(self.predicate)}")
            raise
        return self.then.judge(value) if applies else value

    def describe(self) -> Schema:
        return {"x-when": {"if": _named(self.predicate), "then": self.then.describe()}}

    def __str__(self) -> str:
        return f"when({_named(self.predicate)}, {self.then})"


@dataclass(frozen=True, slots=True, eq=False)
class At(Rule):
    """A validator of the whole value whose issues stand at a part of it."""

    path: str
    of: Validator[Any]

    def judge(self, value: Any) -> Any:
        found = self.of.judge(value)
        return found.below(self.path) if type(found) is Failure else found

    def describe(self) -> Schema:
        return self.of.describe()

    def __str__(self) -> str:
        return str(self.of)


def rule(
    predicate: Predicate,
    code: str,
    message: str,
    *,
    got: Callable[[Any], object] | None = None,
    **facts: Any,
) -> Rule:
    """A value keeps it if the predicate is true of it; the value stays as it is.

    Rules that follow each other are all asked, also behind one that is broken: a rule that presupposes
    another stands in `when`.

    Args:
        predicate: a pure function, or an expression of `it`.
        code: which rule, for programs.
        message: what is expected, for people; `{name}` stands for a fact.
        got: makes of the value what the issue tells of it; without it, nothing is told.
        facts: the numbers behind the rule.

    Raises:
        PlanError: the predicate is neither, or the message names a fact that is not given.

    >>> from engine import it
    >>> short = rule(it.len() <= 5, "long", "must have at most {most} letters", got=len, most=5)
    >>> short.check("chainbook").error[0].text
    'must have at most 5 letters, got 9'
    """
    given = tuple(facts.items())
    return Holds(_require_predicate(predicate), code, written(message, given), got, given)


def not_(validator: Check[Any], code: str, message: str, **facts: Any) -> Rule:
    """A value keeps it if `validator` refuses the value, which stays as it is.

    >>> from engine.validation import one_of
    >>> not_(one_of("root", "admin"), "reserved", "must not be a reserved name").check("root").is_ok()
    False
    """
    given = tuple(facts.items())
    return Not(as_validator(validator), code, written(message, given), given)


@overload
def when(predicate: Predicate, validator: Rule) -> Rule: ...
@overload
def when(predicate: Predicate, validator: Check[Any]) -> Validator[Any]: ...
def when(predicate: Predicate, validator: Check[Any]) -> Validator[Any]:
    """`validator` for the values of which the predicate is true; the others pass as they are.

    Raises:
        PlanError: the predicate is neither callable nor an expression.

    >>> from engine import it
    >>> from engine.validation import all_of, text
    >>> starts = rule(it[0] == "/", "root", "must begin with a slash")
    >>> all_of(text(), when(it.len() > 0, starts)).check("").is_ok()
    True
    """
    return When(_require_predicate(predicate), as_validator(validator))


@overload
def at(path: str, validator: Rule) -> Rule: ...
@overload
def at(path: str, validator: Check[T]) -> Validator[T]: ...
def at(path: str, validator: Check[Any]) -> Validator[Any]:
    """A validator of a whole record, such as a rule about two fields, whose issues stand at one path.

    >>> from engine import it
    >>> order = at("until", rule(it["since"] <= it["until"], "order", "must not be before since"))
    >>> order.check({"since": 3, "until": 2}).error[0].path
    'until'
    """
    return At(path, as_validator(validator))


def ready_predicate(predicate: Predicate) -> Callable[[Any], object]:
    """Something to call; of an expression, its compiled form."""
    return as_callable(predicate) if isinstance(predicate, Expr) else predicate


def _require_predicate(predicate: object) -> Any:
    if isinstance(predicate, Expr):
        return predicate
    if isinstance(predicate, Validator):
        raise PlanError(f"a predicate must be a function or an expression, got the validator {predicate}")
    return require_function("a predicate", predicate)


def _named(predicate: Predicate) -> str:
    return brief(predicate) if isinstance(predicate, Expr) else name_of(predicate)
