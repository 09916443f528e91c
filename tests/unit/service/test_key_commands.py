"""What `chainbook keys` does with the settings, without a process around it."""

from __future__ import annotations

import click
import pytest

from service.adapters.key_files import KeyFileError
from service.cli.keys import list_in_file, revoke_in_file, rotate_in_file, show
from service.settings import Settings


@pytest.fixture
def settings(tmp_path):
    return Settings(jwt_keys=tmp_path / "keys.json")


def states(held):
    return [key.state for key in held]


async def test_a_file_that_is_not_there_is_made_by_the_first_rotation_and_nothing_else(settings):
    with pytest.raises(KeyFileError, match=r"keys\.json must be a file of signing keys"):
        await list_in_file(settings)
    made = await rotate_in_file(settings, "EdDSA")
    assert states(made) == ["current", "standby"]
    assert await list_in_file(settings) == made


async def test_a_rotation_makes_the_standby_of_the_algorithm_that_is_asked_for(settings):
    await rotate_in_file(settings, "EdDSA")
    rotated = await rotate_in_file(settings, "HS256")
    assert [(key.state, key.algorithm) for key in rotated] == [
        ("previous", "EdDSA"),
        ("current", "EdDSA"),
        ("standby", "HS256"),
    ]


async def test_an_unknown_key_is_not_revoked(settings):
    made = await rotate_in_file(settings, "EdDSA")
    with pytest.raises(click.ClickException, match="'nobody'"):
        await revoke_in_file(settings, "nobody", "EdDSA")
    assert await list_in_file(settings) == made


async def test_keys_that_are_in_the_settings_are_not_rotated():
    with pytest.raises(click.ClickException, match="set JWT_KEYS to a file"):
        await rotate_in_file(Settings(jwt_keys=(("default", "a secret" * 5),)), "EdDSA")


async def test_in_development_the_file_is_in_the_data_directory(tmp_path):
    held = await list_in_file(Settings(data_dir=tmp_path))
    assert states(held) == ["current", "standby"]
    assert (tmp_path / "jwt-keys.json").exists()


@pytest.mark.parametrize("as_json", [True, False])
async def test_what_is_shown_has_names_and_states_and_no_key(settings, capsys, as_json):
    held = await rotate_in_file(settings, "EdDSA")
    show(held, as_json=as_json)
    shown = capsys.readouterr().out
    assert all(key.kid in shown and key.state in shown for key in held)
    assert "PRIVATE" not in shown
