"""Linking through a provider's own sign-in screen: opened in a new tab, noticed when it is done.

A visit is kept in the store, so that a reload or a restart in the middle loses nothing: whoever
looks next, a page or the schedule, takes over what was finished meanwhile.
"""

import hashlib
import hmac
import logging
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from core import clock
from core.banking.demo import DemoBank
from core.banking.items import keep_item, note_working, open_item, refuse_guests
from core.banking.provider import (
    BankProvider,
    DescribesBanks,
    LinkOutcome,
    LinksAccounts,
    OfferedItem,
    on_day,
    screen_of,
)
from core.banking.removal import retire_item
from core.banking.steps import next_step
from core.banking.sync import ItemSync, Progress, sync_item
from core.errors import BankError, BankGoneError, BankSetupError, BankTemporaryError, NotFoundError
from core.identity import Asker, demand, today_of
from core.ledger import write_accounts
from core.store import Account, Item, LinkSession, Store, UserId
from core.vault import Vault

log = logging.getLogger(__name__)

Purpose = Literal["new", "mend", "accounts"]
"""Why a person goes to the screen: a new bank, a login that no longer works, other accounts of a bank."""

TOO_SHORT: Final = timedelta(minutes=3)
"""A screen with less time left is not offered again."""
GRACE: Final = timedelta(minutes=30)
"""How long somebody who has begun at the screen may go on after its time: so long what is finished can be taken."""

_locks: Final[dict[int, threading.Lock]] = defaultdict(threading.Lock)
"""One per visit: two tabs must not take the same login twice."""
_beginning: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to a sign-in screen as a page shows it. `url` is secret: only for the person's own browser."""

    id: int
    provider: str
    purpose: Purpose
    item_id: int | None
    institution: str
    """Of the item that is mended; "" for a new one."""
    url: str
    state: str
    """waiting, done, left, failed or expired."""
    sentence: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class VisitStep:
    """What a look at a visit brought: its state now, and how the first sync of each new or mended item went."""

    state: str
    sentence: str
    syncs: tuple[ItemSync, ...] = ()


def begin_visit(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    asker: Asker,
    provider: str,
    purpose: Purpose = "new",
    item_id: int | None = None,
) -> Visit:
    """Make a sign-in screen ready and keep it; a fresh one for the same purpose is given again.

    Raises:
        StepUpNeededError: a fresh check is needed.
        ValidationError: a guest of the demo asks for a real bank.
        BankSetupError: there is no such provider, or it has no screen.
        NotFoundError: the item is not there or not this user's.
        BankError: the provider refused or could not be reached.
    """
    user = demand(store, asker)
    if provider != DemoBank.name:
        refuse_guests(store, user)
    screen = _screen(providers, provider)
    with _beginning:
        for visit in list_visits(store, vault, user):
            same = (visit.provider, visit.purpose, visit.item_id) == (provider, purpose, item_id)
            if same and visit.expires_at - clock.now() > TOO_SHORT:
                return visit
        token = open_item(store, vault, user, item_id)[1] if item_id is not None else ""
        start = screen.begin_link(user, token, choose_accounts=purpose == "accounts")
        with store.write() as session:
            row = LinkSession(
                user_id=user,
                item_id=item_id,
                provider=provider,
                purpose=purpose,
                sealed_token="",
                sealed_url="",
                created_at=clock.now(),
                expires_at=start.expires_at,
            )
            session.add(row)
            session.flush()
            row.sealed_token = vault.seal(start.token, f"link:{row.id}")
            row.sealed_url = vault.seal(start.url, f"link:{row.id}:url")
            return _visit(session, vault, row)


def list_visits(store: Store, vault: Vault, user: UserId) -> tuple[Visit, ...]:
    """Return the visits of `user` that are still open, newest first."""
    with store.read() as session:
        rows = session.scalars(
            select(LinkSession)
            .where(LinkSession.user_id == user, LinkSession.state == "waiting")
            .order_by(LinkSession.id.desc())
        )
        return tuple(_visit(session, vault, row) for row in rows)


def users_with_visits(store: Store) -> tuple[UserId, ...]:
    """Return whose visits are still open, for the schedule."""
    with store.read() as session:
        return tuple(
            UserId(one)
            for one in session.scalars(select(LinkSession.user_id).where(LinkSession.state == "waiting").distinct())
        )


