"""What do two threads gain on work that leaves the interpreter's lock?"""

from __future__ import annotations

import hashlib

import engine
from benchmarks import data
from benchmarks.question import Contender, Question
from benchmarks.rivals import standard_library


def _digest(blob: bytes) -> bytes:
    return hashlib.sha256(blob).digest()


QUESTIONS = (
    Question(
        "par_map",
        "SHA-256 of 64 KiB blocks, one for every 1000 records",
        data.blobs,
        (
            Contender("engine", "engine", lambda blobs: list(engine.par_map(_digest, blobs))),
            Contender("loop", "loop", lambda blobs: [_digest(blob) for blob in blobs]),
            Contender(
                "ThreadPoolExecutor(2).map",
                "rival",
                lambda blobs: standard_library.thread_pool_map(_digest, blobs),
            ),
        ),
    ),
)
