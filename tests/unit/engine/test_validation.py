"""Validators: every issue with its path, what is told and what is not, and whose fault an exception is."""

import pickle

import pytest

from engine import Chain, Err, Ok, it
from engine.errors import PlanError
from engine.validation import (
    Issue,
    all_of,
    any_of,
    as_validator,
    at,
    attempt,
    boolean,
    each,
    field,
    integer,
    list_of,
    not_,
    nullable,
    number,
    one_of,
    parser,
    record,
    rule,
    text,
    when,
)
from tests.reference.agreement import Reader

CITY = record(city=text(1), zip=text(pattern="[0-9]+"))
PERSON = record(
    field("name", text(1, 20, strip=True)),
    field("age", integer(0, 150), optional=True),
    field("labels", each(text(1)), default=()),
    field("address", CITY),
)


def codes(outcome):
    return [issue.code for issue in outcome.error]


GOOD = {"name": "Ada", "labels": ["math"], "address": {"city": "London", "zip": "12"}}


def told(validator, value):
    return {issue.path: issue.text for issue in validator.check(value).error}


def test_every_issue_is_told_with_its_path():
    bad = {"age": "x", "labels": ["a", "", 3], "address": {"city": "", "zip": "no"}}
    assert told(PERSON, bad) == {
        "name": "is required",
        "age": "must be an integer, got text",
        "labels[1]": "must have at least 1 character, got 0",
        "labels[2]": "must be text, got a number",
        "address.city": "must have at least 1 character, got 0",
        "address.zip": "must match [0-9]+",
    }


def test_what_comes_out_is_the_declared_fields_as_they_became():
    assert PERSON(GOOD | {"name": " Ada ", "other": 1}) == Ok(GOOD)


def test_an_absent_field_stays_absent_or_becomes_its_default():
    assert PERSON({"name": "A", "address": GOOD["address"]}).value == {
        "name": "A",
        "labels": (),
        "address": GOOD["address"],
    }


def test_a_default_that_can_change_is_copied():
    validator = record(field("labels", each(text()), default=[]))
    validator.check({}).value["labels"].append("a")
    assert validator.check({}) == Ok({"labels": []})


def test_a_list_that_came_in_is_not_the_one_that_comes_out():
    assert PERSON.check(GOOD).value["labels"] is not GOOD["labels"]


def test_a_required_field_of_a_rule_alone_must_be_there():
    positive = rule(lambda value: value != 0, "zero", "must not be 0")
    assert codes(record(n=positive).check({})) == ["required"]


def test_a_parser_in_a_record_is_asked_once_though_it_refuses():
    asked = []

    def refuse(value):
        asked.append(value)
        return Err("is not it")

    assert codes(record(n=parser(refuse, "it")).check({"n": 1})) == ["it"]
    assert asked == [1]


