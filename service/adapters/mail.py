"""Mails out: through an SMTP server, or into a folder where a developer reads them."""

from __future__ import annotations

import asyncio
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from service.adapters.clock import utc_now
from service.adapters.ids import Uuid7Source
from service.domain.mails import Message

TIMEOUT_S = 20.0
_PORTS = {"smtp": 587, "smtps": 465}


class FolderMailer:
    """One `.eml` file a mail, only for the account that runs the service: the links open accounts."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender
        self._new_name = Uuid7Source()

    async def send(self, message: Message) -> None:
        await asyncio.to_thread(self._write, _to_bytes(message, self._sender))

    def _write(self, mail: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        name = str(self._new_name())
        unfinished = self._folder / f".{name}"
        unfinished.touch(mode=0o600, exist_ok=False)
        unfinished.write_bytes(mail)
        # By its name in one step: who watches the folder never reads half a mail.
        unfinished.rename(self._folder / f"{name}.eml")


class SmtpMailer:
    """A connection for each mail. `smtps` is TLS from the start; `smtp` turns to TLS,
    but for a server on this machine that wants no password.
    """

    def __init__(self, url: str, sender: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._sender = sender
        self._options = _options(url) | {"timeout": timeout_s}

    async def send(self, message: Message) -> None:
        mail = _to_email(message, self._sender)
        await aiosmtplib.send(mail, **self._options)


def _options(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    is_tls = parts.scheme == "smtps"
    must_upgrade = not is_tls and (parts.username is not None or not _is_here(host))
    return {
        "hostname": host,
        "port": parts.port or _PORTS[parts.scheme],
        "username": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "use_tls": is_tls,
        "start_tls": must_upgrade,
        "tls_context": ssl.create_default_context(),
    }


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _to_email(message: Message, sender: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = message.to
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(utc_now())
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip("> ") or "localhost")
    # Nobody's holiday answer belongs to such a mail (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    return mail


def _to_bytes(message: Message, sender: str) -> bytes:
    return _to_email(message, sender).as_bytes()
