"""Secrets that are made once and kept in files only their owner can read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def read_or_make_secret(path: Path, make: Callable[[], str]) -> str:
    """The file's text; made and written by the first caller, however many processes ask at once."""
    try:
        return path.read_text()
    except FileNotFoundError:
        _create(path, make())
        return path.read_text()


def write_secret(path: Path, text: str) -> None:
    """Replace the file at once: a reader sees the old text or the new, never a part."""
    _temporary(path, text).replace(path)


def _create(path: Path, text: str) -> None:
    temporary = _temporary(path, text)
    try:
        # A link fails where a rename would replace: the first of two makers wins and both read its text.
        path.hardlink_to(temporary)
    except FileExistsError:
        return
    finally:
        temporary.unlink()


def _temporary(path: Path, text: str) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    return Path(name)
