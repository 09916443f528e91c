"""Peak memory as the kernel counts it: no tracer slows anything down, and what C allocates counts too.

`ru_maxrss` will not do: a child inherits the peak of the process that started it.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import traceback
from collections.abc import Callable
from pathlib import Path

STATUS = Path("/proc/self/status")
RESET = Path("/proc/self/clear_refs")
RESET_PEAK = "5"  # proc(5): sets VmHWM to what is resident now

# What a program says about itself at its end, on its last line of output.
EPILOGUE = """
print(next((line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")), 0))
"""


def is_measured_here() -> bool:
    return STATUS.exists() and os.access(RESET, os.W_OK) and hasattr(os, "fork")


def growth_bytes(run: Callable[[], object]) -> int | None:
    """By how much the peak of a forked child grows while `run` makes its result; None where unknown.

    The child has its parent's data and nothing that an earlier contender left behind.

    Safety: forks; the caller has started no thread.
    """
    if not is_measured_here():
        return None
    gc.collect()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _report_and_leave(run, writer)
    os.close(writer)
    with os.fdopen(reader) as answers:
        answer = answers.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise ChildProcessError(f"measuring memory must end with status 0, got {status}: see above")
    grown: int = json.loads(answer)
    return grown


def _report_and_leave(run: Callable[[], object], writer: int) -> None:
    status = 1
    try:
        _give_back_freed_memory()
        RESET.write_text(RESET_PEAK)
        before = _read("VmRSS")
        run()
        os.write(writer, json.dumps(_read("VmHWM") - before).encode())
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it is, the child must not go on as its parent
        traceback.print_exc()
    finally:
        os._exit(status)  # the parent's buffers and exit handlers are the parent's


def _give_back_freed_memory() -> None:
    """What making the data left behind must not be had again for nothing."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc
    if trim is not None:
        trim(0)


def _read(field: str) -> int:
    for line in STATUS.read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(f"{STATUS} must have a line {field}, got none")
