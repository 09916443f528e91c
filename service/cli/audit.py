"""`chainbook audit`: a tenant's audit checked, taken along, and freed of what is too old."""

from __future__ import annotations

import sys
from typing import get_args

import click

from service.application.accounts import find_active_tenant
from service.application.audit import export_entries, prune, verify_chain
from service.cli.operator import as_json_option
from service.cli.run import echo_json, operator_world, run
from service.domain.audit import AuditFilter, Pruned
from service.domain.audit_chain import ChainReport
from service.domain.audit_files import AuditFormat
from service.domain.identity import Operator
from service.settings import Settings

_tenant_option = click.option("--tenant", required=True, help="Slug or id.")


@click.group()
def audit() -> None:
    """Check, export and prune a tenant's audit."""


@audit.command("verify")
@_tenant_option
@as_json_option
def audit_verify(*, tenant: str, as_json: bool) -> None:
    """Check that every entry is as it was written; exit with 1, and say which is the first that is not."""
    report = run(lambda settings: _verify(settings, tenant))
    broken = report.broken
    if as_json:
        head = {"seq": report.head.seq, "hash": report.head.hash.hex()}
        echo_json({"checked": report.checked, "pruned": report.pruned, "head": head, "broken": broken})
    elif broken is None:
        click.echo(f"{report.checked} entries, {report.pruned} of them pruned: the chain is whole")
        click.echo(f"head {report.head.seq} {report.head.hash.hex()}")
    else:
        click.echo(f"entry {broken.seq} is the first that is broken: {broken.fault}", err=True)
    if broken is not None:
        raise SystemExit(1)


@audit.command("export")
@_tenant_option
@click.option("--format", "file_format", type=click.Choice(get_args(AuditFormat)), default="ndjson")
def audit_export(*, tenant: str, file_format: AuditFormat) -> None:
    """Write all entries to standard output, oldest first."""
    run(lambda settings: _export(settings, tenant, file_format))


@audit.command("prune")
@_tenant_option
@as_json_option
def audit_prune(*, tenant: str, as_json: bool) -> None:
    """Let go of entries that need not be kept any more: data after 1 year, authentication after 2,
    authorisation after 5, system after 7. The chain stays whole.
    """
    pruned = run(lambda settings: _prune(settings, tenant))
    if as_json:
        echo_json({"pruned": pruned.count, "first": pruned.first})
    else:
        click.echo(f"pruned {pruned.count} entries; the chain begins with entry {pruned.first}")


async def _verify(settings: Settings, slug: str) -> ChainReport:
    async with operator_world(settings) as (world, _):
        tenant = await find_active_tenant(world, slug)
        async with world.databases.begin(tenant) as tx:
            return await verify_chain(tx, Operator())


async def _export(settings: Settings, slug: str, file_format: AuditFormat) -> None:
    async with operator_world(settings) as (world, _):
        tenant = await find_active_tenant(world, slug)
        async with world.databases.begin(tenant) as tx:
            async for piece in export_entries(tx, Operator(), file_format, AuditFilter()):
                sys.stdout.buffer.write(piece)


async def _prune(settings: Settings, slug: str) -> Pruned:
    async with operator_world(settings) as (world, _):
        tenant = await find_active_tenant(world, slug)
        async with world.databases.begin(tenant) as tx:
            return await prune(tx)
