"""Who may do what: one table from role to permissions."""

from __future__ import annotations

from typing import Literal

from service.domain.errors import PermissionDenied
from service.domain.identity import Actor, Role, Visibility

Permission = Literal[
    "contacts:read",
    "contacts:write",
    "contacts:import",
    "contacts:export",
    "users:manage",
    "configuration:manage",
    "tenants:manage",
]

_READER: frozenset[Permission] = frozenset({"contacts:read", "contacts:export"})
_USER: frozenset[Permission] = _READER | {"contacts:write", "contacts:import"}
_TENANT_ADMIN: frozenset[Permission] = _USER | {"users:manage", "configuration:manage"}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    "read_only": _READER,
    "user": _USER,
    "tenant_admin": _TENANT_ADMIN,
    "system_admin": _TENANT_ADMIN | {"tenants:manage"},
}

_ADMINISTRATORS: frozenset[Role] = frozenset({"tenant_admin", "system_admin"})


def has_permission(actor: Actor, permission: Permission) -> bool:
    """False also for a role this version does not know."""
    return permission in PERMISSIONS.get(actor.role, frozenset())


def visibility_for(role: Role, chosen: Visibility) -> Visibility:
    """Whose contacts a person sees where the tenant has chosen so: administrators see all."""
    return "tenant" if role in _ADMINISTRATORS else chosen


def require_permission(actor: Actor, permission: Permission) -> None:
    """Raises PermissionDenied when the actor's role does not have it."""
    if not has_permission(actor, permission):
        raise PermissionDenied(f"the role {actor.role} does not have the permission {permission}")
