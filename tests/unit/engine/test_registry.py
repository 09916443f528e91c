"""Registering, finding and composing pure functions; what is refused, and how."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.errors import NotRegistered, PlanError, PurityError, RegistryError
from engine.registry import Level, Registry

CACHE = {}


def trimmed(text: str) -> str:
    return text.strip()


def size(text: str) -> int:
    return len(text)


def is_even(number: int) -> bool:
    return number % 2 == 0


def untyped(text):
    return text.strip()


def remembered(key):
    return CACHE.setdefault(key, key)


def calls_untyped(text):
    return untyped(text)


@pytest.fixture
def registry():
    made = Registry()
    made.pure("transformation")(trimmed)
    made.pure("aggregation")(size)
    made.pure("predicate")(is_even)
    return made


def test_the_decorator_returns_the_very_function():
    assert Registry().pure("transformation")(trimmed) is trimmed


def test_a_function_is_found_by_its_name(registry):
    assert registry.get("trimmed") is trimmed


def test_a_function_may_have_another_name():
    registry = Registry()
    registry.pure("transformation", name="text.trim")(trimmed)
    assert registry.get("text.trim") is trimmed


def test_a_name_that_is_not_there_lists_those_close_to_it(registry):
    with pytest.raises(NotRegistered, match="got 'trimed'; close to it: trimmed"):
        registry.get("trimed")


def test_a_name_is_given_once(registry):
    with pytest.raises(RegistryError, match="got 'trimmed'"):
        registry.pure("transformation")(trimmed)


def test_a_lambda_needs_a_name():
    with pytest.raises(PlanError, match="name must be given"):
        Registry().pure("transformation")(lambda text: text)


def test_an_unknown_category_is_refused():
    with pytest.raises(PlanError, match="category must be one of transformation"):
        Registry().pure("conversion")


def test_an_unknown_requirement_is_refused():
    with pytest.raises(PlanError, match="require must be one of verified, probed, declared"):
        Registry(require="proven")


def test_an_impure_function_is_refused_with_its_verdict():
    with pytest.raises(PurityError, match="mutable-global") as caught:
        Registry().pure("transformation")(remembered)
    assert caught.value.verdict.level is Level.REJECTED


def test_a_refusal_survives_pickling():
    with pytest.raises(PurityError) as caught:
        Registry().pure("transformation")(remembered)
    copied = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 (made here)
    assert (str(copied), copied.verdict) == (str(caught.value), caught.value.verdict)


def test_what_was_refused_is_not_there():
    registry = Registry()
    with pytest.raises(PurityError):
        registry.pure("transformation")(remembered)
    assert "remembered" not in registry


def test_an_unresolved_call_is_too_little_for_verified():
    with pytest.raises(PurityError, match="unresolved-method"):
        Registry().pure("transformation")(untyped)


def test_examples_are_enough_where_probing_is():
    registry = Registry(require="probed")
    registry.pure("transformation", examples=[(" a ",)])(untyped)
    assert registry.verdict("untyped").level is Level.PROBED


def test_without_examples_nothing_is_probed():
    with pytest.raises(PurityError, match="must be probed"):
        Registry(require="probed").pure("transformation")(untyped)


def test_trust_is_enough_where_declaring_is():
    registry = Registry(require="declared")
    registry.pure("transformation", trust="a cache that nobody sees")(remembered)
    verdict = registry.verdict("remembered")
    assert (verdict.level, verdict.trust) == (Level.DECLARED, "a cache that nobody sees")


def test_trust_keeps_what_speaks_against_it_in_the_report():
    registry = Registry(require="declared")
    registry.pure("transformation", trust="a cache that nobody sees")(remembered)
    assert "mutable-global" in registry.report("remembered")


def test_trust_is_not_enough_where_verifying_is_asked():
    with pytest.raises(PurityError, match="must be verified"):
        Registry().pure("transformation", trust="a cache")(remembered)


def test_trust_must_say_why():
    with pytest.raises(PlanError, match="trust must say why"):
        Registry(require="declared").pure("transformation", trust=" ")(remembered)


def test_a_function_that_calls_a_trusted_one_is_known_no_better():
    registry = Registry(require="declared")
    registry.pure("transformation", trust="texts only")(untyped)
    registry.pure("transformation")(calls_untyped)
    assert registry.verdict("calls_untyped").level is Level.DECLARED


def test_find_by_category(registry):
    assert registry.find("predicate") == (is_even,)


def test_find_by_what_it_takes(registry):
    assert registry.find(takes=str) == (trimmed, size)


def test_find_by_what_it_returns(registry):
    assert registry.find(returns=int) == (size, is_even)


def test_find_by_several_arguments(registry):
    assert registry.find(takes=(str, str)) == ()


def test_find_without_a_question_gives_all(registry):
    assert registry.find() == (trimmed, size, is_even)


def test_composing_goes_from_left_to_right(registry):
    assert registry.compose("trimmed", "size", "is_even")(" ab ") is True


def test_composing_checks_what_the_next_one_takes(registry):
    with pytest.raises(PlanError, match="trimmed must take what size gives, int, but takes str"):
        registry.compose("size", "trimmed")


def test_composing_nothing_is_refused(registry):
    with pytest.raises(PlanError, match="at least one"):
        registry.compose()


def test_composing_an_unknown_name_is_refused(registry):
    with pytest.raises(NotRegistered):
        registry.compose("trimmed", "nothing")


def test_a_frozen_registry_takes_no_more(registry):
    registry.freeze()
    with pytest.raises(RegistryError, match="frozen"):
        registry.pure("transformation", name="more")(trimmed)


def test_a_frozen_registry_still_answers(registry):
    registry.freeze()
    assert registry.get("size")("abc") == 3


def test_threads_that_register_one_name_leave_one_winner():
    registry = Registry()

    def register(_):
        try:
            registry.pure("transformation")(trimmed)
        except RegistryError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(register, range(64))) == 1


def test_a_report_needs_no_registration():
    assert Registry().report(remembered).startswith("remembered: rejected")
