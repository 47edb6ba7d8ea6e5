"""Signing in at the demo bank on a screen of FinTrack's own, and breaking a login on request.

The bank keeps nothing: how a visit stands is written into the token by which it is asked for, as
what a login is stands in its access token. Both lie sealed in the store, so a restart loses nothing.
"""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from core.banking.demo.accounts import AccountPlan, institutions
from core.banking.demo.logins import Login, all_plans, login_of
from core.banking.items import open_item
from core.banking.provider import Institution, LinkedItem, LinkOutcome, LinkStart, OfferedItem
from core.errors import BankGoneError, NotFoundError, ValidationError
from core.identity import today_of
from core.store import Item, LinkSession, Store, UserId
from core.vault import Vault

PATH: Final = "/demo-bank"
"""Where FinTrack serves the screen, followed by a visit's secret."""
LIFETIME: Final = timedelta(minutes=30)
SEED: Final = 1

_VISIT: Final = re.compile(r"demo-visit-([A-Za-z0-9_-]{43})(?:=(left|done)(?:=(demo-\S+))?)?")


def begin() -> LinkStart:
    """Make a screen ready."""
    secret = secrets.token_urlsafe(32)
    return LinkStart(_token(secret), f"{PATH}/{secret}", clock.now() + LIFETIME)


def look(token: str) -> LinkOutcome:
    """Return how the visit stands that `token` tells of.

    Raises:
        BankGoneError: the token is not one of ours.
    """
    match = _VISIT.fullmatch(token)
    if match is None:
        raise BankGoneError("The demo bank does not know this visit.")
    secret, ended, access_token = match.groups()
    if ended is None:
        return LinkOutcome("waiting")
    if ended == "left":
        return LinkOutcome("left")
    if access_token is None:
        return LinkOutcome("done")
    login = login_of(access_token)
    shared = tuple((plan.name, plan.mask) for plan in login.plans)
    return LinkOutcome("done", (OfferedItem(f"{secret}={access_token}", login.institution, shared),))


def take(offered: OfferedItem) -> LinkedItem:
    """Return the login that a visit has made.

    Raises:
        BankGoneError: the demo bank made no such offer.
    """
    return login_of(offered.public_token.partition("=")[2]).item


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody at the demo bank's door, as the screen sees them: no name, no money."""

    secret: str
    purpose: str
    """new, mend or accounts, as in `core.banking.linking`."""
    bank: Institution | None
    """Where the login is that is mended or shares more; None for a new one."""
    shared: tuple[AccountPlan, ...] = ()
    """What that login shares already."""
    ended: str = ""
    """left or done; "" while the visit goes on."""


def banks() -> tuple[Institution, ...]:
    """Return the banks to choose from."""
    return tuple(institutions().values())


def accounts_at(bank: str) -> tuple[AccountPlan, ...]:
    """Return the accounts that the household has at a bank.

    Raises:
        NotFoundError: there is no such bank.
    """
    if bank not in institutions():
        raise NotFoundError("There is no such bank.", "Choose one of the list.")
    return all_plans(bank)


def caller_of(store: Store, vault: Vault, secret: str) -> Caller | None:
    """Return who is behind a secret address; None when nobody is, or the time is over."""
    with store.read() as session:
        found = _find(session, vault, secret)
        if found is None:
            return None
        row, token = found
        ended = _VISIT.fullmatch(token)
        state = (ended[2] or "") if ended else ""
        item = session.get(Item, row.item_id) if row.item_id is not None else None
        if item is None:
            return Caller(secret, row.purpose, None, ended=state)
        login = login_of(vault.open(item.sealed_token, f"item:{item.id}"))
        return Caller(secret, row.purpose, login.institution, login.plans, state)


def leave(store: Store, vault: Vault, secret: str) -> None:
    """Close the screen without linking anything.

    Raises:
        NotFoundError: the visit is over.
    """
    _end(store, vault, secret, "left")


def sign_in_again(store: Store, vault: Vault, secret: str) -> None:
    """Let the login that is mended work again.

    Raises:
        NotFoundError: the visit is over, or it is for no login of ours.
    """
    user, item = _open(store, vault, secret)
    if item is None:
        raise NotFoundError("This sign-in is for a new bank.", "Choose the bank first.")
    _change_login(store, vault, user, item, broken=False)
    _end(store, vault, secret, "done")


