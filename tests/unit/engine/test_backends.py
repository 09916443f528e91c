"""par: the same results, errors and places wherever it runs; and what it chooses."""

import os
import signal
import subprocess
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Chain, it, processes
from engine.errors import PlanError, ReentrantError

everywhere = pytest.mark.parametrize("backend", ["auto", "threads", "processes"])


def half(n):
    return n // 2


def is_even(n):
    return n % 2 == 0


def fail_on_seven(n):
    if n % 10 == 7:
        raise LookupError(n)
    return n


def stop(n):
    raise StopIteration


def outcome(chain):
    """What a run gives, or its error and the notes that say where."""
    try:
        return chain.collect()
    except LookupError as error:
        places = [note.replace("step 3", "step 2") for note in error.__notes__]
        return type(error), error.args, places


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 30), max_size=40),
    st.sampled_from(["threads", "processes", "auto"]),
    st.booleans(),
)
def test_every_backend_gives_what_a_serial_run_gives(items, backend, listed):
    def source():
        return items if listed else iter(items)

    for step in (half, fail_on_seven):
        serial, beside = outcome(Chain(source()).filter(is_even).map(step)), None
        beside = outcome(Chain(source()).filter(is_even).par(2, backend=backend).map(step))
        assert str(beside).rpartition(" at ")[0] == str(serial).rpartition(" at ")[0]
    beside = Chain(source()).par(2, backend=backend).filter(is_even).collect()
    assert beside == [item for item in items if is_even(item)]
    tried = Chain(source()).par(2, backend=backend).try_map(fail_on_seven, LookupError)
    assert tried.map(lambda result: result.is_ok()).collect() == [item % 10 != 7 for item in items]


