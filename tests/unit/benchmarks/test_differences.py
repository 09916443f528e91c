import pytest

from benchmarks.differences import ResultsDifferError, require_equal_results
from benchmarks.measure import measure
from benchmarks.programs import measure_programs
from benchmarks.question import Contender, Program, ProgramQuestion, Question


def question(*contenders, lane="threads", **fields):
    return Question(
        "doubling", "twice each", lambda size: list(range(size)), contenders, lane="threads", **fields
    )


def doubled(numbers):
    return [number * 2 for number in numbers]


def test_contenders_whose_results_differ_are_not_timed():
    asked = question(Contender("engine", "engine", doubled), Contender("wrong", "rival", list))
    with pytest.raises(ResultsDifferError, match="doubling: wrong differs from engine"):
        measure(asked, 3, 0.0)


def test_results_are_compared_in_a_common_form():
    asked = question(
        Contender("engine", "engine", doubled),
        Contender("halves", "rival", list, compared_as=doubled),
    )
    assert require_equal_results(asked, [1, 2]) is None


def test_lazy_results_are_compared_item_by_item():
    asked = question(
        Contender("engine", "engine", lambda numbers: (number * 2 for number in numbers)),
        Contender("wrong", "rival", iter),
    )
    with pytest.raises(ResultsDifferError):
        require_equal_results(asked, [1])


def test_different_jobs_may_have_different_results():
    asked = question(
        Contender("double", "engine", doubled, job="double"), Contender("copy", "engine", list, job="copy")
    )
    assert require_equal_results(asked, [1, 2]) is None


def test_every_contender_has_a_time_for_every_round():
    asked = question(Contender("engine", "engine", doubled), Contender("loop", "loop", doubled))
    measured = measure(asked, 3, 0.0)
    assert list(measured) == ["engine", "loop"]
    assert {len(entry["times_s"]) for entry in measured.values()} == {5}


def test_programs_that_print_different_things_are_refused():
    asked = ProgramQuestion(
        "printing", "one", (Program("a", "engine", "print({size})"), Program("b", "rival", "print(2)"))
    )
    with pytest.raises(ResultsDifferError, match="printing: b differs from a"):
        measure_programs(asked, 1, 0.0)
