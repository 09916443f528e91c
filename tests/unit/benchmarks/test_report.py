from xml.etree import ElementTree as ET

import pytest

from benchmarks import tables
from benchmarks.drawing import Drawing, Panel, Stroke, render_svg
from benchmarks.figures import MET, MISSED, render_figures
from benchmarks.question import Limit, Ratio
from benchmarks.ratios import summary, verdicts
from benchmarks.readme import render_readme_table
from benchmarks.report import write_report

BARS = (Ratio("loop", 2.0, ("loop",)), Ratio("rivals", 2.0, ("itertools.groupby",)))
MACHINE = {"processor": "an abacus", "commit": "abc1234"}
SVG = "{http://www.w3.org/2000/svg}"


def entry(kind, *times_s, peak_bytes=None):
    return {"kind": kind, "job": "", "peak_bytes": peak_bytes, **summary(list(times_s))}


def line(question="chunk_by objects, text keys, eager", *, size=1_000_000, bars=BARS, peak_bytes=None):
    contenders = {
        "engine": entry("engine", 0.1, 0.1, 0.1, peak_bytes=peak_bytes),
        "loop": entry("loop", 0.4, 0.4, 0.4, peak_bytes=peak_bytes),
        "itertools.groupby": entry("rival", 0.15, 0.15, 0.15, peak_bytes=peak_bytes),
    }
    return {
        "question": question,
        "asks": "runs",
        "lane": "objects",
        "is_program": False,
        "size": size,
        "contenders": contenders,
        "verdicts": verdicts(bars, size, contenders),
    }


def shapes(drawing, kind):
    document = ET.fromstring(render_svg(drawing))  # noqa: S314  # our own words
    return document.iter(f"{SVG}{kind}")


def test_a_bar_tells_measured_and_bar_and_whether_it_was_met():
    met, missed = tables.render_bars([line()]).splitlines()[-2:]
    assert met.endswith("| × loop | loop | 4.00 / 2.00 | met |")
    assert missed.endswith("| × rivals | itertools.groupby | 1.50 / 2.00 | **missed** |")


def test_a_limit_tells_its_unit():
    limited = line(bars=(Limit("the slowest", 0.2, ("engine",), "median_s"),))
    assert tables.render_bars([limited]).endswith("| the slowest | engine | 100 / ≤ 200 ms | met |")


def test_the_tally_counts_bars():
    assert tables.render_tally([line(), line()]) == "2 of 4 bars met"


def test_ratios_come_with_their_middle_half():
    row = tables.render_ratios([line()]).splitlines()[-1]
    assert row.endswith("| 1,000,000 | 4.00 (4.00–4.00) | 1.50 (1.50–1.50) | itertools.groupby |")


def test_times_come_with_their_spread_and_memory():
    row = tables.render_times([line(peak_bytes=8_000_000)]).splitlines()[2]
    assert row.endswith("| engine | 100 | 100 | 100 | 3 | 8.00 |")


def test_memory_of_few_records_is_left_out():
    row = tables.render_times([line(size=10, peak_bytes=8_000_000)]).splitlines()[2]
    assert row.endswith("| – |")


def test_the_readme_tells_each_question_at_its_largest_size():
    small = line(size=10)
    small["contenders"]["engine"] = entry("engine", 9.0, 9.0, 9.0)
    expected = (
        "| chunk_by, objects / int64 | 4.00 / 4.00 | 1.50 (itertools.groupby) / 1.50 (itertools.groupby) |"
    )
    assert expected in render_readme_table([line(), small, line("run boundaries column, int64")])


def test_the_readme_leaves_out_rows_that_were_not_measured():
    assert render_readme_table([line()]).splitlines()[2:] == []


def test_the_report_has_a_page_and_its_figures(tmp_path):
    write_report(tmp_path / "made", {"machine": MACHINE, "lines": [line(peak_bytes=8_000_000)]})
    page = (tmp_path / "made" / "README.md").read_text()
    assert "an abacus" in page
    assert all(f"]({path.name})" in page for path in (tmp_path / "made").glob("*.svg"))


def test_memory_that_hardly_grew_is_not_drawn():
    assert "memory.svg" not in render_figures([line(peak_bytes=200_000)])


def test_figures_without_content_are_not_drawn():
    assert set(render_figures([line(bars=())])) == {"times.svg"}


@pytest.mark.parametrize("colour", [MET, MISSED])
def test_met_and_missed_bars_have_their_colours(colour):
    assert render_figures([line()])["ratios.svg"].count(colour) == 1


def test_a_drawing_is_well_formed_whatever_its_words():
    drawing = Drawing("a < b & c", "", (Panel("'p'", (Stroke("<", 0.0, 0.5, "&", "#000000"),)),))
    words = [text.text for text in shapes(drawing, "text")]
    assert words == ["a < b & c", None, "'p'", "<", "&"]


def test_bars_end_where_they_say():
    drawing = Drawing("", "", (Panel("", (Stroke("", 0.25, 0.75, "", "#123456"),)),))
    (drawn,) = [rect for rect in shapes(drawing, "rect") if rect.get("fill") == "#123456"]
    assert (drawn.get("x"), drawn.get("width")) == ("430.0", "220.0")