def visit_of_token(store: Store, vault: Vault, provider: str, token: str) -> tuple[UserId, int] | None:
    """Return whose open visit it is that a provider calls `token`, and its id; None for one that we don't wait for."""
    with store.read() as session:
        rows = session.scalars(
            select(LinkSession).where(LinkSession.provider == provider, LinkSession.state == "waiting")
        )
        for row in rows:
            if hmac.compare_digest(vault.open(row.sealed_token, f"link:{row.id}").encode(), token.encode()):
                return UserId(row.user_id), row.id
    return None


def forget_visit(store: Store, user: UserId, visit_id: int) -> None:
    """Stop waiting for a visit; what was finished there is not taken over."""
    _end(store, user, visit_id, "left", "")


def look_at_visit(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    user: UserId,
    visit_id: int,
    progress: Progress = lambda _: None,
) -> VisitStep:
    """Ask how a visit stands, and take over what it made: each login once, its token kept at once, then synced.

    A bank that is linked already is not taken a second time: a second login can break the first.

    Raises:
        NotFoundError: the visit is not there or not this user's.
    """
    with _locks[visit_id]:
        row, token = _open(store, vault, user, visit_id)
        if row.state != "waiting":
            return VisitStep(row.state, row.sentence)
        # A login that is handed over can't be asked for again: what refuses to keep it has to do so before.
        store.admit()
        try:
            screen = _screen(providers, row.provider)
            outcome = screen.look_at_link(token)
            syncs, told = _take(store, vault, providers, user, row, screen, outcome, progress)
        except BankTemporaryError as failure:
            # Whether somebody is at the screen can't be told now.
            return _overdue(store, user, row, begun=True) or VisitStep("waiting", str(failure))
        except BankGoneError:
            return _end(store, user, visit_id, "expired", "The link has expired. Begin again.")
        except BankError as failure:
            return _end(store, user, visit_id, "failed", str(failure))
        if outcome.state == "waiting":
            return _overdue(store, user, row, begun=outcome.begun) or VisitStep("waiting", told, syncs)
        if outcome.state == "done" and row.item_id is not None:
            return _mended(store, vault, providers, user, row, progress)
        sentence = outcome.sentence or told or ("Nothing was linked." if outcome.state == "left" else "")
        state = "failed" if outcome.state == "done" and not syncs and told else outcome.state
        return _end(store, user, visit_id, state, sentence, syncs)


def _take(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    user: UserId,
    row: LinkSession,
    screen: LinksAccounts,
    outcome: LinkOutcome,
    progress: Progress,
) -> tuple[tuple[ItemSync, ...], str]:
    taken = {one for one in row.taken.split(",") if one}
    items: list[int] = []
    told: list[str] = []
    for offered in outcome.offered:
        digest = hashlib.sha256(offered.public_token.encode()).hexdigest()[:24]
        if digest in taken:
            continue
        linked = None
        repeated = _repeated(store, user, row.provider, offered)
        living = [name for name, _, error_code in repeated if next_step(error_code) != "link again"]
        if living:
            which = ", ".join(name for name in living if name) or "accounts that were not read yet"
            told.append(
                f"{offered.institution.name} is linked already, with {which}: the second login was not "
                "taken. To mend that connection, use Reconnect."
            )
        else:
            # A connection that no longer exists at the provider hands its accounts on to the new one.
            for dead in {item for _, item, _ in repeated}:
                retire_item(store, user, dead)
            progress(f"Linking {offered.institution.name}")
            linked = screen.take_link(offered)
            items.append(keep_item(store, vault, user, row.provider, linked))
        taken.add(digest)
        _note_taken(store, row.id, taken)
        if linked is not None:
            _read_accounts(store, providers[row.provider], user, items[-1], linked.access_token)
        if linked is not None and isinstance(screen, DescribesBanks):
            known = screen.institution_of(linked.access_token, linked.institution)
            keep_item(store, vault, user, row.provider, replace(linked, institution=known))
    syncs = tuple(sync_item(store, vault, providers, user, item, progress, "link") for item in items)
    return syncs, " ".join(told)


def _read_accounts(store: Store, provider: BankProvider, user: UserId, item: int, access_token: str) -> None:
    """Keep what accounts a fresh login has, by which the same bank is known again if its first sync fails."""
    try:
        write_accounts(store, user, item, on_day(provider, lambda: today_of(store, user)).accounts(access_token))
    except BankError as failure:
        log.info("the accounts of item %s are left to its first sync: %s", item, failure.code)


