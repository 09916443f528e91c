"""Validators, with the types that mypy and pyright must both find."""

from typing import Any, assert_type

from engine import Chain, Issue, Rejected, Result, Validator, it
from engine.validation import (
    Rule,
    all_of,
    any_of,
    attempt,
    boolean,
    each,
    integer,
    list_of,
    nullable,
    one_of,
    record,
    rule,
    text,
    when,
)


def values() -> None:
    assert_type(text().check("a"), Result[str, tuple[Issue, ...]])
    assert_type(integer()(1), Result[int, tuple[Issue, ...]])
    assert_type(text().map(len), Validator[int])
    assert_type(text().secret().explained("a", "b"), Validator[str])
    assert_type(one_of("home", "work"), Validator[str])
    assert_type(attempt(int, ValueError), Validator[int])


def combined() -> None:
    short = rule(it.len() < 5, "short", "must be short")
    assert_type(short, Rule)
    assert_type(all_of(text(), short, when(it.len() > 1, short)), Validator[str])
    assert_type(any_of(text(), boolean()), Validator[str | bool])
    assert_type(nullable(text()), Validator[str | None])
    assert_type(each(integer()), Validator[list[int]])
    assert_type(list_of(text(), 1), Validator[list[str]])
    assert_type(record(name=text()).check({}), Result[dict[str, Any], tuple[Issue, ...]])


def streams(words: Chain[object]) -> None:
    assert_type(words.validate(integer()), Chain[Result[int, Rejected[object]]])
    assert_type(words.validate(integer()).partition_results(), tuple[list[int], list[Rejected[object]]])
