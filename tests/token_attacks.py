"""Forged tokens as a table: one line an attack, with the reason that the log must give."""

# ruff: noqa: E501  a table: one line an attack

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from service.adapters.key_material import load_pair, make_material, public_jwk
from service.domain.signing_keys import SigningKey

SECRET = "a secret of more than thirty-two bytes"
_SINCE = datetime(2024, 1, 1, tzinfo=UTC)


def part(value):
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def pem_of(private):
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def make_keys():
    """One key of each algorithm: Ed25519 signs, RSA will, the secret did; and one that was revoked."""
    rsa = pem_of(generate_private_key(public_exponent=65537, key_size=2048))
    return (
        SigningKey("ed", "EdDSA", "current", _SINCE, make_material("EdDSA")),
        SigningKey("rsa", "RS256", "standby", _SINCE, rsa),
        SigningKey("hs", "HS256", "previous", _SINCE, SECRET),
        SigningKey("gone", "EdDSA", "revoked", _SINCE),
    )


@dataclass
class Forge:
    """What a forger has: a token of their own, the public keys, tools. And the private keys, to show that a
    token is refused for what it says, though it is signed as ours are.
    """

    token: str
    keys: tuple[SigningKey, ...]
    other_tenant: str

    @cached_property
    def pairs(self):
        return {key.kid: load_pair(key) for key in self.keys if key.state != "revoked"}

    @cached_property
    def payload(self):
        text = self.token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(text + "=="))

    def signed(self, header, payload, kid="ed"):
        """As we would: by the key `kid`, whatever the header says."""
        text = f"{part(header)}.{part(payload)}"
        return f"{text}.{part(self._signature(text.encode(), kid))}"

    def with_header(self, **members):
        return self.signed({"alg": "EdDSA", "typ": "JWT", "kid": "ed"} | members, self.payload)

    def without(self, member):
        header = {"alg": "EdDSA", "typ": "JWT", "kid": "ed"}
        del header[member]
        return self.signed(header, self.payload)

    def with_claims(self, **claims):
        return self.signed({"alg": "EdDSA", "typ": "JWT", "kid": "ed"}, self.payload | claims)

    def unsigned(self, alg, signature="", kid="ed"):
        return f"{part({'alg': alg, 'typ': 'JWT', 'kid': kid})}.{part(self.payload)}.{signature}"

    def mac(self, kid, key, alg="HS256", **members):
        """With a secret of the forger's choice."""
        text = f"{part({'alg': alg, 'typ': 'JWT', 'kid': kid} | members)}.{part(self.payload)}"
        return f"{text}.{part(hmac.new(key, text.encode(), hashlib.sha256).digest())}"

    def own_key(self, kid="ed", **members):
        """By a key pair that the forger made."""
        text = f"{part({'alg': 'EdDSA', 'typ': 'JWT', 'kid': kid} | members)}.{part(self.payload)}"
        return f"{text}.{part(Ed25519PrivateKey.generate().sign(text.encode()))}"

    def public_pem(self, kid):
        return self.pairs[kid].public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def public_raw(self):
        return self.pairs["ed"].public.public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )

    def jwk(self):
        return public_jwk(load_pair(SigningKey("ed", "EdDSA", "current", _SINCE, make_material("EdDSA"))))

    def changed(self, position, index):
        """One letter of one part is another one."""
        parts = self.token.split(".")
        letters = list(parts[position])
        letters[index] = "A" if letters[index] != "A" else "B"
        parts[position] = "".join(letters)
        return ".".join(parts)

    def _signature(self, text, kid):
        private = self.pairs[kid].private
        if kid == "hs":
            return hmac.new(private, text, hashlib.sha256).digest()
        return (
            private.sign(text) if kid == "ed" else private.sign(text, padding.PKCS1v15(), hashes.SHA256())
        )


NOW = int(datetime.now(UTC).timestamp())

