"""What does a change of an immutable state cost while its versions live, and what memory does it take?"""

from __future__ import annotations

from typing import Any

from benchmarks.question import Contender, Limit, Program, ProgramQuestion, Question
from engine import Ok, PMap, Store, transition

KEYS = 10_000
VERSIONS = 2_000
MOST_S = VERSIONS * 50e-6
MANY = 100_000
# A fifth of what a dict with these keys and values takes: 18.2 MB.
MOST_BYTES = 3_640_000
SOURCE = 'pairs = ((f"key-{{n:06d}}", f"value of the item {{n}}") for n in range({size}))\n'


def _make_data(size: int) -> tuple[dict[str, int], list[str]]:
    state = {f"key-{n:06d}": n for n in range(size)}
    # A step that shares no factor with the size visits the keys in no order of memory.
    return state, [f"key-{n * 7919 % size:06d}" for n in range(VERSIONS)]


def _store(data: tuple[dict[str, int], list[str]]) -> list[Any]:
    state, keys = data
    store = Store(lambda _: PMap(state), Ok, snapshot_every=64)
    versions: list[Any] = []
    for n, key in enumerate(keys):
        step = transition("set", lambda old, key=key, n=n: Ok(old.set(key, -n)))
        versions.append(store.apply("tenant", step).value.state)
    return versions


def _map(data: tuple[dict[str, int], list[str]]) -> list[Any]:
    state, keys = data
    current = PMap(state)
    return [current := current.set(key, -n) for n, key in enumerate(keys)]


def _undo_log(data: tuple[dict[str, int], list[str]]) -> list[Any]:
    state, keys = data
    current, log = dict(state), []
    for n, key in enumerate(keys):
        log.append((key, current[key]))
        current[key] = -n
    return [current]


def _last(versions: list[Any]) -> list[Any]:
    return sorted(versions[-1].items())


QUESTIONS = (
    Question(
        "transitions of a state",
        f"{VERSIONS:,} changes of one key each, every version kept alive",
        _make_data,
        (
            Contender("engine", "engine", _store, compared_as=_last),
            Contender("PMap alone", "baseline", _map, compared_as=_last),
            Contender("one dict, changed in place with a log", "loop", _undo_log, compared_as=_last),
        ),
        (Limit(f"{VERSIONS:,} transitions of 50 µs", MOST_S, ("engine",), "median_s", sizes=(KEYS,)),),
        sizes=(KEYS,),
    ),
    ProgramQuestion(
        "memory of a state",
        "peak of a process that builds a map of texts from a generator",
        (
            Program("engine", "engine", "from engine import PMap\n" + SOURCE + "print(len(PMap(pairs)))"),
            Program(
                "dict, engine imported",
                "loop",
                "from engine import PMap\n" + SOURCE + "print(len(dict(pairs)))",
            ),
        ),
        (
            Limit(
                "a PMap of texts above a dict of them",
                MOST_BYTES,
                ("engine",),
                "peak_bytes",
                above="dict, engine imported",
                sizes=(MANY,),
            ),
        ),
        sizes=(MANY,),
        max_rounds=3,
    ),
)
