"""`chainbook demo`: two tenants with users, and passwords a person can read again later."""

from __future__ import annotations

import secrets
from pathlib import Path

import click
import msgspec

from service import bootstrap
from service.adapters.secret_files import write_secret
from service.application.demo import DemoTenant, PasswordChoice, Passwords, plan_passwords, seed_demo
from service.application.world import World
from service.cli.run import echo_json, operator_world, run
from service.settings import Settings

UNKNOWN = "(made elsewhere: not known here)"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def demo(*, as_json: bool) -> None:
    """Make two tenants with users, once, and show their passwords.

    Passwords are random, or DEMO_PASSWORD for all; they are kept in DATA_DIR/demo-passwords.json.
    """
    tenants, settings = run(_demo)
    if as_json:
        echo_json(_as_json(tenants))
        return
    click.echo(_table(tenants))
    _tell_of_kept_passwords(tenants, settings)


async def seed(settings: Settings) -> tuple[DemoTenant, ...]:
    """For completed settings; databases are up to date."""
    async with bootstrap.open_world(settings) as world:
        return await _seed_world(world, settings)


def show_banner(url: str, tenants: tuple[DemoTenant, ...], settings: Settings) -> None:
    first = tenants[0].users[0]
    login = {
        "tenant_id": tenants[0].tenant.slug,
        "username_or_email": first.username,
        "password": first.password or "…",
    }
    click.echo(f"\nchainbook is running on {url}\n")
    click.echo(_table(tenants))
    _tell_of_kept_passwords(tenants, settings)
    click.echo(f"\nLog in:\n  curl -s {url}/api/v2/auth/login -H 'Content-Type: application/json' \\")
    click.echo(f"    -d '{msgspec.json.encode(login).decode()}'")
    click.echo(f"\nData stay in {settings.data_dir}. Stop with Ctrl-C.\n")


async def _demo(settings: Settings) -> tuple[tuple[DemoTenant, ...], Settings]:
    async with operator_world(settings) as (world, complete):
        return await _seed_world(world, complete), settings


async def _seed_world(world: World, settings: Settings) -> tuple[DemoTenant, ...]:
    path = settings.data_dir / "demo-passwords.json"
    known = _read(path)
    choice = PasswordChoice(known, settings.demo_password, lambda: secrets.token_urlsafe(12))
    planned = plan_passwords(choice)
    # Written first: users whose passwords were lost with a crash in between could never log in.
    _write(path, {slug: {**users, **known.get(slug, {})} for slug, users in planned.items()})
    tenants = await seed_demo(world, choice, planned)
    _write(path, _passwords_of(tenants))
    return tenants


def _read(path: Path) -> Passwords:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, str]])
    except FileNotFoundError:
        return {}


def _write(path: Path, passwords: Passwords) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_secret(path, msgspec.json.format(msgspec.json.encode(passwords), indent=2).decode() + "\n")


def _passwords_of(tenants: tuple[DemoTenant, ...]) -> Passwords:
    return {
        item.tenant.slug: {user.username: user.password for user in item.users if user.password is not None}
        for item in tenants
    }


def _as_json(tenants: tuple[DemoTenant, ...]) -> dict[str, object]:
    return {
        "tenants": {
            item.tenant.slug: {
                "tenant_id": str(item.tenant.id),
                "database": item.tenant.database,
                "users": {user.username: user.password for user in item.users},
            }
            for item in tenants
        }
    }


def _table(tenants: tuple[DemoTenant, ...]) -> str:
    rows = [("tenant", "user", "role", "password")]
    rows += [
        (item.tenant.slug, user.username, user.role, user.password or UNKNOWN)
        for item in tenants
        for user in item.users
    ]
    return "\n".join(f"  {slug:10}{name:10}{role:14}{password}" for slug, name, role, password in rows)


def _tell_of_kept_passwords(tenants: tuple[DemoTenant, ...], settings: Settings) -> None:
    chosen = settings.demo_password
    if chosen and any(user.password != chosen for item in tenants for user in item.users):
        click.echo(
            "\nDEMO_PASSWORD differs from what some users were made with: those keep their old password.",
            err=True,
        )
