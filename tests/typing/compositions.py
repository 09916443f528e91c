"""Functions put together, with the types that mypy and pyright must both find."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from typing import assert_type

from engine import Chain, compose, cond, const, parallel, partial, pipeline, recurse, when


def parsed(text: str) -> int:
    return int(text)


def halved(n: int) -> float:
    return n / 2


def less_one(n: int) -> int:
    return n - 1


def told(n: float) -> str:
    return str(n)


def uses(words: Chain[str]) -> None:
    assert_type(pipeline(parsed, halved)("1"), float)
    assert_type(pipeline(parsed, halved, told)("1"), str)
    assert_type(compose(told, halved, parsed)("1"), str)
    assert_type(parallel(parsed, str.upper)("1"), tuple[int, str])
    assert_type(parallel(number=parsed)("1"), dict[str, int])
    assert_type(when(bool, halved, told)(1), float | str)
    assert_type(cond((bool, halved), default=told)(1), float | str)
    assert_type(recurse(bool, halved, less_one)(1), float)
    assert_type(const(1)("any"), int)
    assert_type(partial(parsed)("1"), int)
    assert_type(words.map(pipeline(parsed, halved)), Chain[float])


def mistakes() -> None:
    pipeline(parsed, str.upper)  # type: ignore[misc]
    compose(str.upper, parsed)  # type: ignore[misc]
