"""numexpr, on all cores."""

from __future__ import annotations

from typing import Any

import numexpr


def lengths(inputs: Any) -> Any:
    return numexpr.evaluate("sqrt(a * a + b * b) * 0.5 + c", local_dict=inputs.all())


def doubled_where_positive(inputs: Any) -> Any:
    return numexpr.evaluate("sum(where(b > 0, a * 2.0, 0.0))", local_dict=inputs.all())
