"""A vault, a person, and the ways by which letters and codes leave, as stand-ins on loopback."""

import re
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from core.config import Settings
from core.identity import (
    Operator,
    Senders,
    SignedIn,
    add_user,
    phone_for,
    post_for,
    session_of,
    start_session,
)
from core.store import Store, UserId
from core.vault import Keys, Vault
from tests.standins.vonage import APPLICATION, VonageStandIn

PASSWORD = "correct horse battery staple"
EMAIL = "ada@example.org"


@pytest.fixture
def vault() -> Vault:
    return Vault(Keys.made())


@pytest.fixture
def ada(store: Store, vault: Vault, quick_hashes: None) -> UserId:
    return add_user(store, vault, EMAIL, PASSWORD, "Ada")


@pytest.fixture
def operator(ada: UserId) -> Operator:
    """Return the machine's command line, acting for Ada."""
    return Operator(ada)


@pytest.fixture
def here(store: Store, ada: UserId) -> SignedIn:
    """Return a browser in which Ada has just signed in."""
    found = session_of(store, start_session(store, ada, agent="here"))
    assert found is not None
    return found


def settle() -> None:
    """Wait until the letters of resets have left."""
    for thread in threading.enumerate():
        if thread.name == "reset-letter":
            thread.join()


class Mailbox:
    """A mail server's inside: every letter that it took."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answer = "250 OK"

    def take(self, envelope: Envelope) -> str:
        """Take a letter, or refuse it; return the server's answer."""
        if self.answer.startswith("250"):
            message = message_from_bytes(bytes(envelope.content or b""), policy=policy.default)
            assert isinstance(message, EmailMessage)
            assert envelope.rcpt_tos == [message["To"]]
            self.letters.append(message)
        return self.answer

    @property
    def last(self) -> str:
        """Return the text of the newest letter."""
        return str(self.letters[-1].get_content())

    @property
    def code(self) -> str:
        """Return the code in the newest letter."""
        (found,) = re.findall(r"\b\d{6}\b", self.last)
        return str(found)

    @property
    def token(self) -> str:
        """Return the token of the link in the newest letter."""
        (found,) = re.findall(r"\?token=(\S+)", self.last)
        return str(found)


class Clerk:
    """What the server asks of a handler, and nothing else: it looks at every attribute."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        return self._mailbox.take(envelope)


class MailServer(Controller):
    """A real SMTP server on whatever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def smtp(mailbox: Mailbox) -> Iterator[Settings]:
    """Serve a real SMTP server; return the settings that lead to it."""
    server = MailServer(Clerk(mailbox), hostname="127.0.0.1", port=0)
    server.start()
    yield Settings(
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_security="none",
        smtp_from="FinTrack <fintrack@example.org>",
    )
    server.stop()


@pytest.fixture
def vonage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VonageStandIn]:
    with VonageStandIn(tmp_path) as provider:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(provider.certificate))
        yield provider


@pytest.fixture
def senders(smtp: Settings, vonage: VonageStandIn) -> Senders:
    """Return the real senders before both stand-ins."""
    settings = smtp.model_copy(
        update={
            "vonage_application_id": APPLICATION,
            "vonage_private_key": SecretStr(vonage.private_key),
            "vonage_base_url": vonage.url,
        }
    )
    return Senders(post_for(settings), phone_for(settings))
