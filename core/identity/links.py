"""Links that are sent by e-mail: signed, for one purpose, for an hour, good once, and kept as digests only."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from core.errors import SignInError
from core.store import OneTimeLink, Store, UserId
from core.vault import Vault

LinkPurpose = Literal["verify", "reset", "change"]
LIFE: Final = timedelta(hours=1)
DEAD: Final = "This link is not good: it was used already, is older than an hour, or was cut off."
"""The same words for all of it: whoever tries links learns nothing."""


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """Whom a good link speaks for, and the address that it was sent to."""

    user: UserId
    email: str


def new_link(session: Session, vault: Vault, user: UserId, purpose: LinkPurpose, email: str) -> str:
    """Return a new token in the caller's transaction; earlier ones for the same purpose end."""
    now = clock.now()
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.user_id == user, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )
    token = str(_signer(vault, purpose).dumps(secrets.token_urlsafe(32)))
    session.add(
        OneTimeLink(
            user_id=user, purpose=purpose, digest=_digest(token), email=email, created_at=now, expires_at=now + LIFE
        )
    )
    return token


def look_at_link(store: Store, vault: Vault, token: str, purpose: LinkPurpose) -> OpenedLink:
    """Return whom a link speaks for, without using it up: mail programs open links before people do.

    Raises:
        SignInError: it is not good.
    """
    with store.read() as session:
        return _opened(session, vault, token, purpose)


def use_link(session: Session, vault: Vault, token: str, purpose: LinkPurpose) -> OpenedLink:
    """Use a link up in the caller's transaction and return whom it speaks for.

    Raises:
        SignInError: it is not good, or somebody was faster.
    """
    opened = _opened(session, vault, token, purpose)
    used = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.digest == _digest(token), OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(OneTimeLink.id)
    ).all()
    if not used:
        raise SignInError(DEAD, "Ask for a new one.")
    return opened


def end_links(session: Session, user: UserId) -> None:
    """End every link that could change how `user` signs in, in the caller's transaction."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.user_id == user, OneTimeLink.purpose != "verify", OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
    )


def _opened(session: Session, vault: Vault, token: str, purpose: LinkPurpose) -> OpenedLink:
    try:
        _signer(vault, purpose).loads(token)
    except BadSignature:
        raise SignInError(DEAD, "Ask for a new one.") from None
    row = session.scalar(
        select(OneTimeLink).where(
            OneTimeLink.digest == _digest(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
        )
    )
    if row is None:
        raise SignInError(DEAD, "Ask for a new one.")
    return OpenedLink(UserId(row.user_id), row.email)


def _signer(vault: Vault, purpose: LinkPurpose) -> URLSafeSerializer:
    return URLSafeSerializer(vault.derive("links"), salt=purpose)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
