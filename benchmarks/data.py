"""Seeded data: the same for every contender, every run and every machine."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
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


class Inputs:
    """Arrays under names, and what contenders make of them before the clock starts."""

    def __init__(self, **arrays: Any) -> None:
        self._arrays = arrays
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        return self._arrays[name]

    def all(self) -> dict[str, Any]:
        return dict(self._arrays)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` returned the first time, when results were compared."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


def integers_in_runs(size: int, *, mean_length: int) -> Any:
    return _sorted(_generator().integers(0, max(1, size // mean_length), size))


def sorted_arrays(size: int, *, parts: int) -> list[Any]:
    rng = _generator()
    return [_sorted(rng.integers(0, 2**62, size // parts)) for _ in range(parts)]


def exact_numbers(size: int, dtype: str, seed: int = 0) -> Any:
    """Numbers of which any sum is exact, in whatever order: thousandths, of 2 to the 10th."""
    whole = _generator(seed).integers(-(2**20), 2**20, size)
    return whole / 1024.0 if dtype == "float64" else whole.astype(dtype)


def random_keys(size: int) -> Inputs:
    return _half_found(size, size)


def ten_to_one_keys(size: int) -> Inputs:
    return _half_found(size, size // 10)


def dense_keys(size: int) -> Inputs:
    """All whole numbers below `size`, in two random orders."""
    rng = _generator()
    return Inputs(left=rng.permutation(size), right=rng.permutation(size))


def _half_found(size: int, others: int) -> Inputs:
    """Keys of the whole range: unique ones on the right; half of the left ones are among them."""
    rng = _generator()
    right = rng.permutation(_unique(rng, others))
    found = rng.choice(right, size)
    left = found * (rng.integers(0, 2, size) * 2 - 1)  # a negative one is on no right side
    return Inputs(left=left, right=right)


def _unique(rng: Any, size: int) -> Any:
    """About evenly spaced, each moved at random within its own part of the range."""
    import numpy as np  # noqa: PLC0415 - questions over objects must not pay for it

    step = 2**62 // (size + 1)
    return np.arange(1, size + 1) * step + rng.integers(0, step, size)


def _generator(seed: int = 0) -> Any:
    import numpy as np  # noqa: PLC0415 - as above

    return np.random.default_rng(SEED + seed)


def padded_names(size: int, *, accented: float) -> list[str]:
    """First and last names in mixed case with blanks around some; so many of them with accents."""
    rng = random.Random(SEED)
    return [_padded(rng, is_accented=rng.random() < accented) for _ in range(size)]


def _padded(rng: random.Random, *, is_accented: bool) -> str:
    letters = "aábcdeéfghiílmnñoóörstuüvyzß" if is_accented else ascii_lowercase
    words = ["".join(rng.choices(letters, k=rng.randint(3, 9))) for _ in range(2)]
    if is_accented:
        words[1] += "ø"
    name = " ".join(word.capitalize() for word in words)
    return rng.choice(["", " ", "  "]) + name + rng.choice(["", " ", "\t"])


def as_bytes(result: Any) -> Any:
    """An array, or several, in a form that is compared at once, whatever the width of its numbers."""
    if isinstance(result, tuple):
        return tuple(map(as_bytes, result))
    import numpy as np  # noqa: PLC0415 - as above

    array = np.asarray(result)
    return array.astype("float64" if array.dtype.kind == "f" else "int64").tobytes()


def in_left_order(pairs: tuple[Any, Any]) -> tuple[Any, Any]:
    """Index pairs of one who does not keep an order, in that of the others."""
    import numpy as np  # noqa: PLC0415 - as above

    left, right = map(np.asarray, pairs)
    order = np.lexsort((right, left))
    return left[order], right[order]


def _sorted(array: Any) -> Any:
    array.sort()
    return array


def blobs(size: int, *, length: int) -> list[bytes]:
    """Blocks of `length` bytes, together 64 bytes for every record, and 4 at least."""
    rng = random.Random(SEED)
    return [rng.randbytes(length) for _ in range(max(4, size * 64 // length))]
