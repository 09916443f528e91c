"""Functions that are not pure, each with the rule that must refuse it; some only show when they are run."""

import functools
import heapq
import io
import logging
import operator
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.effects import CASES as CASES, _now, impure

TOTAL = 0
SEEN = set()
RATES = {"EUR": 1.0}
STAGE = "test"
NUMBERS = itertools_count = iter(range(10**9))
LOG = logging.getLogger("corpus")
SETTINGS = {"limit": [1, 2]}
TAGS = frozenset({"a", "b", "c"})


def set_stage(name):
    global STAGE
    STAGE = name


@impure("mutable-global")
def logs_by_logger(value):
    LOG.info("got %s", value)
    return value


@impure("global-write")
def counts_calls(value):
    global TOTAL
    TOTAL += 1
    return value


@impure("changing-global")
def reads_rebound(value):
    return (STAGE, value)


@impure("mutable-global")
def remembers(value):
    if value in SEEN:
        return False
    SEEN.add(value)
    return True


@impure("mutable-global")
def converts(amount, currency):
    return amount * RATES[currency]


@impure("mutable-global")
def within_limit(values):
    return values[: SETTINGS["limit"][0]]


@impure("kept-generator")
def numbers(value):
    return (next(NUMBERS), value)


@impure("global-write")
def counts_on_itself(value):
    counts_on_itself.calls = value
    return value


@impure("mutable-default")
def keeps(value, kept=[]):
    return kept


@impure("changes-argument")
def collects(value, kept=[]):
    kept.append(value)
    return list(kept)


def _closures():
    seen = {}
    total = 0

    def memo(value):
        if value not in seen:
            seen[value] = value * 2
        return seen[value]

    def adds(value):
        nonlocal total
        total += value
        return total

    stream = (n for n in range(10**6))

    def draws(value):
        return next(stream) + value

    return memo, adds, draws


memo, adds, draws = _closures()
impure("mutable-cell")(memo)
impure("nonlocal-write")(adds)
impure("kept-generator")(draws)


@impure("changes-argument")
def appends(items):
    items.append(1)
    return items


@impure("changes-argument")
def sorts_in_place(items: list[int]) -> list[int]:
    items.sort()
    return items


@impure("changes-argument")
def marks(record):
    record["done"] = True
    return record


@impure("changes-argument")
def renames(record):
    record.name = record.name.strip()
    return record


@impure("changes-argument")
def drops(record):
    del record["password"]
    return record


@impure("changes-argument")
def by_alias(record):
    tags = record["tags"]
    mine = tags
    mine.append("new")
    return record


@impure("changes-argument")
def shallow_copy(record):
    copied = dict(record)
    copied["tags"].append("new")
    return copied


@impure("changes-argument")
def in_a_loop(records):
    for record in records:
        record["seen"] = True
    return records


@impure("changes-argument")
def in_a_comprehension(records):
    return [record.pop("id") for record in records]


@impure("changes-argument")
def by_helper(records):
    _fill(records, 1)
    return records


def _fill(target, item):
    target.append(item)


@impure("changes-argument")
def by_method_of_type(records):
    list.append(records, 1)
    return records


@impure("changes-argument")
def heap(items):
    heapq.heapify(items)
    return items[0]


@impure("changes-argument")
def by_operator(record):
    operator.setitem(record, "a", 1)
    return record


@impure("changes-argument")
def by_setattr(record):
    setattr(record, "name", "")
    return record


@impure("changes-argument")
def unpacks(pair):
    left, right = pair
    left.extend(right)
    return left


@impure("changes-argument")
def either(record, other):
    chosen = record or other
    chosen.update(a=1)
    return chosen


@impure("changes-argument")
def in_lambda(records):
    return list(map(lambda record: record.update(seen=True), records))


@impure("changes-argument")
def adds_in_place(items: list, other: list) -> list:
    items += other
    return items


@impure("changes-argument")
def matches(record):
    match record:
        case {"tags": tags}:
            tags.clear()
    return record


@impure("consumes-argument")
def first_of(items):
    return next(items)


@impure("consumes-argument")
def total_of(items: Iterator[int]) -> int:
    return sum(items)


@impure("consumes-argument")
def loops(items: Iterator[int]) -> list[int]:
    return [item for item in items]


@impure("consumes-argument")
def drains(file):
    return file.read()


@impure("set-order")
def lists_set(words):
    return list(set(words))


@impure("set-order")
def joins_set(words):
    return ", ".join({word.strip() for word in words})


@impure("set-order")
def loops_over_set(words: frozenset[str]) -> list[str]:
    found = []
    for word in words:
        found.append(word)
    return found


@impure("set-order")
def first_of_set(words):
    return next(iter({*words}))


@impure("set-order")
def pops_set(words):
    return set(words).pop()


@impure("set-order")
def tags_in_order(count):
    return [tag * count for tag in TAGS]


@impure("set-order")
def different(left, right):
    return tuple(set(left) - set(right))


class _Sets(type):
    def __getattr__(cls, name):
        return set


class Sets(metaclass=_Sets):
    pass


@impure("probe-seed", (["a", "b", "c", "d", "e", "f"],))
def set_by_unknown(words):
    return list(Sets.make(words))


@impure("async")
async def awaits(value):
    return value


class Counter:
    def __init__(self):
        self.count = 0

    def __call__(self, value):
        self.count += 1
        return (self.count, value)

    def add(self, value):
        self.count += value
        return self.count


impure("object-state")(Counter())
impure("object-state")(Counter().add)


@dataclass
class Basket:
    items: list = field(default_factory=list)

    def put(self, item):
        self.items.append(item)
        return self


@impure("changes-argument")
def puts(basket: Basket, item: str) -> Basket:
    return basket.put(item)


@impure("clock")
class Stamped:
    def __init__(self, value):
        self.at = time.time()
        self.value = value


@impure("clock")
def stamps_by_class(value):
    return Stamped(value)


impure("chance")(functools.partial(random.randint, 1))
impure("console")(lambda value: print(value))
impure("clock")(functools.lru_cache(_now))


@impure("probe-unequal", ("a",))
def unresolved_clock(value):
    return (value, Stamps.stamp(value))


class _Meta(type):
    def __getattr__(cls, name):
        return lambda value: time.perf_counter_ns()


class Stamps(metaclass=_Meta):
    pass


@impure("probe-argument", ({"a": [2, 1]},))
def changes_by_name(record):
    return [getattr(part, "sort")() for part in record.values()]


@impure("probe-world", ("a",))
def world_by_unknown(value):
    return io.StringIO(value).__class__.__mro__[0] and _speak()(value)


def _speak():
    return dict(say=print)["say"]
