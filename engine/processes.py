"""Worker processes that call Python functions for this one: started when first needed, ended with it.

Each is fed by a thread of an executor, over pipes of its own; there is no queue that a dying process
could leave locked. A worker does not run the program's main file, unless a function that it is to
call lives there.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from traceback import format_exception
from types import ModuleType
from typing import Any

from engine.calls import Done, Function, WorkerDiedError, call_all, mark_worker

__all__ = [
    "WorkerDiedError",
    "WorkerTraceback",
    "call_again",
    "call_in_process",
    "executor_of",
    "is_started",
    "main_refusal",
    "serve",
    "stop_calls",
]

_PROGRAM = """\
import sys
inbox, outbox, *sys.path = sys.argv[1:]
from engine.processes import serve
serve(int(inbox), int(outbox))
"""
_MAIN = b"__main__"
_thread = threading.local()


class WorkerTraceback(Exception):
    """The cause of an error that came out of a worker process: its traceback there, as text."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


def executor_of(workers: int) -> ThreadPoolExecutor:
    """Threads that wait for as many worker processes, which start with their first call and are kept."""
    return _executor(os.getpid(), workers)


def is_started() -> bool:
    return _executor.cache_info().currsize > 0


def main_refusal(payload: bytes) -> str | None:
    """Why a worker should not load what the function needs unasked, if there is a reason.

    A function of the main file makes a worker run that file; without its guard, the program would run
    again.
    """
    if _MAIN not in payload:
        return None
    path = getattr(sys.modules["__main__"], "__file__", None)
    if path is None or not Path(path).is_file():
        return "it is defined in a main program that has no file"
    guarded = _MAIN in Path(path).read_bytes()
    return None if guarded else "it is defined in a main file without an if __name__ == '__main__'"


def call_in_process(payload: bytes, items: list[Any]) -> Done:
    """What `call_all` gives, of a pickled function, by the worker process of this thread.

    When that process dies, the next call starts another, and the error is a WorkerDiedError.
    """
    request = pickle.dumps((_main() if _MAIN in payload else None, payload, items), pickle.HIGHEST_PROTOCOL)
    worker: _Worker | None = getattr(_thread, "worker", None)
    if worker is None:
        worker = _thread.worker = _Worker()
    try:
        done: Done = pickle.loads(worker.ask(request))  # noqa: S301 (of our own child)
    except (EOFError, OSError):
        _thread.worker = None
        return Done([], WorkerDiedError(f"a worker process must answer, got exit code {worker.end()}"), 0.0)
    if done.error is not None:
        done.error.__cause__ = WorkerTraceback(done.told)
    return done


def call_again(payload: bytes, items: list[Any], may_repeat: Callable[[], bool]) -> Done:
    """As `call_in_process`; when the process dies and calls may be made again, another is asked, once."""
    stops = _stops.count
    done = call_in_process(payload, items)
    if not isinstance(done.error, WorkerDiedError) or _stops.count != stops or not may_repeat():
        return done
    return call_in_process(payload, items)


def stop_calls() -> None:
    """Ends all calls under way, with their processes: an interrupted program need not wait for them."""
    _stops.count += 1
    for worker in tuple(_busy):
        worker.kill()


