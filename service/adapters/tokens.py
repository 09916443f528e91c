"""Bearer tokens: JWT, signed and verified by keys that have names and an algorithm each.

The claims `user`, `login_session`, `tenant_id`, `iat` and `exp` are those that clients of API v1 decode;
the others are ours. Source: RFC 7515, RFC 7519; RFC 8725 for what is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import jwt
import msgspec
from jwt.utils import base64url_decode, base64url_encode

from engine.result import Err, Ok, Result
from service.adapters.clock import utc_now
from service.adapters.key_material import KeyPair, load_pair, public_jwk
from service.domain.signing_keys import Keys, SigningKey, in_use
from service.domain.tokens import TYPE, Claims, TokenFault, judge_claims, judge_header, render_claims

# Ours have some 600, and the HTTP server cuts a header at 8190.
MAX_TOKEN_CHARACTERS = 4096

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)", re.ASCII)
# Only the signature is the library's to judge; claims are the domain's.
_JWS = jwt.PyJWS()
_parse = msgspec.json.Decoder(dict[str, Any]).decode
# What can come of a text that is no token.
_UNREADABLE = (jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """One key signs, all verify, each by its name; `materials`: their secrets, the signing one first."""

    signing: KeyPair
    pairs: Mapping[str, KeyPair]
    materials: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"KeyRing({self.signing.kid!r}, {list(self.pairs)!r})"


def make_ring(keys: Keys) -> KeyRing:
    """Of keys that were checked. Raises ValueError for one that can not be loaded."""
    pairs = {key.kid: load_pair(key) for key in in_use(keys)}
    signing = next(key for key in keys if key.state == "current")
    others = (key.material for key in in_use(keys) if key is not signing)
    return KeyRing(pairs[signing.kid], pairs, (signing.material, *others))


def secret_keys(keys: Sequence[tuple[str, str]]) -> Callable[[], KeyRing]:
    """Keys that never change, from (kid, secret): the first signs, all verify. Raises ValueError."""
    if not keys:
        raise ValueError("at least one signing key is needed, got none")
    if len(dict(keys)) != len(keys):
        raise ValueError("two signing keys have the same name")
    since = datetime(1970, 1, 1, tzinfo=UTC)
    ring = make_ring(
        tuple(
            SigningKey(kid, "HS256", "previous" if number else "current", since, secret)
            for number, (kid, secret) in enumerate(keys)
        )
    )
    return lambda: ring


class JwtSigner:
    """`keys` is asked at each use, so that they can change while the service runs."""

    def __init__(self, keys: Callable[[], KeyRing], *, clock: Callable[[], datetime] = utc_now) -> None:
        self._keys = keys
        self._clock = clock

    def sign(self, claims: Claims) -> str:
        pair = self._keys().signing
        payload = render_claims(claims, uuid4())
        headers = {"kid": pair.kid, "typ": TYPE}
        return jwt.encode(payload, pair.private, algorithm=pair.algorithm, headers=headers)

    def verify(self, token: str) -> Result[Claims, TokenFault]:
        # Size and shape before anything is parsed.
        if len(token) > MAX_TOKEN_CHARACTERS:
            return Err("too_long")
        shape = _COMPACT.fullmatch(token)
        if shape is None or not _is_canonical(shape[1]):
            return Err("malformed")
        try:
            header = _JWS.get_unverified_header(token)
        except _UNREADABLE:
            return Err("malformed")
        return (
            judge_header(header)
            .and_then(lambda kid: self._find(kid, header))
            .and_then(lambda pair: _open(token, pair))
            .and_then(lambda payload: judge_claims(payload, self._clock()))
        )

    def public_keys(self) -> tuple[dict[str, str], ...]:
        """As JSON Web Keys; a secret has no public half and is not among them."""
        return tuple(jwk for pair in self._keys().pairs.values() if (jwk := public_jwk(pair)))

    def _find(self, kid: str, header: Mapping[str, Any]) -> Result[KeyPair, TokenFault]:
        pair = self._keys().pairs.get(kid)
        if pair is None:
            return Err("key_unknown")
        # The algorithm is the key's to say, never the token's.
        return Ok(pair) if header.get("alg") == pair.algorithm else Err("algorithm_wrong")


def _open(token: str, pair: KeyPair) -> Result[Mapping[str, Any], TokenFault]:
    try:
        return Ok(_parse(_JWS.decode(token, pair.public, algorithms=[pair.algorithm])))
    except jwt.InvalidSignatureError:
        return Err("signature_wrong")
    except _UNREADABLE:
        return Err("malformed")


def _is_canonical(signature: str) -> bool:
    """Whether no bits are left over: else many texts would be one and the same token."""
    try:
        return base64url_encode(base64url_decode(signature)) == signature.encode()
    except ValueError:
        return False