def share(store: Store, vault: Vault, secret: str, bank: str, accounts: frozenset[str]) -> None:
    """Share accounts of a bank: with a new login, or with the one that the visit is for, which also works again.

    What a login shares already it goes on sharing.

    Raises:
        NotFoundError: the visit is over, or there is no such bank.
        ValidationError: no account was chosen.
    """
    user, item = _open(store, vault, secret)
    wanted = frozenset(plan.key for plan in accounts_at(bank)) & accounts
    if item is not None:
        _change_login(store, vault, user, item, broken=False, more=wanted)
        _end(store, vault, secret, "done")
        return
    if not wanted:
        raise ValidationError("Choose at least one account.")
    login = _beside(store, vault, user, bank).sharing(wanted)
    _end(store, vault, secret, "done", login.token)


def break_item(store: Store, vault: Vault, user: UserId, item_id: int) -> None:
    """Let a login at the demo bank stop working, until somebody signs in there again.

    Raises:
        NotFoundError: the item is not there or not this user's.
        ValidationError: it is not at the demo bank.
    """
    _change_login(store, vault, user, item_id, broken=True)


def _change_login(
    store: Store, vault: Vault, user: UserId, item_id: int, *, broken: bool, more: frozenset[str] = frozenset()
) -> None:
    provider, token, _, institution = open_item(store, vault, user, item_id)
    if provider != "demo":
        raise ValidationError(f"{institution} is no demo bank.", "Only logins at the demo bank break on request.")
    login = replace(login_of(token), broken=broken)
    if more:
        login = login.sharing(more | {plan.key for plan in login.plans})
    with store.write() as session:
        session.execute(
            update(Item)
            .where(Item.id == item_id, Item.user_id == user, Item.removed_at.is_(None))
            .values(sealed_token=vault.seal(login.token, f"item:{item_id}"))
        )


def _beside(store: Store, vault: Vault, user: UserId, bank: str) -> Login:
    """Return a fresh login at `bank` of the household that `user` knows already, else of one met today."""
    with store.read() as session:
        item = session.scalar(
            select(Item)
            .where(Item.user_id == user, Item.provider == "demo", Item.removed_at.is_(None))
            .order_by(Item.id)
            .limit(1)
        )
        if item is not None:
            known = login_of(vault.open(item.sealed_token, f"item:{item.id}"))
            return Login(known.seed, known.anchor, bank)
    return Login(SEED, today_of(store, user), bank)


def _open(store: Store, vault: Vault, secret: str) -> tuple[UserId, int | None]:
    """Return whose visit goes on behind `secret`, and for which item.

    Raises:
        NotFoundError: there is none, or it has ended.
    """
    with store.read() as session:
        found = _find(session, vault, secret)
        if found is None or found[1] != _token(secret):
            raise NotFoundError("This sign-in is over.", "Begin again in FinTrack.")
        return UserId(found[0].user_id), found[0].item_id


def _find(session: Session, vault: Vault, secret: str) -> tuple[LinkSession, str] | None:
    rows = session.scalars(
        select(LinkSession).where(
            LinkSession.provider == "demo", LinkSession.state == "waiting", LinkSession.expires_at > clock.now()
        )
    )
    for row in rows:
        token = vault.open(row.sealed_token, f"link:{row.id}")
        match = _VISIT.fullmatch(token)
        if match and secrets.compare_digest(match[1].encode(), secret.encode()):
            return row, token
    return None


def _end(store: Store, vault: Vault, secret: str, how: str, access_token: str = "") -> None:
    """Write into the visit's own token how it ended; a visit ends once."""
    with store.write() as session:
        found = _find(session, vault, secret)
        if found is None or found[1] != _token(secret):
            raise NotFoundError("This sign-in is over.", "Begin again in FinTrack.")
        row, token = found
        row.sealed_token = vault.seal(f"{token}={how}{f'={access_token}' if access_token else ''}", f"link:{row.id}")


def _token(secret: str) -> str:
    return f"demo-visit-{secret}"