def _mended(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    user: UserId,
    row: LinkSession,
    progress: Progress,
) -> VisitStep:
    """Look whether a login works again after its visit, then sync it."""
    item_id = row.item_id or 0
    _, token, _, institution = open_item(store, vault, user, item_id)
    try:
        state = _screen(providers, row.provider).state_of(token)
    except BankTemporaryError as failure:
        return VisitStep("waiting", str(failure))
    if state.error_code:
        return _end(store, user, row.id, "failed", state.error)
    note_working(store, user, item_id)
    with store.write() as session:
        session.execute(
            update(Item)
            .where(Item.id == item_id, Item.user_id == user)
            .values(new_accounts=False, consent_expires_at=state.consent_expires_at)
        )
    result = sync_item(store, vault, providers, user, item_id, progress, "link")
    return _end(store, user, row.id, "done", result.error or f"{institution} is connected again.", (result,))


def _repeated(store: Store, user: UserId, provider: str, offered: OfferedItem) -> list[tuple[str, int, str]]:
    """Return which accounts here the offered ones repeat, by bank, name and mask: name, item, the item's error code.

    A login at that bank of which no account is known yet may be the same one: it is told with the name "".
    """
    with store.read() as session:
        known = session.execute(
            select(Account.name, Account.mask, Item.id, Item.error_code)
            .select_from(Item)
            .outerjoin(Account, and_(Account.item_id == Item.id, Account.removed_at.is_(None)))
            .where(
                Item.user_id == user,
                Item.provider == provider,
                Item.institution_key == offered.institution.key,
                Item.removed_at.is_(None),
            )
            .order_by(Item.id, Account.id)
        ).all()
    wanted = set(offered.accounts)
    return [
        (one.name or "", one.id, one.error_code) for one in known if one.name is None or (one.name, one.mask) in wanted
    ]


def _overdue(store: Store, user: UserId, row: LinkSession, *, begun: bool) -> VisitStep | None:
    """End a visit whose time is over; one begun in time is waited for a little longer."""
    if clock.now() < row.expires_at + (GRACE if begun else timedelta(0)):
        return None
    return _end(store, user, row.id, "expired", "The link has expired before it was finished. Begin again.")


def _end(
    store: Store, user: UserId, visit_id: int, state: str, sentence: str, syncs: tuple[ItemSync, ...] = ()
) -> VisitStep:
    with store.write() as session:
        session.execute(
            update(LinkSession)
            .where(LinkSession.id == visit_id, LinkSession.user_id == user, LinkSession.state == "waiting")
            .values(state=state, sentence=sentence, ended_at=clock.now(), sealed_token="", sealed_url="")
        )
    return VisitStep(state, sentence, syncs)


def _note_taken(store: Store, visit_id: int, taken: set[str]) -> None:
    with store.write() as session:
        session.execute(update(LinkSession).where(LinkSession.id == visit_id).values(taken=",".join(sorted(taken))))


def _open(store: Store, vault: Vault, user: UserId, visit_id: int) -> tuple[LinkSession, str]:
    with store.read() as session:
        row = session.scalar(select(LinkSession).where(LinkSession.id == visit_id, LinkSession.user_id == user))
        if row is None:
            raise NotFoundError("This link is not there.", "Begin again.")
        return row, vault.open(row.sealed_token, f"link:{row.id}") if row.state == "waiting" else ""


def _visit(session: Session, vault: Vault, row: LinkSession) -> Visit:
    item = session.get(Item, row.item_id) if row.item_id else None
    purpose: Purpose = "mend" if row.purpose == "mend" else "accounts" if row.purpose == "accounts" else "new"
    return Visit(
        row.id,
        row.provider,
        purpose,
        row.item_id,
        item.institution_name if item else "",
        vault.open(row.sealed_url, f"link:{row.id}:url"),
        row.state,
        row.sentence,
        row.expires_at,
    )


def _screen(providers: Mapping[str, BankProvider], name: str) -> LinksAccounts:
    screen = screen_of(providers.get(name))
    if screen is None:
        raise BankSetupError("Banks can't be linked with today's settings.", code="NO_PROVIDER")
    return screen
