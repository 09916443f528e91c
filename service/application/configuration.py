"""The use cases of a tenant's configuration: read it, change it, see how it came about, undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, structs

from engine import Versioned, transition
from service.application.accounts import find_active_tenant
from service.application.ports import ConfigurationChangePage
from service.application.world import World
from service.domain import configuration as rules
from service.domain.access import Subject, decide, has_permission, require_permission
from service.domain.configuration import Configuration
from service.domain.configuration_history import (
    Author,
    ConfigurationChange,
    parse_undo,
)
from service.domain.errors import (
    ConfigurationConflict,
    ConfigurationVersionConflict,
    InvalidInput,
    NothingToUndo,
    TenantNotFound,
)
from service.domain.identity import Editor, Operator, TenantId
from service.domain.tenant_settings import SettingsTable, Value
from service.domain.tenants import Tenant


class TenantConfiguration(Struct, frozen=True):
    """What is in effect. `settings` and `flags` are a document that can be sent back as a change."""

    tenant_id: TenantId
    version: int
    settings: dict[str, Value]
    at_default: tuple[str, ...]
    flags: dict[str, bool]


async def get_configuration(world: World, editor: Editor, slug_or_id: str) -> TenantConfiguration:
    """Raises PermissionDenied, TenantNotFound."""
    tenant = await _enter(world, editor, slug_or_id)
    return _in_effect(world, tenant, await world.configurations.current(tenant))


async def get_settings_table(world: World, editor: Editor, slug_or_id: str) -> SettingsTable:
    """What can be set, for a client that draws a form of it. Raises PermissionDenied, TenantNotFound."""
    await _enter(world, editor, slug_or_id)
    return world.configurations.table


async def change_configuration(
    world: World,
    editor: Editor,
    slug_or_id: str,
    document: Mapping[str, Any],
    *,
    request_id: str,
    expected_version: int | None = None,
) -> TenantConfiguration:
    """As it stands after the change; a document that changes nothing makes no version.

    Raises PermissionDenied, TenantNotFound, InvalidInput with all problems by path,
    ConfigurationVersionConflict, ConfigurationConflict.
    """
    tenant = await _enter(world, editor, slug_or_id)
    changed = await world.configurations.apply(
        tenant,
        transition("change", rules.change(document, world.configurations.table)),
        _author(editor, request_id),
        expected_version=expected_version,
    )
    return _in_effect(world, tenant, changed)


async def list_configuration_changes(
    world: World, editor: Editor, slug_or_id: str, *, offset: int, limit: int
) -> ConfigurationChangePage:
    """Newest first. People of another tenant are not named to one who does not manage all tenants.

    Raises PermissionDenied, TenantNotFound.
    """
    tenant = await _enter(world, editor, slug_or_id)
    page = await world.configurations.store.list_changes(tenant, offset=offset, limit=limit)
    return structs.replace(page, items=tuple(_without_strangers(change, editor) for change in page.items))


async def undo_configuration(
    world: World,
    editor: Editor,
    slug_or_id: str,
    document: Mapping[str, Any],
    *,
    request_id: str,
    expected_version: int | None = None,
) -> TenantConfiguration:
    """A new version with the contents of the one before the last, or of the one that `to_version` names.

    Raises PermissionDenied, TenantNotFound, InvalidInput, NothingToUndo, ConfigurationVersionConflict, and
    ConfigurationConflict when another change came in between.
    """
    tenant = await _enter(world, editor, slug_or_id)
    newest = (await world.configurations.newest(tenant)).version
    if newest == 0:
        raise NothingToUndo
    to_version = parse_undo(document, newest).map_err(InvalidInput.of).or_raise()
    contents = await world.configurations.store.get_contents(tenant, to_version)
    step = transition("undo", rules.restore(contents))
    expected = newest if expected_version is None else expected_version
    try:
        restored = await world.configurations.apply(
            tenant, step, _author(editor, request_id), expected_version=expected
        )
    except ConfigurationVersionConflict as error:
        if expected_version is None:
            # The condition was ours: nobody takes back what they have not seen.
            raise ConfigurationConflict from error
        raise
    return _in_effect(world, tenant, restored)


async def _enter(world: World, editor: Editor, slug_or_id: str) -> Tenant:
    """The tenant, for those who may configure it; for an administrator of another one there is none."""
    if isinstance(editor, Operator):
        return await find_active_tenant(world, slug_or_id)
    require_permission(editor, "configuration:manage")
    tenant = await find_active_tenant(world, slug_or_id)
    if not decide(editor, "configuration:manage", Subject(tenant=tenant.id)).allowed:
        raise TenantNotFound
    return tenant


def _in_effect(world: World, tenant: Tenant, found: Versioned[Configuration]) -> TenantConfiguration:
    table = world.configurations.table
    return TenantConfiguration(
        tenant_id=tenant.id,
        version=found.version,
        settings=rules.values_in_effect(found.state, table),
        at_default=rules.names_at_default(found.state, table),
        flags=rules.flags_of(found.state),
    )


def _author(editor: Editor, request_id: str) -> Author:
    if isinstance(editor, Operator):
        return Author(request_id)
    return Author(request_id, editor.tenant_id, editor.user_id, editor.username)


def _without_strangers(change: ConfigurationChange, editor: Editor) -> ConfigurationChange:
    if isinstance(editor, Operator) or has_permission(editor, "tenants:manage"):
        return change
    if change.author.tenant_id == editor.tenant_id:
        return change
    return structs.replace(change, author=Author(change.author.request_id))
