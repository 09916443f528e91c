"""Signing keys in a file: read again within a moment of a change, changed under a lock, never half written.

One file, not one for each key: which key signs and what it is change together or not at all.
"""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic

import msgspec
import structlog
from msgspec.structs import replace

from engine.result import Err
from service.adapters.key_material import make_material
from service.adapters.secret_files import read_or_make_secret, write_secret
from service.adapters.tokens import KeyRing, make_ring
from service.domain.signing_keys import Algorithm, Keys, SigningKey, check_keys

# As long as a process believes its memory of a tenant's configuration (decision 21).
BELIEVED_FOR_S = 0.4
DEFAULT_ALGORITHM: Algorithm = "EdDSA"

_log = structlog.get_logger(__name__)


class KeyFileError(OSError):
    """A file of signing keys that can not be used; its text tells no key."""


class KeyFile:
    """Called, it gives the keys as they are: the file is looked at again when the last look is 0.4 s old.

    A file that can not be read any more is told of once, and the keys that were read last go on: a slip of
    the hand must not sign everybody out. No task, no signal: nothing to start, stop or forget.
    """

    def __init__(self, path: Path, *, elapsed_s: Callable[[], float] = monotonic) -> None:
        self._path = path
        self._elapsed_s = elapsed_s
        self._stamp = _stamp_of(path)
        self._ring = _load(path, read_keys(path))
        self._looked_at = elapsed_s()

    def __call__(self) -> KeyRing:
        if self._elapsed_s() - self._looked_at >= BELIEVED_FOR_S:
            self._look()
            self._looked_at = self._elapsed_s()
        return self._ring

    def _look(self) -> None:
        stamp = _stamp_of(self._path)
        if stamp == self._stamp:
            return
        # Taken before reading: what is written meanwhile is seen at the next look.
        self._stamp = stamp
        try:
            self._ring = _load(self._path, read_keys(self._path))
        except KeyFileError as error:
            _log.error("keys.unreadable", reason=str(error))
        else:
            _log.info("keys.reloaded", signing=self._ring.signing.kid, verifying=list(self._ring.pairs))


def read_keys(path: Path) -> Keys:
    """Raises KeyFileError."""
    try:
        keys = check_keys(msgspec.json.decode(path.read_bytes(), type=tuple[SigningKey, ...]))
    except (OSError, msgspec.MsgspecError) as error:
        raise KeyFileError(f"{path} must be a file of signing keys: {error}") from error
    if isinstance(keys, Err):
        raise KeyFileError(f"{path} must be a file of signing keys: {keys.error}")
    return keys.value


def make_key_file(path: Path, now: datetime, *, held: Keys = ()) -> None:
    """Makes one, with a key that signs and one that will, and `held` beside them; leaves what is there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def first_text() -> str:
        signing, next_one = (fresh_key(DEFAULT_ALGORITHM, now) for _ in range(2))
        return _text_of((replace(signing, state="current"), next_one, *held))

    read_or_make_secret(path, first_text)


def change_keys(path: Path, change: Callable[[Keys], Keys]) -> Keys:
    """What the file holds now. Changes made at once follow each other; readers see the old or the new."""
    with _locked(path):
        keys = change(read_keys(path))
        write_secret(path, _text_of(keys))
    return keys


def fresh_key(algorithm: Algorithm, now: datetime) -> SigningKey:
    """Of a name that no other key had."""
    kid = f"{now:%Y%m%d}-{secrets.token_hex(4)}"
    return SigningKey(kid, algorithm, "standby", now, make_material(algorithm))


def _load(path: Path, keys: Keys) -> KeyRing:
    try:
        return make_ring(keys)
    except ValueError as error:
        raise KeyFileError(f"{path} must be a file of signing keys: {error}") from None


def _text_of(keys: Keys) -> str:
    return msgspec.json.format(msgspec.json.encode(keys), indent=2).decode() + "\n"


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    # The inode too: a file that is replaced twice within a tick of the clock has the same time.
    return found.st_mtime_ns, found.st_size, found.st_ino


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
