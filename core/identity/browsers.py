"""Browsers in which people have signed in before: a stranger who guesses at a password can't lock its owner out there.

Such a browser holds a signed mark for each of its last few people. Tries that come with it are counted apart from
everybody else's, by the mark itself (OWASP's device cookies); a new password ends that. That the person was here before
is known on: a sign-in from any other browser is told by letter.
"""

import hashlib
import hmac
import secrets
from typing import Final

from sqlalchemy import select

from core.store import Store, User, UserId
from core.vault import Vault

PEOPLE: Final = 4
"""Of so many people one browser knows that they were here."""
_BETWEEN: Final = "~"


def mark_browser(store: Store, vault: Vault, user: UserId, marks: str = "") -> str:
    """Return what a browser is to hold in which `user` has signed in: a new mark, and those of others in `marks`."""
    nonce = secrets.token_urlsafe(16)
    new = f"{nonce}.{_signature(vault, user, nonce, _password_of(store, user))}.{_presence(vault, user, nonce)}"
    others = [one for one in marks.split(_BETWEEN) if one and not _is_of(store, vault, user, one)]
    return _BETWEEN.join([new, *others[: PEOPLE - 1]])


def mark_of(store: Store, vault: Vault, user: UserId, marks: str) -> str:
    """Return by what one of `marks` that was made for `user` and their present password is known, "" for none."""
    password = _password_of(store, user)
    for mark in marks.split(_BETWEEN)[:PEOPLE]:
        nonce, _, rest = mark.partition(".")
        signature = rest.partition(".")[0]
        if hmac.compare_digest(signature.encode(), _signature(vault, user, nonce, password).encode()):
            # Not the whole mark: who varied what follows would be counted anew each time.
            return nonce
    return ""


def was_here(store: Store, vault: Vault, user: UserId, marks: str) -> bool:
    """Tell whether one of `marks` was made for `user`, under whatever password."""
    return any(_is_of(store, vault, user, mark) for mark in marks.split(_BETWEEN)[:PEOPLE])


def _is_of(store: Store, vault: Vault, user: UserId, mark: str) -> bool:
    nonce, _, rest = mark.partition(".")
    presence = rest.partition(".")[2]
    if presence:
        return hmac.compare_digest(presence.encode(), _presence(vault, user, nonce).encode())
    return bool(mark_of(store, vault, user, mark))  # from before there was a second signature


def _password_of(store: Store, user: UserId) -> str:
    with store.read() as session:
        return session.scalar(select(User.password_hash).where(User.id == user)) or ""


def _signature(vault: Vault, user: UserId, nonce: str, password: str) -> str:
    text = f"{user}:{nonce}:{hashlib.sha256(password.encode()).hexdigest()}"
    return hmac.digest(vault.derive("browsers"), text.encode(), "sha256").hex()


def _presence(vault: Vault, user: UserId, nonce: str) -> str:
    return hmac.digest(vault.derive("browsers"), f"{user}:{nonce}:was here".encode(), "sha256").hex()
