"""The pool's promises: each task once, errors to the caller, alive after a fork, outside the GIL."""

import os
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest

from engine.kernels.columns import group, join, merge, pool, runs


def run_python(code, **environment):
    return subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", code],
        env=os.environ | environment | {"PYTHONPATH": os.environ.get("SANITIZED_SITE", "")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout.strip()


@pytest.mark.parametrize("tasks", [0, 1, 2, 1000])
def test_each_task_runs_once(tasks):
    assert pool.rehearse(tasks) == [1] * tasks


def test_work_inside_a_task_is_done_too():
    assert pool.rehearse(20, inner=30) == [30] * 20


@pytest.mark.parametrize("failing", [0, 57, 99])
def test_a_task_out_of_memory_reaches_the_caller_and_the_pool_survives(failing):
    with pytest.raises(MemoryError):
        pool.rehearse(100, failing=failing)
    assert pool.rehearse(100) == [1] * 100


@pytest.mark.parametrize("first", [0, 3, 499])
def test_the_failure_of_the_lowest_task_is_the_one_that_is_raised(first):
    for _ in range(20):
        with pytest.raises(IndexError, match=f"^{first}$"):
            pool.fail_from(500, first)


@pytest.mark.parametrize("naps_us", [[0] * 100, [2000] * 4 + [0] * 60, [0] * 60 + [2000] * 4])
def test_uneven_tasks_all_run(naps_us):
    assert pool.doze(naps_us) == len(naps_us)


@pytest.mark.parametrize("threads", ["1", "2", "4"])
def test_a_signal_ends_a_kernel_that_the_main_thread_waits_for(threads):
    code = (
        "import signal\n"
        "from engine.kernels.columns import pool\n"
        "def stop(*_): raise KeyboardInterrupt('asked')\n"
        "signal.signal(signal.SIGALRM, stop)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.1)\n"
        "try: pool.doze([1000] * 1_000_000)\n"
        "except KeyboardInterrupt as error: print(error, pool.rehearse(50) == [1] * 50)"
    )
    assert run_python(code, ENGINE_NUM_THREADS=threads) == "asked True"


def test_a_signal_handler_that_returns_lets_the_kernel_go_on():
    code = (
        "import signal\n"
        "from engine.kernels.columns import pool\n"
        "seen = []\n"
        "signal.signal(signal.SIGALRM, lambda *_: seen.append(pool.rehearse(9)))\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.05)\n"
        "print(pool.doze([1000] * 400), seen)"
    )
    assert run_python(code, ENGINE_NUM_THREADS="2") == "400 [[1, 1, 1, 1, 1, 1, 1, 1, 1]]"


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_a_kernel_runs_on_the_threads_that_were_chosen(workers):
    threads = pool.Threads(workers)
    pool.choose(threads)
    try:
        assert pool.workers() == threads.workers == workers
        assert pool.rehearse(200, inner=2) == [2] * 200
    finally:
        pool.choose(None)


def test_callers_on_several_threads_share_the_pool():
    results = []
    callers = [
        threading.Thread(target=lambda: results.extend(pool.rehearse(200, inner=3) for _ in range(20)))
        for _ in range(4)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert results == [[3] * 200] * 80


@pytest.mark.parametrize(("asked", "given"), [("1", 1), ("3", 3), ("1024", 1024)])
def test_the_environment_sets_the_number_of_workers(asked, given):
    code = "from engine.kernels.columns import pool; print(pool.workers())"
    assert run_python(code, ENGINE_NUM_THREADS=asked) == str(given)


def test_an_empty_number_of_workers_leaves_it_to_the_processors():
    code = "from engine.kernels.columns import pool; print(pool.workers())"
    assert run_python(code, ENGINE_NUM_THREADS="") == str(len(os.sched_getaffinity(0)))


@pytest.mark.parametrize("asked", ["0", "-2", "many", "2.5", "1025", "99999999999999999999"])
def test_a_number_of_workers_without_a_meaning_is_refused_at_first_use(asked):
    code = "try: from engine.columns import group_by\nexcept ValueError as error: print(error)"
    expected = f"ENGINE_NUM_THREADS must be a whole number from 1 to 1024, got '{asked}'"
    assert run_python(code, ENGINE_NUM_THREADS=asked) == expected


DIGEST = """
import hashlib
import numpy as np
from engine.columns import chunk_by, group_by, join, kmerge, kmerge_index
random = np.random.default_rng(11)
a, b = random.integers(0, 60_000, 300_000), random.integers(0, 60_000, 70_000)
parts = [np.sort(part) for part in np.array_split(a / 7, 9)]
results = [*chunk_by(np.sort(a)), kmerge(*parts), *kmerge_index(*parts), group_by(a).keys]
for how in ("inner", "left", "right", "outer", "semi", "anti"):
    results += [*join(a, b, how), *join(a * 2**33, b * 2**33, how)]
print(hashlib.sha256(b"".join(part.tobytes() for part in results)).hexdigest())
"""


def test_four_workers_give_bit_for_bit_what_one_gives():
    assert run_python(DIGEST, ENGINE_NUM_THREADS="4") == run_python(DIGEST, ENGINE_NUM_THREADS="1")


def test_a_forked_child_has_a_pool_of_its_own():
    assert pool.rehearse(100) == [1] * 100
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fork with threads: what this test is about
        child = os.fork()
    if child == 0:
        os._exit(0 if pool.rehearse(1000, inner=2) == [2] * 1000 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert pool.rehearse(100) == [1] * 100


def test_chosen_threads_are_made_anew_in_a_forked_child():
    threads = pool.Threads(3)
    pool.choose(threads)
    try:
        assert pool.rehearse(100) == [1] * 100
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            os._exit(0 if pool.rehearse(1000, inner=2) == [2] * 1000 else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        pool.choose(None)


def test_the_interpreter_ends_cleanly_while_a_thread_computes():
    code = (
        "import threading, numpy\n"
        "from engine.columns import group_by\n"
        "keys = numpy.arange(3_000_000)\n"
        "threading.Thread(target=group_by, args=(keys,), daemon=True).start()\n"
        "print('over')"
    )
    assert run_python(code) == "over"


def one_group(array):
    return group.number_groups(np.zeros_like(array))[0], 1


@pytest.mark.parametrize(
    "kernel",
    [
        runs.find_runs,
        lambda array: merge.require_sorted([array]),
        lambda array: merge.merge([array], np.empty_like(array)),
        lambda array: merge.merge_index([array, array]),
        lambda array: join.join_rows(array, array, "inner"),
        group.number_groups,
        lambda array: group.fold_groups(*one_group(array), array, "sum"),
    ],
)
def test_python_threads_run_while_a_kernel_computes(kernel):
    """The switch interval is a minute: another thread has a turn only if the kernel lets go of the GIL."""
    array, turns, over = np.arange(400_000), [], threading.Event()

    def count():
        while not over.wait(1e-5):
            turns.append(1)

    before = sys.getswitchinterval()
    counter = threading.Thread(target=count)
    counter.start()
    sys.setswitchinterval(60)
    try:
        seen = len(turns)
        for _ in range(500):
            kernel(array)
            if len(turns) > seen:
                break
    finally:
        sys.setswitchinterval(before)
        over.set()
        counter.join()
    assert len(turns) > seen
