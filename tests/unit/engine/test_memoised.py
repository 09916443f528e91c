"""Memoised functions: only with a licence, the same results, bounded, seen in explain."""

import pickle
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Chain, it
from engine.errors import NotRegistered, PlanError, PurityError
from engine.registry import Registry

CALLS = []


def counted(value: object) -> str:
    CALLS.append(value)
    return repr(value)


def last_letter(text: str) -> str:
    return text[-1]


def letters(text: str) -> list[str]:
    return list(text)


def each_letter(text: str) -> Iterator[str]:
    yield from text


def vouched(function, name="function"):
    """The memoised function, on the word of its author: it counts its calls, so reading refuses it."""
    CALLS.clear()
    registry = Registry(require="declared")
    registry.pure("transformation", name=name, trust="the count is for a test")(function)
    return registry.memoised(name, size=2)


def test_a_result_is_computed_once_for_equal_calls():
    function = vouched(counted)
    assert [function("a"), function("a"), CALLS] == ["'a'", "'a'", ["a"]]


def test_the_result_that_was_not_asked_for_longest_is_computed_again():
    function = vouched(counted)
    assert [function(text) for text in "abcb"] == ["'a'", "'b'", "'c'", "'b'"]
    function("a")
    assert CALLS == ["a", "b", "c", "a"]


@given(
    st.lists(st.sampled_from([0, False, 0.0, -0.0, Decimal("1.0"), Decimal("1.00"), 1, True, (1,), (1.0,)]))
)
def test_values_that_are_equal_and_not_the_same_keep_their_own_results(values):
    function = vouched(counted)
    assert [function(value) for value in values] == [repr(value) for value in values]


def test_what_can_not_be_hashed_is_computed_as_without_a_memo():
    assert vouched(counted)([1]) == "[1]"


def test_a_result_that_its_reader_can_change_is_not_shared():
    function = vouched(letters)
    function("ab").append("c")
    assert function("ab") == ["a", "b"]


def test_an_error_is_raised_by_each_call():
    function = vouched(last_letter)
    for _ in range(2):
        with pytest.raises(IndexError, match="out of range"):
            function("")


def test_a_function_that_gives_an_iterator_is_refused_with_its_verdict():
    registry = Registry()
    registry.pure("transformation")(each_letter)
    with pytest.raises(
        PurityError, match=r"(?s)may be remembered, got each_letter: .*its result is an iterator"
    ):
        registry.memoised("each_letter")


def test_a_function_that_was_refused_has_no_memo():
    registry = Registry()
    with pytest.raises(PurityError, match=r"changes what others see|mutable-global"):
        registry.pure("transformation")(counted)
    with pytest.raises(NotRegistered):
        registry.memoised("counted")


def test_a_memo_has_a_bound():
    registry = Registry()
    registry.pure("transformation")(last_letter)
    with pytest.raises(PlanError, match="size must be at least 1, got 0"):
        registry.memoised("last_letter", size=0)


def test_a_chain_gives_the_same_with_a_memo_and_explain_names_the_licence():
    registry = Registry()
    registry.pure("transformation")(last_letter)
    words = ["ab", "cb", "ab", "x"] * 3
    chain = Chain(words).map(registry.memoised("last_letter", size=9))
    assert chain.collect() == Chain(words).map(last_letter).collect()
    assert "map(memoised(last_letter, size=9, verified))" in chain.explain()


def test_a_licence_lets_equal_keys_go_before_sorting():
    registry = Registry()
    registry.pure("transformation")(last_letter)
    key, words = registry.memoised("last_letter"), ["ab", "cb", "ca", "xa"]
    chain = Chain(words).sort(key).dedup(key)
    assert "steps 1 and 2: sort_unique does both" in chain.explain()
    assert chain.collect() == Chain(words).sort(last_letter).dedup(last_letter).collect() == ["ca", "ab"]


def test_a_function_without_a_licence_is_asked_as_written():
    assert "optimised: nothing to rewrite" in Chain(["ab"]).sort(last_letter).dedup(last_letter).explain()


def test_a_filter_stays_behind_a_pure_map_because_the_map_may_raise():
    registry = Registry()
    registry.pure("transformation")(last_letter)
    chain = Chain(["ab", ""]).map(registry.memoised("last_letter")).filter(it != "")
    assert "optimised: nothing to rewrite" in chain.explain()
    with pytest.raises(IndexError):
        chain.collect()


def test_a_pickled_memo_starts_empty_and_gives_the_same():
    registry = Registry()
    registry.pure("transformation")(last_letter)
    function = registry.memoised("last_letter", size=7)
    copied = pickle.loads(pickle.dumps(function))  # noqa: S301 (our own)
    assert (repr(copied), copied("ab")) == (repr(function), "b")


def test_a_memo_takes_and_returns_what_its_function_does():
    function = vouched(last_letter)
    assert (function.takes, function.returns) == (str, str)
