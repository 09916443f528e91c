"""How long the event loop stands still while people log in at once: hashes belong into threads.

python -m benchmarks.logins [--logins 8] [--cost 12] [--rounds 3]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable

from service.adapters.password_meter import ZxcvbnMeter
from service.adapters.passwords import BcryptHasher

BAR_MS = 25.0
PULSE_S = 0.001


def main(arguments: list[str] | None = None) -> None:
    """Prints the longest gaps, with hashes alone and with a password's strength beside them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.logins", description=__doc__)
    parser.add_argument("--logins", type=int, default=8, help="at once (8)")
    parser.add_argument("--cost", type=int, default=12, help="of bcrypt (12)")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts (3)")
    options = parser.parse_args(arguments)
    asyncio.run(measure(options.logins, options.cost, options.rounds))


async def measure(logins: int, cost: int, rounds: int) -> None:
    hasher, meter = BcryptHasher(cost=cost, queue_size=logins), ZxcvbnMeter(queue_size=logins)
    known = await hasher.hash("seven otters juggle quietly")
    await meter.measure("seven otters", ())

    async def log_in() -> None:
        assert not await hasher.verify("wrong", known)

    async def choose_password() -> None:
        await asyncio.gather(log_in(), meter.measure("correct horse battery staple " * 2, ("ada",)))

    for name, work in (("idle", None), ("logins", log_in), ("new passwords", choose_password)):
        gaps_ms = [await longest_gap_ms(work, logins) for _ in range(rounds)]
        shown = ", ".join(f"{gap:.1f}" for gap in gaps_ms)
        median = statistics.median(gaps_ms)
        print(f"{name:>14}: longest gap {median:6.1f} ms (rounds {shown}; bar {BAR_MS:g} ms)")
    hasher.close()
    meter.close()


async def longest_gap_ms(work: Callable[[], Awaitable[object]] | None, many: int) -> float:
    """Between two turns of the loop, while `many` of `work` go on; without work, over half a second."""
    gaps: list[float] = []
    pulse = asyncio.create_task(beat(gaps))
    await (asyncio.sleep(0.5) if work is None else asyncio.gather(*(work() for _ in range(many))))
    pulse.cancel()
    return max(gaps) * 1000


async def beat(gaps: list[float]) -> None:
    while True:
        began_at = time.perf_counter()
        await asyncio.sleep(PULSE_S)
        gaps.append(time.perf_counter() - began_at - PULSE_S)


if __name__ == "__main__":
    main()
