"""What is wrong with a value and where: issues as values, and what judges hand to each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Generic, NamedTuple, Self, TypeVar, final

from engine.errors import PlanError
from engine.kernels.objects.place import brief

T_co = TypeVar("T_co", covariant=True)

Facts = tuple[tuple[str, Any], ...]


class Missing(Enum):
    """An enumeration, because its one value stays the same through a pickle."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class Issue(NamedTuple):
    """One problem of a value: a named tuple, which is made three times as fast as a frozen dataclass.

    Args:
        path: where in the value, such as `address.city` or `labels[2]`; empty for the value itself.
        code: which rule, for programs.
        message: what was expected, for people; never made of the value.
        got: what was there instead, a short text; None where it does not help, or is a secret.
        facts: the numbers behind the rule, for those who write the message in another language.

    >>> Issue("labels[2]", "type", "must be text", "a number").text
    'must be text, got a number'
    """

    path: str
    code: str
    message: str
    got: str | None = None
    facts: Facts = ()

    @property
    def text(self) -> str:
        """The message, and what was there instead."""
        return self.message if self.got is None else f"{self.message}, got {self.got}"


@dataclass(frozen=True, slots=True)
class Rejected(Generic[T_co]):
    """An item of a stream that broke rules; `position` counts all items, and the item never shows."""

    position: int
    item: T_co = field(repr=False)
    issues: tuple[Issue, ...]


@final
class Failure:
    """What a judge gives for a value with issues.

    `value` is what the rules that follow may still be asked about, MISSING when they can not be: then the
    value is not even of the right type. A class without fields of its own to make, since judges are hot.
    """

    __slots__ = ("issues", "value")

    def __init__(self, issues: tuple[Issue, ...], value: Any = MISSING) -> None:
        self.issues = issues
        self.value = value

    def below(self, part: str) -> Failure:
        """The same seen from the value that has this one as a part."""
        moved = [
            Issue(joined(part, path) if path else part, code, message, got, facts)
            for path, code, message, got, facts in self.issues
        ]
        return Failure(tuple(moved), self.value)


def joined(outer: str, inner: str) -> str:
    """A path inside another.

    >>> joined("people", "[2]"), joined("people[2]", "age"), joined("age", "")
    ('people[2]', 'people[2].age', 'age')
    """
    return f"{outer}{inner}" if not inner or inner.startswith("[") else f"{outer}.{inner}"


def union(failures: Iterable[Failure], value: Any) -> Failure:
    """All issues, with a value if each failure left one."""
    issues: list[Issue] = []
    for failure in failures:
        issues += failure.issues
        if failure.value is MISSING:
            value = MISSING
    return Failure(tuple(issues), value)


class Blame(str):
    """The note on an error of a caller's function: which rule was being asked, and where."""

    __slots__ = ("path", "rule")
    path: str
    rule: str

    def __new__(cls, rule: str, path: str) -> Self:
        made = super().__new__(cls, f"in {rule} of {path or 'the value'}")
        made.rule = rule
        made.path = path
        return made


def blame(error: Exception, rule: str) -> None:
    """Note on the error of a caller's function which rule it is; never the value, which may be a secret."""
    error.add_note(Blame(rule, ""))


def deepen(error: Exception, part: str) -> None:
    """Note that the rule was asked inside a part of the value."""
    notes = getattr(error, "__notes__", ())
    if notes and isinstance(notes[-1], Blame):
        notes[-1] = Blame(notes[-1].rule, joined(part, notes[-1].path))


def written(message: str, facts: Facts) -> str:
    """The message with its facts in the places of their names, or PlanError.

    >>> written("must have at most {at_most} characters", (("at_most", 5),))
    'must have at most 5 characters'
    """
    if not facts:
        return message
    try:
        return message.format_map(dict(facts))
    except (KeyError, IndexError, ValueError) as error:
        raise PlanError(
            f"a message must name only facts that are given, got {message!r:.100} with "
            f"{', '.join(name for name, _ in facts)}"
        ) from error


def shown(got: object) -> str:
    """A short text for what was there: of a text, the text as it would be typed."""
    return str(got) if isinstance(got, int | float) else brief(got)


def name_of_type(value: object) -> str:
    """The JSON word for the type of a value, for messages.

    >>> name_of_type(1.5), name_of_type(None), name_of_type({1})
    ('a number', 'null', 'set')
    """
    return _JSON_TYPES.get(type(value), type(value).__name__)


_JSON_TYPES: dict[type, str] = {
    str: "text",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    list: "a list",
    tuple: "a list",
    dict: "an object",
    type(None): "null",
}
