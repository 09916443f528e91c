"""The command line: `chainbook serve`, `demo`, `migrate`, `tenant`, `user`, `keys`, `audit`."""

from __future__ import annotations

import click

from service.cli.audit import audit
from service.cli.configuration import config
from service.cli.demo import demo
from service.cli.keys import keys
from service.cli.migrations import migrate
from service.cli.operator import tenant
from service.cli.serve import serve, serve_share
from service.cli.users import user


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 108})
@click.version_option(package_name="chainbook")
def main() -> None:
    """A multi-tenant address book. `chainbook serve --demo` is the place to begin."""


tenant.add_command(config)
for command in (serve, serve_share, demo, migrate, tenant, user, keys, audit):
    main.add_command(command)
