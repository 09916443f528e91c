"""Seals: texts that pass through callers' hands and come back as they were, or not at all."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# RFC 2104, 5: at least half of the hash may be kept.
_MARK_BYTES = 16


class HmacSeal:
    """HMAC-SHA256 with keys that HKDF (RFC 5869) derives for one purpose: the first seals, all open.

    `secrets` is asked at each use, so that they can change while the service runs.

    >>> seal = HmacSeal(lambda: ["a secret of more than thirty-two bytes"], "examples")
    >>> sealed = seal.close(b"contents", b"here")
    >>> seal.open(sealed, b"here"), seal.open(sealed, b"there"), seal.open(sealed[:-1], b"here")
    (b'contents', None, None)
    """

    def __init__(self, secrets: Callable[[], Sequence[str]], purpose: str) -> None:
        self._secrets = secrets
        self._purpose = purpose

    def close(self, contents: bytes, context: bytes) -> str:
        return _encoded(_mark(_derived(self._secrets()[0], self._purpose), contents, context) + contents)

    def open(self, sealed: str, context: bytes) -> bytes | None:
        marked = _decoded(sealed)
        mark, contents = marked[:_MARK_BYTES], marked[_MARK_BYTES:]
        keys = (_derived(secret, self._purpose) for secret in self._secrets())
        is_ours = any(hmac.compare_digest(_mark(key, contents, context), mark) for key in keys)
        return contents if is_ours else None


@lru_cache(maxsize=64)
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())


def _mark(key: bytes, contents: bytes, context: bytes) -> bytes:
    # The length keeps the end of one from passing for the beginning of the other.
    text = len(context).to_bytes(8) + context + contents
    return hmac.digest(key, text, "sha256")[:_MARK_BYTES]


def _encoded(marked: bytes) -> str:
    return urlsafe_b64encode(marked).rstrip(b"=").decode("ascii")


def _decoded(text: str) -> bytes:
    """Nothing, for what is not the one spelling of some bytes."""
    try:
        marked = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
    return marked if _encoded(marked) == text else b""
