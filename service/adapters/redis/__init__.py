"""Redis or Valkey: what may be forgotten at any time."""

from service.adapters.redis.client import CacheClient
from service.adapters.redis.configuration_cache import RedisConfigurationCache
from service.adapters.redis.limits import RedisLimiter
from service.adapters.redis.session_cache import RedisSessionCache

__all__ = ["CacheClient", "RedisConfigurationCache", "RedisLimiter", "RedisSessionCache"]
