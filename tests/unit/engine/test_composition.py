"""Composed functions: what they give, what they refuse, what their errors say, and their laws."""

import pickle
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NewType, Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import (
    Chain,
    compose,
    cond,
    const,
    curry,
    flip,
    identity,
    parallel,
    partial,
    pipeline,
    recurse,
    stages_of,
    when,
)
from engine.composed import functions_of
from engine.errors import CompositionError, PlanError
from engine.signatures import may_fit

UserId = NewType("UserId", int)
functions = st.sampled_from([str, repr, bool, identity, const(3), hash])


class Named(Protocol):
    name: str


def parsed(text: str) -> int:
    return int(text)


def shouted(text: str) -> str:
    return text.upper()


async def fetched(number: int) -> int:
    return number


def failing(value):
    raise ValueError(value)


def is_zero(n):
    return n == 0


def less_one(n):
    return n - 1


@given(functions, functions, functions, st.integers())
def test_pipelines_associate_as_values_and_as_functions(f, g, h, n):
    left, right = pipeline(pipeline(f, g), h), pipeline(f, pipeline(g, h))
    assert left == right == pipeline(f, g, h)
    assert hash(left) == hash(right)
    assert left(n) == h(g(f(n)))


@given(functions, st.integers())
def test_the_identity_is_neutral(f, n):
    assert pipeline(identity, f) == pipeline(f, identity) == pipeline(f)
    assert pipeline(f)(n) == f(n)
    assert pipeline()(n) == n


@given(st.lists(functions, max_size=5), st.integers())
def test_compose_is_a_pipeline_from_the_other_end(several, n):
    assert compose(*several) == pipeline(*reversed(several))


@given(st.integers(0, 200))
def test_recurse_is_recursion(n):
    def recursive(state):
        return state[1] if state[0] == 0 else recursive((state[0] - 1, state[1] + state[0]))

    looped = recurse(
        lambda state: state[0] == 0,
        lambda state: state[1],
        lambda state: (state[0] - 1, state[1] + state[0]),
    )
    assert looped((n, 0)) == recursive((n, 0))


def test_recursion_is_as_deep_as_it_likes():
    assert recurse(is_zero, const("done"), less_one)(100_000) == "done"


def test_a_pipeline_of_very_many_functions_runs_and_is_shown_in_a_line():
    long = pipeline(*[abs] * 10_000)
    assert long(-1) == 1
    assert repr(long).endswith("abs, <9992 more>)")


COMPOSED = [
    pipeline(str.strip, len),
    parallel(len, str),
    parallel(size=len, text=str),
    when(bool, len, str),
    cond((bool, len), default=str),
    recurse(is_zero, const("done"), less_one),
    curry(pow, 2)(3),
    partial(pow, 2, mod=5),
    flip(divmod),
    const("secret"),
]
SHOWN = [
    "pipeline(str.strip, len)",
    "parallel(len, str)",
    "parallel(size=len, text=str)",
    "when(bool, len, str)",
    "cond(bool, len, str)",
    "recurse(is_zero, const(<str>), less_one)",
    "curry(pow, <int>, <tuple>)",
    "partial(pow, <tuple>, <tuple>)",
    "flip(divmod)",
    "const(<str>)",
]


@pytest.mark.parametrize(("value", "text"), list(zip(COMPOSED, SHOWN, strict=True)), ids=SHOWN)
def test_a_composed_function_is_a_value(value, text):
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 (ours)
    assert hash(value) == hash(pickle.loads(pickle.dumps(value)))  # noqa: S301 (ours)
    assert repr(value) == text
    assert [other for other in COMPOSED if other == value] == [value]
    with pytest.raises(AttributeError, match="can not be changed"):
        value.parts = ()


def test_a_chain_shows_what_is_composed():
    assert "map(when(bool, len, str))" in Chain([]).map(when(bool, len, str)).explain()


def test_one_value_goes_to_several_functions():
    assert parallel(min, max)([3, 1]) == (1, 3)
    assert parallel(least=min, most=max)([3, 1]) == {"least": 1, "most": 3}


def test_the_first_case_that_holds_decides():
    sized = cond((is_zero, const("none")), (lambda n: n < 3, const("few")), default=str)
    assert [sized(0), sized(2), sized(5)] == ["none", "few", "5"]


def test_arguments_come_one_by_one_or_together():
    add = curry(lambda a, b, c=0: (a, b, c))
    assert add(1)(2) == add(1, 2) == (1, 2, 0)
    assert curry(flip(divmod))(2)(7) == (3, 1)
    with pytest.raises(TypeError, match="takes 2 arguments, got 3"):
        add(1)(2, 3)


