"""Sources that are made of a value, a function, a file or a table."""

import itertools
import pickle

import pytest

from engine import Chain
from engine.errors import PlanError
from tests.reference.agreement import stop


def next_of(state):
    return (state, state + 1) if state < 3 else None


SOURCES = {
    "repeat of 3": (lambda: Chain.repeat("x", 3), ["x", "x", "x"]),
    "iterate": (lambda: Chain.iterate(2, pow_of_two).take(3), [2, 4, 16]),
    "unfold next_of": (lambda: Chain.unfold(0, next_of), [0, 1, 2]),
    "records of 2": (
        lambda: Chain.records({"a": [1, 2], "b": "xy"}),
        [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}],
    ),
}


def pow_of_two(n):
    return n**2


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_gives_its_items_to_every_run_and_after_pickling(name):
    build, expected = SOURCES[name]
    chain = build()
    assert chain.collect() == list(chain) == expected
    assert pickle.loads(pickle.dumps(chain)).collect() == expected  # noqa: S301 (our own bytes)
    assert repr(chain).startswith(f"Chain({name}")


def test_repeat_without_a_number_never_ends():
    assert Chain.repeat(None).take(3).collect() == [None, None, None]


def test_from_fn_ends_with_none_and_calls_no_further():
    waiting = [None, 0, 1]
    assert Chain.from_fn(waiting.pop).collect() == [1, 0]
    assert waiting == []


def test_iterate_calls_its_function_only_for_what_is_asked():
    calls = []
    assert Chain.iterate(0, calls.append).first() == 0
    assert calls == []


@pytest.mark.parametrize(
    "build",
    [
        lambda: Chain.from_fn(stop),
        lambda: Chain.unfold(0, stop),
        lambda: Chain.iterate(0, stop),
    ],
)
def test_a_stop_iteration_of_a_callback_is_no_end(build):
    with pytest.raises(RuntimeError):
        build().take(2).collect()


def test_an_error_of_a_source_function_names_the_source():
    def broken():
        raise OSError("gone")

    with pytest.raises(OSError, match="gone") as caught:
        Chain.from_fn(broken).map(str).collect()
    assert "in the source (from_fn" in caught.value.__notes__[0]


def test_lines_have_no_ends_and_are_read_again(tmp_path):
    path = tmp_path / "contacts.txt"
    path.write_bytes("Ada\r\nZoë\n\nlast".encode())
    chain = Chain.lines(path)
    assert chain.collect() == chain.collect() == ["Ada", "Zoë", "", "last"]
    assert "lines of contacts.txt" in repr(chain)


def test_lines_are_decoded_as_asked(tmp_path):
    path = tmp_path / "latin"
    path.write_bytes("é\n".encode("latin-1"))
    assert Chain.lines(str(path), "latin-1").collect() == ["é"]


def test_a_file_is_opened_by_a_run_and_closed_with_it(tmp_path):
    path = tmp_path / "later"
    chain = Chain.lines(path)
    path.write_text("a\nb\n")
    # An open file that nobody closes would be a ResourceWarning, which is an error here.
    assert chain.first() == "a"
    for _ in chain:
        break
    with pytest.raises(ZeroDivisionError):
        chain.map(lambda _: 1 // 0).collect()


def test_a_missing_file_is_the_error_of_its_run(tmp_path):
    with pytest.raises(FileNotFoundError):
        Chain.lines(tmp_path / "none").collect()


def test_records_of_a_structured_array_are_python_objects():
    numpy = pytest.importorskip("numpy")
    table = numpy.array([(1, 2.5), (3, 4.5)], dtype=[("n", "i4"), ("x", "f8")])
    records = Chain.records(table).collect()
    assert records == [{"n": 1, "x": 2.5}, {"n": 3, "x": 4.5}]
    assert type(records[0]["n"]) is int


def test_records_of_columns_that_are_arrays_are_python_objects():
    numpy = pytest.importorskip("numpy")
    assert type(Chain.records({"n": numpy.arange(3)}).last()["n"]) is int


def test_records_of_a_frame_are_its_named_rows():
    class Frame:
        height = 1

        def iter_rows(self, *, named):
            return iter([{"n": 1}] if named else [(1,)])

    chain = Chain.records(Frame())
    assert chain.size_hint() == (1, 1)
    assert chain.collect() == chain.collect() == [{"n": 1}]


def test_records_of_no_columns_are_none():
    assert Chain.records({}).collect() == []


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Chain.records([1]), r"a table must be .*, got \[1\]"),
        (lambda: Chain.records({"a": [1], "b": []}), "columns must be equally long, got {'a': 1, 'b': 0}"),
        (lambda: Chain.lines(5), "path must be a text or a path, got 5"),
        (lambda: Chain.repeat(1, -1), "n must be a whole number of at least 0, got -1"),
        (lambda: Chain.from_fn(5), "f must be callable, got 5"),
        (lambda: Chain.unfold(0, None), "f must be callable, got None"),
        (lambda: Chain.iterate(0, "x"), "f must be callable, got 'x'"),
    ],
)
def test_a_wrong_argument_is_refused_when_built(build, message):
    with pytest.raises(PlanError, match=message):
        build()


@pytest.mark.parametrize(
    ("source", "endless"),
    [
        (itertools.count(), True),
        (itertools.cycle([1]), True),
        (itertools.repeat(1), True),
        (itertools.repeat(1, 3), False),
        (iter([1]), False),
    ],
)
def test_endless_iterators_of_itertools_are_known(source, endless):
    assert Chain(source).is_infinite() is endless
