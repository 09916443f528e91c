"""`chainbook tenant config`: a tenant's settings and flags, by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import click
import msgspec

from service.application import configuration as use_cases
from service.application.configuration import TenantConfiguration
from service.application.ports import ConfigurationChangePage
from service.application.world import World
from service.cli.operator import as_json_option
from service.cli.run import echo_json, operator_world, run
from service.domain.configuration_history import ConfigurationChange
from service.domain.identity import Operator
from service.domain.tenant_settings import Value
from service.settings import Settings
from service.web.v2.configuration import render_change

T = TypeVar("T")

_tenant_option = click.option("--tenant", required=True, help="Slug or id.")


@click.group()
def config() -> None:
    """Show and change a tenant's settings and feature flags."""


@config.command("get")
@_tenant_option
@as_json_option
def config_get(*, tenant: str, as_json: bool) -> None:
    """Show what is in effect."""
    _show(_in_world(lambda world: use_cases.get_configuration(world, Operator(), tenant)), as_json=as_json)


@config.command("set")
@click.argument("settings", metavar="[NAME=VALUE]...", nargs=-1)
@click.option("--flag", "flags", metavar="NAME=true|false", multiple=True, help="A feature flag.")
@_tenant_option
@as_json_option
def config_set(*, tenant: str, settings: tuple[str, ...], flags: tuple[str, ...], as_json: bool) -> None:
    """Change settings and flags, all or none; the VALUE null is the way back to the default."""
    document = {"settings": _parse_pairs(settings), "flags": _parse_pairs(flags)}
    _show(
        _in_world(
            lambda world: use_cases.change_configuration(
                world, Operator(), tenant, document, request_id=str(world.new_id())
            )
        ),
        as_json=as_json,
    )


@config.command("history")
@_tenant_option
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True)
@as_json_option
def config_history(*, tenant: str, limit: int, as_json: bool) -> None:
    """Show what was changed, newest first."""
    page = _in_world(lambda world: _list(world, tenant, limit))
    if as_json:
        echo_json([render_change(change) for change in page.items])
        return
    for change in page.items:
        click.echo(_line_of(change))


@config.command("undo")
@_tenant_option
@click.option("--to-version", type=int, help="Back to how it was then, not only one change.")
@as_json_option
def config_undo(*, tenant: str, to_version: int | None, as_json: bool) -> None:
    """Take the last change back, or all since a version. That is a change too, and can be undone."""
    document = {} if to_version is None else {"to_version": to_version}
    _show(
        _in_world(
            lambda world: use_cases.undo_configuration(
                world, Operator(), tenant, document, request_id=str(world.new_id())
            )
        ),
        as_json=as_json,
    )


async def _list(world: World, tenant: str, limit: int) -> ConfigurationChangePage:
    return await use_cases.list_configuration_changes(world, Operator(), tenant, offset=0, limit=limit)


def _in_world(act: Callable[[World], Awaitable[T]]) -> T:
    async def acting(settings: Settings) -> T:
        async with operator_world(settings) as (world, _):
            return await act(world)

    return run(acting)


def _parse_pairs(pairs: tuple[str, ...]) -> dict[str, Any]:
    return dict(map(_parse_pair, pairs))


def _parse_pair(pair: str) -> tuple[str, Any]:
    name, equals, text = pair.partition("=")
    if not equals:
        raise click.UsageError(f"expected NAME=VALUE, got {pair!r}")
    return name, _parse_value(text)


def _parse_value(text: str) -> Any:
    """JSON where it is some (20, true, null), else the text itself (DE)."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _show(found: TenantConfiguration, *, as_json: bool) -> None:
    if as_json:
        echo_json(found)
        return
    click.echo(f"version {found.version}")
    for name, value in found.settings.items():
        click.echo(f"  {name:24}{_text_of(value)}{'  (default)' if name in found.at_default else ''}")
    for name, value in found.flags.items():
        click.echo(f"  flag {name:19}{_text_of(value)}")


def _line_of(change: ConfigurationChange) -> str:
    differences = ", ".join(
        f"{difference.path}: {_text_of(difference.old)} -> {_text_of(difference.new)}"
        for difference in change.differences
    )
    author = change.author.username or "(operator)"
    made = f"{change.version:>5}  {change.changed_at:%Y-%m-%d %H:%M:%S}  {author:16}{change.transition:8}"
    return made + differences


def _text_of(value: Value | None) -> str:
    """As it is typed at `set`: null is "not set"."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
