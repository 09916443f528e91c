import subprocess
import sys

import pytest

from benchmarks.peak import is_measured_here

pytestmark = pytest.mark.skipif(not is_measured_here(), reason="peak memory needs Linux's /proc")


def measured(way):
    """In a process of its own: measuring forks, and the one that runs tests has threads."""
    source = f"from benchmarks.peak import growth_bytes\nprint(growth_bytes(lambda: {way}))"
    return subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)  # noqa: S603  # written above


def test_memory_that_was_given_back_counts_in_the_peak():
    assert 49_000_000 <= int(measured("len(b'x' * 50_000_000)").stdout) < 60_000_000


def test_a_way_that_fails_is_not_measured():
    said = measured("1 / 0")
    assert (said.returncode, said.stdout) == (1, "")
    assert "ZeroDivisionError" in said.stderr
    assert "must end with status 0" in said.stderr
