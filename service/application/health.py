"""How the service is: every dependency asked at once, each within its time."""

from __future__ import annotations

import asyncio

from msgspec import Struct

from service.application.world import HealthCheck, World

CHECK_TIMEOUT_S = 3.0


class ComponentHealth(Struct, frozen=True):
    """One dependency; `is_essential` says whether the service is down without it."""

    name: str
    is_healthy: bool
    is_essential: bool


class Health(Struct, frozen=True):
    """All of them together."""

    components: tuple[ComponentHealth, ...]

    @property
    def is_up(self) -> bool:
        return all(component.is_healthy for component in self.components if component.is_essential)

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(f"{part.name} does not answer" for part in self.components if not part.is_healthy)


async def check_health(world: World) -> Health:
    """Takes CHECK_TIMEOUT_S at most; never raises for a dependency's failure."""
    return Health(tuple(await asyncio.gather(*map(_ask, world.health_checks))))


async def _ask(check: HealthCheck) -> ComponentHealth:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await check.check()
    except Exception:  # noqa: BLE001 - whatever it raises, it is not healthy; the adapter logged why
        return ComponentHealth(check.name, is_healthy=False, is_essential=check.is_essential)
    return ComponentHealth(check.name, is_healthy=True, is_essential=check.is_essential)
