"""What a verdict says and licenses, of any callable; what changes a fingerprint; what a probe sees."""

import functools
import operator
import time
from dataclasses import dataclass

import pytest

from engine.purity.fingerprint import fingerprint_of
from engine.purity.judge import verdict_of
from engine.purity.probe import probe
from engine.purity.verdict import Level, Verdict


@dataclass
class Point:
    x: int

    def moved(self, by: int) -> "Point":
        return Point(self.x + by)


class Sized:
    def __len__(self):
        return 1


def decorated(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        return function(*arguments)

    return wrapper


ODD = [
    *(
        len,
        print,
        str.lower,
        "a".lower,
        [].append,
        int,
        Point,
        Point(1).moved,
        Sized,
        type,
        object,
        3,
        None,
    ),
    *(
        functools.partial(operator.add, 1),
        functools.lru_cache(len),
        functools.partial(print),
        property(len),
    ),
    *(operator.itemgetter(0), operator.methodcaller("lower"), staticmethod(len), classmethod(len)),
    *(
        eval("lambda n: n + 1"),
        decorated(len),
        Sized().__len__,
        type("Made", (), {}),
        "text",
        Level,
        range(3),
    ),
    *(
        functools.singledispatch(len),
        map,
        zip,
        (n for n in ()),
        super,
        memoryview,
        Exception,
        NotImplemented,
    ),
]


@pytest.mark.parametrize("value", ODD, ids=lambda value: type(value).__name__)
def test_anything_gets_some_verdict(value):
    assert isinstance(verdict_of(value), Verdict)


def named(kind: type) -> str:
    return kind.__name__


def test_a_class_as_an_argument_is_read():
    assert verdict_of(named).level is Level.VERIFIED


def test_nothing_is_run_by_reading():
    def fails():
        raise AssertionError

    assert verdict_of(fails).level is Level.VERIFIED


def test_a_bound_method_of_a_list_shares_the_list():
    assert "object-state" in str(verdict_of([].append))


def test_a_function_without_source_is_read_by_its_instructions():
    spaces = {"time": time}
    assert "[clock: time.time]" in str(verdict_of(eval("lambda n: n + time.time()", spaces)))


def test_a_global_write_is_seen_without_source():
    spaces = {}
    exec("def f():\n    global n\n    n = 1", spaces)
    assert "[global-write: n]" in str(verdict_of(spaces["f"]))


def test_the_lambda_that_was_meant_is_read():
    _, second = lambda n: n, lambda n: (n, time.time())
    assert verdict_of(second).level is Level.REJECTED


def test_what_is_wrapped_is_read_through_the_wrapper():
    assert verdict_of(decorated(print)).level is Level.REJECTED


def test_a_function_that_calls_its_parameter_is_relative_to_it():
    assert verdict_of(lambda function, items: [function(item) for item in items]).relative_to == (
        "function",
    )


def test_a_function_that_passes_its_parameter_on_is_relative_to_it():
    def applied(function, item):
        return function(item)

    assert verdict_of(lambda key, item: applied(key, item)).level is Level.VERIFIED


def test_a_generator_is_not_to_be_memoised():
    verdict = verdict_of(lambda items: (item for item in items))
    assert (verdict.may_retry, verdict.may_memoise) == (True, False)


def test_verified_licenses_all():
    verdict = verdict_of(len)
    assert (verdict.may_reorder, verdict.may_memoise, verdict.may_retry) == (True, True, True)


def test_probed_licenses_no_other_order():
    verdict = Verdict(Level.PROBED, "f")
    assert (verdict.may_reorder, verdict.may_memoise, verdict.may_retry) == (False, True, True)


@pytest.mark.parametrize("level", [Level.UNVERIFIED, Level.REJECTED])
def test_what_is_not_known_to_be_pure_licenses_nothing(level):
    verdict = Verdict(level, "f")
    assert (verdict.may_reorder, verdict.may_memoise, verdict.may_retry) == (False, False, False)


def test_a_text_of_many_reasons_is_bounded():
    reasons = verdict_of(print).reasons * 1000
    assert str(Verdict(Level.REJECTED, "f", reasons)).count("\n") == 9


def test_a_verdict_is_kept_for_each_fingerprint():
    def doubled(n):
        return n * 2

    assert verdict_of(doubled) is verdict_of(doubled)


def made_with(value):
    return lambda n: (n, value)


def test_a_closures_value_is_part_of_a_fingerprint():
    assert fingerprint_of(made_with(1)) != fingerprint_of(made_with(2))


def test_equal_closures_have_one_fingerprint():
    assert fingerprint_of(made_with((1, "a"))) == fingerprint_of(made_with((1, "a")))


def test_what_is_referred_to_is_part_of_a_fingerprint():
    first, second = {"g": lambda n: n}, {"g": lambda n: n + 1}
    code = "lambda n: g(n)"
    assert fingerprint_of(eval(code, first)) != fingerprint_of(eval(code, second))


def test_a_closure_that_can_change_is_refused_also_after_one_that_can_not():
    assert verdict_of(made_with((1,))).level is Level.VERIFIED
    assert verdict_of(made_with([1])).level is Level.REJECTED


def test_functions_that_call_each_other_endlessly_are_read():
    def endless(n):
        return endless(n + 1)

    assert isinstance(verdict_of(endless), Verdict)


def test_a_probe_does_not_run_what_was_refused():
    ran = []
    assert probe(lambda n: ran.append(n), (1,)).level is Level.REJECTED
    assert ran == []


def test_a_probe_leaves_the_arguments_alone():
    given = ({"a": [1]},)
    probe(lambda record: [getattr(part, "clear")() for part in record.values()], given)
    assert given == ({"a": [1]},)


def test_a_probe_that_does_not_end_is_given_up():
    assert "probe-time" in {
        each.rule for each in probe(lambda slow: slow.odd(), (Slow(),), timeout_s=0.05).reasons
    }


class Slow:
    def odd(self):
        time.sleep(0.5)


def test_an_error_is_a_result_if_it_is_always_the_same():
    assert probe(lambda text: text.no_such_name(), ("a",)).level is Level.PROBED


def test_a_function_with_no_arguments_given_is_told_from_the_function():
    assert verdict_of(functools.partial(print)).subject == "partial"
    assert verdict_of(print).subject == "print"
