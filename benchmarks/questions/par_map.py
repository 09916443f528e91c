"""What do two threads gain on work that leaves the interpreter's lock?"""

from __future__ import annotations

import hashlib
from functools import partial

import engine
from benchmarks import data
from benchmarks.question import Contender, Question, Ratio
from benchmarks.rivals import standard_library
from engine import Chain

# Of serial speed, on work that is too short to be shared; each size is a number of calls of about 0.3 µs.
LEAST = 0.9
FEW_CALLS = (10, 100, 1_000, 3_000)


def _digest(blob: bytes) -> bytes:
    return hashlib.sha256(blob).digest()


def _add_up(number: int) -> int:
    return sum((number, 1, 2, 3))


SHORT = Question(
    "par, short work",
    "a Python function of about 0.3 µs called for each item of a list, together under a millisecond",
    lambda size: list(range(size)),
    (
        Contender("engine", "engine", lambda items: Chain(items).par().map(_add_up).collect()),
        Contender("chain without par", "baseline", lambda items: Chain(items).map(_add_up).collect()),
        Contender("loop", "loop", lambda items: [_add_up(item) for item in items]),
    ),
    (Ratio("par on work under 1 ms, of the chain without", LEAST, ("chain without par",)),),
    sizes=FEW_CALLS,
    lane="threads",
)

LONG = tuple(
    Question(
        f"par_map, {length >> 10} KiB",
        f"SHA-256 of blocks of {length >> 10} KiB, together 64 bytes for every record",
        partial(data.blobs, length=length),
        (
            Contender("engine", "engine", lambda blobs: list(engine.par_map(_digest, blobs))),
            Contender("loop", "loop", lambda blobs: [_digest(blob) for blob in blobs]),
            Contender(
                "ThreadPoolExecutor(2).map",
                "rival",
                lambda blobs: standard_library.thread_pool_map(_digest, blobs),
            ),
        ),
        lane="threads",
    )
    for length in (65_536, 1_048_576)
)

QUESTIONS = (SHORT, *LONG)
