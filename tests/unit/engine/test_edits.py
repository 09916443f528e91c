from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Edit, Nothing, PMap, PSet, PVector, Some
from engine.edits import difference, redo, undo

scalars = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a", 1.0])
states = st.recursive(
    scalars,
    lambda parts: (
        st.dictionaries(st.sampled_from("abc"), parts, max_size=3).map(PMap)
        | st.lists(parts, max_size=4).map(PVector)
        | st.sets(st.integers(0, 3)).map(PSet)
    ),
    max_leaves=8,
)


@settings(max_examples=150)
@given(states, states)
def test_edits_lead_from_one_state_to_the_other_and_back(old, new):
    edits = difference(old, new)
    assert (redo(old, edits), undo(new, edits)) == (new, old)
    assert difference(redo(old, edits), new) == ()


def test_equal_numbers_of_other_types_are_changes():
    assert [edit.new for edit in difference(PVector([1, 1]), PVector([True, 1.0]))] == [
        Some(True),
        Some(1.0),
    ]


def test_a_part_that_came_or_went_has_nothing_on_the_other_side():
    assert difference(PMap({"a": None}), PMap({"b": None})) == (
        Edit(("a",), Some(None), Nothing),
        Edit(("b",), Nothing, Some(None)),
    )


def test_members_of_a_set_are_told_one_by_one():
    assert difference(PSet([1, 2]), PSet([2, 3])) == (
        Edit((1,), Some(1), Nothing),
        Edit((3,), Nothing, Some(3)),
    )


@dataclass(frozen=True)
class Settings:
    name: str
    flags: PMap[str, bool]


def test_fields_of_a_dataclass_are_parts():
    old = Settings("a", PMap({"x": True}))
    new = Settings("b", PMap({"x": False}))
    edits = difference(old, new)
    assert [edit.path for edit in edits] == [("name",), ("flags", "x")]
    assert (redo(old, edits), undo(new, edits)) == (new, old)


def test_one_change_deep_inside_is_one_edit():
    old = PMap({"people": PVector([PMap({"name": "Ada"})] * 1000)})
    people = old["people"]
    new = old.set("people", people.set(700, people[700].set("name", "Bob")))
    assert difference(old, new) == (Edit(("people", 700, "name"), Some("Ada"), Some("Bob")),)