def serve(inbox: int, outbox: int) -> None:
    """The life of a worker process: it answers requests until the one that asks is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that asks
    mark_worker()
    requests: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read, args=(Connection(inbox, writable=False), requests), daemon=True).start()
    answers = Connection(outbox, readable=False)
    while True:
        answers.send_bytes(_answer(requests.get()))


def _read(inbox: Connection, requests: SimpleQueue[bytes]) -> None:
    """On a thread, so that the end of the asking process ends a call that is under way."""
    try:
        while True:
            requests.put(inbox.recv_bytes())
    except (EOFError, OSError):
        os._exit(0)


def _answer(request: bytes) -> bytes:
    try:
        main, payload, items = pickle.loads(request)  # noqa: S301 (of our own parent)
        if main is not None:
            _load_main(*main)
        done = call_all(_function(payload), items)
    except Exception as error:  # noqa: BLE001 (told to the one that asks)
        error.add_note("a worker process could not load the function or its items")
        done = Done([], error, 0.0)
    if done.error is not None:
        told = "".join(format_exception(done.error))
        done = done._replace(error=_portable(done.error), told=told)
    try:
        return pickle.dumps(done, pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 (told to the one that asks)
        return pickle.dumps(_first_that_stays(done, error))


def _first_that_stays(done: Done, error: Exception) -> Done:
    """The results before the first that does not pickle, and that as an error."""
    for count, result in enumerate(done.results):
        if _refuses(result):
            failure = TypeError(
                f"a result must pickle to leave its process, got {type(result).__name__}: {error}"
            )
            return Done(done.results[:count], failure, done.seconds)
    return Done([], RuntimeError(f"a result must pickle to leave its process: {error}"), done.seconds)


def _refuses(value: object) -> bool:
    try:
        pickle.dumps(value)
    except Exception:  # noqa: BLE001 (whatever it is, the value stays here)
        return True
    return False


def _portable(error: BaseException) -> BaseException:
    """The error if it survives the way, else its text: many exceptions can not be made of their args."""
    try:
        copied = pickle.loads(pickle.dumps(error))  # noqa: S301 (just pickled)
    except Exception:  # noqa: BLE001 (whatever it is)
        copied = None
    return error if type(copied) is type(error) else RuntimeError(f"{type(error).__name__}: {error}")


@lru_cache(maxsize=8)
def _function(payload: bytes) -> Function:
    function: Function = pickle.loads(payload)  # noqa: S301 (of our own parent)
    return function


def _main() -> tuple[str, str] | None:
    """How the main program was started: by a module's name, or from a file."""
    main = sys.modules["__main__"]
    name = getattr(getattr(main, "__spec__", None), "name", None)
    if name is not None:
        return ("run_module", name.removesuffix(".__main__") if name.endswith(".__main__") else name)
    path = getattr(main, "__file__", None)
    return None if path is None else ("run_path", str(Path(path).resolve()))


@cache
def _load_main(how: str, where: str) -> None:
    """The main program's functions, under the name by which its guard knows that it does not run."""
    import runpy  # noqa: PLC0415 (seldom needed)

    main = ModuleType("__mp_main__")
    main.__dict__.update(getattr(runpy, how)(where, run_name="__mp_main__"))
    sys.modules["__main__"] = sys.modules["__mp_main__"] = main


class _Worker:
    """A process and the pipes to it, for one thread at a time."""

    def __init__(self) -> None:
        inbox, requests = os.pipe()
        answers, outbox = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter)
            [sys.executable, "-c", _PROGRAM, str(inbox), str(outbox), *sys.path],
            stdin=subprocess.DEVNULL,
            pass_fds=(inbox, outbox),
        )
        os.close(inbox)
        os.close(outbox)
        self._requests = Connection(requests, readable=False)
        self._answers = Connection(answers, writable=False)
        self.end = weakref.finalize(self, _end, self._process, self._requests, self._answers)

    def ask(self, request: bytes) -> bytes:
        _busy.add(self)
        try:
            self._requests.send_bytes(request)
            return self._answers.recv_bytes()
        finally:
            _busy.discard(self)

    def kill(self) -> None:
        self._process.kill()


class _Stops:
    """How often calls were ended on purpose."""

    count = 0


_busy: set[_Worker] = set()
_stops = _Stops()


def _end(process: subprocess.Popen[bytes], requests: Connection, answers: Connection) -> int:
    """Its inbox closes, and it goes, whatever it is doing."""
    requests.close()
    answers.close()
    return process.wait()


@cache
def _executor(process: int, workers: int) -> ThreadPoolExecutor:  # noqa: ARG001 (a forked child has its own)
    return ThreadPoolExecutor(workers, "engine-process")
