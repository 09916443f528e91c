import json
from xml.etree import ElementTree as ET

import pytest

from engine import Chain, it
from engine.errors import PlanError


class Unread:
    def __iter__(self):
        raise AssertionError("read")


def example():
    return Chain([{"n": 3}, {"n": 1}]).map(it["n"] * 2).sort().take(1).name("best")


def test_three_levels_with_lines_changes_and_reasons():
    text = example().explain()
    assert text.startswith("logical\n    0 list of 2\n    1 map(it['n'] * 2)  test_explain.py:")
    assert "3 take(1).name('best')" in text
    assert "2 take_sorted(1)" in text
    assert "steps 2 and 3: only what is taken is kept while sorting" in text
    assert "step 2: objects.top, reads all first, holds k items" in text


def test_one_level_alone():
    assert example().explain("logical").splitlines()[0] == "logical"
    assert "physical" not in example().explain("logical")
    assert (
        example()
        .explain("physical")
        .startswith("physical\n  step 1: objects.block, streams, holds one block")
    )


def test_a_source_alone_says_so():
    assert Chain([1]).explain().endswith("physical\n  the source as it is")


def test_data_never_shows():
    chain = Chain(["secret"]).concat(["secret"]).scan("secret", max)
    assert not any("secret" in chain.explain(format=form) for form in ("text", "json", "mermaid", "html"))


def test_text_fits_a_hundred_columns():
    chain = Chain([1]).map(it["x"] + sum([it["y"]] * 40)).filter(lambda _: True).join([], on="id")
    assert max(map(len, chain.explain().splitlines())) <= 100


@pytest.mark.parametrize("form", ["text", "json", "mermaid", "html"])
def test_no_form_reads_anything(form):
    assert Chain(Unread()).map(str).sort().explain(format=form)


def test_json_has_a_version_and_all_levels():
    plan = json.loads(example().explain(format="json"))
    assert plan["version"] == 1
    assert [step["step"] for step in plan["logical"]] == [
        "map(it['n'] * 2)",
        "sort()",
        "take(1).name('best')",
    ]
    assert [stage["kernel"] for stage in plan["physical"]] == ["objects.block", "objects.top"]


def test_json_of_one_level_leaves_the_others_out():
    assert "logical" not in json.loads(example().explain("physical", format="json"))


def test_mermaid_joins_the_source_and_each_stage():
    lines = example().explain("physical", format="mermaid").splitlines()
    assert lines[0] == "flowchart TD"
    assert lines[-2:] == ["    s0 --> s1", "    s1 --> s2"]


def test_a_picture_names_the_steps_of_each_stage():
    picture = example().explain("physical", format="html")
    assert "map(it[&#x27;n&#x27;] * 2)" in picture
    assert "take_sorted" in picture


def test_mermaid_labels_hold_no_syntax():
    chain = Chain([1]).map(it['a"]-->b'])
    label = chain.explain("physical", format="mermaid").splitlines()[2]
    assert label.count('"') == 2
    assert "-->" not in label


def test_html_is_well_formed_and_escaped():
    html = Chain([1]).map(it["<script>"]).explain("physical", format="html")
    ET.fromstring(html)  # noqa: S314 (our own text)
    assert "<script>" not in html


def test_a_picture_of_eight_hundred_steps_stays_small():
    chain = Chain([1])
    for key in range(400):
        chain = chain.map(abs).dedup(key)
    assert len(chain.explain(format="html")) < 50_000


def test_analyze_adds_what_each_step_took():
    text = Chain.range(100).filter(lambda n: n % 2).explain(analyze=True)
    assert "100 in, 50 out" in text
    assert (
        json.loads(Chain([1]).map(str).explain(format="json", analyze=True))["metrics"]["steps"][0][
            "items_in"
        ]
        == 1
    )


@pytest.mark.parametrize(("level", "form"), [("optimized", "text"), ("all", "svg")])
def test_an_unknown_level_or_format_is_refused(level, form):
    with pytest.raises(PlanError, match="must be one of"):
        Chain([1]).explain(level, format=form)
