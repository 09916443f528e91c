"""Functions made of functions, as immutable values: callable, compared by their parts, pickled, shown."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import lru_cache, partial
from operator import length_hint
from types import CellType, CodeType, FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeVar

from engine.signatures import UNKNOWN, Annotated, located, name_of, returns_of, takes_of

A_contra = TypeVar("A_contra", contravariant=True)
B_co = TypeVar("B_co", covariant=True)

# A repr is one line, however many parts there are.
_SHOWN_PARTS = 8


class Composed(Annotated, Generic[A_contra, B_co]):
    """A function of one argument that is made of others.

    `parts` is what it was built with; `functions` are those among them that it calls.
    """

    __slots__ = ("parts",)
    word: ClassVar[str]
    parts: tuple[Any, ...]

    def __init__(self, *parts: Any) -> None:
        object.__setattr__(self, "parts", parts)

    @abstractmethod
    def __call__(self, value: A_contra, /) -> B_co:
        """What the functions make of the value."""

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        return self.parts

    @property
    def takes(self) -> Any:
        return takes_of(self.functions[0]) if self.functions else UNKNOWN

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash((type(self), self.parts))

    def __repr__(self) -> str:
        parts = [self._shown(part) for part in self.parts[:_SHOWN_PARTS]]
        hidden = len(self.parts) - _SHOWN_PARTS
        return f"{self.word}({', '.join(parts)}{f', <{hidden} more>' if hidden > 0 else ''})"

    def _shown(self, part: Any) -> str:
        return name_of(part)

    def __reduce__(self) -> tuple[Any, ...]:
        kind: Any = type(self)
        return kind, self.parts

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a composed function can not be changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a composed function can not be changed: {name}")

    def _note(self, error: Exception, part: str, function: object) -> None:
        _note(error, part, self.word, function)


def _note(error: Exception, part: str, word: str, function: object) -> None:
    """Say in an error where it arose; once, though the same error may be raised again."""
    note = f"in {part} of {word} ({located(function)})"
    if note not in getattr(error, "__notes__", ()):
        error.add_note(note)


class Pipeline(Composed[A_contra, B_co]):
    """Functions that are called one after the other, each with what the one before returned."""

    word = "pipeline"

    if TYPE_CHECKING:

        def __call__(self, value: A_contra, /) -> B_co: ...
    else:
        # Each has a function of its own there, which the interpreter calls without one in between.
        __slots__ = ("__call__",)

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        object.__setattr__(self, "__call__", _written_out(parts))

    @property
    def returns(self) -> Any:
        return returns_of(self.parts[-1]) if self.parts else UNKNOWN


def _written_out(functions: tuple[Callable[..., Any], ...]) -> Callable[[Any], Any]:
    """The calls one after the other, as a person writes them.

    The interpreter keeps what it learns about a call beside it, so each pipeline has code of its own.
    """
    code = _code_of(len(functions)).replace()
    known = {"blame": partial(_blame_step, functions), "Exception": Exception}
    cells = map(CellType, functions)
    return FunctionType(code, known, "pipeline", None, tuple(cells))


@lru_cache(maxsize=64)
def _code_of(count: int) -> CodeType:
    """One call on each line: an error's traceback says which it was."""
    names = [f"function_{number:06d}" for number in range(count)]  # cells are in the order of their names
    lines = [
        f"def made({', '.join(names)}):",
        "  def run(value, /):",
        "    try:",
        *(f"      value = {name}(value)" for name in names),
        "      return value",
        "    except Exception as error:",
        "      blame(error)",
        "      raise",
        "  return run",
    ]
    spaces: dict[str, Any] = {}
    exec(compile("\n".join(lines), "<pipeline>", "exec"), spaces)  # noqa: S102 (words of this function)
    run: FunctionType = spaces["made"](*names)
    return run.__code__


def _blame_step(functions: tuple[Callable[..., Any], ...], error: Exception) -> None:
    """Note which step raised: the first stands on the fourth line."""
    place: Any = error.__traceback__
    number = place.tb_lineno - 3
    _note(error, f"step {number}", "pipeline", functions[number - 1])


