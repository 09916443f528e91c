"""PostgreSQL: one control database, and one database for each tenant, on one server."""

from service.adapters.postgres.migrator import MigrationReport, MigrationStatus, Migrator
from service.adapters.postgres.server import PostgresServer

__all__ = ["MigrationReport", "MigrationStatus", "Migrator", "PostgresServer"]
