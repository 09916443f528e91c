import pytest

from benchmarks.runs import merge


def run(commit, *lines):
    return {"machine": {"commit": commit}, "lines": list(lines)}


def test_runs_of_one_machine_and_commit_are_told_together():
    assert merge([run("a", 1), run("a", 2, 3)]) == run("a", 1, 2, 3)


def test_one_run_is_told_as_it_is():
    assert merge([run("a", 1)]) == run("a", 1)


def test_runs_of_different_commits_are_refused():
    with pytest.raises(ValueError, match=r"got {'commit': 'b'}"):
        merge([run("a"), run("b")])