class Parallel(Composed[A_contra, B_co]):
    """Several functions of one value: a tuple of what they return, or a dict when they have names."""

    __slots__ = ()
    word = "parallel"

    def __call__(self, value: A_contra, /) -> B_co:
        names, functions = self.parts
        rest = iter(functions)
        try:
            made = [function(value) for function in rest]
        except Exception as error:
            number = len(functions) - length_hint(rest)
            part = f"part {number}" if names is None else repr(names[number - 1])
            self._note(error, part, functions[number - 1])
            raise
        result: Any = tuple(made) if names is None else dict(zip(names, made, strict=True))
        typed: B_co = result
        return typed

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        functions: tuple[Callable[..., Any], ...] = self.parts[1]
        return functions

    @property
    def returns(self) -> Any:
        return tuple if self.parts[0] is None else dict

    def __repr__(self) -> str:
        names, functions = self.parts
        shown = [name_of(function) for function in functions]
        if names is not None:
            shown = [f"{name}={text}" for name, text in zip(names, shown, strict=True)]
        return f"{self.word}({', '.join(shown)})"


class When(Composed[A_contra, B_co]):
    """One of two functions, as a predicate decides."""

    __slots__ = ()
    word = "when"

    def __call__(self, value: A_contra, /) -> B_co:
        predicate, then, otherwise = self.parts
        part, called = "the predicate", predicate
        try:
            part, called = ("then", then) if predicate(value) else ("otherwise", otherwise)
            made: B_co = called(value)
        except Exception as error:
            self._note(error, part, called)
            raise
        return made

    @property
    def returns(self) -> Any:
        return _either(self.parts[1:])


class Cond(Composed[A_contra, B_co]):
    """The function of the first predicate that holds, or the default; parts are flat, the default last."""

    __slots__ = ()
    word = "cond"

    def __call__(self, value: A_contra, /) -> B_co:
        parts = self.parts
        part, called = "default", parts[-1]
        try:
            for at in range(0, len(parts) - 1, 2):
                part, called = f"predicate {at // 2 + 1}", parts[at]
                if called(value):
                    part, called = f"case {at // 2 + 1}", parts[at + 1]
                    break
            else:
                part, called = "default", parts[-1]
            made: B_co = called(value)
        except Exception as error:
            self._note(error, part, called)
            raise
        return made

    @property
    def returns(self) -> Any:
        return _either((*self.parts[1:-1:2], self.parts[-1]))


class Recurse(Composed[A_contra, B_co]):
    """`step` again and again until `done` holds, then `base`: recursion that needs no stack."""

    __slots__ = ()
    word = "recurse"

    def __call__(self, value: A_contra, /) -> B_co:
        done, base, step = self.parts
        state: Any = value
        part, called = "done", done
        try:
            while not done(state):
                part, called = "step", step
                state = step(state)
                part, called = "done", done
            part, called = "base", base
            made: B_co = base(state)
        except Exception as error:
            self._note(error, part, called)
            raise
        return made

    @property
    def returns(self) -> Any:
        return returns_of(self.parts[1])


class Const(Composed[object, B_co]):
    """Always the same value."""

    __slots__ = ()
    word = "const"

    def __call__(self, _: object, /) -> B_co:
        value: B_co = self.parts[0]
        return value

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        return ()

    @property
    def returns(self) -> Any:
        value: object = self.parts[0]
        return type(value)

    def _shown(self, part: Any) -> str:
        return f"<{type(part).__name__}>"


def stages_of(function: Any) -> tuple[Callable[..., Any], ...]:
    """The functions that stand one after the other in it: those of a pipeline, else itself.

    >>> from engine import pipeline
    >>> stages_of(pipeline(str.strip, int)) == (str.strip, int), stages_of(len) == (len,)
    (True, True)
    """
    return function.functions if isinstance(function, Pipeline) else (function,)


def functions_of(function: Callable[..., Any]) -> tuple[Callable[..., Any], ...]:
    """The functions that a composed one is made of; none of any other.

    >>> from engine import identity, when
    >>> functions_of(when(bool, len)) == (bool, len, identity), functions_of(len)
    (True, ())
    """
    return function.functions if isinstance(function, Composed) else ()


def _either(functions: tuple[Callable[..., Any], ...]) -> Any:
    returned = [returns_of(function) for function in functions]
    if any(each is UNKNOWN for each in returned):
        return UNKNOWN
    try:
        either = returned[0]
        for each in returned[1:]:
            either = either | each
    except TypeError:
        return UNKNOWN
    return either