def test_a_record_takes_what_parsers_and_maps_make_of_its_fields():
    half = parser(lambda n: Err("must be even") if n % 2 else Ok(n // 2), "even")
    halves = record(
        one=half,
        all=list_of(half),
        none=nullable(half),
        shown=all_of(half, rule(bool, "zero", "is 0")).map(str),
    )
    assert halves.check({"one": 4, "all": [2, 6], "none": None, "shown": 8}) == Ok(
        {"one": 2, "all": [1, 3], "none": None, "shown": "4"}
    )
    refused = halves.check({"one": 3, "all": [2, 5], "none": 1, "shown": 0}).error
    assert [(issue.path, issue.code) for issue in refused] == [
        ("one", "even"),
        ("all[1]", "even"),
        ("none", "even"),
        ("shown", "zero"),
    ]


@pytest.mark.parametrize(
    ("predicate", "words"),
    [
        (it >= 18, {"minimum": 18}),
        (it > 0.5, {"exclusiveMinimum": 0.5}),
        ((it >= 1) & (it <= 9), {"minimum": 1, "maximum": 9}),
        (it.is_in(["a", None]), {"enum": ["a", None]}),
        (it == "a", {"const": "a"}),
        (it.len() > 2, {"minLength": 3, "minItems": 3}),
        (it >= "a", {}),
        (it == True, {}),  # noqa: E712 (an expression)
        (it < float("inf"), {}),
        (it.len() < 0, {}),
        (it["age"] >= 18, {}),
        (it % 2 == 0, {}),
    ],
    ids=str,
)
def test_a_predicate_is_described_by_the_words_that_json_schema_has(predicate, words):
    told = {"x-rules": [{"code": "code", "message": "message"}]}
    assert rule(predicate, "code", "message").describe() == words | told


def test_a_text_is_not_described_by_words_of_lists():
    described = all_of(text(), rule(it.len() >= 8, "short", "is short")).describe()
    assert described == {
        "type": "string",
        "minLength": 8,
        "x-rules": [{"code": "short", "message": "is short"}],
    }


def test_a_closed_record_tells_the_names_that_it_does_not_know():
    assert told(CITY.closed(), {"city": "a", "zip": "1", "x" * 200: 1}) == {"x" * 100: "is not known"}


def test_a_record_is_a_mapping():
    assert told(CITY, ["city"]) == {"": "must be an object, got a list"}


def test_rules_behind_a_broken_rule_are_asked_too():
    password = all_of(
        text(12),
        rule(lambda t: any(map(str.isdigit, t)), "digit", "must have a digit"),
        rule(it != "hush", "x", "y"),
    )
    assert [issue.code for issue in password.check("hush").error] == ["too_short", "digit", "x"]


def test_nothing_is_asked_of_a_value_of_the_wrong_type():
    assert [
        issue.code for issue in all_of(text(), rule(len, "empty", "must not be empty")).check(3).error
    ] == ["type"]


def test_a_giant_is_refused_by_its_length_alone():
    asked = []
    assert not all_of(text(0, 3, pattern="(a+)+b"), rule(asked.append, "a", "b")).check("a" * 10**6).is_ok()
    assert not all_of(list_of(rule(asked.append, "a", "b"), 0, 2)).check([1, 2, 3]).is_ok()
    assert asked == []


def test_a_list_that_is_too_short_still_has_its_items_checked():
    assert told(list_of(text(), 2), [3]) == {
        "": "must have at least 2 items, got 1",
        "[0]": "must be text, got a number",
    }


def test_a_rule_about_two_fields_reports_at_the_one_it_names():
    span = all_of(
        record(since=integer(), until=integer()),
        at("until", rule(it["since"] <= it["until"], "order", "must not be before")),
    )
    assert told(span, {"since": 2, "until": 1}) == {"until": "must not be before"}
    assert told(span, {"since": "2", "until": 1}) == {"since": "must be an integer, got text"}


def test_conditions_opposites_and_choices():
    assert when(it["kind"] == "x", record(name=text())).check({"kind": "y"}).is_ok()
    assert told(when(it["kind"] == "x", record(name=text())), {"kind": "x"}) == {"name": "is required"}
    assert not not_(text(), "text", "must not be text").check("a").is_ok()
    assert not_(text(), "text", "must not be text").check(3) == Ok(3)
    assert any_of(integer(), text().map(len)).check("abc") == Ok(3)
    assert nullable(text()).check(None) == Ok(None)


def test_parsers_change_the_value_for_those_behind_them():
    age = all_of(
        text(strip=True), attempt(int, ValueError, message="must be a whole number"), integer(0, 150)
    )
    assert age.check(" 36 ") == Ok(36)
    assert told(age, "x") == {"": "must be a whole number"}
    assert told(age, "200") == {"": "must be from 0 to 150, got 200"}


def test_a_function_that_gives_a_result_is_a_validator():
    assert told(record(n=lambda n: Err("must be odd")), {"n": 2}) == {"n": "must be odd"}
    assert told(record(n=lambda n: Err((Issue("[1]", "a", "b"),))), {"n": 2}) == {"n[1]": "b"}
    assert told(record(n=parser(lambda n: Err("loud"), "odd", "must be {kind}", kind="odd")), {"n": 2}) == {
        "n": "must be odd"
    }


@pytest.mark.parametrize("value", ["hush", 7, None, ["hush"], {"hush": 1}])
def test_a_secret_never_shows(value):
    secret = record(password=all_of(text(12, 20), one_of("a" * 12)).secret())
    shown = str(secret.check({"password": value})) + str(
        list(Chain([{"password": value}]).validate(secret))
    )
    assert "hush" not in shown
    assert all(issue.got is None for issue in secret.check({"password": value}).error)


def test_a_parser_that_words_its_own_messages_is_refused_in_a_secret():
    with pytest.raises(PlanError, match="a parser of a secret must have a message of its own"):
        record(password=lambda value: Err(value)).secret()


@pytest.mark.parametrize(
    ("validator", "value", "note"),
    [
        (rule(it > 3, "large", "must be large"), "a", "in rule 'large' of the value"),
        (record(p=each(record(age=rule(it > 3, "large", "x")))), {"p": [{"age": 4}, {"age": "a"}]},
         "in rule 'large' of p[1].age"),
        (record(a=when(it > 3, text())), {"a": "b"}, "in condition it > 3 of a"),
        (record(a=text().map(int)), {"a": "b"}, "in map int of a"),
        (record(a=as_validator(len)), {"a": "b"}, "in parser len of a"),
    ],
)  # fmt: skip
def test_an_exception_of_a_rule_passes_with_a_note_of_rule_and_path(validator, value, note):
    with pytest.raises((TypeError, ValueError)) as caught:
        validator.check(value)
    assert caught.value.__notes__ == [note]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "1", None])
