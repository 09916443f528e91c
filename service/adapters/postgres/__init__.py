"""PostgreSQL: one control database, and one database for each tenant, on one server."""

from service.adapters.postgres.migrations import MigrationReport
from service.adapters.postgres.server import PostgresServer

__all__ = ["MigrationReport", "PostgresServer"]
