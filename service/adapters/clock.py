"""The time of day, as the rest of the service is given it."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Aware, in UTC: naive times never enter the service."""
    return datetime.now(UTC)
