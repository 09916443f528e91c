"""What is refused follows RFC 8725."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import jwt
import msgspec
import pytest
from contracts.builders import new_id
from fakes import FakeClock
from hypothesis import given
from hypothesis import strategies as st

from engine.result import Ok
from service.adapters.tokens import JwtSigner, secret_keys
from service.application.ports import Claims

KEY, OTHER_KEY = "k" * 32, "o" * 32
NOW = datetime(2024, 1, 1, 12, tzinfo=UTC)

CLAIMS = Claims(
    tenant_id="tenant1",
    user_id=new_id(),
    username="ada",
    role="user",
    session_id=new_id(),
    issued_at=NOW,
    expires_at=NOW + timedelta(hours=1),
)


@pytest.fixture
def clock():
    return FakeClock(NOW)


@pytest.fixture
def signer(clock):
    return JwtSigner(secret_keys([("one", KEY)]), clock=clock)


@pytest.fixture
def payload(signer):
    return jwt.decode(signer.sign(CLAIMS), options={"verify_signature": False})


def encoded(payload, key=KEY, *, algorithm="HS256", **headers):
    return jwt.encode(payload, key, algorithm=algorithm, headers={"kid": "one"} | headers)


def part(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def signed_by_hand(header, body):
    """A token with our signature over any bytes, as no library would write it."""
    text = f"{part(header)}.{part(body)}"
    return f"{text}.{part(hmac.new(KEY.encode(), text.encode(), hashlib.sha256).digest())}"


def test_what_was_signed_is_verified(signer):
    assert signer.verify(signer.sign(CLAIMS)) == Ok(CLAIMS)


def test_the_claims_have_the_names_that_clients_of_v1_decode(payload):
    assert payload["user"] == "ada"
    assert payload["login_session"] == str(CLAIMS.session_id)
    assert payload["tenant_id"] == "tenant1"
    assert payload["iat"] == int(NOW.timestamp())
    assert payload["exp"] == int(NOW.timestamp()) + 3600
    assert type(payload["iat"]) is type(payload["exp"]) is int


def test_the_claims_say_who_issued_the_token_and_for_whom(payload):
    assert (payload["iss"], payload["aud"], payload["role"]) == ("chainbook", "chainbook", "user")
    assert payload["sub"] == str(CLAIMS.user_id)


def test_two_tokens_of_the_same_claims_have_different_names(signer):
    assert signer.sign(CLAIMS) != signer.sign(CLAIMS)


def test_a_token_is_valid_until_and_not_at_its_expiry(signer, clock):
    token = signer.sign(CLAIMS)
    clock.advance(3599)
    assert signer.verify(token) == Ok(CLAIMS)
    clock.advance(1)
    assert not signer.verify(token).is_ok()


def test_a_rotated_key_verifies_and_does_not_sign(clock):
    old = JwtSigner(secret_keys([("one", KEY)]), clock=clock)
    new = JwtSigner(secret_keys([("two", OTHER_KEY), ("one", KEY)]), clock=clock)

    assert new.verify(old.sign(CLAIMS)) == Ok(CLAIMS)
    assert jwt.get_unverified_header(new.sign(CLAIMS))["kid"] == "two"
    assert not old.verify(new.sign(CLAIMS)).is_ok()


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_changed_part_is_refused(signer, position):
    parts = signer.sign(CLAIMS).split(".")
    parts[position] = ("A" if parts[position][0] != "A" else "B") + parts[position][1:]

    assert not signer.verify(".".join(parts)).is_ok()


def test_a_token_without_signature_is_refused(signer, payload):
    body = part(json.dumps(payload).encode())
    for algorithm in ("none", "None", "NONE", "nOnE"):
        header = part(json.dumps({"alg": algorithm, "typ": "JWT", "kid": "one"}).encode())
        assert not signer.verify(f"{header}.{body}.").is_ok()


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_another_algorithm_with_the_right_key_is_refused(signer, payload, algorithm):
    assert not signer.verify(encoded(payload, algorithm=algorithm)).is_ok()


def test_another_key_is_refused(signer, payload):
    assert not signer.verify(encoded(payload, OTHER_KEY)).is_ok()


@pytest.mark.parametrize("kid", ["two", "", "../../dev/null", "one' OR '1'='1"])
def test_an_unknown_key_name_is_refused(signer, payload, kid):
    assert not signer.verify(encoded(payload, kid=kid)).is_ok()


@pytest.mark.parametrize("kid", [1, None, ["one"], {"one": 1}])
def test_a_key_name_that_is_no_text_is_refused(signer, payload, kid):
    header = json.dumps({"alg": "HS256", "typ": "JWT", "kid": kid}).encode()

    assert not signer.verify(signed_by_hand(header, json.dumps(payload).encode())).is_ok()


def test_a_token_without_key_name_is_refused(signer, payload):
    assert not signer.verify(jwt.encode(payload, KEY, algorithm="HS256")).is_ok()


@pytest.mark.parametrize(
    "claim", ["sub", "jti", "iss", "aud", "iat", "exp", "user", "login_session", "tenant_id", "role"]
)
def test_a_missing_claim_is_refused(signer, payload, claim):
    del payload[claim]

    assert not signer.verify(encoded(payload)).is_ok()


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "somebody"},
        {"aud": "somebody"},
        {"aud": ["chainbook", "somebody"]},
        {"sub": "not a uuid"},
        {"sub": 7},
        {"login_session": None},
        {"login_session": "x"},
        {"tenant_id": 1},
        {"user": ["ada"]},
        {"role": {}},
        {"exp": "tomorrow"},
        {"exp": 1e300},
        {"exp": 10**30},
        {"exp": True},
        {"iat": 1.5},
        {"iat": -(10**30)},
        {"iat": 2**40},
    ],
)
def test_a_claim_of_the_wrong_kind_is_refused(signer, payload, wrong):
    header = json.dumps({"alg": "HS256", "typ": "JWT", "kid": "one"}).encode()

    assert not signer.verify(signed_by_hand(header, json.dumps(payload | wrong).encode())).is_ok()


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b"\xff", b'"text"', b"[" * 4000])
def test_a_body_that_is_no_object_is_refused(signer, body):
    header = b'{"alg":"HS256","typ":"JWT","kid":"one"}'

    assert not signer.verify(signed_by_hand(header, body)).is_ok()


def test_more_than_four_kibibytes_are_refused_before_they_are_read(signer):
    assert not signer.verify(signer.sign(msgspec.structs.replace(CLAIMS, username="a" * 4096))).is_ok()


@given(st.text() | st.from_regex(r"[\w-]{0,20}\.[\w-]{0,20}\.[\w-]{0,20}"))
def test_any_text_is_answered_with_none(text):
    assert not JwtSigner(secret_keys([("one", KEY)])).verify(text).is_ok()


@pytest.mark.parametrize("token", ["", "..", "a.b.c", "\ud800.\ud800.x", "é.é.é", "\0"])
def test_garbage_is_answered_with_none(signer, token):
    assert not signer.verify(token).is_ok()


@pytest.mark.parametrize("keys", [[], [("one", "short")], [("one", KEY), ("one", OTHER_KEY)]])
def test_keys_that_can_not_protect_are_refused_at_the_start(keys):
    with pytest.raises(ValueError, match="key"):
        secret_keys(keys)
