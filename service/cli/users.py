"""`chainbook user`: what the operator does with the users of a tenant by hand."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar, get_args

import click
from msgspec.structs import asdict

from service.application import users as use_cases
from service.application.ports import UserQuery
from service.application.users import create_user, find_user_named
from service.application.world import World
from service.cli.operator import as_json_option
from service.cli.run import echo_json, operator_world, run
from service.domain.access import PERMISSIONS, Permission
from service.domain.identity import Operator, Role
from service.domain.users import NewUser, User
from service.settings import Settings

T = TypeVar("T")

_tenant_option = click.option("--tenant", required=True, help="Slug or id.")
_username_option = click.option("--username", required=True)
_password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, not by asking."
)


@click.group()
def user() -> None:
    """Make, list and change users; say what they may do."""


@user.command("create")
@_tenant_option
@_username_option
@click.option("--email", required=True)
@click.option("--role", type=click.Choice(get_args(Role)), default="user", show_default=True)
@_password_option
@as_json_option
def user_create(
    *, tenant: str, username: str, email: str, role: Role, password_stdin: bool, as_json: bool
) -> None:
    """Make a user of a tenant."""
    new = NewUser(username, email, role, _read_password(from_stdin=password_stdin))
    made = _in_world(lambda world: create_user(world, tenant, new))
    _tell(made, f"made user {made.username} ({made.id}) of {tenant}", as_json=as_json)


@user.command("list")
@_tenant_option
@as_json_option
def user_list(*, tenant: str, as_json: bool) -> None:
    """List all users of a tenant."""
    page = _in_world(lambda world: use_cases.list_users(world, Operator(), tenant, UserQuery()))
    found = [seen.user for seen in page.items]
    if as_json:
        echo_json(list(map(_fields, found)))
        return
    for item in found:
        state = "active" if item.active else "inactive"
        click.echo(f"{item.username:20}{item.role:14}{state:10}{item.id}  {item.email}")


@user.command("set-role")
@_tenant_option
@_username_option
@click.option("--role", type=click.Choice(get_args(Role)), required=True)
@as_json_option
def user_set_role(*, tenant: str, username: str, role: Role, as_json: bool) -> None:
    """Give a user another role; their sessions end, and they log in again."""
    changed = _in_world(lambda world: _set_role(world, tenant, username, role))
    _tell(changed, f"user {changed.username} is {changed.role}", as_json=as_json)


@user.command("reset-password")
@_tenant_option
@_username_option
@_password_option
@as_json_option
def user_reset_password(*, tenant: str, username: str, password_stdin: bool, as_json: bool) -> None:
    """Give a user another password; their sessions end."""
    password = _read_password(from_stdin=password_stdin)
    changed = _in_world(lambda world: _reset_password(world, tenant, username, password))
    _tell(changed, f"user {changed.username} has another password", as_json=as_json)


@user.command("explain")
@_tenant_option
@_username_option
@click.option("--action", type=click.Choice(PERMISSIONS), required=True, metavar="RESOURCE:ACTION")
@as_json_option
def user_explain(*, tenant: str, username: str, action: Permission, as_json: bool) -> None:
    """Say whether a user may do something, and which rule says so."""
    decision = _in_world(lambda world: use_cases.explain(world, Operator(), tenant, username, action))
    if as_json:
        echo_json(decision)
        return
    click.echo(f"{'allowed' if decision.allowed else 'refused'} ({decision.rule}): {decision.reason}")


async def _set_role(world: World, tenant: str, username: str, role: Role) -> User:
    found = await find_user_named(world, Operator(), tenant, username)
    return await use_cases.set_role(world, Operator(), tenant, found.id, role)


async def _reset_password(world: World, tenant: str, username: str, password: str) -> User:
    found = await find_user_named(world, Operator(), tenant, username)
    return await use_cases.reset_password(world, Operator(), tenant, found.id, password)


def _in_world(act: Callable[[World], Awaitable[T]]) -> T:
    async def enter(settings: Settings) -> T:
        async with operator_world(settings) as (world, _):
            return await act(world)

    return run(enter)


def _read_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


def _tell(item: User, said: str, *, as_json: bool) -> None:
    if as_json:
        echo_json(_fields(item))
    else:
        click.echo(said)


def _fields(item: User) -> dict[str, object]:
    return {name: value for name, value in asdict(item).items() if name != "password_hash"}
