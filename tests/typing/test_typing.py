import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Uses whose types are asserted, and mistakes that must be found; each line of these files is a test.
FILES = sorted(
    str(path.relative_to(ROOT)) for path in Path(__file__).parent.glob("*.py") if path.name[:5] != "test_"
)


@pytest.mark.parametrize("checker", [["mypy", "--strict"], ["basedpyright"]], ids=" ".join)
def test_the_public_types_are_found_by(checker):
    command = [sys.executable, "-m", *checker, *FILES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    assert done.returncode == 0, done.stdout + done.stderr
