"""What do two threads gain on work that leaves the interpreter's lock?"""

from __future__ import annotations

import hashlib
from functools import partial

import engine
from benchmarks import data
from benchmarks.question import Contender, Question
from benchmarks.rivals import standard_library


def _digest(blob: bytes) -> bytes:
    return hashlib.sha256(blob).digest()


QUESTIONS = tuple(
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
