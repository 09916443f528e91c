"""Held out: written in the style of application code without looking at the rules, and measured before they were mended.

How many of these were judged rightly then is in decision 18; afterwards they are kept to like the rest of the corpus.
"""

import collections
import contextlib
import contextvars
import copy
import datetime as when
import decimal
import email.utils
import enum
import functools
import itertools
import json
import logging
import operator
import os
import pathlib
import platform
import random
import re
import string
import sys
import threading
import time
import typing
import urllib.parse
import urllib.request
import uuid
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

IMPURE: list[Callable[..., object]] = []
PURE: list[Callable[..., object]] = []
REFUSED: list[Callable[..., object]] = []


def kept_in(cases):
    def keep(function):
        cases.append(function)
        return function

    return keep


# Refused are pure ones that read a global dict, which is not known to stay as it is.
impure, pure, refused = map(kept_in, (IMPURE, PURE, REFUSED))
now = when.datetime.now
logger = logging.getLogger(__name__)
request_id = contextvars.ContextVar("request_id", default="-")
_tokens = itertools.count(1)
_geocodes: dict[str, tuple[float, float]] = {}


class Client:
    def __init__(self, root):
        self.root = root
        self.opener = urllib.request.build_opener()
        self.calls = 0

    def fetch(self, path):
        self.calls += 1
        with self.opener.open(self.root + path) as answer:
            return json.load(answer)


api = Client("http://127.0.0.1:9")


@impure
def country_of(code: str) -> str:
    return api.fetch(f"/countries/{code}")["name"]


@impure
def downloaded(address: str) -> bytes:
    with urllib.request.urlopen(address) as answer:
        return answer.read()


@impure
def geocode(place: str) -> tuple[float, float]:
    with contextlib.suppress(KeyError):
        return _geocodes[place]
    _geocodes[place] = (len(place) * 1.0, 0.0)
    return _geocodes[place]


@impure
def with_timestamp(event: dict) -> dict:
    return event | {"received": now(when.UTC).isoformat()}


@impure
def age_in_days(born: when.date) -> int:
    return (when.datetime.today().date() - born).days


def make_sampler(seed):
    chance = random.Random(seed)

    def keep(item):
        return item if chance.random() < 0.5 else None

    return keep


keep_half = impure(make_sampler(7))


@impure
def with_defaults(row: dict, extra: dict = {"seen": 0}) -> dict:  # noqa: B006 (the point)
    extra["seen"] += 1
    return {**row, **extra}


@impure
def normalised_phone(raw: str) -> str:
    digits = re.sub(r"\D", "", raw)
    if not digits:
        logger.warning("no digits in %r", raw)
    return digits


@impure
def numbered(rows: Iterable[str]) -> Iterable[str]:
    for row in rows:
        print(row, file=sys.stderr)
        yield row


@impure
def next_token(prefix: str) -> str:
    return f"{prefix}-{next(_tokens)}"


class Order:
    counter = 0

    def __init__(self, lines: Sequence[decimal.Decimal]):
        self.lines = lines

    @property
    def total(self) -> decimal.Decimal:
        Order.counter += 1
        return sum(self.lines, decimal.Decimal(0))


@impure
def invoice(lines: Sequence[decimal.Decimal]) -> str:
    return f"{Order(lines).total:.2f}"


@impure
def tagged(message: str) -> str:
    return f"[{request_id.get()}] {message}"


@impure
def home_of(user: str) -> str:
    return os.path.join(os.environ.get("HOME_ROOT", "/home"), user)


@impure
def absolute(path: str) -> str:
    return os.path.abspath(path)


