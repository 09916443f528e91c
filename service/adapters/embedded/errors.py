"""Why the embedded servers can not run.

EmbeddedError
    DataDirInUse        another service holds the data directory
    BinariesMissing     the package that brings the program is not installed
    NoRuntimeDirectory  no place for sockets and programs was found
    ServerStartFailed   the program ended, or was not ready in time
"""

from __future__ import annotations


class EmbeddedError(Exception):
    """The root: its text is meant for the person who starts the service."""


class DataDirInUse(EmbeddedError):
    """Another service holds the data directory."""


class BinariesMissing(EmbeddedError):
    """The package that brings the program is not installed."""


class NoRuntimeDirectory(EmbeddedError):
    """No place for sockets and programs was found."""


class ServerStartFailed(EmbeddedError):
    """The program ended, or was not ready in time."""
