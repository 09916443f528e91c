"""Who may do what: roles are unions of grants, and rules in order decide on a question.

A grant is a scope, a resource and an action: read contacts in the tenant. What no grant covers is
refused; a role this version does not know has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, get_args

from msgspec import Struct

from engine.result import Err, Ok, Result
from service.domain.errors import PermissionDenied
from service.domain.identity import Actor, Role, TenantId, UserId, Visibility
from service.domain.problems import Problems

Scope = Literal["own", "tenant", "system"]
Permission = Literal[
    "contacts:read",
    "contacts:create",
    "contacts:update",
    "contacts:delete",
    "contacts:import",
    "contacts:export",
    "contacts:manage",
    "users:read",
    "users:create",
    "users:update",
    "users:delete",
    "users:manage",
    "sessions:read",
    "sessions:delete",
    "configuration:manage",
    "tenants:manage",
    "audit:read",
    "audit:export",
]
DecidedBy = Literal["account", "role", "grant", "tenant", "ownership", "rank", "allowed"]

PERMISSIONS: tuple[Permission, ...] = get_args(Permission)
_ROLES_UPWARD: tuple[Role, ...] = ("read_only", "user", "tenant_admin", "system_admin")
_SCOPES_UPWARD: tuple[Scope, ...] = get_args(Scope)
# Where a tenant keeps its people apart, they see and change of these only what is theirs.
_KEPT_APART = frozenset({"contacts", "users"})


class Grant(Struct, frozen=True):
    """`fields` are those that may be seen of what it covers; None is all."""

    scope: Scope
    resource: str
    action: str
    fields: frozenset[str] | None = None

    @property
    def permission(self) -> str:
        return f"{self.resource}:{self.action}"


Grants = frozenset[Grant]


def grants(scope: Scope, resource: str, *actions: str, fields: Iterable[str] | None = None) -> Grants:
    shown = None if fields is None else frozenset(fields)
    return frozenset(Grant(scope, resource, action, shown) for action in actions)


_READER = (
    grants("tenant", "contacts", "read", "export")
    | grants("own", "sessions", "read", "delete")
    | grants("own", "users", "read")
    | grants("tenant", "users", "read", fields=("id", "username"))
)
_USER = _READER | grants("tenant", "contacts", "create", "update", "delete", "import")
_TENANT_ADMIN = (
    _USER
    | grants("tenant", "contacts", "manage")
    | grants("tenant", "users", "read", "create", "update", "delete", "manage")
    | grants("tenant", "configuration", "manage")
    | grants("tenant", "audit", "read", "export")
)
_SYSTEM_ADMIN = (
    _TENANT_ADMIN | grants("system", "configuration", "manage") | grants("system", "tenants", "manage")
)

ROLES: Mapping[Role, Grants] = {
    "read_only": _READER,
    "user": _USER,
    "tenant_admin": _TENANT_ADMIN,
    "system_admin": _SYSTEM_ADMIN,
}


class Subject(Struct, frozen=True):
    """What is acted upon. `tenant` None is the actor's own; `role` is a user's, had or to be given."""

    owner: UserId | None = None
    tenant: TenantId | None = None
    role: Role | None = None


class Decision(Struct, frozen=True):
    """`rule` says which one decided, `reason` why; `scope` and `fields` how far a permission goes."""

    allowed: bool
    reason: str
    rule: DecidedBy
    scope: Scope | None = None
    fields: frozenset[str] | None = None

    def is_shown(self, field: str) -> bool:
        return self.allowed and (self.fields is None or field in self.fields)

    def mask(self, members: Mapping[str, Any]) -> dict[str, Any]:
        """Those that may be seen."""
        return {name: value for name, value in members.items() if self.is_shown(name)}


class _Question(Struct, frozen=True):
    """`grants` are those of the actor's role for the permission, as far as their tenant lets them go."""

    actor: Actor
    permission: Permission
    subject: Subject | None
    grants: tuple[Grant, ...]


def decide(actor: Actor, permission: Permission, subject: Subject | None = None) -> Decision:
    """What the first rule with an objection says. Without a subject: whether at all, and how far.

    >>> from uuid import UUID
    >>> reader = Actor(UUID(int=1), "north", UUID(int=2), "ada", "read_only", UUID(int=3))
    >>> decide(reader, "contacts:delete").reason
    'the role read_only does not have the permission contacts:delete'
    >>> bob = {"username": "bob", "email": "bob@example.org"}
    >>> decide(reader, "users:read", Subject(UUID(int=9))).mask(bob)
    {'username': 'bob'}
    """
    given = _GIVEN.get((actor.role, permission), ())
    question = _Question(actor, permission, subject, tuple(_narrowed(grant, actor) for grant in given))
    for rule in _RULES:
        refused = rule(question)
        if refused is not None:
            return refused
    return _allowed(question)


