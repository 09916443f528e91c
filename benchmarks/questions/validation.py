"""What does it cost to check rows against rules: good ones, bad ones, a stream of both, and contacts?"""

from __future__ import annotations

import random
from typing import Any

from benchmarks.data import SEED
from benchmarks.question import Contender, Question, Ratio, rival
from benchmarks.rivals import checks
from engine import Chain
from engine.validation import boolean, each, integer, number, one_of, record, text
from service.domain.contact_fields import ContactPolicy, parse_contact

ROWS = 10_000
CONTACTS = 1_000
BY_HAND = "checks by hand"
POLICY = ContactPolicy()
PERSON = record(
    name=text(1, 100),
    age=integer(0, 150),
    active=boolean(),
    score=number(0),
    kind=one_of("home", "work", "other"),
    labels=each(text()),
)


def _good_rows(size: int) -> list[dict[str, Any]]:
    rng = random.Random(SEED)
    return [
        {
            "name": f"person {n}",
            "age": rng.randrange(100),
            "active": rng.random() < 0.5,
            "score": rng.random() * 10,
            "kind": rng.choice(("home", "work", "other")),
            "labels": [f"label {n % 7}"] * rng.randrange(3),
        }
        for n in range(size)
    ]


def _bad_rows(size: int) -> list[dict[str, Any]]:
    """Each with two fields that are wrong."""
    faults = [
        {"name": ""},
        {"age": -1},
        {"active": "yes"},
        {"score": None},
        {"kind": "car"},
        {"labels": [1]},
    ]
    rng = random.Random(SEED)
    return [row | rng.choice(faults[:3]) | rng.choice(faults[3:]) for row in _good_rows(size)]


def _mixed_rows(size: int) -> list[dict[str, Any]]:
    """One in ten is bad."""
    bad = iter(_bad_rows(size))
    return [next(bad) if n % 10 == 0 else row for n, row in enumerate(_good_rows(size))]


def _contacts(size: int) -> list[dict[str, Any]]:
    return [
        {
            "first_name": f" Ada {n} ",
            "last_name": "Lovelace",
            "email": f"ada{n}@Example.com" if n % 2 else "",
            "address": "12 St James's Square\nLondon",
            "labels": ["friend", "friend", "math"],
        }
        for n in range(size)
    ]


def _wrong(rows: list[dict[str, Any]]) -> list[set[str]]:
    return [{issue.path.partition("[")[0] for issue in PERSON.check(row).error} for row in rows]


def _streamed(rows: list[dict[str, Any]]) -> list[Any]:
    return Chain(rows).validate(PERSON).collect()


def _outcomes(results: list[Any]) -> list[Any]:
    return [
        result.value if result.is_ok() else (result.error.position, _fields(result.error))
        for result in results
    ]


def _fields(rejected: Any) -> set[str]:
    return {issue.path.partition("[")[0] for issue in rejected.issues}


QUESTIONS = (
    Question(
        "validation of good rows",
        "rows of six fields that keep all rules, each made a dict of its fields (rivals: an object)",
        _good_rows,
        (
            Contender("engine", "engine", lambda rows: [PERSON.check(row).value for row in rows]),
            Contender(BY_HAND, "loop", checks.good),
            Contender(
                "msgspec", "rival", rival("msgspec_rival", "good"), rival("msgspec_rival", "as_dicts")
            ),
            Contender(
                "pydantic",
                "rival",
                rival("pydantic_rival", "good"),
                rival("pydantic_rival", "as_dicts"),
                needs="pydantic",
            ),
            Contender(
                "cattrs",
                "rival",
                rival("cattrs_rival", "good"),
                rival("cattrs_rival", "as_dicts"),
                needs="cattrs",
            ),
        ),
        (
            Ratio(BY_HAND, 0.6, (BY_HAND,), sizes=(ROWS,)),
            Ratio("cattrs", 1, ("cattrs",), sizes=(ROWS,)),
        ),
        sizes=(ROWS,),
    ),
    Question(
        "validation of bad rows",
        "rows with two faults: the fields that are wrong (msgspec: the first, which is another job)",
        _bad_rows,
        (
            Contender("engine", "engine", _wrong),
            Contender(BY_HAND, "loop", checks.fields_that_are_wrong),
            Contender(
                "pydantic", "rival", rival("pydantic_rival", "fields_that_are_wrong"), needs="pydantic"
            ),
            Contender(
                "msgspec", "rival", rival("msgspec_rival", "first_problems"), job="the first problem"
            ),
        ),
        (Ratio("a tenth of by hand, which makes no issues", 0.1, (BY_HAND,), sizes=(ROWS,)),),
        sizes=(ROWS,),
    ),
    Question(
        "validation of a stream",
        "Chain.validate over rows of which one in ten has two faults",
        _mixed_rows,
        (
            Contender("engine", "engine", _streamed, compared_as=_outcomes),
            Contender(BY_HAND, "loop", checks.outcomes),
        ),
        (Ratio(BY_HAND, 0.4, (BY_HAND,), sizes=(ROWS,)),),
        sizes=(ROWS,),
    ),
    Question(
        "parsing of contacts",
        "the service's rules for contacts, half with an e-mail, and the same parsers called by hand",
        _contacts,
        (
            Contender("engine", "engine", lambda rows: [parse_contact(row, POLICY).value for row in rows]),
            Contender(BY_HAND, "loop", rival("contact_checks", "parsed")),
        ),
        (Ratio(BY_HAND, 0.8, (BY_HAND,), sizes=(CONTACTS,)),),
        sizes=(CONTACTS,),
    ),
)
