"""Seeded data: the same for every contender, every run and every machine."""

from __future__ import annotations

import json
import random
from typing import Any

SEED = 20_261_124
Record = dict[str, Any]


def records(size: int, *, groups: int) -> list[Record]:
    """Records as a JSON decoder gives them: keys are not interned, values are not shared."""
    rng = random.Random(SEED)
    made = [
        {
            "id": i,
            "tenant": rng.randrange(groups),
            "name": f"name{rng.randrange(size)}",
            "score": rng.random(),
        }
        for i in range(size)
    ]
    decoded: list[Record] = json.loads(json.dumps(made))
    return decoded


def records_in_runs(size: int, *, mean_length: int) -> list[Record]:
    """Sorted by tenant, so that runs are `mean_length` records long on average."""
    return sorted(records(size, groups=max(1, size // mean_length)), key=lambda record: record["tenant"])


def sorted_parts(size: int, *, parts: int) -> list[list[float]]:
    """`parts` sorted lists of together `size` floats."""
    rng = random.Random(SEED)
    return [sorted(rng.random() for _ in range(size // parts)) for _ in range(parts)]


def join_sides(size: int) -> tuple[list[Record], list[Record]]:
    """`size` records, and half as many to join them with by `name`; some on each side find none."""
    left = records(size, groups=100)
    right = [{"name": f"name{i * 2}", "rank": i} for i in range(size // 2)]
    return left, right


def integers_in_runs(size: int, *, mean_length: int) -> Any:
    import numpy as np  # noqa: PLC0415 - questions over objects must not pay for it

    return np.sort(np.random.default_rng(SEED).integers(0, max(1, size // mean_length), size))


def sorted_arrays(size: int, *, parts: int) -> list[Any]:
    import numpy as np  # noqa: PLC0415 - as above

    rng = np.random.default_rng(SEED)
    return [np.sort(rng.integers(0, 2**62, size // parts)) for _ in range(parts)]


def key_arrays(size: int) -> tuple[Any, Any]:
    """Two arrays of `size` random keys each; about two thirds of the left find one or more on the right."""
    import numpy as np  # noqa: PLC0415 - as above

    rng = np.random.default_rng(SEED)
    return rng.integers(0, size, size), rng.integers(0, size, size)


def blobs(size: int, *, length: int) -> list[bytes]:
    """Blocks of `length` bytes, together 64 bytes for every record, and 4 at least."""
    rng = random.Random(SEED)
    return [rng.randbytes(length) for _ in range(max(4, size * 64 // length))]