@everywhere
def test_without_order_nothing_is_lost(backend):
    made = Chain(range(500)).par(2, backend=backend, ordered=False).map(half).collect()
    assert sorted(made) == sorted(n // 2 for n in range(500))


@everywhere
def test_the_error_of_the_lowest_item_wins(backend):
    for ordered in (True, False):
        with pytest.raises(LookupError) as caught:
            Chain(range(5, 200)).par(2, backend=backend, ordered=ordered).map(fail_on_seven).collect()
        assert caught.value.args == (7,)
        assert "item 2: 7" in caught.value.__notes__[0]


@everywhere
def test_a_stop_iteration_is_an_error(backend):
    with pytest.raises(RuntimeError, match="a callback raised StopIteration"):
        Chain([1, 2]).par(2, backend=backend).map(stop).collect()


def test_a_function_that_does_not_pickle_is_refused_by_name_before_it_runs():
    chain = Chain([1]).par(backend="processes").map(lambda n: n)
    with pytest.raises(
        PlanError, match=r"step 2 \(map at test_backends.py:\d+\) must have a function that pickles"
    ):
        chain.explain()


def test_a_result_that_does_not_pickle_is_told():
    with pytest.raises(TypeError, match="a result must pickle to leave its process"):
        Chain([1]).par(2, backend="processes").map(iter_of).collect()


def iter_of(n):
    return (m for m in range(n))


def test_short_work_stays_here():
    done = Chain(range(100)).par().map(half).run()
    assert done.metrics.steps[0].kernel == "serial"
    assert "all took" in done.metrics.steps[0].reason


def test_what_waits_gets_threads():
    done = Chain(range(60)).par(2).map(lambda n: time.sleep(0.002)).run()
    assert done.metrics.steps[0].kernel == "threads"


def test_an_expression_needs_no_par():
    assert [step.verb for step in Chain([1]).par().map(it + 1)._plan().optimised] == ["map"]
    assert "par adds nothing to an expression" in Chain([1]).par().map(it + 1).explain()


def test_serial_is_as_if_par_were_not_there():
    assert "par is serial, as asked" in Chain([1]).par(backend="serial").map(half).explain()


@pytest.mark.parametrize("told", [{"workers": 0}, {"in_flight": 0}, {"backend": "gpu"}])
def test_what_par_can_not_be_told_is_refused(told):
    with pytest.raises(PlanError):
        Chain([1]).par(**told)


def test_a_callback_that_pulls_from_its_own_chain_is_refused():
    results = iter(
        Chain(range(50)).par(2, backend="threads", io=True).map(lambda n: next(results) if n == 9 else n)
    )
    with pytest.raises((ReentrantError, RuntimeError)):
        list(results)


def test_a_source_that_grows_while_it_is_read_is_no_harm():
    items = list(range(20))
    made = (
        Chain(items)
        .par(2, backend="threads")
        .map(lambda n: items.append(99) or n if n < 5 else n)
        .collect()
    )
    assert made[:20] == list(range(20))


def test_processes_are_not_imported_by_a_chain_that_does_not_need_them():
    code = (
        "import sys; from engine import Chain; Chain([1]).par().map(abs).collect(); "
        "print('subprocess' in sys.modules, 'concurrent.futures' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 (our own interpreter)
    assert shown.stdout.strip() == "False False"


def leave_at_three(n):
    if n == 3:
        os._exit(5)
    return n


def be_killed_at_three(n):
    if n == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return n


@pytest.mark.parametrize(("f", "code"), [(leave_at_three, 5), (be_killed_at_three, -9)])
def test_a_worker_that_dies_is_told_with_its_step_and_the_next_run_works(f, code):
    with pytest.raises(RuntimeError, match=f"a worker process must answer, got exit code {code}") as caught:
        Chain(range(9)).par(2, backend="processes").map(f).collect()
    assert "in step 2 (map at test_backends.py" in caught.value.__notes__[0]
    assert "one of the items" in caught.value.__notes__[0]
    assert Chain(range(9)).par(2, backend="processes").map(half).collect() == [n // 2 for n in range(9)]


def die_the_first_time(path):
    if not path.exists():
        path.touch()
        os._exit(5)
    return path.name


def test_calls_that_are_said_to_be_pure_are_made_again_when_their_worker_dies(tmp_path):
    chain = Chain([tmp_path / "a", tmp_path / "b"]).par(2, backend="processes", pure=True)
    assert chain.map(die_the_first_time).collect() == ["a", "b"]


@pytest.mark.parametrize("pure", [None, False])
def test_calls_that_may_change_something_are_not_made_again(tmp_path, pure):
    with pytest.raises(RuntimeError, match="got exit code 5"):
        Chain([tmp_path / "a", tmp_path / "b"]).par(2, backend="processes", pure=pure).map(
            die_the_first_time
        ).collect()


def test_a_worker_that_dies_again_is_told():
    with pytest.raises(RuntimeError, match="got exit code 5"):
        Chain([3, 4]).par(2, backend="processes", pure=True).map(leave_at_three).collect()


def add_up(n):
    return sum(range(n))


def test_a_function_whose_verdict_allows_it_is_called_again():
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(Chain([30_000_000, 1]).par(2, backend="processes").map(add_up).collect)
        while not processes._busy:
            time.sleep(0.01)
        next(iter(processes._busy)).kill()
        assert running.result() == [sum(range(30_000_000)), 0]


class UnportableError(Exception):
    """Can not be made of its args."""

    def __init__(self, name, number):
        super().__init__(name)
        self.number = number


def fail_unportably(n):
    raise UnportableError("odd", n)


def test_an_exception_that_does_not_pickle_is_told_as_text():
    with pytest.raises(RuntimeError, match="UnportableError: odd") as caught:
        Chain([1]).par(2, backend="processes").map(fail_unportably).collect()
    assert "item 0: 1" in caught.value.__notes__[0]


def test_a_forked_child_has_worker_processes_of_its_own():
    chain = Chain(range(9)).par(2, backend="processes").map(half)
    expected = chain.collect()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fork with threads: what this test is about
        child = os.fork()
    if child == 0:
        os._exit(0 if chain.collect() == expected else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert chain.collect() == expected


def test_an_interrupt_leaves_at_once_and_the_next_run_works(tmp_path):
    program = tmp_path / "interrupted.py"
    program.write_text(
        "import os, signal, threading, time\n"
        "from engine import Chain\n"
        "def doze(n):\n"
        "    time.sleep(n)\n"
        "    return os.getppid()\n"
        "if __name__ == '__main__':\n"
        "    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "    try:\n"
        "        Chain([30] * 8).par(2, backend='processes').map(doze).collect()\n"
        "    except KeyboardInterrupt:\n"
        "        print('interrupted')\n"
        "        made = Chain([0] * 8).par(3, backend='processes').map(doze).collect()\n"
        "        print(set(made) == {os.getpid()})\n"
    )
    shown = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, program], capture_output=True, text=True, check=True, timeout=25
    )
    assert shown.stdout.split() == ["interrupted", "True"]


def test_a_plan_says_what_to_expect_of_processes():
    assert "not in processes: step 2" in Chain([1]).par().map(lambda n: n).explain()
    assert "is lost there" in Chain([1]).par().map(half).explain()
