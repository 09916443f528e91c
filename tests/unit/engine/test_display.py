"""What a notebook shows of chains, plans, columns and frames: nothing is read, no text becomes markup."""

from itertools import count
from xml.etree import ElementTree as ET

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from engine import Chain, Column, Frame, it

EVIL = "<script>alert(1)</script>"


class Unread:
    def __iter__(self):
        raise AssertionError("read")


def texts(value):
    """What a reader sees, without the style."""
    root = ET.fromstring(value._repr_html_())  # noqa: S314 (our own text)
    return [" ".join(part.itertext()) for part in root if part.tag != "style"]


def rows(value):
    root = ET.fromstring(value._repr_html_())  # noqa: S314 (our own text)
    return [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]


@pytest.mark.parametrize(
    "value",
    [
        Chain([EVIL]).filter(it[EVIL]).name(EVIL),
        Chain([EVIL]).map(it[EVIL]).explain(),
        Chain([EVIL]).map(it[EVIL]).explain(format="mermaid"),
        Chain([EVIL]).map(it[EVIL]).explain(format="html"),
        Chain(count()).sort(EVIL),
        Column([EVIL]),
        Frame({EVIL: [EVIL]}),
    ],
)
def test_no_text_becomes_markup(value):
    shown = value._repr_html_()
    assert "<script" not in shown
    assert "alert" in shown


def test_a_chain_is_shown_without_reading_anything():
    chain = Chain(Unread()).map(str).concat(Unread()).sort().group_by("name")
    assert "Unread" in texts(chain)[0]


def test_a_chain_over_a_generator_still_has_all_of_it_after_it_was_shown():
    chain = Chain(number for number in range(3))
    chain._repr_html_()
    assert chain.collect() == [0, 1, 2]


def test_a_chain_shows_its_source_and_each_step_with_its_line_and_how_it_runs():
    chain = Chain(Unread()).map(str).filter(len).sort()
    _, source, first, second, third = rows(chain)
    assert source == ["0", "Unread"]
    assert first[:2] == ["1", "map(str)"]
    assert first[2].startswith("test_display.py:")
    assert first[3].startswith("objects.stream: reads one by one, holds one item2 neighbouring steps")
    assert second[:2] == ["2", "filter(len)"]
    assert third[3].startswith("objects.sort: reads all first, holds all")


def test_a_chain_tells_what_was_rewritten():
    assert (
        texts(Chain([2, 1]).sort().take(1))[-1] == "steps 1 and 2: only what is taken is kept while sorting"
    )


def test_a_chain_that_can_not_run_shows_why():
    assert "put a take(n) before" in texts(Chain(count()).sort())[-1]


def test_a_chain_of_eight_hundred_steps_is_shown_by_its_ends():
    chain = Chain([1])
    for key in range(400):
        chain = chain.map(abs).dedup(key)
    assert [row[0] for row in rows(chain)] == ["", *map(str, range(7)), "⋮", *map(str, range(795, 801))]


def test_neighbours_that_run_together_are_shown_by_their_ends():
    chain = Chain([1])
    for _ in range(100):
        chain = chain.map(abs)
    assert len(rows(chain)) == 15


def test_a_plan_is_shown_as_its_text():
    plan = Chain([1]).map(str).explain()
    assert texts(plan) == [plan]


def test_a_drawn_plan_is_shown_as_its_picture():
    plan = Chain([1]).map(str).explain(format="html")
    assert plan._repr_html_() == plan
    assert "<svg" in plan


def test_a_frame_has_names_above_types_and_the_first_and_last_rows():
    head, *body = rows(Frame({"age": range(1000), "name": ["x"] * 1000}))
    assert head == ["", "agei64", "namestring"]
    assert [row[0] for row in body] == ["0", "1", "2", "3", "4", "⋮", "995", "996", "997", "998", "999"]
    assert "1,000 rows, 2 columns" in texts(Frame({"age": range(1000), "name": ["x"] * 1000}))[0]


def test_of_ten_rows_all_are_shown():
    assert [row[1] for row in rows(Frame({"n": range(10)}))[1:]] == list("0123456789")


def test_numbers_stand_to_the_right_and_what_is_missing_is_marked():
    html = Frame({"age": [36, None], "name": ["Ada", None]})._repr_html_()
    assert '<td class="number">36</td>' in html
    assert '<td class="number"><i class="dim">null</i></td>' in html
    assert "<td>Ada</td>" in html


def test_a_text_that_reads_null_is_not_marked():
    assert "<td>null</td>" in Column(["null"])._repr_html_()


def test_a_wide_frame_of_long_texts_stays_small():
    wide = Frame({f"{number}{'x' * 500}": ["y" * 1_000] * 50 for number in range(200)})
    assert len(wide._repr_html_()) < 50_000
    assert "50 rows, 200 columns, the last 180 not shown" in texts(wide)[0]


def test_a_value_that_can_not_be_shown_does_not_hide_the_others():
    pyarrow = pytest.importorskip("pyarrow")
    broken = pyarrow.array([b"fine", b"\xff"], pyarrow.binary()).view(pyarrow.string())
    shown = rows(Column(broken))
    assert shown[1] == ["0", "fine"]
    assert "row 1" in shown[2][1]


def test_a_column_shows_its_type_and_values():
    assert rows(Column([1.5, None])) == [["", "valuef64"], ["0", "1.5"], ["1", "null"]]


def test_floats_are_shown_with_ten_digits():
    assert [row[1] for row in rows(Column([0.1 + 0.2, 1e300, float("nan")]))[1:]] == [
        "0.3",
        "1e+300",
        "nan",
    ]


def test_an_empty_frame_is_shown():
    assert rows(Frame({"a": []}, {"a": int})) == [["", "ai64"]]


def test_metrics_are_a_table_of_the_steps():
    head, step, whole = rows(Chain.range(2_000).map(abs).run().metrics)
    assert head == ["step", "in", "out", "busy ms", "held"]
    assert step[0].startswith("step 1 (map at test_display.py:")
    assert step[1:3] == ["2,000", "2,000"]
    assert whole[0] == "in all"


@pytest.fixture
def shell():
    yield InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    InteractiveShell.clear_instance()


def test_a_step_of_a_notebook_is_placed_by_the_number_of_its_cell(shell):
    shell.run_cell("from engine import Chain\nchain = Chain([1]).map(str)", store_history=True)
    assert "map(str)  In[1]:2" in shell.user_ns["chain"].explain("logical")
