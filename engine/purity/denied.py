"""What resolved names mean: calls that no pure function makes, as data, with the smallest fix for each."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple


class Effect(NamedTuple):
    """What is wrong with a group of calls, and what to do instead."""

    rule: str
    text: str
    fix: str


_CLOCK = Effect("clock", "reads the clock", "take the time as an argument")
_CHANCE = Effect(
    "chance", "draws on chance", "take the random value, or a seeded generator's draws, as an argument"
)
_FILES = Effect(
    "files", "touches the file system", "take the content as an argument and return what to write"
)
_SYSTEM = Effect("system", "asks or changes the operating system", "take the value as an argument")
_NETWORK = Effect("network", "talks to the network", "take the answer as an argument")
_PROCESS = Effect("process", "starts or asks a process", "take its result as an argument")
_THREADS = Effect(
    "threads", "shares state between threads", "compute a value, and leave threads to the caller"
)
_LOG = Effect("log", "writes a log", "return what is worth saying, and log it at the edge")
_CONSOLE = Effect("console", "reads or writes the console", "return the text, and let the caller print it")
_STATE = Effect("interpreter", "reads or changes the interpreter's state", "take the value as an argument")
_LOCALE = Effect("locale", "depends on the locale", "take the format as an argument")
_IDENTITY = Effect(
    "identity", "depends on where an object lies in memory", "compare by value, or number the items"
)
_HASH = Effect("hash", "depends on the seed of hashes", "use hashlib, or take the digest as an argument")
_CODE = Effect(
    "code",
    "runs code that cannot be read beforehand",
    "call the function by its name, or pick it from a tuple",
)
_REFLECTION = Effect(
    "reflection", "reaches what a name computed at run time says", "write the attribute's name out"
)
_CONTEXT = Effect("context", "depends on a context that others set", "take the context as an argument")
_DATABASE = Effect("database", "talks to a database", "take the rows as an argument")

# By root module: everything below it, except what `ALLOWED` names.
DENIED_MODULES: MappingProxyType[str, Effect] = MappingProxyType(
    {
        "time": _CLOCK,
        "random": _CHANCE,
        "_random": _CHANCE,
        "secrets": _CHANCE,
        "uuid": _CHANCE,
        "numpy.random": _CHANCE,
        "os": _SYSTEM,
        "posix": _SYSTEM,
        "nt": _SYSTEM,
        "posixpath": _FILES,
        "genericpath": _FILES,
        "ntpath": _FILES,
        "io": _FILES,
        "_io": _FILES,
        "pathlib": _FILES,
        "shutil": _FILES,
        "tempfile": _FILES,
        "glob": _FILES,
        "fileinput": _FILES,
        "mmap": _FILES,
        "zipfile": _FILES,
        "tarfile": _FILES,
        "shelve": _FILES,
        "dbm": _FILES,
        "sqlite3": _DATABASE,
        "_sqlite3": _DATABASE,
        "asyncpg": _DATABASE,
        "sqlalchemy": _DATABASE,
        "redis": _DATABASE,
        "socket": _NETWORK,
        "_socket": _NETWORK,
        "ssl": _NETWORK,
        "http": _NETWORK,
        "urllib.request": _NETWORK,
        "ftplib": _NETWORK,
        "smtplib": _NETWORK,
        "requests": _NETWORK,
        "httpx": _NETWORK,
        "aiohttp": _NETWORK,
        "select": _NETWORK,
        "subprocess": _PROCESS,
        "_posixsubprocess": _PROCESS,
        "multiprocessing": _PROCESS,
        "signal": _PROCESS,
        "_signal": _PROCESS,
        "threading": _THREADS,
        "_thread": _THREADS,
        "concurrent": _THREADS,
        "asyncio": _THREADS,
        "_asyncio": _THREADS,
        "queue": _THREADS,
        "_queue": _THREADS,
        "contextvars": _CONTEXT,
        "_contextvars": _CONTEXT,
        "logging": _LOG,
        "warnings": _LOG,
        "_warnings": _LOG,
        "traceback": _STATE,
        "syslog": _LOG,
        "getpass": _CONSOLE,
        "curses": _CONSOLE,
        "pprint": _CONSOLE,
        "sys": _STATE,
        "gc": _STATE,
        "weakref": _STATE,
        "_weakref": _STATE,
        "atexit": _STATE,
        "inspect": _STATE,
        "platform": _SYSTEM,
        "resource": _SYSTEM,
        "ctypes": _CODE,
        "_ctypes": _CODE,
        "importlib": _CODE,
        "_frozen_importlib": _CODE,
        "runpy": _CODE,
        "pickle": _CODE,
        "_pickle": _CODE,
        "locale": _LOCALE,
        "_locale": _LOCALE,
        "gettext": _LOCALE,
    }
)

DENIED: MappingProxyType[str, Effect] = MappingProxyType(
    {
        "builtins.open": _FILES,
        "builtins.print": _CONSOLE,
        "builtins.input": _CONSOLE,
        "builtins.breakpoint": _CONSOLE,
        "builtins.help": _CONSOLE,
        "builtins.exec": _CODE,
        "builtins.eval": _CODE,
        "builtins.compile": _CODE,
        "builtins.__import__": _CODE,
        "builtins.globals": _STATE,
        "builtins.locals": _STATE,
        "builtins.vars": _REFLECTION,
        "builtins.id": _IDENTITY,
        "builtins.hash": _HASH,
        "datetime.datetime.now": _CLOCK,
        "datetime.datetime.today": _CLOCK,
        "datetime.datetime.utcnow": _CLOCK,
        "datetime.date.today": _CLOCK,
        "datetime.datetime.fromtimestamp": _LOCALE,
        "datetime.date.fromtimestamp": _LOCALE,
        "datetime.datetime.astimezone": _LOCALE,
        "datetime.datetime.timestamp": _LOCALE,
        "decimal.getcontext": _CONTEXT,
        "decimal.setcontext": _CONTEXT,
        "decimal.localcontext": _CONTEXT,
        "re.purge": _STATE,
        "re.template": _STATE,
        "csv.register_dialect": _STATE,
        "csv.field_size_limit": _STATE,
        "_csv.register_dialect": _STATE,
        "_csv.field_size_limit": _STATE,
        "json.load": _FILES,
        "json.dump": _FILES,
        "calendar.setfirstweekday": _STATE,
        "abc.ABCMeta.register": _STATE,
        "codecs.register": _STATE,
        "codecs.register_error": _STATE,
        "codecs.open": _FILES,
        "tokenize.open": _FILES,
        "email.utils.formatdate": _CLOCK,
        "email.utils.localtime": _LOCALE,
        "email.utils.make_msgid": _CHANCE,
        "statistics.NormalDist.samples": _CHANCE,
        "fractions.setcontext": _CONTEXT,
        "hashlib.file_digest": _FILES,
        "functools.singledispatch": _STATE,
    }
)

# Exceptions to the modules above: functions of their arguments alone.
EXCEPTED = frozenset(
    {
        *(f"uuid.{name}" for name in ("UUID", "uuid3", "uuid5")),
        *(
            f"{module}.{name}"
            for module in ("posixpath", "ntpath", "genericpath")
            for name in (
                *("basename", "commonpath", "commonprefix", "dirname", "isabs", "join", "normcase"),
                *("normpath", "split", "splitdrive", "splitext", "_splitext", "splitroot"),
            )
        ),
        *("posix.fspath", "os.fspath", "_io.StringIO", "_io.BytesIO", "io.StringIO", "io.BytesIO"),
        *("pathlib.PurePath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath", "pathlib.Path"),
        *("time.gmtime", "sys.intern", "sys.getsizeof", "pprint.pformat", "pickle.dumps", "_pickle.dumps"),
        *("time.struct_time", "http.HTTPStatus", "inspect.Signature", "inspect.Parameter"),
    }
)

REFLECTION, HASH, IDENTITY = _REFLECTION, _HASH, _IDENTITY
