"""Signing up, confirming the address, and a new password for a forgotten one: nobody is logged in here."""

from __future__ import annotations

from aiohttp import web

from service.application.recovery import ask_for_reset, reset_password
from service.application.signup import Signup, confirm_email, sign_up
from service.domain.passwords import PasswordPolicy
from service.web.requests import origin_of, read_json, required_texts
from service.web.responses import success
from service.web.routes import Route
from service.web.state import WORLD
from service.web.v2.users import render_user


async def create(request: web.Request) -> web.Response:
    body = await read_json(request)
    username, email, password, tenant = required_texts(body, "username", "email", "password", "tenant_id")
    signup = Signup(username, email, password, tenant)
    user = await sign_up(request.app[WORLD], signup, PasswordPolicy(), origin_of(request))
    return success(render_user(user), status=201)


async def verify(request: web.Request) -> web.Response:
    (token,) = required_texts(await read_json(request), "token")
    await confirm_email(request.app[WORLD], token, origin_of(request))
    return success(None)


async def forgot(request: web.Request) -> web.Response:
    """One answer, whoever is meant: 202."""
    tenant, email = required_texts(await read_json(request), "tenant_id", "email")
    ask_for_reset(request.app[WORLD], tenant, email)
    return success(None, status=202)


async def reset(request: web.Request) -> web.Response:
    token, password = required_texts(await read_json(request), "token", "new_password")
    await reset_password(request.app[WORLD], token, password, origin_of(request))
    return success(None)


ROUTES = (
    Route(2, "POST", "/auth/signup", create, is_public=True, counted="authentication"),
    Route(2, "POST", "/auth/verify", verify, is_public=True, counted="authentication"),
    Route(2, "POST", "/auth/password/forgot", forgot, is_public=True, counted="authentication"),
    Route(2, "POST", "/auth/password/reset", reset, is_public=True, counted="authentication"),
)
