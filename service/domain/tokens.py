"""What a bearer token says, and whether it may be believed: headers and claims as values -> a verdict.

Whoever asks has parsed the text and checked the signature; here is neither a key nor a clock.
Source: RFC 7519, 4.1; RFC 8725, 3.1 and 3.8 to 3.11.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeGuard
from uuid import UUID

from msgspec import Struct

from engine.result import Err, Ok, Result
from service.domain.identity import SessionId, UserId

ISSUER = AUDIENCE = "chainbook"
TYPE = "JWT"

# Clocks of two machines differ; it is given to the beginning of a life only, never to its end.
LEEWAY_S = 30

TokenFault = Literal[
    "too_long",
    "malformed",
    "header_unknown",
    "type_wrong",
    "key_unknown",
    "algorithm_wrong",
    "signature_wrong",
    "claims_wrong",
    "issuer_wrong",
    "audience_wrong",
    "not_yet_valid",
    "expired",
]

_HEADER_MEMBERS = frozenset({"alg", "typ", "kid"})
_KEY_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Claims(Struct, frozen=True):
    """What a verified token says (names as API v1 clients decode them are `render_claims`' business)."""

    tenant_id: str
    user_id: UserId
    username: str
    role: str
    session_id: SessionId
    issued_at: datetime
    expires_at: datetime


def judge_header(header: Mapping[str, Any]) -> Result[str, TokenFault]:
    """The name of the key that is said to have signed.

    Only what we write ourselves is let through: `jku`, `x5u`, `jwk`, `x5c`, `crit`, `b64` and all that may
    come later would be instructions from whoever sent the token.

    >>> judge_header({"alg": "HS256", "typ": "JWT", "kid": "one", "jku": "https://example.org"})
    Err(error='header_unknown')
    """
    if not header.keys() <= _HEADER_MEMBERS:
        return Err("header_unknown")
    if header.get("typ") != TYPE:
        return Err("type_wrong")
    kid = header.get("kid")
    return Ok(kid) if is_key_name(kid) else Err("key_unknown")


def is_key_name(kid: object) -> TypeGuard[str]:
    """Whether a key may be called so: short, and no path, pattern or statement in any language."""
    return isinstance(kid, str) and _KEY_NAME.fullmatch(kid) is not None


def judge_claims(payload: Mapping[str, Any], now: datetime) -> Result[Claims, TokenFault]:
    """The claims, if they are ours and `now` is within their time."""
    if payload.get("iss") != ISSUER:
        return Err("issuer_wrong")
    # One text: a list would let a token be for somebody else as well.
    if payload.get("aud") != AUDIENCE:
        return Err("audience_wrong")
    try:
        claims, not_before = _parse(payload)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return Err("claims_wrong")
    if claims.issued_at > claims.expires_at:
        return Err("claims_wrong")
    if max(claims.issued_at, not_before) > now + timedelta(seconds=LEEWAY_S):
        return Err("not_yet_valid")
    return Ok(claims) if now < claims.expires_at else Err("expired")


def render_claims(claims: Claims, token_id: UUID) -> dict[str, Any]:
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(claims.user_id),
        "jti": str(token_id),
        "iat": int(claims.issued_at.timestamp()),
        "exp": int(claims.expires_at.timestamp()),
        "user": claims.username,
        "login_session": str(claims.session_id),
        "tenant_id": claims.tenant_id,
        "role": claims.role,
    }


def _parse(payload: Mapping[str, Any]) -> tuple[Claims, datetime]:
    issued_at = _time(payload["iat"])
    _text(payload["jti"])
    claims = Claims(
        tenant_id=_text(payload["tenant_id"]),
        user_id=UserId(UUID(_text(payload["sub"]))),
        username=_text(payload["user"]),
        role=_text(payload["role"]),
        session_id=SessionId(UUID(_text(payload["login_session"]))),
        issued_at=issued_at,
        expires_at=_time(payload["exp"]),
    )
    return claims, _time(payload.get("nbf", payload["iat"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a claim that is text was expected")
    return value


def _time(value: object) -> datetime:
    # A bool is an int, and JSON has floats: neither is a time of ours.
    if type(value) is not int:
        raise TypeError("a claim that is whole seconds was expected")
    return datetime.fromtimestamp(value, UTC)
