"""Laws of validators, for random ones over random values; and that their schemas say what they do."""

import re

import fastjsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import it
from engine.validation import (
    all_of,
    any_of,
    boolean,
    each,
    field,
    integer,
    list_of,
    nullable,
    number,
    one_of,
    record,
    rule,
    text,
    when,
)

NAMES = ("a", "b", "c")
SIZES = st.integers(0, 3)
BOUNDS = st.none() | st.integers(-3, 3)


def ordered(build, low, high):
    return build(low, high) if low is None or high is None or low <= high else build(high, low)


# Not 1.0: a whole number for JSON Schema, and none for us (decision 23).
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-4, 4)
    | st.floats(-4, 4).filter(lambda x: x % 1)
    | st.text("ab1 ", max_size=4)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*NAMES, "x"]), inner),
    max_leaves=8,
)
plain = st.one_of(
    st.builds(lambda low, high: ordered(text, low, high), SIZES, SIZES),
    st.builds(lambda low: text(low, pattern="[ab]*"), SIZES),
    st.builds(lambda low, high: ordered(integer, low, high), BOUNDS, BOUNDS),
    st.builds(lambda low, high: ordered(number, low, high), BOUNDS, BOUNDS),
    st.just(boolean()),
    st.builds(lambda words: one_of(*words), st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1)),
)


def fields_of(inner):
    made = st.tuples(inner, st.booleans())
    return st.dictionaries(st.sampled_from(NAMES), made, min_size=1).map(
        lambda named: [field(name, each_, optional=optional) for name, (each_, optional) in named.items()]
    )


def composed(inner):
    return st.one_of(
        st.builds(
            lambda item, low, high: list_of(item, min(low, high), max(low, high)), inner, SIZES, SIZES
        ),
        st.builds(lambda parts: any_of(*parts), st.lists(inner, min_size=1, max_size=3)),
        # Not of records: the second would see what the first passed on, which no schema says.
        st.builds(lambda a, b: all_of(a, b), plain, plain),
        st.builds(nullable, inner),
        fields_of(inner).map(lambda fields: record(*fields)),
        fields_of(inner).map(lambda fields: record(*fields).closed()),
    )


validators = st.recursive(plain, composed, max_leaves=5)
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
some_rules = st.lists(
    st.builds(
        lambda n: rule(lambda value: len(str(value)) > n, f"above {n}", "must be longer"), st.integers(0, 9)
    ),
    max_size=3,
)


def issues_of(result):
    return () if result.is_ok() else result.error


def moved(issue, by):
    """The issue of an item that stands further behind."""
    return issue._replace(path=re.sub(r"\d+", lambda digits: str(int(digits[0]) + by), issue.path, count=1))


def accepts(schema, value):
    try:
        schema(value)
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True


@few
@given(validators, st.lists(values, max_size=6))
def test_a_schema_accepts_what_its_validator_accepts_and_nothing_else(validator, candidates):
    schema = fastjsonschema.compile(validator.describe())
    assert [accepts(schema, value) for value in candidates] == [
        validator.check(value).is_ok() for value in candidates
    ]


# Predicates, each with the rest of the rules of the values for which it is asked.
whole = st.integers(-3, 3)
conditions = st.one_of(
    whole.map(lambda n: (integer(), it >= n)),
    whole.map(lambda n: (integer(), it > n)),
    whole.map(lambda n: (integer(), (it <= n) & (it > n - 2))),
    whole.map(lambda n: (integer(), it < n)),
    whole.map(lambda n: (integer(), it == n)),
    st.lists(whole, max_size=3).map(lambda some: (integer(), it.is_in(some))),
    SIZES.map(lambda n: (text(), it.len() >= n)),
    SIZES.map(lambda n: (text(), it.len() < n + 1)),
    SIZES.map(lambda n: (list_of(integer()), it.len() <= n)),
    SIZES.map(lambda n: (list_of(integer()), it.len() == n)),
    st.text("ab", max_size=2).map(lambda word: (text(), it == word)),
)
judged = st.one_of(whole, st.text("ab", max_size=4), st.lists(whole, max_size=4))


@few
@given(conditions, st.lists(judged, max_size=6))
def test_a_schema_says_what_a_predicate_of_it_demands(condition, candidates):
    of, predicate = condition
    validator = when(lambda value: of.check(value).is_ok(), rule(predicate, "code", "message"))
    described = all_of(of, rule(predicate, "code", "message")).describe()
    schema = fastjsonschema.compile(described)
    assert [accepts(schema, value) for value in candidates] == [
        of.check(value).is_ok() and validator.check(value).is_ok() for value in candidates
    ]


@few
@given(validators, values)
def test_what_comes_out_is_accepted_again_and_stays_as_it_is(validator, value):
    once = validator.check(value)
    assert validator.check(value) == once
    assert once.is_ok() is False or validator.check(once.value).is_ok()


@few
@given(validators, validators, validators, some_rules, values)
def test_all_of_is_associative_and_has_an_identity(a, b, c, rules, value):
    b = all_of(b, *rules)
    assert all_of(all_of(a, b), c).check(value) == all_of(a, all_of(b, c)).check(value)
    assert all_of(all_of(), a).check(value) == all_of(a, all_of()).check(value) == a.check(value)


@few
@given(validators, validators, validators, values)
def test_any_of_is_associative_and_accepts_what_one_of_them_accepts(a, b, c, value):
    whole = any_of(a, b, c).check(value)
    assert any_of(any_of(a, b), c).check(value) == any_of(a, any_of(b, c)).check(value) == whole
    assert whole.is_ok() == any(each_.check(value).is_ok() for each_ in (a, b, c))


@few
@given(validators, st.lists(values, max_size=4), st.lists(values, max_size=4))
def test_each_of_a_concatenation_is_the_concatenation(validator, left, right):
    first, second = each(validator).check(left), each(validator).check(right)
    expected = [*issues_of(first), *(moved(issue, len(left)) for issue in issues_of(second))]
    assert issues_of(each(validator).check(left + right)) == tuple(expected)


@few
@given(fields_of(validators), st.randoms(use_true_random=False), values)
def test_the_order_of_fields_changes_no_issue(fields, random, value):
    again = random.sample(fields, len(fields))
    first, second = record(*fields).check(value), record(*again).check(value)
    assert first.is_ok() == second.is_ok()
    assert first == second if first.is_ok() else set(first.error) == set(second.error)


@few
@given(fields_of(validators | st.builds(lambda a, r: all_of(a, *r), validators, some_rules)), values)
def test_a_compiled_record_judges_as_its_fields_do(fields, value):
    judged = {one.name: one.validator.check(value) for one in fields}
    whole = record(*fields).check(dict.fromkeys(judged, value))
    texts = [issue.text for one in judged.values() for issue in issues_of(one)]
    assert [issue.text for issue in issues_of(whole)] == texts
    assert whole.unwrap_or({}) == ({} if texts else {name: one.value for name, one in judged.items()})
