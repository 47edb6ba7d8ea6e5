"""The demo bank as a provider: it needs no keys, has news every day, and fails only when asked to."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Final

from core import clock
from core.banking.demo import visits
from core.banking.demo.accounts import BROKERAGE, AccountPlan, institutions
from core.banking.demo.household import household
from core.banking.demo.logins import Login, broken_login, day_of, login_of, working_login
from core.banking.demo.wealth import debts_on, holdings_on
from core.banking.demo.workdays import days_between
from core.banking.provider import ItemState, LinkedItem, LinkOutcome, LinkStart, OfferedItem
from core.errors import BankGoneError, CursorError, FeatureError
from core.ledger import (
    LIABILITIES,
    AccountRecord,
    DailyBalance,
    DebtRecord,
    HoldingRecord,
    SyncUpdate,
    TransactionRecord,
)
from core.store import UserId

STORY: Final = 2
"""Raised whenever the household's story changes, so that old cursors start anew."""

CURSOR: Final = re.compile(r"demo\.(\d+)\.(\d{1,9}-\d{8}-[a-z]+)(?::([a-z+-]+))?\.(\d{8})")


class DemoBank:
    """A `BankProvider` for one believable household with accounts at three invented banks.

    What it says depends only on the access token and today's date: the same day twice is the same,
    the next day has new rows and posts what was pending.
    """

    name = "demo"

    def __init__(self, day: date | None = None) -> None:
        """Live on `day`, else on the present one in UTC."""
        self._day = day

    def on(self, day: date) -> "DemoBank":
        """Return the same bank as it is on `day`: a person's own today, which may be ahead of the world's."""
        return type(self)(day)

    def _today(self) -> date:
        return self._day or clock.today()

    def link(self, seed: int = 1) -> tuple[LinkedItem, ...]:
        """Return a fresh login at each demo bank; the household's 24 months end today.

        Linking again gives the same item keys, so that a person has each bank once.
        """
        anchor = self._today()
        return tuple(Login(seed, anchor, key).item for key in institutions())

    def accounts(self, access_token: str) -> tuple[AccountRecord, ...]:
        """Return the accounts of the login with today's balances.

        Raises:
            BankGoneError: the token is not one of ours.
        """
        login = working_login(access_token)
        rows = _rows(login, self._today()).values()
        return tuple(_account(plan, rows) for plan in login.plans)

    def changes(self, access_token: str, cursor: str) -> SyncUpdate:
        """Return everything between the day of `cursor` and today, or all of it for "".

        Balances come for every day in between, the day of the cursor included.

        Raises:
            BankGoneError: the token is not one of ours.
            BankLoginError: the login was broken.
            CursorError: the cursor is of another login or an older story.
        """
        login = working_login(access_token)
        known, since = _read_cursor(login, cursor) if cursor else (login, None)
        # A person who moves to another time zone is not taken back a day.
        today = max(self._today(), since or date.min)
        before = _rows(known, since) if since else {}
        after = _rows(login, today)
        # Where the bank mends what it had booked, or shares another account, earlier days end otherwise too.
        mended = [row.date for key, row in before.items() if not row.pending and _amount(after.get(key)) != row.amount]
        told_from = min(mended, default=since) if known.shared == login.shared else None
        return SyncUpdate(
            accounts=tuple(_account(plan, after.values()) for plan in login.plans),
            added=tuple(record for key, record in after.items() if key not in before),
            modified=tuple(record for key, record in after.items() if key in before and before[key] != record),
            removed=tuple(key for key in before if key not in after),
            next_cursor=f"demo.{STORY}.{login.name}.{today:%Y%m%d}",
            balances=tuple(_balances(login, after.values(), told_from, today)),
        )

    def holdings(self, access_token: str) -> tuple[HoldingRecord, ...]:
        """Return what the login's brokerage account holds today; the values sum up to its balance.

        Raises:
            BankGoneError: the token is not one of ours.
            BankLoginError: the login was broken.
            FeatureError: this bank keeps no brokerage account.
        """
        login = working_login(access_token)
        if all(plan.key != BROKERAGE for plan in login.plans):
            raise FeatureError("There is no investment account at this bank.", code="NO_INVESTMENT_ACCOUNTS")
        today = self._today()
        return holdings_on(household(login.seed, login.anchor, today), login.seed, today)

    def debts(self, access_token: str) -> tuple[DebtRecord, ...]:
        """Return the terms of the login's card and mortgage as they are today.

        Raises:
            BankGoneError: the token is not one of ours.
            BankLoginError: the login was broken.
            FeatureError: nothing is owed at this bank.
        """
        login = working_login(access_token)
        owed = [plan.key for plan in login.plans if plan.type in LIABILITIES]
        if not owed:
            raise FeatureError("There is no loan or card at this bank.", code="NO_LIABILITY_ACCOUNTS")
        today = self._today()
        return debts_on(household(login.seed, login.anchor, today), owed, today)

    def begin_link(self, user: UserId, access_token: str = "", *, choose_accounts: bool = False) -> LinkStart:
        """Make a screen ready, which FinTrack itself serves; the person needs no key of ours there.

        Raises:
            BankGoneError: the token is not one of ours.
        """
        if access_token:
            login_of(access_token)
        return visits.begin()

    def look_at_link(self, token: str) -> LinkOutcome:
        """Return how the visit stands.

        Raises:
            BankGoneError: the token is not one of ours.
        """
        return visits.look(token)

    def take_link(self, offered: OfferedItem) -> LinkedItem:
        """Take over the login that a visit has made.

        Raises:
            BankGoneError: the demo bank made no such offer.
        """
        return visits.take(offered)

    def state_of(self, access_token: str) -> ItemState:
        """Return whether a login works.

        Raises:
            BankGoneError: the token is not one of ours.
        """
        login = login_of(access_token)
        failure = broken_login(login) if login.broken else None
        return ItemState(failure.code if failure else "", str(failure or ""))

    def remove(self, access_token: str) -> None:
        """End the login; the demo bank keeps nothing.

        Raises:
            BankGoneError: the token is not one of ours.
        """
        login_of(access_token)


