"""Mails in a folder and through a server; what is done after the answer."""

from __future__ import annotations

import asyncio
import stat
from email import message_from_bytes, policy

import aiosmtplib
import pytest

from service.adapters.errands import Errands
from service.adapters.mail import FolderMailer, SmtpMailer
from service.domain.mails import LinkPage, invitation_mail, reset_mail, verification_mail

PAGE = LinkPage("https://book.example.com")
SENDER = "Book <book@example.com>"


@pytest.mark.parametrize("write", [verification_mail, reset_mail, invitation_mail])
def test_a_mail_has_its_link_and_shows_it_to_nobody_else(write):
    message = write("ada@example.com", "Red\nHouse", PAGE, "secret-token")
    assert "#token=secret-token\n" in message.text
    assert "\n" not in message.subject
    assert "secret-token" not in repr(message)


async def test_a_mail_in_the_folder_is_for_its_owner_alone(tmp_path):
    folder = tmp_path / "mail"
    await FolderMailer(folder, SENDER).send(reset_mail("ada@example.com", "Straße", PAGE, "t" * 80))
    (file,) = folder.iterdir()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, file)] == [0o700, 0o600]
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (mail["To"], mail["From"]) == ("ada@example.com", SENDER)
    assert mail["Subject"] == "Choose a new password for Straße"
    assert PAGE.link("reset-password", "t" * 80) in mail.get_content().splitlines()


class SmtpServer:
    """Takes every mail, or, when it is mute, never says a word."""

    def __init__(self, *, is_mute=False):
        self.is_mute, self.lines = is_mute, []

    async def talk(self, reader, writer):
        try:
            await (asyncio.sleep(3600) if self.is_mute else self.take(reader, writer))
        finally:
            writer.close()

    async def take(self, reader, writer):
        writer.write(b"220 here\r\n")
        ends_at = b"\r\n"
        while command := await reader.readuntil(ends_at):
            self.lines.append(command)
            word = command[:4].upper()
            ends_at = b"\r\n.\r\n" if word == b"DATA" else b"\r\n"
            writer.write(b"354 go on\r\n" if word == b"DATA" else b"250 ok\r\n")
            if word == b"QUIT":
                return


async def sent_to(server, mailer_for):
    async with await asyncio.start_server(server.talk, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        message = reset_mail("ada@example.com", "Red", PAGE, "abc")
        await mailer_for(port).send(message)


async def test_a_mail_goes_through_a_server_here():
    server = SmtpServer()
    await sent_to(server, lambda port: SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER))
    said = b"".join(server.lines)
    assert b"RCPT TO:<ada@example.com>" in said
    assert b"=3Dabc" in said or b"#token=abc" in said


async def test_no_password_is_told_without_tls():
    server = SmtpServer()
    with pytest.raises(aiosmtplib.SMTPException):
        await sent_to(server, lambda port: SmtpMailer(f"smtp://ada:hush@127.0.0.1:{port}", SENDER))
    assert not any(line.startswith((b"AUTH", b"MAIL")) for line in server.lines)


async def test_a_server_that_says_nothing_is_given_up():
    with pytest.raises(aiosmtplib.SMTPException):
        await sent_to(
            SmtpServer(is_mute=True),
            lambda port: SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER, timeout_s=0.05),
        )


async def fail():
    raise ConnectionRefusedError("ada@example.com is not known here")


async def test_an_errand_that_fails_hurts_nobody_and_tells_no_address(capsys):
    errands = Errands()
    errands.start("mail", fail())
    await errands.finish()
    said = capsys.readouterr().out
    assert "errand.failed" in said
    assert "ConnectionRefusedError" in said
    assert "ada@example.com" not in said


async def test_errands_beyond_the_most_are_not_begun():
    errands, done = Errands(most=1), []

    async def note(name):
        done.append(name)

    errands.start("first", note("first"))
    errands.start("second", note("second"))
    await errands.finish()
    assert done == ["first"]


async def test_closing_gives_up_what_does_not_end(monkeypatch):
    monkeypatch.setattr("service.adapters.errands._CLOSE_TIMEOUT_S", 0)
    errands, started = Errands(), asyncio.Event()

    async def wait():
        started.set()
        await asyncio.sleep(3600)

    errands.start("slow", wait())
    await started.wait()
    await errands.close()
    await errands.finish()
