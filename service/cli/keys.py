"""`chainbook keys`: the keys that sign tokens, by hand. A running service sees a change within a second."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from engine.result import Err
from service.adapters.clock import utc_now
from service.adapters.key_files import DEFAULT_ALGORITHM, change_keys, fresh_key, make_key_file, read_keys
from service.bootstrap import development_key_file
from service.cli.operator import as_json_option
from service.cli.run import echo_json, run
from service.domain.signing_keys import Algorithm, Keys, SigningKey, revoke, rotate
from service.settings import Settings

_algorithm_option = click.option(
    "--algorithm",
    type=click.Choice(get_args(Algorithm)),
    default=DEFAULT_ALGORITHM,
    show_default=True,
    help="Of the new standby key.",
)


@click.group()
def keys() -> None:
    """List, rotate and revoke the keys that sign tokens."""


@keys.command("list")
@as_json_option
def keys_list(*, as_json: bool) -> None:
    """Show which keys there are, never what they are."""
    show(run(list_in_file), as_json=as_json)


@keys.command("rotate")
@_algorithm_option
@as_json_option
def keys_rotate(*, algorithm: Algorithm, as_json: bool) -> None:
    """Let the standby key sign, and make the next standby; the first time, make both. Nobody is signed out.

    The key that signed so far verifies on; it is revoked by a later rotation, once the last token that it
    signed has expired.
    """
    show(run(lambda settings: rotate_in_file(settings, algorithm)), as_json=as_json)


@keys.command("revoke")
@click.argument("kid")
@_algorithm_option
@as_json_option
def keys_revoke(*, kid: str, algorithm: Algorithm, as_json: bool) -> None:
    """Believe nothing any more that the key KID has signed: for one that has leaked.

    If it signs, the standby key takes its place. People refresh their tokens, or log in again.
    """
    show(run(lambda settings: revoke_in_file(settings, kid, algorithm)), as_json=as_json)


async def list_in_file(settings: Settings) -> Keys:
    return read_keys(_key_file(settings))


async def rotate_in_file(settings: Settings, algorithm: Algorithm) -> Keys:
    now, path = utc_now(), _key_file(settings)
    if not path.exists():
        make_key_file(path, now)
        return read_keys(path)
    life_s = max(settings.max_age_s, settings.access_token_ttl_s)
    return change_keys(path, lambda held: rotate(held, fresh_key(algorithm, now), now, token_life_s=life_s))


async def revoke_in_file(settings: Settings, kid: str, algorithm: Algorithm) -> Keys:
    now = utc_now()

    def change(held: Keys) -> Keys:
        changed = revoke(held, kid, fresh_key(algorithm, now), now)
        if isinstance(changed, Err):
            raise click.ClickException(changed.error)
        return changed.value

    return change_keys(_key_file(settings), change)


def show(held: Keys, *, as_json: bool) -> None:
    if as_json:
        echo_json({"keys": [_fields(key) for key in held]})
        return
    for key in held:
        click.echo(f"{key.kid:20}{key.algorithm:8}{key.state:10}{key.changed_at:%Y-%m-%d %H:%M:%S}")


def _key_file(settings: Settings) -> Path:
    """The one that the service reads. In development it is made when there is none."""
    if isinstance(settings.jwt_keys, Path):
        return settings.jwt_keys
    if settings.jwt_keys:
        raise click.ClickException(
            "the keys are secrets in the settings; set JWT_KEYS to a file to rotate them"
        )
    return development_key_file(settings)


def _fields(key: SigningKey) -> dict[str, object]:
    return {
        "kid": key.kid,
        "algorithm": key.algorithm,
        "state": key.state,
        "changed_at": key.changed_at,
    }
