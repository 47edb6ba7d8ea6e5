"""Letters to people: by the owner's mail server, or laid into a folder of this machine where there is none.

Text only, in our own words: nothing that came from outside stands in a letter.
"""

import logging
import os
import secrets
import smtplib
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses, make_msgid
from pathlib import Path
from typing import Final, Protocol

from core import clock
from core.config import Settings
from core.errors import MailError

log = logging.getLogger(__name__)

SECONDS: Final = 15
"""How long a mail server gets for each step."""
KEPT: Final = 50
"""Letters that stay in the outbox; older ones go."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to one address."""

    to: str
    subject: str
    text: str


class Post(Protocol):
    """A way by which letters leave."""

    outbox: Path | None
    """The folder in which they are laid, None when they are really sent."""

    def send(self, letter: Letter) -> None:
        """Send a letter, or lay it into the outbox.

        Raises:
            MailError: it could not be sent or written.
        """


def post_for(settings: Settings) -> Post:
    """Return the mail server of the settings, or the outbox in the data folder where none is set."""
    if settings.smtp_host:
        return MailServer(settings)
    return Outbox(outbox_of(settings))


def outbox_of(settings: Settings) -> Path:
    """Return the folder of letters that are not really sent; it may have some from before a mail server was set."""
    return settings.fintrack_data_dir / "outbox"


def drop_letters(outbox: Path, addresses: Collection[str]) -> int:
    """Delete the letters in a folder that go to one of `addresses` (case-folded); return how many.

    Raises:
        OSError: one can't be read or deleted.
    """
    gone = 0
    for path in outbox.glob("*.eml"):
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        if any(to.casefold() in addresses for _, to in getaddresses([str(one) for one in letter.get_all("To", [])])):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


class Outbox:
    """A folder of letters, for a person who runs no mail server: only they can read it."""

    def __init__(self, folder: Path) -> None:
        """Lay letters into `folder`, which is made at the first one."""
        self.outbox: Path | None = folder
        self._folder = folder

    def send(self, letter: Letter) -> None:
        """Write a letter as a file that any mail program opens; the oldest beyond `KEPT` go.

        Raises:
            MailError: it can't be written.
        """
        name = f"{clock.now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(_written(letter, "fintrack@localhost").as_bytes())
            for old in sorted(self._folder.glob("*.eml"))[:-KEPT]:
                old.unlink(missing_ok=True)
        except OSError as cause:
            raise MailError(
                f"The letter can't be written to {self._folder}: {cause.strerror}.", "Check the data folder."
            ) from cause


class MailServer:
    """The owner's SMTP server."""

    outbox: Path | None = None

    def __init__(self, settings: Settings) -> None:
        """Use the server, the security and the login of the settings."""
        self._settings = settings
        self._context = ssl.create_default_context()

    def send(self, letter: Letter) -> None:
        """Hand a letter to the server; it has taken it when this returns.

        Raises:
            MailError: the server can't be reached or trusted, or refuses the login, the address or the letter.
        """
        wanted = self._settings
        sender = wanted.smtp_from or wanted.smtp_username or f"fintrack@{wanted.smtp_host}"
        try:
            with self._connected() as server:
                if wanted.smtp_security == "starttls":
                    server.starttls(context=self._context)
                if wanted.smtp_username:
                    server.login(wanted.smtp_username, wanted.smtp_password.get_secret_value())
                server.send_message(_written(letter, sender))
        except smtplib.SMTPAuthenticationError as cause:
            raise MailError(
                "The mail server refused FinTrack's user name or password.", "Check SMTP_USERNAME and SMTP_PASSWORD."
            ) from cause
        except smtplib.SMTPRecipientsRefused as cause:
            raise MailError("The mail server refused this address.", "Check how it is spelled.") from cause
        except ssl.SSLError as cause:
            raise MailError("The mail server's encryption can't be trusted.", "Check SMTP_SECURITY.") from cause
        except (smtplib.SMTPException, OSError) as cause:
            raise MailError(
                "The mail server could not be reached or did not take the letter.",
                "Check SMTP_HOST and SMTP_PORT, or try again later.",
            ) from cause

    def _connected(self) -> smtplib.SMTP:
        wanted = self._settings
        if wanted.smtp_security == "tls":
            return smtplib.SMTP_SSL(wanted.smtp_host, wanted.smtp_port, timeout=SECONDS, context=self._context)
        return smtplib.SMTP(wanted.smtp_host, wanted.smtp_port, timeout=SECONDS)


def _written(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Date"], message["Message-ID"] = format_datetime(clock.now()), make_msgid(domain="fintrack.invalid")
    message.set_content(letter.text)
    return message
