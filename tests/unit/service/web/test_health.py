import asyncio

import pytest

from service.application import health


@pytest.fixture
def checks(world):
    return {check.name: check for check in world.health_checks}


async def test_all_is_well(anonymous):
    answer = await anonymous.ask("GET", "/api/health")
    assert answer.status == 200
    assert answer.body["warnings"] == []


async def test_what_is_not_essential_is_a_warning(anonymous, checks):
    checks["cache"].is_down = True
    answer = await anonymous.ask("GET", "/api/health")
    assert (answer.status, answer.body["status"]) == (200, "healthy")
    assert answer.body["components"] == {"database": "healthy", "cache": "unhealthy"}
    assert answer.body["warnings"] == ["cache does not answer"]


async def test_without_what_is_essential_the_service_is_down(anonymous, checks):
    checks["database"].is_down = True
    answer = await anonymous.ask("GET", "/health")
    assert (answer.status, answer.body["status"]) == (503, "unhealthy")
    assert "Retry-After" in answer.headers


async def test_what_does_not_answer_in_time_does_not_answer(anonymous, checks, monkeypatch):
    monkeypatch.setattr(health, "CHECK_TIMEOUT_S", 0.01)
    checks["cache"].check = lambda: asyncio.sleep(60)
    answer = await anonymous.ask("GET", "/health")
    assert answer.body["components"]["cache"] == "unhealthy"


async def test_being_alive_asks_nobody(anonymous, checks):
    checks["database"].is_down = True
    assert (await anonymous.ask("GET", "/livez")).status == 200
    assert (await anonymous.ask("GET", "/readyz")).status == 503