def test_flipping_twice_and_giving_arguments_twice_lay_flat():
    assert flip(flip(divmod)) is divmod
    assert partial(partial(max, 1), 2) == partial(max, 1, 2)
    assert partial(max, 1)(0, 3) == 3


@pytest.mark.parametrize(
    ("function", "note"),
    [
        (pipeline(identity, str, failing), "in step 2 of pipeline (failing at test_composition.py:"),
        (parallel(str, failing), "in part 2 of parallel (failing at"),
        (parallel(a=str, b=failing), "in 'b' of parallel (failing at"),
        (when(failing, str), "in the predicate of when (failing at"),
        (when(bool, failing), "in then of when (failing at"),
        (when(is_zero, str, failing), "in otherwise of when (failing at"),
        (cond((is_zero, str), (failing, str), default=str), "in predicate 2 of cond (failing at"),
        (cond((is_zero, str), (bool, failing), default=str), "in case 2 of cond (failing at"),
        (cond((is_zero, str), default=failing), "in default of cond (failing at"),
        (recurse(failing, str, str), "in done of recurse (failing at"),
        (recurse(is_zero, str, failing), "in step of recurse (failing at"),
        (recurse(bool, failing, str), "in base of recurse (failing at"),
    ],
)
def test_an_error_keeps_its_type_and_says_which_part_raised_it(function, note):
    with pytest.raises(ValueError, match="1") as caught:
        function(1)
    assert [text[: len(note)] for text in caught.value.__notes__] == [note]


def test_an_error_that_is_raised_again_is_noted_once():
    error = ValueError("again")

    def raising(_):
        raise error

    for _ in range(3):
        with pytest.raises(ValueError, match="again"):
            pipeline(raising)(1)
    assert len(error.__notes__) == 1


def test_a_step_that_can_not_take_what_comes_is_refused_when_composed():
    with pytest.raises(CompositionError) as caught:
        pipeline(str.strip, parsed, shouted)
    text = str(caught.value)
    assert text.startswith("step 3 of pipeline (shouted at test_composition.py:")
    assert ") takes str, got int from step 2 (parsed at test_composition.py:" in text
    assert isinstance(caught.value, PlanError)


@pytest.mark.parametrize(
    "steps",
    [
        (pipeline(shouted, parsed), shouted),
        (parallel(str, len), shouted),
        (when(bool, parsed, parsed), shouted),
        (const(1), shouted),
        (fetched, fetched),
        (int, shouted),
    ],
)
def test_composed_functions_know_what_they_return(steps):
    with pytest.raises(CompositionError, match="step"):
        pipeline(*steps)


@pytest.mark.parametrize(
    ("returned", "taken", "fits"),
    [
        (int, str, False),
        (int, float, True),
        (float, int, False),
        (bool, int, True),
        (object, int, True),
        (Any, int, True),
        (int | None, int, True),
        (int | None, str, False),
        (int, str | None, False),
        (list[int], list[str], True),
        (list[int], Iterable[int], True),
        (Iterable[int], list[int], True),
        (Iterable[int], Iterator[int], True),
        (list[int], Iterator[int], False),
        (None, int, False),
        (Literal["a"], int, False),
        (UserId, int, True),
        (UserId, str, False),
        (int, Named, True),
        (st.SearchStrategy, "unresolved", True),
    ],
)
def test_only_what_surely_does_not_fit_is_refused(returned, taken, fits):
    assert may_fit(returned, taken) is fits


def test_annotations_that_can_not_be_resolved_are_no_obstacle():
    def odd(value: "Missing") -> "Missing":  # noqa: F821 (on purpose)
        return value

    assert pipeline(parsed, odd, shouted)


@pytest.mark.parametrize(
    "build",
    [
        lambda: pipeline(len, "field"),
        lambda: parallel(),
        lambda: parallel(len, size=len),
        lambda: when(bool, 3),
        lambda: cond((bool, len, len), default=len),
        lambda: cond((bool, 3), default=len),
        lambda: recurse(bool, len, None),
        lambda: curry(max),
        lambda: curry(len, 0),
    ],
)
def test_what_can_not_be_composed_is_refused_at_once(build):
    with pytest.raises(CompositionError, match=r"got|must be given"):
        build()


def test_others_can_see_through():
    assert stages_of(pipeline(str, len)) == functions_of(pipeline(str, len)) == (str, len)
    assert stages_of(len) == (len,)
    assert functions_of(parallel(a=len, b=str)) == (len, str)
    assert functions_of(partial(pow, 2)) == (pow,)