def _read_cursor(login: Login, cursor: str) -> tuple[Login, date]:
    """Return the login as it was when `cursor` was given (it may share more since), and the day."""
    match = CURSOR.fullmatch(cursor)
    try:
        if match and int(match[1]) == STORY:
            known = login_of(f"demo-{match[2]}{f':{match[3]}' if match[3] else ''}")
            same = (known.seed, known.anchor, known.bank) == (login.seed, login.anchor, login.bank)
            if same and set(known.plans) <= set(login.plans):
                return known, day_of(match[4])
    except (ValueError, BankGoneError):
        pass
    raise CursorError("The demo bank has a new story to tell.", "It is read from the beginning.")


def _rows(login: Login, day: date) -> dict[str, TransactionRecord]:
    return household(login.seed, login.anchor, day).rows(frozenset(plan.key for plan in login.plans), day)


def _amount(row: TransactionRecord | None) -> Decimal | None:
    return row.amount if row else None


def _account(plan: AccountPlan, rows: Iterable[TransactionRecord]) -> AccountRecord:
    posted = pending = Decimal(0)
    for row in rows:
        if row.account_key == plan.key:
            posted, pending = (posted, pending + row.amount) if row.pending else (posted + row.amount, pending)
    current = plan.opening + posted
    available: Decimal | None = None
    if plan.type not in {*LIABILITIES, "brokerage"}:
        available = current + pending
    elif plan.limit is not None:
        available = plan.limit + current + pending
    return AccountRecord(
        key=plan.key,
        name=plan.name,
        type=plan.type,
        subtype=plan.type,
        currency=plan.currency,
        official_name=plan.official_name,
        mask=plan.mask,
        current=current,
        available=available,
        limit=plan.limit,
    )


def _balances(
    login: Login,
    rows: Iterable[TransactionRecord],
    since: date | None,
    today: date,
) -> Iterator[DailyBalance]:
    start = household(login.seed, login.anchor, today).start
    days = tuple(days_between(start, today))
    moved: defaultdict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for row in rows:
        if not row.pending:
            moved[row.account_key, row.date] += row.amount
    for plan in login.plans:
        held = accumulate((moved[plan.key, day] for day in days), initial=plan.opening)
        next(held)
        for day, current in zip(days, held, strict=True):
            if since is None or day >= since:
                yield DailyBalance(plan.key, day, current)