def test_what_is_no_number_of_json_is_refused(value):
    assert not number().check(value).is_ok()
    assert not record(n=number()).check({"n": value}).is_ok()


@pytest.mark.parametrize("value", [1.0, True, "1"])
def test_a_whole_number_is_an_int(value):
    assert not integer().check(value).is_ok()


def test_true_is_no_choice_where_one_is():
    assert not one_of(1).check(True).is_ok()
    assert not boolean().check(1).is_ok()


def test_the_facts_behind_an_issue_are_told_for_programs():
    assert text(0, 3).check("long").error[0].facts == (("at_most", 3),)
    issue = rule(it < 5, "small", "must be below {bound}", bound=5).check(7).error[0]
    assert (issue.message, dict(issue.facts)) == ("must be below 5", {"bound": 5})


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: rule(3, "a", "b"), "a predicate must be callable, got 3"),
        (
            lambda: rule(text(), "a", "b"),
            "a predicate must be a function or an expression, got the validator text",
        ),
        (
            lambda: rule(len, "a", "{b}", c=1),
            "a message must name only facts that are given, got '{b}' with c",
        ),
        (lambda: all_of(it > 3), "an expression goes into a rule"),
        (lambda: text(3, 2), "at_most must be at least 3, got 2"),
        (lambda: text(-1), "at_least must be at least 0, got -1"),
        (lambda: text(pattern="("), "pattern must be a regular expression"),
        (lambda: integer(3, 2), "at_most must be at least 3, got 2"),
        (lambda: any_of(), "any_of must have at least 1 validator, got 0"),
        (lambda: one_of(), "one_of must have at least 1 value, got 0"),
        (lambda: record(field("a"), a=text()), "must have different names, got 'a' twice"),
        (lambda: field(3), "a field's name must be a text, got 3"),
        (lambda: Chain([1]).validate(3), "a validator must be one"),
    ],
)
def test_what_can_not_be_built_is_refused_at_once(build, message):
    with pytest.raises(PlanError) as caught:
        build()
    assert message in str(caught.value)


def test_a_validator_survives_a_pickle_compiled_or_not():
    validator = all_of(PERSON, at("age", rule(it["name"] != "", "a", "b")))
    validator.check(GOOD)
    again = pickle.loads(pickle.dumps(validator))  # noqa: S301 (our own)
    assert (again.check(GOOD), told(again, {})) == (validator.check(GOOD), told(validator, {}))


def test_a_stream_tells_the_position_and_keeps_the_row():
    reader = Reader(4, make=lambda n: {"n": n})
    good, bad = Chain(reader).skip(1).validate(record(n=integer(0, 2)), start=1).partition_results()
    assert good == [{"n": 1}, {"n": 2}]
    assert [(each.position, each.item, each.issues[0].path) for each in bad] == [(3, {"n": 3}, "n")]
    assert "item" not in repr(bad)


def test_the_plan_names_the_rules():
    chain = Chain([1]).validate(
        record(age=all_of(integer(0), rule(it != 7, "unlucky", "x")), name=text(1, 9))
    )
    assert "validate(record(age=integer(0) & unlucky, name=text(1, 9)))" in chain.explain(format="json")
