"""par_map: order, bounds, errors and the ways out."""

import pytest

from engine.errors import PlanError
from engine.parallel import par_map, workers_available


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_results_come_in_the_order_of_the_items(workers, count):
    assert list(par_map(lambda n: n * n, range(count), workers)) == [n * n for n in range(count)]


def test_at_least_one_worker_is_available():
    assert workers_available() >= 1


@pytest.mark.parametrize("workers", [0, -3])
def test_fewer_workers_than_one_are_refused(workers):
    with pytest.raises(PlanError, match=f"workers must be at least 1, got {workers}"):
        par_map(abs, [1], workers)
