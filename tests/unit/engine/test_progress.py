"""Bars beside a run: what they count, when they are shown, and that they end with it."""

import pickle
import subprocess
import sys

import pytest

from engine import Chain, Pool
from engine.errors import PlanError
from engine.progress import Bar, Progress


@pytest.fixture
def shown(capfd):
    """What is on standard error when the run is over: the last state of each bar."""
    return lambda: [line.split("\r")[-1] for line in capfd.readouterr().err.split("\n")[:-1]]


def test_the_items_come_through_unchanged_and_the_bar_ends_at_their_number(shown):
    assert Chain.range(5000).progress("reading", shown=True).collect() == list(range(5000))
    (bar,) = shown()
    assert bar.startswith("reading: 100%")
    assert "5000/5000" in bar


@pytest.mark.parametrize("ending", ["collect", "count", "sum", "to_set", "last"])
def test_each_ending_moves_the_bar_to_its_end(shown, ending):
    getattr(Chain.range(1500).progress(shown=True).map(abs), ending)()
    assert "1500/1500" in shown()[0]


def test_a_bar_counts_what_comes_by_where_it_stands(capfd):
    chain = Chain.range(100).progress("in", shown=True).filter(lambda n: n < 7).progress("out", shown=True)
    assert chain.count() == 7
    told = capfd.readouterr().err
    assert "100/100" in told
    assert "out: 7 items" in told


@pytest.mark.parametrize(
    ("chain", "total"),
    [
        (Chain([1, 2]), 2),
        (Chain.range(9).map(str).skip(2), 7),
        (Chain(iter([1])), None),
        (Chain.range(9).filter(bool), None),
        (Chain.repeat(1), None),
    ],
)
def test_the_total_is_what_the_chain_knows(chain, total):
    assert chain.progress()._steps[-1].extra.total == total


def test_a_total_that_is_given_counts():
    assert Chain(iter([1])).progress(total=7)._steps[-1].extra.total == 7


def test_nothing_is_shown_where_nobody_looks(shown):
    assert Chain.range(9).progress("reading").count() == 9
    assert shown() == []


def test_an_early_end_closes_the_bar_where_it_is(shown):
    assert Chain.range(100).progress("reading", shown=True).take(3).collect() == [0, 1, 2]
    assert "3/100" in shown()[0]


def test_an_error_passes_and_closes_the_bar_where_it_is(shown):
    chain = Chain([1, 2, 0, 5]).progress("reading", shown=True).map(lambda n: 1 / n)
    with pytest.raises(ZeroDivisionError) as caught:
        chain.collect()
    assert caught.value.__notes__[0].startswith("in step 2 (map at test_progress.py:")
    assert "3/4" in shown()[0]


def test_an_error_of_the_source_passes_and_closes_the_bar(shown):
    def items():
        yield 1
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        Chain(items()).progress(shown=True).collect()
    assert shown()[0].startswith("1 items")


def test_an_iterator_that_is_closed_closes_the_bar(shown):
    items = iter(Chain.range(9).progress("reading", shown=True))
    assert (next(items), next(items)) == (0, 1)
    items.close()
    assert "2/9" in shown()[0]


def test_a_run_that_reads_nothing_shows_nothing(shown):
    assert Chain.range(9).progress(shown=True).take(0).collect() == []
    assert shown() == []


def test_each_run_has_a_bar_of_its_own(shown):
    chain = Chain.range(3).progress("reading", shown=True)
    assert (chain.count(), chain.count()) == (3, 3)
    assert [line.split("[")[0].split()[-1] for line in shown()] == ["3/3", "3/3"]


def test_a_bar_beside_threads_counts_all_items(shown):
    with Pool(2):
        assert Chain.range(100).progress(shown=True).par(2, backend="threads").map(str).count() == 100
    assert "100/100" in shown()[0]


def test_a_chain_with_a_bar_can_be_pickled_explained_and_measured():
    chain = pickle.loads(pickle.dumps(Chain.range(3).progress("reading").map(str)))  # noqa: S301 (our own)
    assert "progress('reading')" in chain.explain("logical")
    assert [step.items_in for step in chain.run().metrics.steps] == [3, 3]


def test_the_clock_is_asked_once_in_a_thousand_fast_items():
    bar = Bar(Progress(None, None, shown=True))
    asked = [bar.begin(), *(bar.reached() for _ in range(14))]
    bar.end(1)
    assert asked[0] == 1
    assert max(asked) <= 1024


def test_without_tqdm_the_error_names_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with pytest.raises(
        ModuleNotFoundError, match=r"progress needs tqdm: pip install 'chainbook\[notebook\]'"
    ):
        Chain([1]).progress()


@pytest.mark.parametrize("wrong", [{"label": 3}, {"total": -1}, {"total": "many"}])
def test_what_is_no_label_or_total_is_refused(wrong):
    with pytest.raises(PlanError, match="must be"):
        Chain([1]).progress(**wrong)


def test_tqdm_is_loaded_by_the_first_bar_that_is_shown():
    source = (
        "import sys; from engine import Chain; Chain([1]).progress().count(); print('tqdm' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)  # noqa: S603 (ours)
    assert done.stdout == "False\n"
