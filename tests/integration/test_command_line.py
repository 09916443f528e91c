"""The command line as a person uses it: real processes, real servers."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from service.adapters.embedded.processes import becomes_true, is_running_with

# One module, one service: the tests of it run in one process.
pytestmark = pytest.mark.xdist_group("command line")

PASSWORD = "a demo password"


def chainbook(*arguments, environment, **options):
    return subprocess.run(  # noqa: S603  ourselves
        [sys.executable, "-m", "service", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,
    )


class Service:
    """`chainbook serve` on a free port, once it answers."""

    def __init__(self, environment, *arguments):
        self.environment = environment
        self._process = subprocess.Popen(  # noqa: S603  ourselves
            [sys.executable, "-m", "service", "serve", *arguments],
            env=os.environ | {"APP_PORT": "0"} | environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self.pid = self._process.pid
        self.log = []
        for line in self._process.stderr:
            self.log.append(json.loads(line))
            if self.log[-1]["event"] == "listening":
                break
        self.url = self.log[-1]["url"]

    def post(self, path, body):
        request = urllib.request.Request(  # noqa: S310  our own url
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  the same
            return json.load(answer)

    def get(self, path, token=""):
        """The status, and what was answered; on a connection of its own, so that any process may answer."""
        request = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {token}"})  # noqa: S310  our own url
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  the same
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def stop(self, number):
        self._process.send_signal(number)
        _, rest = self._process.communicate(timeout=60)
        return self._process.returncode, rest


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return {
        "DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "DEMO_PASSWORD": PASSWORD,
        "WORKERS": "2",
    }


@pytest.fixture(scope="module")
def service(environment):
    running = Service(environment, "--demo")
    yield running
    running.stop(signal.SIGTERM)


def login(service, tenant, username, password=PASSWORD):
    body = {"tenant_id": tenant, "username_or_email": username, "password": password}
    return service.post("/api/v2/auth/login", body)


@pytest.mark.parametrize(("tenant", "username"), [("tenant1", "root"), ("tenant2", "reader")])
def test_demo_users_can_log_in(service, tenant, username):
    assert login(service, tenant, username)["data"]["token"]


def test_demo_beside_the_service_prints_what_is_there(service):
    done = chainbook("demo", "--json", environment=service.environment)
    tenants = json.loads(done.stdout)["tenants"]
    assert tenants["tenant2"]["users"] == dict.fromkeys(("admin", "user", "user2", "reader"), PASSWORD)
    assert set(tenants["tenant1"]) == {"tenant_id", "database", "users"}


def test_demo_says_when_the_password_is_not_the_one_asked_for(service):
    done = chainbook("demo", environment=service.environment | {"DEMO_PASSWORD": "another password"})
    assert "those keep their old password" in done.stderr
    assert PASSWORD in done.stdout


def test_a_user_made_by_the_operator_can_log_in(service):
    chainbook("tenant", "create", "acme", "--name", "Acme", environment=service.environment)
    done = chainbook(
        *("user", "create", "--tenant", "acme", "--username", "ada", "--email", "ada@example.com"),
        *("--role", "tenant_admin", "--password-stdin", "--json"),
        environment=service.environment,
        input=PASSWORD + "\n",
    )
    assert json.loads(done.stdout)["role"] == "tenant_admin"
    assert PASSWORD not in done.stdout
    assert "hash" not in done.stdout
    assert login(service, "acme", "ada")["success"]


def user(service, *arguments, **options):
    done = chainbook("user", *arguments, "--json", environment=service.environment, **options)
    assert done.returncode == 0, done.stderr
    assert "hash" not in done.stdout
    return json.loads(done.stdout)


def test_a_user_is_given_another_role_and_another_password(service):
    named = ("--tenant", "tenant2", "--username", "user2")
    user(service, "set-role", *named, "--role", "read_only")
    user(service, "reset-password", *named, "--password-stdin", input="quite another password\n")
    refused = user(service, "explain", *named, "--action", "contacts:delete")
    assert (refused["allowed"], refused["rule"]) == (False, "grant")
    assert "read_only" in refused["reason"]
    assert login(service, "tenant2", "user2", "quite another password")["success"]


def test_tenants_are_listed(service):
    done = chainbook("tenant", "list", "--json", environment=service.environment)
    assert {"tenant1", "tenant2"} <= {tenant["slug"] for tenant in json.loads(done.stdout)}


def keys(service, *arguments):
    done = chainbook("keys", *arguments, "--json", environment=service.environment)
    assert done.returncode == 0, done.stderr
    assert "PRIVATE" not in done.stdout
    return {key["state"]: key["kid"] for key in json.loads(done.stdout)["keys"]}


def published(service):
    return {key["kid"] for key in service.get("/.well-known/jwks.json")[1]["keys"]}


async def test_keys_are_rotated_and_revoked_in_every_process_that_runs(service):
    before = published(service)
    token = login(service, "tenant1", "user")["data"]["token"]
    after = keys(service, "rotate")
    assert {after["previous"], after["current"]} == before
    assert await becomes_true(
        lambda: all(published(service) == set(after.values()) for _ in range(20)), within_s=10
    )
    assert {service.get("/api/v2/auth/me", token)[0] for _ in range(20)} == {200}

    keys(service, "revoke", after["previous"])
    assert await becomes_true(
        lambda: {service.get("/api/v2/auth/me", token)[0] for _ in range(20)} == {401}, within_s=10
    )
    assert login(service, "tenant1", "user")["success"]


def config(service, *arguments):
    return chainbook("tenant", "config", *arguments, "--tenant", "tenant2", environment=service.environment)


def test_a_tenant_is_configured_and_its_changes_are_taken_back(service):
    done = config(service, "set", "contacts.page_size=20", "contacts.visibility=owner", "--flag", "x=true")
    assert "contacts.page_size      20\n" in done.stdout, done.stderr
    undone = json.loads(config(service, "undo", "--json").stdout)
    assert (undone["version"], undone["settings"]["contacts.page_size"], undone["flags"]) == (2, 50, {})
    history = config(service, "history").stdout.splitlines()
    assert (
        "(operator)      undo    flags.x: true -> null, settings.contacts.page_size: 20 -> null"
        in history[0]
    )


def test_an_audit_is_pruned_verified_and_taken_along(service):
    login(service, "tenant2", "admin")
    options = ("--tenant", "tenant2", "--json")
    chainbook("audit", "prune", *options, environment=service.environment)
    whole = chainbook("audit", "verify", *options, environment=service.environment)
    assert (whole.returncode, json.loads(whole.stdout)["broken"]) == (0, None)
    lines = chainbook("audit", "export", "--tenant", "tenant2", environment=service.environment).stdout
    actions = [json.loads(line)["action"] for line in lines.splitlines()]
    assert {"users.created", "login.succeeded"} <= set(actions)


def test_a_refused_command_says_all_that_is_wrong(service):
    done = chainbook(
        *("user", "create", "--tenant", "tenant1", "--username", " ", "--email", "no", "--password-stdin"),
        environment=service.environment,
        input="short\n",
    )
    assert done.returncode == 1
    assert all(field in done.stderr for field in ("username:", "email:", "password:"))


def test_migrate_finds_nothing_to_do(service):
    done = chainbook("migrate", "--json", environment=service.environment)
    assert (done.returncode, json.loads(done.stdout)["migrated"]) == (0, [])


def test_status_shows_that_all_tenants_are_at_the_newest_version(service):
    done = chainbook("migrate", "status", "--json", environment=service.environment)
    status = json.loads(done.stdout)
    assert list(status["tenants"]) == [str(status["tenant_version"])]
    assert (status["behind"], status["failed"]) == ([], {})


def test_going_down_is_asked_about_first(service):
    done = chainbook("migrate", "down", "1", environment=service.environment, input="n\n")
    assert done.returncode == 1
    assert "is lost, data too" in done.stderr


def test_a_plan_names_what_a_new_server_lacks_and_makes_none_of_it(tmp_path):
    twice = [
        chainbook("migrate", "--plan", "--json", environment={"DATA_DIR": str(tmp_path)}) for _ in range(2)
    ]
    planned = ["chainbook", "chainbook_template"]
    assert [json.loads(done.stdout)["planned"] for done in twice] == [planned, planned]


def test_a_plan_has_nothing_when_all_is_up_to_date(service):
    done = chainbook("migrate", "--plan", environment=service.environment)
    assert done.stdout == "nothing, all is up to date\n"


def test_a_second_service_on_the_data_directory_is_refused(service):
    done = chainbook("serve", environment=service.environment)
    assert done.returncode == 1
    assert f"in use by process {service.pid}" in done.stderr


def test_a_taken_port_is_named(service, tmp_path):
    port = service.url.rpartition(":")[2]
    done = chainbook("serve", environment={"DATA_DIR": str(tmp_path), "APP_PORT": port})
    assert done.returncode == 1
    assert f"port {port} of 127.0.0.1 is taken" in done.stderr


def test_wrong_settings_are_all_named():
    done = chainbook("serve", environment={"APP_PORT": "x", "WORKERS": "0"})
    assert done.returncode == 2
    assert re.search(r"APP_PORT: .*\n  WORKERS: ", done.stderr)


def test_help_lists_every_setting():
    done = chainbook("serve", "--help", environment={})
    assert all(name in done.stdout for name in ("DATABASE_URL", "JWT_KEYS", "MAX_AGE", "OTEL_SERVICE_NAME"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_service_in_order(tmp_path, number):
    code, rest = Service({"DATA_DIR": str(tmp_path)}).stop(number)
    assert (code, "Traceback" in rest) == (0, False)
    assert not (tmp_path / "postgres/postmaster.pid").exists()


def test_settings_without_effect_are_named(tmp_path):
    service = Service({"DATA_DIR": str(tmp_path), "OTEL_SERVICE_NAME": "book"})
    service.stop(signal.SIGTERM)
    assert [line.get("names") for line in service.log if "not yet" in line["event"]] == [
        ["OTEL_SERVICE_NAME"]
    ]


def shares_of(pid):
    command = ["/bin/ps", "-o", "pid=,args=", "--ppid", str(pid)]
    listing = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  a number
    return [int(line.split()[0]) for line in listing.stdout.splitlines() if "serve-share" in line]


async def test_a_process_that_dies_is_replaced_and_none_survives_the_service(tmp_path):
    service = Service({"DATA_DIR": str(tmp_path), "WORKERS": "2"})
    first = shares_of(service.pid)
    os.kill(first[0], signal.SIGKILL)

    assert await becomes_true(lambda: len(set(shares_of(service.pid)) - set(first)) == 1, within_s=20)
    last = shares_of(service.pid)
    service.stop(signal.SIGKILL)
    for share in last:
        assert await becomes_true(lambda: not is_running_with(share, "serve-share"), within_s=20)  # noqa: B023  called here


def test_processes_share_the_port(tmp_path):
    service = Service({"DATA_DIR": str(tmp_path), "WORKERS": "2"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        service.post("/api/v2/auth/login", {})
    assert (caught.value.code, len(shares_of(service.pid))) == (400, 2)
    caught.value.close()
    assert service.stop(signal.SIGTERM)[0] == 0
