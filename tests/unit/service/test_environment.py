"""Settings: read at once or refused at once, and never telling a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.environment import VARIABLES, read_settings
from service.settings import Settings

SECRET = "a-secret-of-thirty-two-bytes-or-more"


def read(**environ):
    return read_settings(environ)


def problems_of(**environ):
    return {problem.name: problem for problem in read(**environ).error}


def test_nothing_set_gives_the_defaults():
    assert read().value == Settings()


def test_an_empty_variable_counts_as_not_set():
    assert read(APP_PORT="", REDIS_URL=" ").value == Settings()


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("APP_HOST", "192.0.2.1", "app_host", "192.0.2.1"),
        ("APP_PORT", "80", "app_port", 80),
        ("APP_PORT", "0", "app_port", 0),
        ("WORKERS", "4", "workers", 4),
        ("LOG_LEVEL", "WARNING", "log_level", "warning"),
        ("DATA_DIR", "/var/lib/chainbook", "data_dir", Path("/var/lib/chainbook")),
        ("DATABASE_URL", "postgresql://u:p@h/d", "database_url", "postgresql://u:p@h/d"),
        ("DATABASE_URL", "postgresql:///d?host=/run", "database_url", "postgresql:///d?host=/run"),
        ("REDIS_URL", "unix:///run/socket", "redis_url", "unix:///run/socket"),
        ("JWT_SECRET", SECRET, "jwt_keys", (("default", SECRET),)),
        (
            "JWT_KEYS",
            f"new::{SECRET},old:{SECRET}",
            "jwt_keys",
            (("new", f":{SECRET}"), ("old", SECRET)),
        ),
        ("JWT_KEYS", "/etc/chainbook/keys.json", "jwt_keys", Path("/etc/chainbook/keys.json")),
        ("JWT_KEYS", "./keys.json", "jwt_keys", Path("keys.json")),
        ("MAX_AGE", "60", "max_age_s", 60),
        ("SESSION_MAX_AGE_S", "60", "session_max_age_s", 60),
        ("REFRESH_IDLE_S", "60", "refresh_idle_s", 60),
        ("REFRESH_GRACE_S", "0", "refresh_grace_s", 0),
        ("ACCESS_TOKEN_TTL_S", "60", "access_token_ttl_s", 60),
        (
            "CORS_ALLOWED_ORIGINS",
            "https://a, http://b:1",
            "cors_allowed_origins",
            ("https://a", "http://b:1"),
        ),
        ("CORS_ALLOW_CREDENTIALS", "yes", "cors_allow_credentials", True),
        ("TRUSTED_PROXIES", "10.0.0.0/8,::1", "trusted_proxies", ("10.0.0.0/8", "::1/128")),
        ("DEFAULT_PHONE_REGION", "de", "default_phone_region", "DE"),
        ("DEMO_PASSWORD", "long enough", "demo_password", "long enough"),
    ],
)
def test_a_variable_fills_its_field(name, text, field, value):
    assert getattr(read(**{name: text}).value, field) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("APP_PORT", "65536"),
        ("APP_PORT", "-1"),
        ("APP_PORT", "8000.0"),
        ("APP_PORT", "\uff19"),
        ("APP_PORT", "9" * 5000),
        ("APP_ENV", "staging"),
        ("WORKERS", "0"),
        ("LOG_LEVEL", "loud"),
        ("DATABASE_URL", "mysql://h/d"),
        ("DATABASE_URL", "postgresql://h:port/d"),
        ("REDIS_URL", "localhost:6379"),
        ("DB_CONNECTION_BUDGET", "1"),
        ("JWT_KEYS", "nokid"),
        ("JWT_KEYS", "a:1,a:2"),
        ("JWT_KEYS", ","),
        ("MAX_AGE", "0"),
        ("REFRESH_GRACE_S", "301"),
        ("CORS_ALLOWED_ORIGINS", "example.com"),
        ("CORS_ALLOWED_ORIGINS", "https://a/path"),
        ("CORS_ALLOW_CREDENTIALS", "maybe"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("DEFAULT_PHONE_REGION", "USA"),
        ("DEMO_PASSWORD", "short"),
        ("RATE_LIMIT_GLOBAL_PER_MINUTE", "many"),
        ("FIELD_ENCRYPTION_KEYS", "nokid"),
        ("SMTP_URL", "http://h"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "h:4317"),
    ],
)
def test_a_value_out_of_range_is_a_problem_of_that_variable(name, text):
    assert set(problems_of(**{name: text})) == {name}


def test_all_problems_are_reported_at_once():
    assert set(problems_of(APP_PORT="x", WORKERS="0", LOG_LEVEL="loud")) == {
        "APP_PORT",
        "WORKERS",
        "LOG_LEVEL",
    }


def test_a_problem_names_the_value_and_the_expectation():
    assert str(problems_of(APP_PORT="70000")["APP_PORT"]) == "APP_PORT: expected 0 to 65535, got '70000'"


@pytest.mark.parametrize("variable", [variable for variable in VARIABLES if variable.is_secret])
def test_a_problem_never_tells_a_secret(variable):
    environ = {variable.name: "hush", "JWT_KEYS": "hush", "APP_ENV": "production"} | {variable.name: "hush"}
    assert "hush" not in "".join(map(str, read(**environ).error))


def test_repr_never_tells_a_secret():
    settings = read(
        DATABASE_URL="postgresql://u:hush@h/d",
        REDIS_URL="redis://:hush@h",
        JWT_SECRET="hush" * 8,
        DEMO_PASSWORD="hush-hush",
    ).value
    assert "hush" not in repr(settings)
    assert "database_url=***" in repr(settings)


def test_production_without_a_secret_is_refused():
    assert "none is set" in str(problems_of(APP_ENV="production")["JWT_SECRET"])


def test_a_short_secret_is_refused():
    assert "has 5" in str(problems_of(JWT_SECRET="short")["JWT_SECRET"])


def test_one_short_key_is_refused():
    problems = problems_of(JWT_KEYS=f"new:{SECRET},old:short")
    assert "'old'" in str(problems["JWT_KEYS"])


def test_production_with_a_long_secret_is_accepted():
    assert read(APP_ENV="production", JWT_SECRET=SECRET).value.jwt_keys == (("default", SECRET),)


def test_production_with_a_file_of_keys_is_accepted():
    assert read(APP_ENV="production", JWT_KEYS="/keys.json").value.jwt_keys == Path("/keys.json")


def test_secret_and_keys_together_are_refused():
    assert set(problems_of(JWT_SECRET=SECRET, JWT_KEYS=f"k:{SECRET}")) == {"JWT_SECRET"}


def test_credentials_for_any_origin_are_refused():
    assert set(problems_of(CORS_ALLOW_CREDENTIALS="1", CORS_ALLOWED_ORIGINS="*")) == {
        "CORS_ALLOWED_ORIGINS"
    }


def test_variables_of_later_features_are_named_as_not_in_effect():
    settings = read(
        FIELD_ENCRYPTION_KEYS="a:b", OTEL_SERVICE_NAME="book", RATE_LIMIT_AUTH_PER_MINUTE="5"
    ).value
    assert set(settings.not_in_effect) == {"FIELD_ENCRYPTION_KEYS", "OTEL_SERVICE_NAME"}


@pytest.fixture
def config(tmp_path):
    def write(text):
        path = tmp_path / "chainbook.toml"
        path.write_text(text)
        return str(path)

    return write


def test_the_file_sets_what_the_environment_does_not(config):
    path = config('app_port = 9000\nAPP_HOST = "::1"\ncors_allowed_origins = ["https://a", "https://b"]')
    settings = read(CHAINBOOK_CONFIG=path, APP_HOST="192.0.2.1").value
    assert (settings.app_port, settings.app_host) == (9000, "192.0.2.1")
    assert settings.cors_allowed_origins == ("https://a", "https://b")


def test_the_file_takes_truth_values_and_tables_of_keys(config):
    path = config('cors_allow_credentials = true\njwt_keys = {new = "' + SECRET + '"}')
    settings = read(CHAINBOOK_CONFIG=path).value
    assert settings.cors_allow_credentials
    assert settings.jwt_keys == (("new", SECRET),)


def test_an_unknown_name_in_the_file_is_a_problem(config):
    assert problems_of(CHAINBOOK_CONFIG=config("app_prot = 1"))["CHAINBOOK_CONFIG"].got == "app_prot"


def test_a_value_of_another_kind_in_the_file_is_a_problem(config):
    assert set(problems_of(CHAINBOOK_CONFIG=config("app_port = 1.5"))) == {"APP_PORT"}


@pytest.mark.parametrize("text", ["app_port = ", "\x00"])
def test_a_file_that_is_no_toml_is_a_problem(config, text):
    assert set(problems_of(CHAINBOOK_CONFIG=config(text))) == {"CHAINBOOK_CONFIG"}


def test_a_file_that_is_not_there_is_a_problem():
    assert set(problems_of(CHAINBOOK_CONFIG="/nowhere/chainbook.toml")) == {"CHAINBOOK_CONFIG"}