# fmt: off
ATTACKS = (
    ("no signature, alg none", "malformed", lambda f: f.unsigned("none")),
    ("no signature, alg None", "malformed", lambda f: f.unsigned("None")),
    ("no signature, alg nOnE", "malformed", lambda f: f.unsigned("nOnE")),
    ("no signature, alg as it should be", "malformed", lambda f: f.unsigned("EdDSA")),
    ("any signature, alg none", "algorithm_wrong", lambda f: f.unsigned("none", "AAAA")),
    ("any signature, alg NONE", "algorithm_wrong", lambda f: f.unsigned("NONE", "AAAA")),
    ("any signature, alg none and a NUL", "algorithm_wrong", lambda f: f.unsigned("none\0", "AAAA")),
    ("any signature, alg empty", "algorithm_wrong", lambda f: f.unsigned("", "AAAA")),
    ("any signature, alg null", "algorithm_wrong", lambda f: f.unsigned(None, "AAAA")),
    ("any signature, alg a list", "algorithm_wrong", lambda f: f.unsigned(["EdDSA"], "AAAA")),
    ("no alg", "algorithm_wrong", lambda f: f.without("alg")),
    ("two parts", "malformed", lambda f: f.token.rpartition(".")[0]),
    ("four parts", "malformed", lambda f: f.token + ".AAAA"),
    ("RSA public key as secret", "algorithm_wrong", lambda f: f.mac("rsa", f.public_pem("rsa"))),
    ("RSA public key as secret, alg RS256", "signature_wrong", lambda f: f.mac("rsa", f.public_pem("rsa"), "RS256")),
    ("RSA public key as another key's secret", "signature_wrong", lambda f: f.mac("hs", f.public_pem("rsa"))),
    ("Ed25519 public key as secret", "algorithm_wrong", lambda f: f.mac("ed", f.public_raw())),
    ("Ed25519 public key in PEM as secret", "algorithm_wrong", lambda f: f.mac("ed", f.public_pem("ed"))),
    ("empty secret", "signature_wrong", lambda f: f.mac("hs", b"")),
    ("HS512 in the header, HS256 within", "algorithm_wrong", lambda f: f.mac("hs", SECRET.encode(), "HS512")),
    ("key of one name, name of another", "signature_wrong", lambda f: f.own_key()),
    ("our RSA key under the name of another", "algorithm_wrong", lambda f: f.signed({"alg": "RS256", "typ": "JWT", "kid": "ed"}, f.payload, "rsa")),
    ("a key that was revoked", "key_unknown", lambda f: f.own_key("gone")),
    ("changed header", "header_unknown", lambda f: f.changed(0, 3)),
    ("changed payload", "signature_wrong", lambda f: f.changed(1, 20)),
    ("changed signature, first letter", "signature_wrong", lambda f: f.changed(2, 0)),
    ("changed signature, unused bits of the last letter", "malformed", lambda f: f.token[:-1] + chr(ord(f.token[-1]) + 1)),
    ("signature in front of noise", "malformed", lambda f: f.token + "!"),
    ("padding", "malformed", lambda f: f.token + "=="),
    ("expired", "expired", lambda f: f.with_claims(iat=NOW - 7200, exp=NOW - 3600)),
    ("expired a second ago", "expired", lambda f: f.with_claims(iat=NOW - 7200, exp=NOW - 1)),
    ("without an end", "claims_wrong", lambda f: f.with_claims(exp=None)),
    ("an end that is no whole number", "claims_wrong", lambda f: f.with_claims(exp=1e300)),
    ("an end that is a text", "claims_wrong", lambda f: f.with_claims(exp="9999999999")),
    ("an end beyond the calendar", "claims_wrong", lambda f: f.with_claims(exp=10**18)),
    ("not yet valid, by nbf", "not_yet_valid", lambda f: f.with_claims(nbf=NOW + 3600)),
    ("not yet valid, by iat", "not_yet_valid", lambda f: f.with_claims(iat=NOW + 3600, exp=NOW + 7200)),
    ("a begin that is no time", "claims_wrong", lambda f: f.with_claims(nbf=True)),
    ("another issuer", "issuer_wrong", lambda f: f.with_claims(iss="https://example.org")),
    ("another audience", "audience_wrong", lambda f: f.with_claims(aud="someone")),
    ("an audience beside ours", "audience_wrong", lambda f: f.with_claims(aud=["chainbook", "someone"])),
    ("the tenant changed to another", "session_unknown", lambda f: f.with_claims(tenant_id=f.other_tenant)),
    ("the tenant changed to none", "tenant_unknown", lambda f: f.with_claims(tenant_id="no-such-tenant")),
    ("the tenant a statement", "tenant_unknown", lambda f: f.with_claims(tenant_id="x' OR '1'='1")),
    ("another user", "session_unknown", lambda f: f.with_claims(sub="01890000-0000-7000-8000-000000000001")),
    ("another session", "session_unknown", lambda f: f.with_claims(login_session="01890000-0000-7000-8000-000000000001")),
    ("a user that is no id", "claims_wrong", lambda f: f.with_claims(sub="../admin")),
    ("without jti", "claims_wrong", lambda f: f.with_claims(jti=None)),
    ("payload that is no object", "malformed", lambda f: f.signed({"alg": "EdDSA", "typ": "JWT", "kid": "ed"}, [])),
    ("payload of brackets", "malformed", lambda f: f.signed({"alg": "EdDSA", "typ": "JWT", "kid": "ed"}, b"[" * 1500)),
    ("kid a path", "key_unknown", lambda f: f.mac("../../../../dev/null", b"")),
    ("kid an absolute path", "key_unknown", lambda f: f.mac("/dev/null", b"")),
    ("kid a statement", "key_unknown", lambda f: f.mac("x' UNION SELECT 'secret", b"secret")),
    ("kid a command", "key_unknown", lambda f: f.mac("ed|/bin/true", b"")),
    ("kid an address", "key_unknown", lambda f: f.own_key("https://example.org/key")),
    ("kid that nobody has", "key_unknown", lambda f: f.own_key("nobody")),
    ("kid with a NUL", "key_unknown", lambda f: f.own_key("ed\0")),
    ("kid empty", "key_unknown", lambda f: f.own_key("")),
    ("kid too long", "key_unknown", lambda f: f.own_key("e" * 1500)),
    ("kid null", "malformed", lambda f: f.own_key(None)),
    ("kid a number", "malformed", lambda f: f.own_key(0)),
    ("kid a list", "malformed", lambda f: f.own_key(["ed"])),
    ("kid an object", "malformed", lambda f: f.own_key({"$ne": "x"})),
    ("no kid", "key_unknown", lambda f: f.without("kid")),
    ("jwk of the forger", "header_unknown", lambda f: f.own_key(jwk=f.jwk())),
    ("jku of the forger", "header_unknown", lambda f: f.own_key(jku="https://example.org/jwks.json")),
    ("jku of the forger, our signature", "header_unknown", lambda f: f.with_header(jku="http://127.0.0.1:1/")),
    ("x5u of the forger", "header_unknown", lambda f: f.own_key(x5u="https://example.org/cert")),
    ("x5c of the forger", "header_unknown", lambda f: f.own_key(x5c=["MIIB"])),
    ("crit that we do not know", "malformed", lambda f: f.with_header(crit=["exp2"], exp2=1)),
    ("crit empty", "malformed", lambda f: f.with_header(crit=[])),
    ("b64 false", "malformed", lambda f: f.with_header(b64=False)),
    ("compressed", "header_unknown", lambda f: f.with_header(zip="DEF")),
    ("a token within a token", "header_unknown", lambda f: f.with_header(cty="JWT")),
    ("another type", "type_wrong", lambda f: f.with_header(typ="logout+jwt")),
    ("no type", "type_wrong", lambda f: f.without("typ")),
    ("header that is no object", "malformed", lambda f: f.signed([], f.payload)),
    ("header of brackets", "malformed", lambda f: f.signed(b"[" * 1500, f.payload)),
    ("larger than any of ours", "too_long", lambda f: f.with_claims(padding="x" * 3500)),
)
# fmt: on
