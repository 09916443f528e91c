"""Held out as `held_out` was, and harder: effects behind constructors, shallow copies, operators and protocols."""

import collections
import contextlib
import copy
import datetime as when
import email.utils
import functools
import itertools
import operator
import os
import pathlib
import platform
import sys
import threading
import typing
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from corpus.held_out import Row, kept_in

HARD: list[Callable[..., object]] = []


hard = kept_in(HARD)


@dataclass(frozen=True)
class Ticket:
    title: str
    token: str = field(default_factory=lambda: uuid.uuid4().hex)


class Audited:
    created: typing.ClassVar[list[str]] = []

    def __init__(self, name: str):
        self.name = name
        self.created.append(name)


class Hit:
    def __init__(self):
        self.seen = 0

    def __eq__(self, other):
        self.seen += 1
        return True

    def __hash__(self):
        return 1


class Settings:
    def __getattr__(self, name):
        return os.getenv(name.upper())


settings = Settings()
any_hit = Hit()
append_to = operator.methodcaller("append", 0)
publish = functools.partial(print, "published")
local = threading.local()


@hard
def opened(title: str) -> Ticket:
    return Ticket(title)


@hard
def audited(name: str) -> str:
    return Audited(name).name


@hard
def renamed(rows: list[dict]) -> list[dict]:
    copies = list(rows)
    for row in copies:
        row["name"] = row["name"].title()
    return copies


@hard
def without_password(user: dict) -> dict:
    shallow = copy.copy(user)
    shallow["profile"].pop("password", None)
    return shallow


@hard
def padded(numbers: list[int]) -> list[int]:
    numbers += [0]
    return numbers


@hard
def zero_ended(numbers: list[int]) -> list[int]:
    append_to(numbers)
    return numbers


@hard
def announced(name: str) -> str:
    publish(name)
    return name


@hard
def is_known(name: str) -> bool:
    return name == any_hit


@hard
def debug_suffix(name: str) -> str:
    return f"{name}{settings.suffix}"


@hard
def local_time(at: when.datetime) -> str:
    return at.astimezone().isoformat()


@hard
def read(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8")


@hard
def is_there(path: str) -> bool:
    return pathlib.Path(path).exists()


@hard
def mail_date(body: str) -> str:
    return f"Date: {email.utils.formatdate()}\n\n{body}"


@hard
def shown(value: int) -> str:
    return repr(object()) + str(value)


@hard
def bucket(key: str) -> int:
    return hash(key) % 16


@hard
def current_user(record: dict) -> dict:
    return {**record, "by": getattr(local, "user", None)}


@hard
def patched(record: dict) -> dict:
    vars(Audited)["created"].append(record["name"])
    return record


@hard
def popped(queue: collections.deque[int]) -> int | None:
    return queue.popleft() if queue else None


@hard
def stored(cache: typing.MutableMapping[str, int], key: str) -> int:
    return cache.setdefault(key, len(key))


@hard
def drained(numbers: typing.Iterator[int]) -> int:
    return sum(1 for _ in numbers)


@hard
def lettered(words: Sequence[str]) -> dict[str, int]:
    letters = frozenset(itertools.chain.from_iterable(words))
    return {letter: position for position, letter in enumerate(letters)}


@hard
def caller_of(value: int) -> str:
    return f"{sys._getframe(1).f_code.co_name}: {value}"


@hard
def finished(rows: Sequence[Row]) -> list[str]:
    names = []
    with contextlib.redirect_stdout(sys.stderr):
        names.extend(row.name for row in rows)
    return names


@hard
def slept(value: int) -> int:
    threading.Event().wait(0.001)
    return value


@hard
def compiled_here(source: str) -> object:
    return eval(source)


@hard
def host_name(service: str) -> str:
    return f"{service}.{platform.node()}"


@hard
def nested(matrix: list[list[int]]) -> list[list[int]]:
    rows = [row for row in matrix]
    rows[0][0] = 0
    return rows


@hard
def swapped(pair: tuple[list[int], list[int]]) -> list[int]:
    first, second = pair
    first.extend(second)
    return first
