"""Seeded data: the same for every contender, every run and every machine."""

from __future__ import annotations

import json
import random
from operator import itemgetter
from string import ascii_lowercase
from typing import Any

SEED = 20_261_124
Record = dict[str, Any]


def records(size: int, *, groups: int, has_text_keys: bool = True) -> list[Record]:
    """Records of one JSON document as a decoder gives them.

    Their field names are the same objects in each record but are not interned, their values are not shared.
    """
    return _decoded(_made(size, groups, has_text_keys=has_text_keys))


def records_of_lines(size: int, *, mean_length: int) -> list[Record]:
    """Records of JSON Lines, in order of tenant: decoded line by line, each has field names of its own."""
    return [json.loads(json.dumps(record)) for record in _made_in_runs(size, mean_length)]


def records_in_document_order(size: int, *, mean_length: int) -> list[Record]:
    """Records of a document in order of tenant: neighbours in the list are neighbours in memory."""
    return _decoded(_made_in_runs(size, mean_length))


def records_in_runs(size: int, *, mean_length: int, has_text_keys: bool = True) -> list[Record]:
    """Records sorted by tenant after they were decoded: neighbours in the list are far apart in memory."""
    shuffled = records(size, groups=max(1, size // mean_length), has_text_keys=has_text_keys)
    return sorted(shuffled, key=itemgetter("tenant"))


def sorted_parts(size: int, *, parts: int) -> list[list[float]]:
    """`parts` sorted lists of together `size` floats."""
    rng = random.Random(SEED)
    return [sorted(rng.random() for _ in range(size // parts)) for _ in range(parts)]


def sorted_text_parts(size: int, *, parts: int) -> list[list[str]]:
    """`parts` sorted lists of together `size` names of 8 to 14 letters."""
    return [[record["name"] for record in part] for part in sorted_record_parts(size, parts=parts)]


def sorted_record_parts(size: int, *, parts: int) -> list[list[Record]]:
    """`parts` lists of together `size` records, each sorted by name."""
    made = records(size, groups=100)
    return [sorted(made[part::parts], key=itemgetter("name")) for part in range(parts)]


def join_sides(size: int) -> tuple[list[Record], list[Record]]:
    """`size` records, and half as many to join them with by `person` or `name`; about half find none.

    Keys on the right are unique, and in no order on either side.
    """
    rng = random.Random(SEED)
    people = [rng.randrange(size) for _ in range(size)]
    ranked = rng.sample(range(0, 2 * (size // 2), 2), size // 2)
    left = [{"id": i, "person": n, "name": f"name{n}", "age": n % 90} for i, n in enumerate(people)]
    right = [{"person": n, "name": f"name{n}", "rank": i} for i, n in enumerate(ranked)]
    return _decoded(left), _decoded(right)


def _made(size: int, groups: int, *, has_text_keys: bool) -> list[Record]:
    rng = random.Random(SEED)
    tenants = [rng.randrange(groups) for _ in range(size)]
    return [
        {
            "id": i,
            "tenant": f"t{tenant}" if has_text_keys else tenant,
            "name": "".join(rng.choices(ascii_lowercase, k=rng.randint(8, 14))),
            "age": rng.randrange(90),
            "score": rng.random(),
        }
        for i, tenant in enumerate(tenants)
    ]


def _made_in_runs(size: int, mean_length: int) -> list[Record]:
    made = _made(size, max(1, size // mean_length), has_text_keys=True)
    return sorted(made, key=itemgetter("tenant"))


def _decoded(made: list[Record]) -> list[Record]:
    decoded: list[Record] = json.loads(json.dumps(made))
    return decoded


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
