"""What a validator is: an immutable value that tells of any value what it becomes, or all that is wrong."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeAlias, TypeVar

from engine.errors import PlanError
from engine.kernels.objects.place import brief
from engine.result import Err, Ok, Result
from engine.validation.issues import Facts, Failure, Issue, Rejected, blame, written
from engine.validation.schema import Schema, merged, rules_told

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")

# A validator, or a function that distrusts: text in, Ok of a number or Err out.
Check: TypeAlias = Callable[[Any], Result[T, Any]]


class Validator(ABC, Generic[T_co]):
    """Rules about a value, as a value: it can be called, combined, described and pickled.

    Every problem is told, not only the first, with its path.

    >>> from engine.validation import record, text, integer
    >>> person = record(name=text(1, 200), age=integer(0))
    >>> person({"name": "Ada", "age": 36})
    Ok(value={'name': 'Ada', 'age': 36})
    >>> [f"{issue.path}: {issue.text}" for issue in person({"name": "", "age": "36"}).error]
    ['name: must have at least 1 character, got 0', 'age: must be an integer, got text']
    """

    __slots__ = ()

    @abstractmethod
    def judge(self, value: Any) -> Any:
        """What the value becomes, or a Failure: how validators ask each other."""

    @abstractmethod
    def describe(self) -> Schema:
        """The rules as data: a JSON Schema (draft 2020-12) as far as that can say them.

        Of a validator that changes values, it is the schema of what comes out. What JSON Schema has no word
        for stands under `x-rules`, with code and message.

        >>> from engine.validation import text
        >>> text(1, 200).describe()
        {'type': 'string', 'minLength': 1, 'maxLength': 200}
        """

    def check(self, value: Any) -> Result[T_co, tuple[Issue, ...]]:
        """Ok of what the value becomes, or Err of all its issues.

        An exception of a rule's own function is no issue: the rule is broken, not the value. It passes
        through, with a note that names the rule and the path.
        """
        found = self.judge(value)
        return Err(found.issues) if type(found) is Failure else Ok(found)

    __call__ = check

    def iter_checked(self, items: Iterable[T], start: int = 0) -> Iterator[Result[T_co, Rejected[T]]]:
        """The outcome for each item, in order; an Err has the item's position, counted from `start`.

        Laziness: one item is read for each outcome.

        >>> from engine.validation import integer
        >>> [outcome.is_ok() for outcome in integer().iter_checked([1, "2"])]
        [True, False]
        """
        judge = self.ready()
        for position, item in enumerate(items, start):
            found = judge(item)
            yield Err(Rejected(position, item, found.issues)) if type(found) is Failure else Ok(found)

    def ready(self) -> Callable[[Any], Any]:
        """`judge` in its fastest form."""
        return self.judge

    def map(self, f: Callable[[T_co], U]) -> Validator[U]:
        """The same rules; of a value that keeps them, what `f` makes of it.

        Raises:
            PlanError: `f` is not callable.

        >>> from engine.validation import text
        >>> text().map(str.upper).check("a")
        Ok(value='A')
        """
        return Mapped(self, require_function("f", f))

    def explained(self, code: str, message: str, **facts: Any) -> Validator[T_co]:
        """The same rules; whatever is broken, this is the one issue.

        >>> from engine.validation import text
        >>> text(pattern="[a-z]+").explained("slug", "must be small letters").check("A1").error
        (Issue(path='', code='slug', message='must be small letters', got=None, facts=()),)
        """
        return Explained(self, code, written(message, tuple(facts.items())), tuple(facts.items()))

    def described(self, **keywords: Any) -> Validator[T_co]:
        """The same rules; these words of JSON Schema are added to what `describe` says.

        >>> from engine.validation import text
        >>> text().described(format="email").describe()
        {'type': 'string', 'format': 'email'}
        """
        return Described(self, tuple(keywords.items()))

    def secret(self) -> Validator[T_co]:
        """The same rules; no issue tells anything of the value.

        Raises:
            PlanError: a function inside words its own messages; give it one with `parser`.

        >>> from engine.validation import text
        >>> text(12).secret().check("hush").error[0].text
        'must have at least 12 characters'
        """
        for part in walk(self):
            if isinstance(part, Parser) and part.message is None:
                raise PlanError(f"a parser of a secret must have a message of its own, got {part}")
        return Secret(self)

    def __reduce__(self) -> tuple[Any, ...]:
        """By the arguments: what is compiled of them can not be pickled."""
        given = [each.name for each in fields(self) if each.init]  # type: ignore[arg-type]  # all are dataclasses
        return type(self), tuple(getattr(self, name) for name in given)


@dataclass(frozen=True, slots=True, eq=False)
class Parser(Validator[T_co]):
    """A function that gives a Result; without a message, an Err tells the issues or the text it holds."""

    function: Check[T_co]
    code: str
    message: str | None
    facts: Facts

    def judge(self, value: Any) -> Any:
        try:
            made: object = self.function(value)
            if type(made) is Ok:
                return made.value
            error = _error_of(made)
        except Exception as failure:
            blame(failure, f"parser {self}")
            raise
        return self.refusal(error)

    def refusal(self, error: Any) -> Failure:
        """What is said of a value for which the function gave an Err of this."""
        return Failure(self._issues(error))

    def _issues(self, error: Any) -> tuple[Issue, ...]:
        if self.message is None and type(error) is tuple:
            return error  # pyright: ignore[reportUnknownVariableType]  # as an Err of ours has them
        own = error if isinstance(error, str) else "is not valid"
        return (Issue("", self.code, own if self.message is None else self.message, None, self.facts),)

    def describe(self) -> Schema:
        return {} if self.message is None else rules_told(self.code, self.message, self.facts)

    def __str__(self) -> str:
        return name_of(self.function)


@dataclass(frozen=True, slots=True, eq=False)
class Mapped(Validator[U], Generic[T, U]):
    """`of`, and then a function that can not fail."""

    of: Validator[T]
    function: Callable[[T], U]

    def judge(self, value: Any) -> Any:
        found = self.of.judge(value)
        if type(found) is Failure:
            # The function may presuppose what was broken.
            return Failure(found.issues)
        try:
            return self.function(found)
        except Exception as error:
            blame(error, f"map {name_of(self.function)}")
            raise

    def describe(self) -> Schema:
        return self.of.describe()

    def __str__(self) -> str:
        return str(self.of)


@dataclass(frozen=True, slots=True, eq=False)
class Explained(Validator[T_co]):
    """`of` with one issue in place of all."""

    of: Validator[T_co]
    code: str
    message: str
    facts: Facts

    def judge(self, value: Any) -> Any:
        found = self.of.judge(value)
        if type(found) is not Failure:
            return found
        return Failure((Issue("", self.code, self.message, None, self.facts),), found.value)

    def describe(self) -> Schema:
        return merged([self.of.describe(), rules_told(self.code, self.message, self.facts)])

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True, eq=False)
class Described(Validator[T_co]):
    """`of` with more words in its schema."""

    of: Validator[T_co]
    keywords: Facts

    def judge(self, value: Any) -> Any:
        return self.of.judge(value)

    def describe(self) -> Schema:
        return self.of.describe() | dict(self.keywords)

    def __str__(self) -> str:
        return str(self.of)


@dataclass(frozen=True, slots=True, eq=False)
class Secret(Validator[T_co]):
    """`of` without what was there."""

    of: Validator[T_co]

    def judge(self, value: Any) -> Any:
        found = self.of.judge(value)
        if type(found) is not Failure:
            return found
        told = [Issue(issue.path, issue.code, issue.message, None, issue.facts) for issue in found.issues]
        return Failure(tuple(told), found.value)

    def describe(self) -> Schema:
        return self.of.describe() | {"writeOnly": True}

    def __str__(self) -> str:
        return f"secret {self.of}"


def _error_of(made: object) -> Any:
    if type(made) is Err:
        return made.error  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # of any error
    raise TypeError(f"a parser must give Ok or Err, got {brief(made)}")


def as_validator(check: Check[T]) -> Validator[T]:
    """The validator itself; a function becomes one.

    Raises:
        PlanError: it is neither.
    """
    if isinstance(check, Validator):
        return check  # pyright: ignore[reportUnknownVariableType]  # of whatever the check is of
    if not callable(check):
        raise PlanError(
            "a validator must be one, or a function that gives Ok or Err (an expression goes into a rule), "
            f"got {brief(check)}"
        )
    return Parser(check, "invalid", None, ())


def parser(function: Check[T], code: str, message: str | None = None, **facts: Any) -> Validator[T]:
    """A function that gives Ok of what a value becomes, or Err; it may be given as it is, too.

    Args:
        function: pure; its Err holds a text, or issues as those of `check`.
        code: of the issue for its Err.
        message: what the issue says, in place of the text in the Err.
        facts: stand in the message under their names, in braces.

    Raises:
        PlanError: `function` is not callable, or the message names a fact that is not given.

    >>> from engine import Err, Ok
    >>> half = parser(lambda n: Err("must be even") if n % 2 else Ok(n // 2), "even")
    >>> half.check(8), half.check(7).error[0].text
    (Ok(value=4), 'must be even')
    """
    given = tuple(facts.items())
    said = None if message is None else written(message, given)
    return Parser(require_function("function", function), code, said, given)


def require_function(name: str, function: object) -> Any:
    """The function itself, or PlanError."""
    if not callable(function):
        raise PlanError(f"{name} must be callable, got {brief(function)}")
    return function


def walk(part: Any) -> Iterator[Validator[Any]]:
    """All validators in a validator, or in the tuples that it keeps them in; itself first."""
    if isinstance(part, Validator):
        yield part
        for field in fields(part):  # type: ignore[arg-type]  # all are dataclasses
            yield from walk(getattr(part, field.name))  # pyright: ignore[reportUnknownArgumentType]  # of any value
    elif type(part) is tuple or hasattr(part, "_fields"):
        parts: tuple[Any, ...] = part
        for each in parts:
            yield from walk(each)


def name_of(function: object) -> str:
    """What a function is called, for errors and `explain`."""
    return str(getattr(function, "__name__", None) or type(function).__name__)