def traced(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        begin = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            _geocodes[function.__name__] = (begin, time.perf_counter())

    return wrapper


@impure
@traced
def slug(title: str) -> str:
    return "-".join(title.lower().split())


@dataclass
class Basket:
    items: list[str] = field(default_factory=list)

    def add(self, item: str) -> "Basket":
        self.items.append(item)
        return self


@impure
def with_gift(basket: Basket) -> Basket:
    return basket.add("gift")


@impure
def sorted_in_place(rows: list[dict]) -> list[dict]:
    ordered = rows
    ordered.sort(key=lambda row: row["name"])
    return ordered


@impure
def parsed_amount(text: str) -> decimal.Decimal:
    decimal.getcontext().prec = 12
    return decimal.Decimal(text)


@impure
def legacy_name(name: str) -> str:
    warnings.warn("use display_name", DeprecationWarning, stacklevel=2)
    return name.title()


@impure
def first_of_group(groups: Iterable[Iterable[int]]) -> list[int]:
    return [next(iter(group)) for group in groups]


class RateLimiter:
    def __init__(self, limit):
        self.limit = limit
        self.used = 0

    def __call__(self, item):
        self.used += 1
        return item if self.used <= self.limit else None


limited = impure(RateLimiter(3))


def memoised(function):
    known = {}

    @functools.wraps(function)
    def wrapper(key):
        if key not in known:
            known[key] = function(key)
        return known[key]

    return wrapper


@impure
@memoised
def expensive(key: str) -> str:
    return key[::-1]


@impure
def distinct_tags(tags: Iterable[str]) -> str:
    return ",".join({tag.casefold() for tag in tags})


class Colour(enum.Enum):
    RED = "r"
    GREEN = "g"


@dataclass(frozen=True)
class Money:
    amount: decimal.Decimal
    currency: str = "EUR"

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"currencies must agree, got {other.currency}")
        return Money(self.amount + other.amount, self.currency)

    @classmethod
    def parsed(cls, text: str) -> "Money":
        amount, _, currency = text.partition(" ")
        return cls(decimal.Decimal(amount), currency or "EUR")

    @functools.cached_property
    def cents(self) -> int:
        return int(self.amount * 100)


class Row(typing.NamedTuple):
    name: str
    score: float


PATTERN = re.compile(r"(?P<user>[^@]+)@(?P<host>.+)")
TABLE = str.maketrans("", "", string.punctuation)


@pure
def colour_of(letter: str) -> Colour:
    return Colour(letter)


@pure
def total_of(texts: Sequence[str]) -> Money:
    return functools.reduce(lambda left, right: left + right, map(Money.parsed, texts))


@pure
def host_of(address: str) -> str | None:
    match = PATTERN.fullmatch(address)
    return None if match is None else match["host"].lower()


@pure
def histogram(words: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return dict(sorted(counts.items()))


@pure
def best(rows: Sequence[Row], count: int = 3) -> list[str]:
    ranked = sorted(rows, key=lambda row: (-row.score, row.name))
    return [row.name for row in ranked[:count]]


@pure
def query_of(url: str) -> Mapping[str, str]:
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))


@pure
def grouped(rows: Sequence[Row]) -> dict[str, list[float]]:
    groups = collections.defaultdict(list)
    for row in rows:
        groups[row.name].append(row.score)
    return dict(groups)


@pure
def weekday(text: str) -> int:
    return when.date.fromisoformat(text).weekday()


@refused
def plain(text: str) -> str:
    return " ".join(text.translate(TABLE).split())


@pure
def flattened(value: object) -> list[object]:
    if isinstance(value, list):
        return [leaf for part in value for leaf in flattened(part)]
    return [value]


@pure
def size_of(node: object) -> int:
    match node:
        case {"children": [*children]}:
            return 1 + sum(size_of(child) for child in children)
        case [*parts]:
            return sum(map(size_of, parts))
        case _:
            return 1


@pure
def windows(values: Sequence[int], size: int) -> list[tuple[int, ...]]:
    recent = collections.deque(maxlen=size)
    found = []
    for value in values:
        recent.append(value)
        if len(recent) == size:
            found.append(tuple(recent))
    return found


def between(low: float, high: float) -> Callable[[float], bool]:
    def inside(value: float) -> bool:
        return low <= value < high

    return inside


is_percentage = pure(between(0, 100))


@pure
def as_number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


@pure
def cents_of(price: Money) -> int:
    return price.cents
