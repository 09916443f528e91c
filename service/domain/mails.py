"""Mails as values: what is written to whom."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from service.domain.account_links import LIFE


class Message(Struct, frozen=True):
    """Never shown: its text holds a link that opens an account."""

    to: str
    subject: str
    text: str

    def __repr__(self) -> str:
        return f"Message({self.subject!r})"


class LinkPage(Struct, frozen=True):
    """Where the links of mails lead: the address of the web client."""

    url: str = "http://localhost:8000"

    def link(self, path: str, token: str) -> str:
        """The token stands behind `#`, so that no server and no log on the way sees it.

        >>> LinkPage("https://book.example.com/").link("verify", "abc")
        'https://book.example.com/verify#token=abc'
        """
        return f"{self.url.rstrip('/')}/{path}#token={token}"


DEFAULT_PAGES = LinkPage()


def verification_mail(to: str, tenant: str, page: LinkPage, token: str) -> Message:
    return _mail(
        to,
        f"Confirm your e-mail address for {tenant}",
        f"Somebody, probably you, has signed up for {tenant} with this address. To confirm it, open",
        page.link("verify", token),
        LIFE["verify"],
    )


def reset_mail(to: str, tenant: str, page: LinkPage, token: str) -> Message:
    return _mail(
        to,
        f"Choose a new password for {tenant}",
        f"Somebody, probably you, wants a new password for {tenant}. To choose one, open",
        page.link("reset-password", token),
        LIFE["reset"],
    )


def invitation_mail(to: str, tenant: str, page: LinkPage, token: str) -> Message:
    return _mail(
        to,
        f"You are invited to {tenant}",
        f"An administrator of {tenant} invites you. To choose a user name and a password, open",
        page.link("accept-invitation", token),
        LIFE["invitation"],
    )


def _mail(to: str, subject: str, why: str, link: str, life: timedelta) -> Message:
    ends = f"The link is good for {_in_words(life)} and for one use. If this was not you, do nothing."
    return Message(to, " ".join(subject.split()), f"{why}\n\n{link}\n\n{ends}\n")


def _in_words(life: timedelta) -> str:
    return f"{life.days} days" if life.days else f"{life // timedelta(minutes=1)} minutes"
