"""What the embedded servers survive: kill -9 of a server, kill -9 of the service, odd data directories."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio

from service.adapters import embedded
from service.adapters.embedded.processes import becomes_true, is_running_with
from service.settings import Settings

SERVICE = """
import asyncio, pathlib, sys
from service.adapters import embedded
from service.settings import Settings

async def serve():
    async with embedded.start(Settings(data_dir=pathlib.Path(sys.argv[1])), is_durable=False) as servers:
        print(*(server.pid for server in servers.running), flush=True)
        await asyncio.Event().wait()

asyncio.run(serve())
"""


async def query(url, sql):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def until_it_works(act, *errors, within_s=20):
    """Clients connect again: so do the tests."""
    async with asyncio.timeout(within_s):
        while True:
            try:
                return await act()
            except errors:
                await asyncio.sleep(0.05)


async def until_gone(pid, mark):
    assert await becomes_true(lambda: not is_running_with(pid, mark), within_s=20)


@pytest.fixture
async def own_servers(tmp_path):
    async with embedded.start(Settings(data_dir=tmp_path)) as running:
        yield running


async def test_postgres_killed_comes_back_with_its_data(own_servers):
    url, postgres = own_servers.database_url, own_servers.running[0]
    await query(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(postgres.pid, signal.SIGKILL)

    answer = await until_it_works(
        lambda: query(url, "SELECT answer FROM kept"), OSError, asyncpg.PostgresError
    )

    assert answer == 42


async def test_valkey_killed_comes_back_with_its_data(own_servers):
    valkey = own_servers.running[1]
    async with redis.asyncio.from_url(own_servers.redis_url) as client:
        await client.set("kept", "42")
        await client.waitaof(1, 0, 5000)
        os.kill(valkey.pid, signal.SIGKILL)

        answer = await until_it_works(lambda: client.get("kept"), OSError, redis.RedisError)

    assert answer == b"42"


def start_service_and_kill_it(data_dir):
    command = [sys.executable, "-c", SERVICE, str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  ourselves
        pids = [int(pid) for pid in process.stdout.readline().split()]
        process.kill()
    return pids


async def test_servers_end_when_the_service_is_killed(tmp_path):
    pids = start_service_and_kill_it(tmp_path)

    for pid in pids:
        await until_gone(pid, "chainbook-")

    assert len(pids) == 2


async def test_next_start_works_at_once_after_the_service_is_killed(tmp_path):
    start_service_and_kill_it(tmp_path)

    async with embedded.start(Settings(data_dir=tmp_path), is_durable=False) as servers:
        assert await query(servers.database_url, "SELECT 1") == 1


async def test_runtime_directory_of_a_killed_service_is_cleared(tmp_path):
    start_service_and_kill_it(tmp_path)

    async with embedded.start(Settings(data_dir=tmp_path), is_durable=False) as servers:
        runtime = Path(servers.redis_url.removeprefix("unix://").partition("?")[0]).parent.parent
        mark = runtime.name.rpartition("-")[0]

        assert list(runtime.parent.glob(f"{mark}-*")) == [runtime]


@pytest.fixture
def start_stranger():
    with ExitStack() as stack:

        def start(user):
            stranger = stack.enter_context(subprocess.Popen(["/bin/sleep", "60"], user=user))
            stack.callback(stranger.kill)
            return stranger

        yield start


async def test_a_reused_process_number_does_not_block_the_start(tmp_path, start_stranger):
    settings = Settings(data_dir=tmp_path, redis_url="redis://unused")
    async with embedded.start(settings, is_durable=False):
        lines = (tmp_path / "postgres/postmaster.pid").read_text().partition("\n")[2]
    stranger = start_stranger((tmp_path / "postgres").stat().st_uid)
    (tmp_path / "postgres/postmaster.pid").write_text(f"{stranger.pid}\n{lines}")

    async with embedded.start(settings, is_durable=False) as servers:
        assert await query(servers.database_url, "SELECT 1") == 1
    assert stranger.poll() is None


async def test_data_directory_with_a_long_path_works(tmp_path):
    settings = Settings(data_dir=tmp_path / ("long" * 30) / ("longer" * 20))
    async with embedded.start(settings, is_durable=False) as servers:
        assert await query(servers.database_url, "SELECT 1") == 1


async def test_data_directory_in_a_closed_folder_works(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    async with embedded.start(Settings(data_dir=closed / "data"), is_durable=False) as servers:
        assert await query(servers.database_url, "SELECT 1") == 1
    assert closed.stat().st_mode & 0o777 == 0o700


async def test_programs_in_a_closed_folder_are_copied_for_the_servers(tmp_path, monkeypatch):
    monkeypatch.setattr("service.adapters.embedded.account.can_all_reach", lambda _path: False)
    async with embedded.start(Settings(data_dir=tmp_path), is_durable=False) as servers:
        assert await query(servers.database_url, "SELECT 1") == 1


async def test_a_start_cut_short_leaves_nothing_half_made(tmp_path):
    (tmp_path / "postgres.unfinished" / "base").mkdir(parents=True)
    async with embedded.start(Settings(data_dir=tmp_path), is_durable=False) as servers:
        assert await query(servers.database_url, "SELECT 1") == 1
    assert not (tmp_path / "postgres.unfinished").exists()


async def test_a_server_that_can_not_start_says_why(tmp_path):
    settings = Settings(data_dir=tmp_path, redis_url="redis://unused")
    async with embedded.start(settings, is_durable=False):
        pass
    (tmp_path / "postgres/postgresql.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(embedded.ServerStartFailed, match="no_such_setting"):
        async with embedded.start(settings, is_durable=False):
            pass


async def test_a_server_that_can_not_be_kept_running_is_reported(tmp_path):
    settings = Settings(data_dir=tmp_path, redis_url="redis://unused")
    async with embedded.start(settings, is_durable=False) as servers:
        (tmp_path / "postgres/postgresql.conf").write_text("no_such_setting = 1\n")
        os.kill(servers.running[0].pid, signal.SIGKILL)

        async with asyncio.timeout(30):
            await servers.wait_failed()
