"""The corpus: what must be refused, with its rule, and what must not."""

from collections import Counter

import pytest
from corpus import held_out, held_out_hard, impure, pure

from engine.purity.judge import verdict_of
from engine.purity.probe import probe
from engine.purity.verdict import Level

LONGEST = 2000


def label(function):
    return getattr(function, "__qualname__", type(function).__qualname__)


def named(case):
    return label(case.function)


def judged(case):
    return verdict_of(case.function) if case.example is None else probe(case.function, case.example)


def test_the_corpus_is_large_enough():
    assert len(impure.CASES) >= 60
    assert len(pure.CASES) >= 40


def test_nearly_all_impure_functions_are_refused():
    levels = Counter(judged(case).level for case in impure.CASES)
    assert levels[Level.REJECTED] / len(impure.CASES) >= 0.95


@pytest.mark.parametrize("case", impure.CASES, ids=named)
def test_an_impure_function_is_refused_for_its_rule(case):
    verdict = judged(case)
    assert verdict.level is Level.REJECTED
    assert case.rule in {reason.rule for reason in verdict.reasons}


@pytest.mark.parametrize("case", impure.CASES, ids=named)
def test_a_refusal_is_short_and_says_where_what_and_how_to_fix_it(case):
    verdict = judged(case)
    assert len(str(verdict)) < LONGEST
    assert all(
        reason.name and reason.fix and f"[{reason.rule}: " in str(reason) for reason in verdict.reasons
    )


@pytest.mark.parametrize("case", pure.CASES, ids=named)
def test_a_pure_function_is_not_refused(case):
    verdict = verdict_of(case.function)
    assert (verdict.level.value, str(verdict) * (verdict.level.value != case.level)) == (case.level, "")


@pytest.mark.parametrize("function", [*held_out.IMPURE, *held_out_hard.HARD], ids=label)
def test_an_impure_function_that_was_held_out_is_refused(function):
    assert verdict_of(function).level is Level.REJECTED


@pytest.mark.parametrize("function", held_out.PURE, ids=label)
def test_a_pure_function_that_was_held_out_is_verified(function):
    assert str(verdict_of(function)) == f"{label(function)}: verified"


@pytest.mark.parametrize("function", held_out.REFUSED, ids=label)
def test_a_pure_function_that_reads_a_global_dict_is_refused_for_it(function):
    assert [reason.rule for reason in verdict_of(function).reasons] == ["mutable-global"]
