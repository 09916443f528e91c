"""Keys in a file: seen soon after a change, never half, and nobody is signed out by a slip of the hand."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec
import pytest
import structlog
from contracts.builders import NOW, new_id
from fakes import FakeClock

from engine.result import Ok
from service.adapters.key_files import (
    KeyFile,
    KeyFileError,
    change_keys,
    fresh_key,
    make_key_file,
    read_keys,
)
from service.adapters.key_material import load_pair, make_material
from service.adapters.tokens import JwtSigner
from service.application.ports import Claims
from service.bootstrap import development_key_file
from service.domain.signing_keys import SigningKey, revoke, rotate
from service.settings import Settings

CLAIMS = Claims("tenant1", new_id(), "ada", "user", new_id(), NOW, NOW + timedelta(hours=1))


class Elapsed:
    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "keys" / "keys.json"
    make_key_file(made, NOW)
    return made


@pytest.fixture
def elapsed():
    return Elapsed()


@pytest.fixture
def signer(path, elapsed):
    return JwtSigner(KeyFile(path, elapsed_s=elapsed), clock=FakeClock(NOW))


def states(path):
    return [key.state for key in read_keys(path)]


def rotate_file(path, algorithm="EdDSA"):
    return change_keys(path, lambda keys: rotate(keys, fresh_key(algorithm, NOW), NOW, token_life_s=3600))


def test_a_new_file_has_a_key_that_signs_and_one_that_will_and_is_its_owners_alone(path):
    assert states(path) == ["current", "standby"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_left_as_it_is(path):
    before = path.read_bytes()
    make_key_file(path, NOW)
    assert path.read_bytes() == before


def test_a_token_signed_before_a_rotation_is_verified_after_it(path, signer, elapsed):
    before = signer.sign(CLAIMS)
    rotate_file(path)
    elapsed.seconds += 1
    after = signer.sign(CLAIMS)
    assert before.split(".")[0] != after.split(".")[0]
    assert signer.verify(before) == signer.verify(after) == Ok(CLAIMS)


def test_a_process_that_has_not_looked_again_verifies_what_the_new_key_signs(path, signer):
    rotate_file(path)
    other = JwtSigner(KeyFile(path), clock=FakeClock(NOW))
    assert signer.verify(other.sign(CLAIMS)) == Ok(CLAIMS)


def test_a_revoked_key_is_believed_for_less_than_half_a_second(path, signer, elapsed):
    token = signer.sign(CLAIMS)
    (current,) = [key.kid for key in read_keys(path) if key.state == "current"]
    change_keys(path, lambda keys: revoke(keys, current, fresh_key("EdDSA", NOW), NOW).value)
    elapsed.seconds += 0.4
    assert signer.verify(token).error == "key_unknown"
    assert signer.verify(signer.sign(CLAIMS)) == Ok(CLAIMS)


@pytest.mark.parametrize("text", ["", "{", "[]", '[{"kid": "a"}]', None])
def test_a_file_that_can_not_be_read_any_more_changes_nothing_and_is_told_once(path, signer, elapsed, text):
    token = signer.sign(CLAIMS)
    path.unlink() if text is None else path.write_text(text)
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            elapsed.seconds += 1
            assert signer.verify(token) == Ok(CLAIMS)
    assert [log["event"] for log in logs] == ["keys.unreadable"]


def test_a_file_that_is_mended_is_read_again(path, signer, elapsed):
    whole = path.read_bytes()
    path.write_text("{")
    elapsed.seconds += 1
    signer.sign(CLAIMS)
    path.write_bytes(whole)
    rotate_file(path)
    (current,) = [key.kid for key in read_keys(path) if key.state == "current"]
    elapsed.seconds += 1
    signer.sign(CLAIMS)
    assert current in {key["kid"] for key in signer.public_keys()}


def test_changes_at_once_all_count(path):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: rotate_file(path, "HS256"), range(8)))
    assert sorted(states(path)) == ["current", *["previous"] * 8, "standby"]


@pytest.mark.parametrize("algorithm", ["EdDSA", "RS256", "HS256"])
def test_each_algorithm_signs_what_it_verifies(tmp_path, algorithm):
    path = tmp_path / "keys.json"
    path.write_bytes(
        msgspec.json.encode([msgspec.structs.replace(fresh_key(algorithm, NOW), state="current")])
    )
    signer = JwtSigner(KeyFile(path), clock=FakeClock(NOW))
    assert signer.verify(signer.sign(CLAIMS)) == Ok(CLAIMS)
    assert len(signer.public_keys()) == (algorithm != "HS256")


@pytest.mark.parametrize(
    ("algorithm", "material"),
    [
        ("HS256", "short"),
        ("EdDSA", "hush"),
        ("EdDSA", make_material("HS256")),
        ("RS256", make_material("EdDSA")),
    ],
    ids=["a short secret", "no key", "a secret as a key", "a key of another algorithm"],
)
def test_material_that_is_none_is_refused_and_not_told(algorithm, material):
    with pytest.raises(ValueError, match="signing key 'one'") as caught:
        load_pair(SigningKey("one", algorithm, "current", NOW, material))
    assert material not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_with_unusable_keys_is_refused_at_the_start(tmp_path):
    path = tmp_path / "keys.json"
    path.write_bytes(msgspec.json.encode([SigningKey("one", "EdDSA", "current", NOW, "hush")]))
    with pytest.raises(KeyFileError, match="PEM") as caught:
        KeyFile(path)
    assert "hush" not in str(caught.value)


def test_a_development_secret_of_earlier_versions_verifies_on(tmp_path, elapsed):
    (tmp_path / "jwt-secret").write_text("s" * 64)
    (earlier,) = [
        key
        for key in read_keys(development_key_file(Settings(data_dir=tmp_path)))
        if key.state == "previous"
    ]
    assert (earlier.kid, earlier.algorithm, earlier.material) == ("development", "HS256", "s" * 64)
