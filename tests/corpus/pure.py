"""Functions that are pure, each with the level that reading alone must give it."""

import datetime
import functools
import heapq
import itertools
import json
import operator
import os.path
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, NamedTuple


class Case(NamedTuple):
    function: object
    level: str


CASES: list[Case] = []


def pure(level="verified"):
    def note(function):
        CASES.append(Case(function, level))
        return function

    return note


LIMIT = 10
KINDS = ("home", "work")
VOWELS = frozenset("aeiou")
RATES = MappingProxyType({"EUR": 1.0, "USD": 1.1})
NAMES: Final[Mapping[str, str]] = {"de": "Deutsch"}
WORD = re.compile(r"\w+")
NOON = datetime.time(12)


@dataclass(frozen=True)
class Contact:
    name: str
    emails: tuple[str, ...] = ()

    @property
    def initial(self) -> str:
        return self.name[:1]

    def greeting(self, word: str = "Dear") -> str:
        return f"{word} {self.name}"

    def with_email(self, email: str) -> "Contact":
        return replace(self, emails=(*self.emails, email))


@pure()
def trimmed(text: str) -> str:
    return text.strip().lower()


@pure("unverified")
def trimmed_of_any_type(text):
    return text.strip()


@pure()
def squares(numbers: Iterable[float]) -> list[float]:
    return [number * number for number in numbers]


@pure()
def total(numbers):
    found = 0
    for number in numbers:
        found += number
    return found


@pure()
def local_list(items):
    found = []
    for item in items:
        found.append(item)
    return found


@pure()
def local_item(items):
    found = {}
    for item in items:
        found[item] = found.get(item, 0) + 1
    return found


@pure()
def groups(records):
    found = defaultdict(list)
    for record in records:
        found[record["key"]].append(record)
    return dict(found)


@pure()
def groups_by_setdefault(records):
    found = {}
    for record in records:
        found.setdefault(record["key"], []).append(record)
    return found


@pure()
def copies_first(items):
    copied = list(items)
    copied.sort()
    copied.reverse()
    return copied


@pure()
def rebinds(items):
    items = [*items]
    items.append(1)
    return items


@pure()
def with_changes(record):
    return {**record, "done": True}


@pure()
def copied_dict(record: dict[str, int]) -> dict[str, int]:
    made = record.copy()
    made["done"] = 1
    made.pop("id", None)
    return made


@pure()
def by_helper(items):
    found = []
    _fill(found, items)
    return found


def _fill(target, items):
    for item in items:
        target.append(item)


@pure()
def is_vowel(letter: str) -> bool:
    return letter in VOWELS


@pure()
def euros(amount: float, currency: str) -> float:
    return amount / RATES[currency]


@pure()
def language(code: str) -> str:
    return NAMES.get(code, code)


@pure()
def first_words(text: str) -> list[str]:
    return WORD.findall(text)[:LIMIT]


@pure()
def kind_number(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else -1


@pure()
def sorted_set(words: list[str]) -> list[str]:
    return sorted({word.lower() for word in words})


@pure()
def is_known(words: list[str]) -> bool:
    return any(word in VOWELS for word in set(words))


@pure()
def loops_over_set(words):
    for word in {*words}:
        if word == "":
            return True
    return False


@pure()
def apply_all(function, items):
    return [function(item) for item in items]


@pure()
def composed(f, g):
    return lambda value: g(f(value))


@pure()
def counted(words):
    return Counter(words).most_common(3)


@pure()
def factorial(n: int) -> int:
    return 1 if n < 2 else n * factorial(n - 1)


@pure()
def is_even(n):
    return n == 0 or is_odd(n - 1)


@pure()
def is_odd(n):
    return n != 0 and is_even(n - 1)


@pure()
def product(numbers):
    return functools.reduce(operator.mul, numbers, 1)


@pure()
def folded(items):
    def step(found, item):
        found.append(item)
        return found

    return functools.reduce(step, items, [])


@pure()
def smallest(items):
    heap = list(items)
    heapq.heapify(heap)
    return heapq.heappop(heap)


@pure()
def breadth_first(tree: dict[str, list[str]], root: str) -> list[str]:
    left, seen = deque([root]), {root}
    order = []
    while left:
        node = left.popleft()
        order.append(node)
        for child in tree[node]:
            if child not in seen:
                seen.add(child)
                left.append(child)
    return order


@pure()
def digest(record):
    return json.dumps(record, sort_keys=True)


@pure()
def parsed(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


@pure()
def file_name(path: str) -> str:
    return os.path.basename(path)


@pure()
def a_week_later(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=7)


@pure()
def is_before_noon(moment: datetime.datetime) -> bool:
    return moment.time() < NOON


@pure()
def flattened(lists):
    return list(itertools.chain.from_iterable(lists))


@pure()
def windows(items):
    for left, right in itertools.pairwise(items):
        yield (left, right)


@pure()
def greeting(contact: Contact) -> str:
    return contact.greeting() + contact.initial


@pure()
def with_email(contact: Contact, email: str) -> Contact:
    return contact.with_email(email.lower())


@pure()
def shape(value):
    match value:
        case {"type": kind, **rest}:
            return (kind, len(rest))
        case [first, *_]:
            return (first, 1)
        case _:
            return (None, 0)


@pure()
def by_inner_state(words):
    seen = set()

    def is_new(word):
        if word in seen:
            return False
        seen.add(word)
        return True

    return [word for word in words if is_new(word)]


@pure()
def longest_first(words: list[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


@pure()
def defaulted(value, fallback=()):
    return value or fallback


@pure()
def matrix(rows, columns):
    made = [[0] * columns for _ in range(rows)]
    for at in range(min(rows, columns)):
        made[at][at] = 1
    return made


@pure()
def with_options(*values, **options):
    options["count"] = len(values)
    return options


@functools.wraps(trimmed)
def wrapper(text: str) -> str:
    return trimmed(text) + "!"


class Scale:
    def __init__(self, factor):
        self.factor = factor
        self.parts = []
        self.parts.append(factor)


@pure()
def scaled(factor):
    made = Scale(factor)
    made.factor = factor + 1
    return made


class Times(NamedTuple):
    factor: int

    def __call__(self, number: int) -> int:
        return number * self.factor


pure()(wrapper)
pure()(Times(2))
pure()(Contact)
pure()(Contact("Ada").greeting)
pure()(functools.partial(operator.add, 1))
pure()(functools.lru_cache(factorial))
pure()(str.lower)
pure()(operator.itemgetter("name"))
pure()(len)
pure()(lambda number: number + LIMIT)
pure()(eval("lambda number: number * 2"))
