"""Options and Results outside of chains, with the types that mypy and pyright must both find."""

from typing import assert_type

from engine import (
    Fault,
    Option,
    Result,
    classify,
    collect_options,
    collect_results,
    combine,
    combine_all,
    option_of,
)
from engine.option import NothingType, Some


def halved(n: int) -> Option[float]:
    return option_of(n / 2 if n else None)


def options(found: Option[int], several: list[Option[str]]) -> None:
    assert_type(found.map(str), Option[str])
    assert_type(found.and_then(halved), Option[float])
    assert_type(found.unwrap_or("none"), int | str)
    assert_type(found.unwrap_or_else(list[str]), int | list[str])
    assert_type(found.or_raise(), int)
    assert_type(found.to_result("gone"), Result[int, str])
    assert_type(collect_options(several), Option[list[str]])
    match found:
        case Some(value):
            assert_type(value, int)
        case NothingType():
            assert_type(found, NothingType)


def results(number: Result[int, ValueError], text: Result[str, ValueError]) -> None:
    assert_type(number.ok(), Option[int])
    assert_type(number.recover(str), int | str)
    assert_type(number.unwrap_or_else(str), int | str)
    assert_type(combine(number, text), Result[tuple[int, str], ValueError])
    assert_type(combine_all(number, text), Result[tuple[int, str], tuple[ValueError, ...]])
    assert_type(collect_results([number]), Result[list[int], ValueError])
    assert_type(classify(number, {}), Fault)
