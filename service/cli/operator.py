"""`chainbook tenant`: what the operator does with tenants by hand."""

from __future__ import annotations

import click
from msgspec.structs import asdict

from service.application.tenants import change_tenant, create_tenant, list_tenants
from service.cli.run import echo_json, operator_world, run
from service.domain.identity import Operator
from service.domain.tenants import Tenant, TenantChange
from service.settings import Settings

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def tenant() -> None:
    """Make, list, configure, suspend and delete tenants."""


@tenant.command("create")
@click.argument("slug")
@click.option("--name", default="", help="For people; the slug when not given.")
@as_json_option
def tenant_create(*, slug: str, name: str, as_json: bool) -> None:
    """Make a tenant with a database of its own; SLUG is what its users type at login."""
    made = run(lambda settings: _create_tenant(settings, slug, name))
    if as_json:
        echo_json(_tenant_fields(made))
    else:
        click.echo(f"made tenant {made.slug} ({made.id})")


@tenant.command("list")
@as_json_option
def tenant_list(*, as_json: bool) -> None:
    """List all tenants."""
    tenants = run(_list_tenants)
    if as_json:
        echo_json([_tenant_fields(item) for item in tenants])
        return
    for item in tenants:
        click.echo(f"{item.slug:20}{item.status:14}{item.id}  {item.name}")


@tenant.command("suspend")
@click.argument("tenant", metavar="SLUG_OR_ID")
@as_json_option
def tenant_suspend(*, tenant: str, as_json: bool) -> None:
    """Let nobody of the tenant in, until it is resumed. Nothing is lost."""
    _change(tenant, "suspend", as_json=as_json)


@tenant.command("resume")
@click.argument("tenant", metavar="SLUG_OR_ID")
@as_json_option
def tenant_resume(*, tenant: str, as_json: bool) -> None:
    """Let the people of a suspended tenant in again."""
    _change(tenant, "resume", as_json=as_json)


@tenant.command("delete")
@click.argument("tenant", metavar="SLUG_OR_ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json_option
def tenant_delete(*, tenant: str, yes: bool, as_json: bool) -> None:
    """Remove the tenant's database, for good. Its slug stays taken."""
    if not yes:
        click.confirm(f"All data of {tenant} will be lost. Go on?", abort=True, err=True)
    _change(tenant, "delete", as_json=as_json)


def _change(slug_or_id: str, change: TenantChange, *, as_json: bool) -> None:
    changed = run(lambda settings: _change_tenant(settings, slug_or_id, change))
    if as_json:
        echo_json(_tenant_fields(changed))
    else:
        click.echo(f"tenant {changed.slug} is {changed.status}")


async def _change_tenant(settings: Settings, slug_or_id: str, change: TenantChange) -> Tenant:
    async with operator_world(settings) as (world, _):
        return await change_tenant(world, Operator(), slug_or_id, change)


async def _create_tenant(settings: Settings, slug: str, name: str) -> Tenant:
    async with operator_world(settings) as (world, _):
        return await create_tenant(world, Operator(), slug, name)


async def _list_tenants(settings: Settings) -> tuple[Tenant, ...]:
    async with operator_world(settings) as (world, _):
        return await list_tenants(world, Operator())


def _tenant_fields(item: Tenant) -> dict[str, object]:
    return asdict(item)
