"""Ticks since 1970 to `datetime` and back, exactly or not at all."""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from engine.columns.types import ColumnType
from engine.kernels.objects.place import brief

__all__ = ["datetimes_of", "ticks_of"]

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (timestamps without a zone are wall clock readings)
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Microseconds in a tick; of a nanosecond there are a thousand in one.
_MICROSECONDS = {"s": 1_000_000, "ms": 1000, "us": 1}
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")


def ticks_of(values: list[Any], kind: ColumnType) -> list[Any]:
    """Whole numbers for datetimes, None for None.

    Raises:
        TypeError: a value is no datetime, or has a zone where the type has none, or the other way round.
        ValueError: a value falls between two ticks. All name the row.
    """
    return [value if value is None else _tick_of(row, value, kind) for row, value in enumerate(values)]


def _tick_of(row: int, value: Any, kind: ColumnType) -> int:
    if not isinstance(value, datetime):
        raise TypeError(f"row {row} must be a datetime or None, got {brief(value)}")
    if (value.utcoffset() is None) != (kind.zone is None):
        wanted = "without a zone" if kind.zone is None else "with a zone"
        raise TypeError(f"row {row} must be a datetime {wanted} for {kind}, got {brief(value)}")
    microseconds = (value - (_EPOCH if kind.zone is None else _EPOCH_UTC)) // _MICROSECOND
    if kind.unit == "ns":
        return microseconds * 1000
    tick, rest = divmod(microseconds, _MICROSECONDS[kind.unit])
    if rest:
        raise ValueError(f"row {row} must be a whole number of {kind.unit}, got {brief(value)}")
    return tick


def datetimes_of(ticks: list[Any], kind: ColumnType, first: int) -> list[Any]:
    """Datetimes for ticks, None for None; `first` is the number of the first row.

    Raises:
        ValueError: a tick is beyond the years 1 to 9999, has nanoseconds, or its zone is not known.
    """
    zone = None if kind.zone is None else zone_of(kind.zone)
    return [
        tick if tick is None else _datetime_of(row, tick, kind.unit, zone)
        for row, tick in enumerate(ticks, first)
    ]


def _datetime_of(row: int, tick: int, unit: str, zone: tzinfo | None) -> datetime:
    microseconds, rest = divmod(tick, 1000) if unit == "ns" else (tick * _MICROSECONDS[unit], 0)
    if rest:
        raise ValueError(f"row {row} has {rest} nanoseconds, which a datetime can not hold; use to_numpy()")
    try:
        if zone is None:
            return _EPOCH + timedelta(microseconds=microseconds)
        return (_EPOCH_UTC + timedelta(microseconds=microseconds)).astimezone(zone)
    except OverflowError:
        raise ValueError(f"row {row} must be within the years 1 to 9999, got {tick} {unit}") from None


@functools.cache
def zone_of(name: str) -> tzinfo:
    """The zone of a name such as UTC, Europe/Paris or +05:30."""
    if name == "UTC":
        return UTC
    if found := _OFFSET.fullmatch(name):
        size = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return timezone(-size if found[1] == "-" else size)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"a zone must be known to this machine, got {name!r}") from error
