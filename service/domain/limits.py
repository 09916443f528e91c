"""How often something may be done: limits, what is counted against them, and who has to wait how long.

Three ways of counting. A `window` slides: never more than `count` in any `period_s`; as it counts in
sixtieths of the period, what was counted may stay a sixtieth too long. A `fixed` one begins anew with every
full period. A `bucket` of `count` tokens fills up within a period, and each time takes one.

A counter is an immutable value, or None for one that was never charged; times are seconds of any clock.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

SLOTS = 60


class Limit(Struct, frozen=True):
    """At most `count` times in `period_s` seconds; `name` is how answers call it."""

    name: str
    kind: Literal["window", "fixed", "bucket"]
    count: int
    period_s: int


class Charge(Struct, frozen=True):
    """One time, counted against a limit for a subject: an address, a tenant, an account."""

    limit: Limit
    subject: str

    @property
    def key(self) -> str:
        return f"{self.limit.name}:{self.subject}"


class Standing(Struct, frozen=True):
    """Where a subject stands with a limit after its charge, or before it when it has to wait.

    `reset_s`: until all of the limit is there again, as far as it is foreseen. `wait_s`: until it is worth
    asking again; 0 for who was let in.
    """

    limit: Limit
    remaining: int
    reset_s: float
    wait_s: float = 0.0


class Window(Struct, frozen=True):
    """How many in each sixtieth of a period, oldest first: (number of the sixtieth, count)."""

    slots: tuple[tuple[int, int], ...]


class Fixed(Struct, frozen=True):
    """How many in the period of that number."""

    period: int
    count: int


class Bucket(Struct, frozen=True):
    """How many tokens there were at a time."""

    tokens: float
    at_s: float


Counter: TypeAlias = Window | Fixed | Bucket


def is_refused(standings: Sequence[Standing]) -> bool:
    return any(standing.wait_s for standing in standings)


def tightest(standings: Sequence[Standing]) -> Standing:
    """The one to tell the caller of: whom it makes wait longest, else the one with the least left."""
    return max(standings, key=lambda standing: (standing.wait_s, -standing.remaining))


def charge_all(
    counters: Mapping[str, Counter], charges: Sequence[Charge], now_s: float
) -> tuple[tuple[Standing, ...], dict[str, Counter]]:
    """All charges or, when one of them has to wait, none. The standings, and the counters that changed."""
    before = [_stand(counters.get(charge.key), charge.limit, now_s) for charge in charges]
    if is_refused(before):
        return tuple(before), {}
    changed = {charge.key: _charge(counters.get(charge.key), charge.limit, now_s) for charge in charges}
    after = (_stand(changed[charge.key], charge.limit, now_s) for charge in charges)
    return tuple(_let_in(standing) for standing in after), changed


def _let_in(standing: Standing) -> Standing:
    return Standing(standing.limit, standing.remaining, standing.reset_s)


def _stand(counter: Counter | None, limit: Limit, now_s: float) -> Standing:
    match limit.kind:
        case "window":
            return _stand_in_window(counter, limit, now_s)
        case "fixed":
            return _stand_in_period(counter, limit, now_s)
        case "bucket":
            return _stand_at_bucket(counter, limit, now_s)


def _charge(counter: Counter | None, limit: Limit, now_s: float) -> Counter:
    match limit.kind:
        case "window":
            slot = math.floor(now_s * SLOTS / limit.period_s)
            counts = dict(_live_slots(counter, slot))
            return Window(tuple(sorted({**counts, slot: counts.get(slot, 0) + 1}.items())))
        case "fixed":
            period = math.floor(now_s / limit.period_s)
            return Fixed(period, _count_in(counter, period) + 1)
        case "bucket":
            return Bucket(_tokens(counter, limit, now_s) - 1, now_s)


def _stand_in_window(counter: Counter | None, limit: Limit, now_s: float) -> Standing:
    slot = math.floor(now_s * SLOTS / limit.period_s)
    live = _live_slots(counter, slot)
    remaining = limit.count - sum(count for _, count in live)
    ends_s = [(number + SLOTS + 1) * limit.period_s / SLOTS - now_s for number, _ in live]
    return Standing(
        limit, max(remaining, 0), ends_s[-1] if live else 0.0, 0.0 if remaining > 0 else ends_s[0]
    )


def _stand_in_period(counter: Counter | None, limit: Limit, now_s: float) -> Standing:
    period = math.floor(now_s / limit.period_s)
    remaining = limit.count - _count_in(counter, period)
    reset_s = (period + 1) * limit.period_s - now_s
    return Standing(limit, max(remaining, 0), reset_s, 0.0 if remaining > 0 else reset_s)


def _stand_at_bucket(counter: Counter | None, limit: Limit, now_s: float) -> Standing:
    tokens = _tokens(counter, limit, now_s)
    per_token_s = limit.period_s / limit.count
    wait_s = 0.0 if tokens >= 1 else (1 - tokens) * per_token_s
    return Standing(limit, math.floor(tokens), (limit.count - tokens) * per_token_s, wait_s)


def _live_slots(counter: Counter | None, slot: int) -> tuple[tuple[int, int], ...]:
    slots = counter.slots if isinstance(counter, Window) else ()
    return tuple((number, count) for number, count in slots if number >= slot - SLOTS)


def _count_in(counter: Counter | None, period: int) -> int:
    return counter.count if isinstance(counter, Fixed) and counter.period == period else 0


def _tokens(counter: Counter | None, limit: Limit, now_s: float) -> float:
    if not isinstance(counter, Bucket):
        return float(limit.count)
    return min(float(limit.count), counter.tokens + (now_s - counter.at_s) * (limit.count / limit.period_s))