def require_permission(actor: Actor, permission: Permission, subject: Subject | None = None) -> Decision:
    """The decision, when it allows. Raises PermissionDenied."""
    decision = decide(actor, permission, subject)
    if not decision.allowed:
        raise PermissionDenied(decision.reason)
    return decision


def has_permission(actor: Actor, permission: Permission) -> bool:
    """False also for a role this version does not know."""
    return decide(actor, permission).allowed


def parse_permission(text: str) -> Result[Permission, Problems]:
    """Of those that there are."""
    for permission in PERMISSIONS:
        if permission == text:
            return Ok(permission)
    return Err({"permission": (f"must be one of {', '.join(PERMISSIONS)}, got {text[:40]!r}",)})


def list_permissions(actor: Actor) -> dict[Permission, Decision]:
    """All that the actor has, and how far each goes."""
    decisions = {permission: decide(actor, permission) for permission in PERMISSIONS}
    return {permission: decision for permission, decision in decisions.items() if decision.allowed}


def owner_of_list(actor: Actor, decision: Decision) -> UserId | None:
    """Whose rows alone a list may hold; None is everybody's in the tenant."""
    return actor.user_id if decision.scope == "own" else None


def visibility_for(role: Role, chosen: Visibility) -> Visibility:
    """Whose contacts a person sees where the tenant has chosen so: those who manage them see all."""
    return "tenant" if (role, "contacts:manage") in _GIVEN else chosen


def _narrowed(grant: Grant, actor: Actor) -> Grant:
    if grant.scope != "tenant" or actor.sees == "tenant" or grant.resource not in _KEPT_APART:
        return grant
    return Grant("own", grant.resource, grant.action, grant.fields)


def _role_is_known(question: _Question) -> Decision | None:
    role = question.actor.role
    return None if role in ROLES else _refused("role", f"the role {role} is not known")


def _is_granted(question: _Question) -> Decision | None:
    if question.grants:
        return None
    reason = f"the role {question.actor.role} does not have the permission {question.permission}"
    return _refused("grant", reason)


def _is_of_the_tenant(question: _Question) -> Decision | None:
    if _is_own_tenant(question) or any(grant.scope == "system" for grant in question.grants):
        return None
    return _refused("tenant", "it is not of your tenant")


def _is_owned(question: _Question) -> Decision | None:
    if _covering(question):
        return None
    return _refused("ownership", "the permission covers only what is your own, and this is not")


def _is_not_above(question: _Question) -> Decision | None:
    role = None if question.subject is None else question.subject.role
    if role is None or _rank(role) <= _rank(question.actor.role):
        return None
    reason = f"the role {question.actor.role} is below {role}: nobody acts above their own role"
    return _refused("rank", reason)


def _allowed(question: _Question) -> Decision:
    covering = _covering(question)
    scope = max((grant.scope for grant in covering), key=_SCOPES_UPWARD.index)
    reason = f"the role {question.actor.role} has the permission {question.permission} ({scope})"
    return Decision(allowed=True, reason=reason, rule="allowed", scope=scope, fields=_shown(covering))


def _refused(rule: DecidedBy, reason: str) -> Decision:
    return Decision(allowed=False, reason=reason, rule=rule)


def _covering(question: _Question) -> list[Grant]:
    """All grants without a subject: then the question is about any."""
    subject = question.subject
    if subject is None:
        return list(question.grants)
    scopes: set[Scope] = {"system"}
    if _is_own_tenant(question):
        scopes |= {"tenant", "own"} if subject.owner == question.actor.user_id else {"tenant"}
    return [grant for grant in question.grants if grant.scope in scopes]


def _shown(covering: Iterable[Grant]) -> frozenset[str] | None:
    fields: frozenset[str] = frozenset()
    for grant in covering:
        if grant.fields is None:
            return None
        fields |= grant.fields
    return fields


def _is_own_tenant(question: _Question) -> bool:
    tenant = None if question.subject is None else question.subject.tenant
    return tenant is None or tenant == question.actor.tenant_id


def _rank(role: str) -> int:
    return _ROLES_UPWARD.index(role) if role in _ROLES_UPWARD else len(_ROLES_UPWARD)


_RULES: tuple[Callable[[_Question], Decision | None], ...] = (
    _role_is_known,
    _is_granted,
    _is_of_the_tenant,
    _is_owned,
    _is_not_above,
)
_GIVEN: dict[tuple[str, str], tuple[Grant, ...]] = {
    (role, permission): given
    for role, held in ROLES.items()
    for permission in PERMISSIONS
    if (given := tuple(grant for grant in held if grant.permission == permission))
}
