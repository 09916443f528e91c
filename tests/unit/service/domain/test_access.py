from __future__ import annotations

from itertools import pairwise
from uuid import UUID

import msgspec
import pytest

from service.domain.access import (
    PERMISSIONS,
    ROLES,
    Subject,
    decide,
    has_permission,
    list_permissions,
    owner_of_list,
    parse_permission,
    require_permission,
    visibility_for,
)
from service.domain.errors import PermissionDenied
from service.domain.identity import Actor

UPWARD = ("read_only", "user", "tenant_admin", "system_admin")
ME, BOB = UUID(int=2), UUID(int=9)
OTHER_TENANT = UUID(int=7)


def actor(role, sees="tenant"):
    return Actor(UUID(int=1), "t", ME, "ada", role, UUID(int=3), sees)


def kept_apart(role):
    return actor(role, "owner")


def said(decision):
    return decision.allowed, decision.rule


def test_readers_read_and_export_and_have_their_own_sessions():
    reader = {"contacts:read", "contacts:export", "users:read", "sessions:read", "sessions:delete"}
    assert set(list_permissions(actor("read_only"))) == reader


def test_each_role_may_do_what_the_one_below_it_may():
    assert all(ROLES[lower] < ROLES[higher] for lower, higher in pairwise(UPWARD))


def test_there_is_nothing_that_nobody_may_do_and_no_grant_of_what_is_not_there():
    assert {grant.permission for grant in ROLES["system_admin"]} == set(PERMISSIONS)


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_an_unknown_role_may_do_nothing(permission):
    assert said(decide(actor("janitor"), permission)) == (False, "role")


def test_a_refusal_says_which_role_lacks_what():
    decision = decide(actor("read_only"), "contacts:delete")
    assert said(decision) == (False, "grant")
    assert decision.reason == "the role read_only does not have the permission contacts:delete"
    with pytest.raises(PermissionDenied, match="contacts:delete"):
        require_permission(actor("read_only"), "contacts:delete")


def test_a_permission_in_the_tenant_covers_what_others_own_there():
    assert said(decide(actor("user"), "contacts:update", Subject(BOB))) == (True, "allowed")
    assert said(decide(actor("user"), "contacts:update", Subject(None))) == (True, "allowed")


@pytest.mark.parametrize("owner", [BOB, None])
def test_where_people_are_kept_apart_a_user_reaches_only_what_is_their_own(owner):
    assert said(decide(kept_apart("user"), "contacts:update", Subject(owner))) == (False, "ownership")
    assert decide(kept_apart("user"), "contacts:update", Subject(ME)).allowed


def test_a_list_is_of_the_own_rows_or_of_all_as_the_decision_says():
    for asking, owner in ((actor("user"), None), (kept_apart("user"), ME)):
        assert owner_of_list(asking, decide(asking, "contacts:read")) == owner


@pytest.mark.parametrize("role", UPWARD)
@pytest.mark.parametrize("permission", ["contacts:read", "users:manage", "sessions:delete"])
def test_nobody_reaches_into_another_tenant(role, permission):
    assert not decide(actor(role), permission, Subject(ME, OTHER_TENANT)).allowed


def test_tenants_are_managed_and_configured_from_outside_by_system_administrators_alone():
    for permission in ("tenants:manage", "configuration:manage"):
        assert decide(actor("system_admin"), permission, Subject(tenant=OTHER_TENANT)).scope == "system"
        assert not decide(actor("tenant_admin"), permission, Subject(tenant=OTHER_TENANT)).allowed


@pytest.mark.parametrize("asking", ["tenant_admin", "system_admin"])
@pytest.mark.parametrize("role", UPWARD)
def test_nobody_acts_above_their_own_role(asking, role):
    decision = decide(actor(asking), "users:manage", Subject(BOB, role=role))
    assert decision.allowed is (UPWARD.index(role) <= UPWARD.index(asking))


def test_a_role_that_is_not_known_is_above_everybody():
    assert said(decide(actor("system_admin"), "users:manage", Subject(BOB, role="janitor"))) == (
        False,
        "rank",
    )


def test_of_other_users_people_see_the_name_and_of_themselves_all():
    members = {"id": 1, "username": "bob", "email": "bob@example.org"}
    assert decide(actor("user"), "users:read", Subject(BOB)).mask(members) == {"id": 1, "username": "bob"}
    assert decide(actor("user"), "users:read", Subject(ME)).mask(members) == members
    assert decide(actor("tenant_admin"), "users:read", Subject(BOB)).mask(members) == members


def test_what_is_refused_shows_nothing():
    assert decide(actor("janitor"), "users:read", Subject(BOB)).mask({"id": 1}) == {}


def test_a_decision_is_a_value_that_can_be_written_down():
    decision = decide(actor("user"), "users:read", Subject(BOB))
    assert msgspec.json.decode(msgspec.json.encode(decision), type=type(decision)) == decision


@pytest.mark.parametrize(
    ("role", "sees"),
    [("read_only", "owner"), ("user", "owner"), ("tenant_admin", "tenant"), ("system_admin", "tenant")],
)
def test_where_people_see_their_own_contacts_administrators_see_all(role, sees):
    assert visibility_for(role, "owner") == sees
    assert visibility_for(role, "tenant") == "tenant"


def test_an_unknown_role_sees_no_more_than_a_user():
    assert visibility_for("janitor", "owner") == "owner"


def test_a_permission_is_one_that_there_is():
    assert parse_permission("contacts:read").is_ok()
    assert set(parse_permission("contacts:eat").error) == {"permission"}
    assert has_permission(actor("user"), "contacts:create")
