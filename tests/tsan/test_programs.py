"""The pool without Python, watched by ThreadSanitizer; the kernels' program is for `ci/build tsan`."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMPILE = ("-std=c++17", "-O1", "-g", "-fsanitize=thread", "-pthread", f"-I{ROOT / 'engine' / 'kernels'}")


def test_the_pool_has_no_data_race(tmp_path):
    program = tmp_path / "pool_test"
    source = ROOT / "tests" / "tsan" / "pool_test.cpp"
    compiler = next(
        filter(None, map(shutil.which, ("c++", "g++", "clang++")))
    )  # the kernels were built by one
    subprocess.run([compiler, *COMPILE, source, "-o", program], check=True, timeout=120)  # noqa: S603 (our own source)
    ran = subprocess.run([program], capture_output=True, text=True, timeout=120)  # noqa: S603 (just compiled)
    assert (ran.returncode, ran.stderr) == (0, "")
