"""Keys that sign and verify, made from their text; and their public halves as JSON Web Keys.

Source: RFC 7517, RFC 8037 (Ed25519), RFC 7518, 3.2 and 3.3 for the least sizes.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from service.domain.signing_keys import Algorithm, SigningKey

# RFC 7518, 3.2: a secret at least as long as the hash.
MIN_SECRET_BYTES = 32
MIN_RSA_BITS = 2048
_MADE_RSA_BITS = 3072

PrivateKey: TypeAlias = Ed25519PrivateKey | RSAPrivateKey | bytes
PublicKey: TypeAlias = Ed25519PublicKey | RSAPublicKey | bytes


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A key ready for use. Its algorithm is its own: whatever a token says, no other is tried with it."""

    kid: str
    algorithm: Algorithm
    private: PrivateKey
    public: PublicKey

    def __repr__(self) -> str:
        return f"KeyPair({self.kid!r}, {self.algorithm!r})"


def load_pair(key: SigningKey) -> KeyPair:
    """Raises ValueError, which never tells the material, when it is not what the algorithm needs."""
    if key.algorithm == "HS256":
        secret = key.material.encode()
        if len(secret) < MIN_SECRET_BYTES:
            raise ValueError(
                f"the secret of signing key {key.kid!r} must have at least {MIN_SECRET_BYTES} bytes, "
                f"got {len(secret)}"
            )
        return KeyPair(key.kid, key.algorithm, secret, secret)
    private = _load_pem(key)
    if isinstance(private, RSAPrivateKey) and private.key_size < MIN_RSA_BITS:
        raise ValueError(
            f"signing key {key.kid!r} must have at least {MIN_RSA_BITS} bits, got {private.key_size}"
        )
    return KeyPair(key.kid, key.algorithm, private, private.public_key())


def make_material(algorithm: Algorithm) -> str:
    if algorithm == "HS256":
        return secrets.token_urlsafe(48)
    private = (
        Ed25519PrivateKey.generate()
        if algorithm == "EdDSA"
        else generate_private_key(public_exponent=65537, key_size=_MADE_RSA_BITS)
    )
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_jwk(pair: KeyPair) -> dict[str, str] | None:
    """None for a secret: what verifies with it could sign with it too."""
    said = {"kid": pair.kid, "use": "sig", "alg": pair.algorithm}
    match pair.public:
        case Ed25519PublicKey() as public:
            x = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
            return {"kty": "OKP", "crv": "Ed25519", "x": _encoded(x)} | said
        case RSAPublicKey() as public:
            numbers = public.public_numbers()
            return {"kty": "RSA", "n": _encoded_number(numbers.n), "e": _encoded_number(numbers.e)} | said
        case bytes():
            return None
        case never:
            assert_never(never)


def _load_pem(key: SigningKey) -> Ed25519PrivateKey | RSAPrivateKey:
    expected = {"EdDSA": Ed25519PrivateKey, "RS256": RSAPrivateKey}[key.algorithm]
    try:
        private = load_pem_private_key(key.material.encode(), password=None)
    except (ValueError, TypeError):
        private = None
    # Without the cause: its text might quote the material.
    if not isinstance(private, Ed25519PrivateKey | RSAPrivateKey) or not isinstance(private, expected):
        raise ValueError(  # noqa: TRY004  a wrong text, whatever it was parsed to
            f"signing key {key.kid!r} must be a private key for {key.algorithm} in PEM"
        )
    return private


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _encoded_number(number: int) -> str:
    return _encoded(number.to_bytes((number.bit_length() + 7) // 8, "big"))
