"""The newest configuration of each tenant, as it was a moment ago, so that most checks spare the database.

What is written lives for LIFE_MS: a change that could not be told to Redis is overlooked for no longer than
that. And a process that read the database just before a change can not bring the old version back.
"""

from __future__ import annotations

from typing import Any

import msgspec

from engine import PMap, Versioned
from service.adapters.redis.client import CacheClient
from service.domain.configuration import Configuration
from service.domain.tenant_settings import Value
from service.domain.tenants import Tenant

# Together with the time that a process trusts its own memory this stays below a second (decision 21).
LIFE_MS = 400

# The version stands before the contents, in decimal: KEYS[1], version, contents, life.
_PUT_NEWER = """
local held = redis.call('GET', KEYS[1])
if held and tonumber(string.match(held, '^%d+') or 0) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
return 1
"""

_decode = msgspec.json.Decoder(dict[str, Value]).decode


class RedisConfigurationCache:
    def __init__(self, client: CacheClient) -> None:
        self._client = client

    async def find(self, tenant: Tenant) -> Versioned[Configuration] | None:
        return _parse(await self._client.ask(lambda redis: redis.get(_key(tenant))))

    async def put(self, tenant: Tenant, configuration: Versioned[Configuration]) -> None:
        contents = msgspec.json.encode(dict(configuration.state))
        await self._client.ask(
            lambda redis: redis.eval(_PUT_NEWER, 1, _key(tenant), configuration.version, contents, LIFE_MS)
        )


def _key(tenant: Tenant) -> str:
    return f"chainbook:{tenant.id}:configuration"


def _parse(stored: Any) -> Versioned[Configuration] | None:
    if not isinstance(stored, bytes):
        return None
    version, _, contents = stored.partition(b" ")
    try:
        return Versioned(PMap(_decode(contents)), int(version))
    except ValueError:
        # Written by another version of the service: the database still knows.
        return None
