import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
USES = "tests/typing/chains.py"


@pytest.mark.parametrize("checker", ["mypy", "basedpyright"])
def test_the_public_types_are_found_by(checker):
    command = [sys.executable, "-m", checker, *(["--strict"] if checker == "mypy" else []), USES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    assert done.returncode == 0, done.stdout + done.stderr
