"""What do a composed function and a look-up in a registry cost beside the calls written out?"""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.question import Contender, Limit, Question, Ratio
from benchmarks.rivals import cytoolz_rival
from engine import pipeline
from engine.registry import Registry

VALUES = 2_000
NAMES = 10_000
MOST_S = NAMES * 1e-6
# The promise: less than 5 % more than the calls written out.
NESTED = 1 / 1.05


def _microsecond(number: int, factor: int) -> int:
    """About a microsecond of work, in which no allocation is left to chance."""
    for _ in range(20):
        number = number * factor % 1009
    return number


def first(number: int) -> int:
    return _microsecond(number, 3)


def second(number: int) -> int:
    return _microsecond(number, 5)


def third(number: int) -> int:
    return _microsecond(number, 7)


def fourth(number: int) -> int:
    return _microsecond(number, 11)


def fifth(number: int) -> int:
    return _microsecond(number, 13)


STEPS = (first, second, third, fourth, fifth)
# Composed once, as programs do: that compares annotations, and is not asked here.
COMPOSED = pipeline(*STEPS)


def _composed(numbers: list[int]) -> list[int]:
    function = COMPOSED
    return [function(number) for number in numbers]


def _written_out(numbers: list[int]) -> list[int]:
    return [fifth(fourth(third(second(first(number))))) for number in numbers]


def _registered(size: int) -> dict[str, Any]:
    """One function under many names: its verdict is found once."""
    registry = Registry()
    names = [f"function {number}" for number in range(size)]
    for name in names:
        registry.pure("transformation", name=name)(first)
    return {"registry": registry, "names": names, "dict": dict.fromkeys(names, first)}


def _looked_up(registered: dict[str, Any]) -> list[Any]:
    get = registered["registry"].get
    return [get(name) for name in registered["names"]]


def _from_dict(registered: dict[str, Any]) -> list[Any]:
    functions = registered["dict"]
    return [functions[name] for name in registered["names"]]


QUESTIONS = (
    Question(
        "composition of five functions",
        "five functions of about a microsecond each, one after the other, of each number",
        lambda size: list(range(size)),
        (
            Contender("engine", "engine", _composed),
            Contender("calls written out", "loop", _written_out),
            Contender("cytoolz.compose", "rival", partial(cytoolz_rival.composed, STEPS)),
        ),
        (
            Ratio(
                "at most 5 % above the calls written out", NESTED, ("calls written out",), sizes=(VALUES,)
            ),
            Ratio("cytoolz.compose", 0.95, ("cytoolz.compose",), sizes=(VALUES,)),
        ),
        sizes=(VALUES,),
    ),
    Question(
        "look-up in a registry",
        f"each of {NAMES:,} registered functions by its name",
        _registered,
        (
            Contender("engine", "engine", _looked_up),
            Contender("dict", "loop", _from_dict),
        ),
        (Limit(f"{NAMES:,} look-ups of a microsecond", MOST_S, ("engine",), "median_s", sizes=(NAMES,)),),
        sizes=(NAMES,),
    ),
)
