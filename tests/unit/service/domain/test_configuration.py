"""What a tenant can configure, and that every change can be taken back."""

from __future__ import annotations

import pytest
from contracts.builders import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Ok, PMap, Store, transition
from service.domain.configuration import (
    MAX_FLAGS,
    all_of,
    change,
    flags_of,
    names_at_default,
    remove,
    reset,
    restore,
    set_flags,
    set_settings,
    settings_in_effect,
    validate,
    values_in_effect,
)
from service.domain.configuration_history import Author, change_of, parse_undo, replay
from service.domain.tenant_settings import TenantSettings, settings_table

TABLE = settings_table(import_max_bytes=1_000_000)
EMPTY = PMap()
SET = PMap({"settings.contacts.page_size": 20, "settings.contacts.phone_region": "DE", "flags.beta": True})

values = {
    "contacts.visibility": st.sampled_from(["tenant", "owner"]),
    "contacts.phone_region": st.sampled_from(["DE", "FR", "US"]),
    "contacts.page_size": st.integers(1, 500),
    "limits.import_bytes": st.integers(1024, 1_000_000),
}
documents = st.fixed_dictionaries(
    {},
    optional={
        "settings": st.none()
        | st.fixed_dictionaries({}, optional={name: st.none() | some for name, some in values.items()}),
        "flags": st.none()
        | st.dictionaries(st.from_regex(r"[a-c]\.?[0-9]", fullmatch=True), st.none() | st.booleans()),
    },
)


def after(document, configuration=EMPTY):
    return change(document, TABLE)(configuration).or_raise()


def problems_of(document, configuration=EMPTY):
    return change(document, TABLE)(configuration).error


def history_of(given):
    """A store after the documents, and what its history keeps of each that changed something."""
    store = Store(lambda _: EMPTY, validate)
    for document in given:
        prepared = store.prepare("tenant", transition("change", change(document, TABLE))).or_raise()
        if prepared.delta.edits:
            store.commit(prepared).or_raise()
    deltas = store.history("tenant").deltas
    return store, [change_of(delta, Author("request"), NOW) for delta in deltas]


def test_what_is_not_set_has_its_default():
    assert settings_in_effect(EMPTY, TABLE) == TenantSettings("tenant", "US", 50, 1_000_000)
    assert names_at_default(EMPTY, TABLE) == tuple(TABLE)
    assert flags_of(EMPTY) == {}


def test_the_service_decides_what_tenants_start_from():
    table = settings_table(phone_region="FR", import_max_bytes=5000)
    assert settings_in_effect(EMPTY, table) == TenantSettings("tenant", "FR", 50, 5000)


def test_every_setting_has_its_typed_field():
    assert set(TenantSettings.__struct_encode_fields__) == set(TABLE)


def test_a_document_sets_settings_and_flags():
    document = {
        "settings": {"contacts.page_size": 20, "contacts.phone_region": "DE"},
        "flags": {"beta": True},
    }
    assert after(document) == SET


def test_null_is_the_way_back_to_the_default():
    document = {
        "settings": {"contacts.page_size": None, "contacts.visibility": None},
        "flags": {"beta": None},
    }
    assert after(document, SET) == PMap({"settings.contacts.phone_region": "DE"})


def test_null_for_a_part_takes_all_of_it_back():
    assert after({"settings": None}, SET) == PMap({"flags.beta": True})
    assert after({"settings": None, "flags": None}, SET) == EMPTY


def test_a_default_that_is_set_is_set():
    assert names_at_default(after({"settings": {"contacts.page_size": 50}}), TABLE) == (
        *("contacts.visibility", "contacts.phone_region", "limits.import_bytes", "accounts.signup"),
    )


def test_all_problems_are_told_at_once_by_path():
    document = {
        "settings": {"contacts.page_size": 501, "contacts.visibility": "all", "contacts.colour": "red"},
        "flags": {"Beta": True, "new": 1},
        "colour": "red",
    }
    assert problems_of(document) == {
        "settings.contacts.page_size": ("must be a whole number from 1 to 500, got 501",),
        "settings.contacts.visibility": ("must be one of tenant, owner, got 'all'",),
        "settings.contacts.colour": (f"is not a setting, expected one of {', '.join(TABLE)}",),
        "flags.Beta": ("must have a name that matches ^[a-z][a-z0-9_.]{0,63}$",),
        "flags.new": ("must be a boolean, got a number",),
        "colour": ("is not known here, expected settings, flags",),
    }


@pytest.mark.parametrize("value", [0, -1, 501, True, 20.0, "20", [20], {}])
def test_a_page_size_is_a_whole_number_within_bounds(value):
    assert set(problems_of({"settings": {"contacts.page_size": value}})) == {"settings.contacts.page_size"}


