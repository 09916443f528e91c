"""Functions that reach for the world: clocks, chance, files, consoles, the interpreter itself."""

import asyncio
import contextvars
import datetime
import json
import locale
import logging
import os
import pathlib
import random
import secrets
import socket
import subprocess
import sys
import threading
import time
import uuid
import weakref
from datetime import date
from time import monotonic as tick
from typing import NamedTuple


class Case(NamedTuple):
    """`example` are the arguments of a call by which it is probed, where reading is not expected to be enough."""

    function: object
    rule: str
    example: tuple | None = None


CASES: list[Case] = []


def impure(rule, example=None):
    def note(function):
        CASES.append(Case(function, rule, example))
        return function

    return note


@impure("clock")
def stamps(record):
    return {**record, "at": time.time()}


@impure("clock")
def measures(record):
    begin = tick()
    return record, begin


@impure("clock")
def is_overdue(due: datetime.date) -> bool:
    return due < date.today()


@impure("clock")
def says_now(text: str) -> str:
    return f"{text} {datetime.datetime.now(datetime.UTC):%Y}"


@impure("clock")
def sleeps(value):
    time.sleep(0)
    return value


@impure("clock")
def stamps_by_helper(record):
    return _with_time(record)


def _with_time(record):
    return (record, _now())


def _now():
    return datetime.datetime.utcnow()


@impure("chance")
def samples(items):
    return random.choice(items)


@impure("chance")
def shuffles(items):
    copied = list(items)
    random.shuffle(copied)
    return copied


@impure("chance")
def tokens(name):
    return name + secrets.token_hex(4)


@impure("chance")
def identifies(record):
    return (str(uuid.uuid4()), record)


@impure("chance")
def seeded_by_nothing(value):
    return value + random.Random().random()


@impure("system")
def environment(name):
    return os.environ.get(name, "")


@impure("system")
def process_number(value):
    return (value, os.getpid())


@impure("system")
def lists_folder(path):
    return os.listdir(path)


@impure("files")
def exists(path: str) -> bool:
    return os.path.exists(path)


@impure("files")
def reads_file(path):
    with open(path) as file:
        return file.read()


@impure("files")
def reads_path(path: pathlib.Path) -> str:
    return path.read_text()


@impure("files")
def reads_made_path(name: str) -> str:
    return pathlib.Path(name).read_text()


@impure("files")
def loads(file):
    return json.load(file)


@impure("network")
def resolves(host):
    return socket.gethostbyname(host)


@impure("process")
def runs(command):
    return subprocess.run(command, check=True)


@impure("threads")
def locks(value):
    with threading.Lock():
        return value


@impure("threads")
def waits(coroutine):
    return asyncio.run(coroutine)


@impure("console")
def prints(value):
    print(value)
    return value


@impure("console")
def asks(prompt):
    return input(prompt)


@impure("interpreter")
def writes_out(text):
    sys.stdout.write(text)
    return text


@impure("log")
def logs(value):
    logging.info("got %s", value)
    return value


@impure("identity")
def by_identity(value):
    return id(value)


@impure("identity")
def sorts_by_identity(values):
    return sorted(values, key=id)


@impure("hash")
def buckets(text: str) -> int:
    return hash(text) % 8


@impure("code")
def evaluates(text):
    return eval(text)


@impure("code")
def executes(text):
    exec(text)


@impure("code")
def imports(name):
    return __import__(name)


@impure("reflection")
def reaches(record, name):
    return getattr(record, name)


@impure("reflection")
def lays_open(record):
    return vars(record)


@impure("locale")
def formats(number):
    return locale.format_string("%d", number)


@impure("context")
def in_context(value):
    token = contextvars.copy_context()
    return (value, len(token))


@impure("interpreter")
def refers(value):
    return weakref.ref(value)
