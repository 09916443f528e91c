from __future__ import annotations

from itertools import pairwise
from uuid import UUID

import pytest

from service.domain.access import PERMISSIONS, has_permission, require_permission, visibility_for
from service.domain.errors import PermissionDenied
from service.domain.identity import Actor


def actor(role):
    return Actor(UUID(int=1), "t", UUID(int=2), "ada", role, UUID(int=3))


def test_readers_read_and_export_only():
    assert PERMISSIONS["read_only"] == {"contacts:read", "contacts:export"}


def test_each_role_may_do_what_the_one_below_it_may():
    order = [PERMISSIONS[role] for role in ("read_only", "user", "tenant_admin", "system_admin")]
    assert all(lower < higher for lower, higher in pairwise(order))


def test_an_unknown_role_may_do_nothing():
    assert not has_permission(actor("janitor"), "contacts:read")


@pytest.mark.parametrize(
    ("role", "sees"),
    [("read_only", "owner"), ("user", "owner"), ("tenant_admin", "tenant"), ("system_admin", "tenant")],
)
def test_where_people_see_their_own_contacts_administrators_see_all(role, sees):
    assert visibility_for(role, "owner") == sees
    assert visibility_for(role, "tenant") == "tenant"


def test_an_unknown_role_sees_no_more_than_a_user():
    assert visibility_for("janitor", "owner") == "owner"


def test_what_is_not_permitted_is_refused():
    with pytest.raises(PermissionDenied):
        require_permission(actor("read_only"), "contacts:write")
    require_permission(actor("user"), "contacts:write")