@pytest.mark.parametrize("value", ["XX", "de", "", 1, True, ["DE"]])
def test_a_phone_region_is_a_country_with_phone_numbers(value):
    [text] = problems_of({"settings": {"contacts.phone_region": value}})["settings.contacts.phone_region"]
    assert text.startswith("must be one of AC, AD, AE, AF, AG or 240 more, got ")


@pytest.mark.parametrize("name", ["", "B", "1a", "a-b", "a b", "é", "a" * 65, ".a", "a\n"])
def test_a_flag_has_a_plain_name(name):
    assert set(problems_of({"flags": {name: True}})) == {f"flags.{name}"}


@pytest.mark.parametrize(("part", "value"), [("settings", []), ("flags", "on"), ("flags", True)])
def test_a_part_is_an_object(part, value):
    assert problems_of({part: value})[part][0].startswith("must be an object, got ")


def test_a_part_has_a_bounded_number_of_members():
    flags = {f"f{number}": True for number in range(201)}
    assert problems_of({"flags": flags}) == {"flags": ("must have at most 200 members, got 201",)}


def test_flags_are_bounded_in_number():
    full = set_flags({f"f{number}": True for number in range(MAX_FLAGS)})(EMPTY).or_raise()
    assert after({"flags": {"f0": False}}, full) == full.set("flags.f0", False)
    assert problems_of({"flags": {"more": True}}, full) == {
        "flags": ("must be at most 100 flags, got 101",)
    }


def test_a_refused_step_refuses_all():
    steps = all_of([set_flags({"good": True}), set_settings({"contacts.page_size": 0}, TABLE)])
    assert set(steps(EMPTY).error) == {"settings.contacts.page_size"}


def test_removing_what_is_not_set_changes_nothing():
    assert remove(["settings.contacts.page_size", "flags.x"])(EMPTY) == Ok(EMPTY)


def test_a_setting_of_another_version_of_the_service_stays_and_can_be_taken_away():
    other = SET.set("settings.contacts.future", 7)
    assert after({"flags": {"x": True}}, other)["settings.contacts.future"] == 7
    assert after({"settings": {"contacts.future": None}}, other) == SET
    assert problems_of({"settings": {"contacts.future": None}}, SET) == {
        "settings.contacts.future": ("is not set",)
    }


def test_a_stored_value_that_is_not_allowed_any_more_has_no_effect():
    narrow = settings_table(import_max_bytes=5000)
    stored = PMap({"settings.limits.import_bytes": 900_000})
    assert values_in_effect(stored, narrow)["limits.import_bytes"] == 5000


@given(documents, documents)
def test_undoing_a_change_gives_the_state_before(first, second):
    before = after(first)
    assert restore(before)(after(second, before)) == Ok(before)


@settings(max_examples=50)
@given(st.lists(documents, max_size=8))
def test_replaying_the_history_from_any_version_gives_the_state(given_documents):
    store, changes = history_of(given_documents)
    for version in range(len(changes) + 1):
        start = store.at("tenant", version).or_raise()
        assert replay(start, changes[version:]) == store.get("tenant").state


@given(documents, documents)
def test_what_is_in_effect_sent_back_changes_nothing_that_is_in_effect(first, second):
    configuration = after(second, after(first))
    echo = {"settings": values_in_effect(configuration, TABLE), "flags": flags_of(configuration)}
    echoed = after(echo, configuration)
    assert values_in_effect(echoed, TABLE) == values_in_effect(configuration, TABLE)
    assert flags_of(echoed) == flags_of(configuration)


@given(documents)
def test_a_reset_leaves_nothing(document):
    assert reset()(after(document)) == Ok(EMPTY)


def test_a_change_tells_each_path_with_its_old_and_new_value():
    _, changes = history_of([{"flags": {"b": True, "a": False}}, {"flags": {"b": None, "a": True}}])
    assert [(d.path, d.old, d.new) for d in changes[1].differences] == [
        ("flags.a", False, True),
        ("flags.b", True, None),
    ]


@pytest.mark.parametrize(("document", "version"), [({}, 6), ({"to_version": 0}, 0), ({"to_version": 6}, 6)])
def test_an_undo_goes_back_one_version_or_to_the_one_named(document, version):
    assert parse_undo(document, 7) == Ok(version)


@pytest.mark.parametrize("value", [7, -1, True, "1", None, 1.5])
def test_an_undo_can_only_go_back(value):
    assert set(parse_undo({"to_version": value}, 7).error) == {"to_version"}


def test_an_undo_is_told_nothing_else():
    assert set(parse_undo({"version": 1, "to_version": 9}, 7).error) == {"version", "to_version"}
