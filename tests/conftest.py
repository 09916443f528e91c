"""What every test run needs."""

from __future__ import annotations

import os
import sys

from hypothesis import settings

# A slow machine is no defect, and no test asserts a time.
settings.register_profile("quick", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=200)
settings.load_profile("quick")

# The sanitised kernels stand in a site folder of their own; it goes before the editable install.
if site := os.environ.get("SANITIZED_SITE"):
    sys.path.insert(0, site)
    sys.meta_path[:] = [finder for finder in sys.meta_path if "Redirecting" not in type(finder).__name__]
