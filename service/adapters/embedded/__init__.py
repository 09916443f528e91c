"""PostgreSQL and Valkey as children of the service, so that nothing needs to be installed to try it."""

from service.adapters.embedded.errors import DataDirInUse, EmbeddedError, ServerStartFailed
from service.adapters.embedded.servers import Servers, start, start_or_join

__all__ = ["DataDirInUse", "EmbeddedError", "ServerStartFailed", "Servers", "start", "start_or_join"]
