"""The folder of mails, as a person with a mail program sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from service.adapters.errands import Errands


@dataclass(frozen=True)
class MailFolder:
    path: Path
    errands: Errands

    async def mails_to(self, address):
        """In the order they were sent, with all that was under way."""
        await self.errands.finish()
        mails = [
            message_from_bytes(file.read_bytes(), policy=policy.default)
            for file in sorted(self.path.glob("*.eml"))
        ]
        return [mail for mail in mails if mail["To"] == address]

    async def token_for(self, address):
        """That of the last mail."""
        return token_in((await self.mails_to(address))[-1])


def token_in(mail):
    return re.search(r"#token=(\S+)", mail.get_content())[1]
