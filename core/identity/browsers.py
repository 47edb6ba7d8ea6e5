"""Browsers in which a person has signed in before: a stranger who guesses at their password can't lock them out there.

Such a browser holds a signed mark. Tries that come with it are counted apart from everybody else's, by the mark
itself (OWASP's device cookies); a new password ends all marks.
"""

import hashlib
import hmac
import secrets

from core.store import Store, User, UserId
from core.vault import Vault


def mark_browser(store: Store, vault: Vault, user: UserId) -> str:
    """Return a new mark for a browser in which `user` has signed in."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_signature(store, vault, user, nonce)}"


def knows_browser(store: Store, vault: Vault, user: UserId, mark: str) -> bool:
    """Tell whether `mark` was made for `user` and their present password."""
    nonce, _, signature = mark.partition(".")
    return hmac.compare_digest(signature.encode(), _signature(store, vault, user, nonce).encode())


def _signature(store: Store, vault: Vault, user: UserId, nonce: str) -> str:
    with store.read() as session:
        row = session.get(User, user)
        password = row.password_hash if row else ""
    text = f"{user}:{nonce}:{hashlib.sha256(password.encode()).hexdigest()}"
    return hmac.digest(vault.derive("browsers"), text.encode(), "sha256").hex()
