"""Registries: pure functions by name, category and signature; others are refused, with the reason."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal, TypeAlias, TypeVar, get_args

from engine.errors import NotRegistered, PlanError, PurityError, RegistryError
from engine.purity.verdict import Level, Verdict

Category: TypeAlias = Literal["transformation", "validation", "aggregation", "predicate"]
Required: TypeAlias = Literal["verified", "probed", "declared"]
Function: TypeAlias = Callable[..., Any]
F = TypeVar("F", bound=Callable[..., Any])

__all__ = ["Category", "Level", "Registry", "Required", "Verdict", "probe", "verdict_of"]


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    category: Category
    function: Function
    verdict: Verdict
    takes: tuple[Any, ...]
    returns: Any


class Registry:
    """Pure functions under names. `require` is the least that must be known of each.

    >>> registry = Registry()
    >>> @registry.pure("transformation")
    ... def trimmed(text: str) -> str:
    ...     return text.strip()
    >>> registry.get("trimmed")(" Ada ")
    'Ada'
    >>> registry.verdict("trimmed").may_reorder
    True

    Raises:
        PlanError: `require` is not one of the three.
    """

    def __init__(self, require: Required = "verified") -> None:
        self._required = Level(_require("require", require, Required))
        self._functions: dict[str, Function] = {}
        self._entries: dict[str, _Entry] = {}
        self._vouched: dict[int, _Entry] = {}
        self._lock = threading.RLock()
        self._frozen = False

    def __contains__(self, name: object) -> bool:
        return name in self._functions

    def __len__(self) -> int:
        return len(self._functions)

    def __repr__(self) -> str:
        return f"Registry(require={self._required.value!r}): {len(self)} functions"

    def pure(
        self,
        category: Category,
        name: str | None = None,
        trust: str | None = None,
        examples: Sequence[tuple[Any, ...]] = (),
    ) -> Callable[[F], F]:
        """A decorator that registers a function and returns it as it is.

        Args:
            category: what the function is for.
            name: under which it is found; without one, the function's own.
            trust: why its author vouches for it, in a sentence; enough where `require` is "declared".
            examples: arguments of calls by which it is probed when reading is not enough.

        Raises:
            PurityError: less is known of the function than the registry requires.
            RegistryError: the name is taken, or the registry is frozen.
            PlanError: the category is unknown, or what is registered has no name.

        Cost: the function and all it calls are read, once; calling it costs what it did before.
        """
        _require("category", category, Category)

        def register(function: F) -> F:
            self._add(function, category, name, trust, examples)
            return function

        return register

    def get(self, name: str) -> Function:
        """The function of that name.

        Raises:
            NotRegistered: there is none; names that are close are listed.
        """
        try:
            return self._functions[name]
        except KeyError:
            raise NotRegistered(f"name must be registered, got {name!r:.100}{self._close(name)}") from None

    def verdict(self, name: str) -> Verdict:
        """What was found out about the function of that name when it was registered.

        Raises:
            NotRegistered: there is none.
        """
        self.get(name)
        return self._entries[name].verdict

    def memoised(self, name: str, size: int = 1_000) -> Function:
        """The function of that name, beside its last results; `explain()` shows it with its licence.

        Remembered are results that can not change, of positional arguments that equal ones can not differ
        from (texts, bytes, whole numbers, dates, None); all others are computed each time.

        Args:
            name: under which it is registered.
            size: so many results; the one that was not asked for longest goes first.

        Raises:
            NotRegistered: there is none.
            PurityError: its verdict does not license it, as when what it gives is an iterator.
            PlanError: the size is not at least 1.

        >>> registry = Registry()
        >>> _ = registry.pure("transformation", name="square")(lambda n: n * n)
        >>> registry.memoised("square", size=100)
        memoised(<lambda>, size=100, verified)
        """
        verdict = self.verdict(name)
        if size < 1:
            raise PlanError(f"size must be at least 1, got {size}")
        if not verdict.may_memoise:
            raise PurityError(
                f"function must be one whose results may be remembered, got {verdict}", verdict
            )
        from engine.memoised import Memoised  # noqa: PLC0415 (rarely wanted)

        return Memoised(self.get(name), size, verdict.level.value)

    def find(
        self, category: Category | None = None, takes: Any = None, returns: Any = None
    ) -> tuple[Function, ...]:
        """The functions of a category that can be called with `takes` and give `returns`, in order.

        Args:
            category: all of them when None.
            takes: a type, or a tuple of the types of several arguments.
            returns: a type. Parameters and results that are not annotated fit no type.

        >>> registry = Registry()
        >>> size = registry.pure("aggregation", name="size")(lambda items: len(items))
        >>> registry.find("aggregation") == (size,), registry.find(returns=int)
        (True, ())
        """
        with self._lock:
            entries = tuple(self._entries.values())
        return tuple(each.function for each in entries if _fits(each, category, takes, returns))

    def compose(self, *names: str) -> Function:
        """The functions of these names as one of one argument, applied from left to right.

        Raises:
            NotRegistered: one of them is not here.
            PlanError: there are none, or one gives what the next does not take, by their annotations.
        """
        if not names:
            raise PlanError("names must be at least one, got none")
        steps = tuple(self.get(name) for name in names)
        entries = [self._entries[name] for name in names]
        for left, right in pairwise(entries):
            _require_joint(left, right)

        def composed(value: Any, /) -> Any:
            for step in steps:
                value = step(value)
            return value

        composed.__name__ = composed.__qualname__ = "_then_".join(names)
        return composed

    def report(self, function: Function | str) -> str:
        """The verdict on a function, or on the one of that name, with its reasons, as an error says it.

        >>> Registry().report(print).splitlines()[0]
        'print: rejected'
        """
        if isinstance(function, str):
            return str(self.verdict(function))
        known = [each.verdict for each in self._entries.values() if each.function is function]
        return str(known[0] if known else self._read(function))

    def freeze(self) -> None:
        """From here on nothing can be registered."""
        with self._lock:
            self._frozen = True

    def _add(
        self,
        function: Function,
        category: Category,
        name: str | None,
        trust: str | None,
        examples: Sequence[Any],
    ) -> None:
        label = name or str(getattr(function, "__name__", ""))
        if not label or label == "<lambda>":
            raise PlanError(f"name must be given for a function without one, got {name!r}")
        self._require_free(
            label
        )  # before the reading, which costs, and again after it, as others may be quicker
        verdict = self._judged(function, trust, examples)
        if not verdict.level.satisfies(self._required):
            raise PurityError(f"function must be {self._required.value}, got {verdict}", verdict)
        takes, returns = _signature(function)
        entry = _Entry(label, category, function, verdict, takes, returns)
        with self._lock:
            self._require_free(label)
            self._entries[label] = entry
            self._functions[label] = function
            if verdict.level is not Level.VERIFIED:
                self._vouched[id(function)] = entry

    def _require_free(self, name: str) -> None:
        if self._frozen:
            raise RegistryError(f"registry must not be frozen when a function is added, got {name!r:.100}")
        if name in self._functions:
            raise RegistryError(f"name must not be taken, got {name!r:.100}")

    def _judged(
        self, function: Function, trust: str | None, examples: Sequence[tuple[Any, ...]]
    ) -> Verdict:
        verdict = self._read(function)
        for arguments in examples:
            if verdict.level in {Level.UNVERIFIED, Level.PROBED}:
                verdict = probe(function, arguments)
        if trust is not None and not verdict.level.satisfies(Level.DECLARED):
            if not trust.strip():
                raise PlanError(f"trust must say why, got {trust!r}")
            return replace(verdict, level=Level.DECLARED, trust=trust)
        return verdict

    def _read(self, function: Function) -> Verdict:
        """What reading shows; a function that calls others here is known no better than they are."""
        if not self._vouched:
            return verdict_of(function)
        used: list[_Entry] = []

        def trusted(callee: object) -> bool:
            entry = self._vouched.get(id(callee))
            used.extend([] if entry is None else [entry])
            return entry is not None

        verdict = verdict_of(function, trusted)
        weakest = max((each.verdict for each in used), key=_weakness, default=verdict)
        if _weakness(weakest) <= _weakness(verdict):
            return verdict
        return replace(
            verdict, level=weakest.level, trust=f"calls {weakest.subject}: {weakest.trust or 'probed'}"
        )

    def _close(self, name: object) -> str:
        from difflib import get_close_matches  # noqa: PLC0415 (only when it goes wrong)

        names = get_close_matches(str(name), list(self._functions), 3)
        return f"; close to it: {', '.join(names)}" if names else ""


def verdict_of(function: object, trusted: Callable[[object], bool] | None = None) -> Verdict:
    """What a careful reading finds out about a callable, without running it.

    Cost: once for each version of it; a fingerprint is taken each time.

    >>> print(verdict_of(len))
    len: verified
    """
    from engine.purity import judge  # noqa: PLC0415 (only a registry in use reads functions)

    return judge.verdict_of(function, trusted)


def probe(function: Function, arguments: tuple[Any, ...], timeout_s: float = 5.0) -> Verdict:
    """The verdict after the function was run on copies of these arguments: see `engine.purity.probe`."""
    from engine.purity import probe as probing  # noqa: PLC0415 (only when asked)

    return probing.probe(function, arguments, timeout_s)


def _weakness(verdict: Verdict) -> int:
    return list(Level).index(verdict.level)


def _require(name: str, value: Any, choices: Any) -> Any:
    if value not in get_args(choices):
        raise PlanError(f"{name} must be one of {', '.join(get_args(choices))}, got {value!r:.100}")
    return value


def _signature(function: Function) -> tuple[tuple[Any, ...], Any]:
    """The annotated types of the positional parameters, and of the result; None where there is none."""
    from inspect import Parameter, signature  # noqa: PLC0415

    try:
        read = signature(function, eval_str=True)
    except Exception:  # noqa: BLE001 (an annotation may be anything, and some callables have no signature)
        return (), None
    kinds = {Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD}
    takes = [each.annotation for each in read.parameters.values() if each.kind in kinds]
    return tuple(map(_annotated, takes)), _annotated(read.return_annotation)


def _annotated(annotation: Any) -> Any:
    from inspect import Parameter  # noqa: PLC0415

    return None if annotation is Parameter.empty else type(None) if annotation is None else annotation


def _fits(entry: _Entry, category: Category | None, takes: Any, returns: Any) -> bool:
    if category is not None and entry.category != category:
        return False
    asked = takes if isinstance(takes, tuple) else () if takes is None else (takes,)
    if len(asked) > len(entry.takes) or not all(map(_accepts, entry.takes, asked)):
        return False
    return returns is None or _accepts(returns, entry.returns)


def _accepts(wanted: Any, given: Any) -> bool:
    """Whether a value of the type `given` is one of the type `wanted`, as far as classes and unions go."""
    if wanted is None or given is None:
        return False
    if wanted in (given, Any):
        return True
    choices = [*_choices(wanted)]
    if choices != [wanted]:
        return all(any(_accepts(each, part) for each in choices) for part in _choices(given))
    return isinstance(wanted, type) and isinstance(given, type) and issubclass(given, wanted)


def _choices(annotation: Any) -> Iterator[Any]:
    from types import UnionType  # noqa: PLC0415
    from typing import Union, get_origin  # noqa: PLC0415

    yield from get_args(annotation) if get_origin(annotation) in {UnionType, Union} else (annotation,)


def _require_joint(left: _Entry, right: _Entry) -> None:
    given, wanted = left.returns, right.takes[0] if right.takes else None
    plain = isinstance(given, type) and isinstance(wanted, type)
    if plain and not _accepts(wanted, given):
        raise PlanError(
            f"{right.name} must take what {left.name} gives, {_shown(given)}, but takes {_shown(wanted)}"
        )


def _shown(annotation: Any) -> str:
    return str(getattr(annotation, "__qualname__", annotation))
