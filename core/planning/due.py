"""What is expected to be paid and received, day by day: the next payments of series, and debts that no series pays."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile
from typing import Final, Literal

from core.ledger import DebtEntry, due_days
from core.planning.gathering import LOANS, Purse, Role
from core.planning.subscriptions import Subscription

Standing = Literal["paid", "due", "late"]

NEAR: Final = 7
"""A series whose next payment lies within so many days of a debt's due day may be what pays it."""
TRANSIT: Final = 5
"""Money that goes from one account to another arrives within so many days."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One payment: made, expected or overdue. `amount` negative is money out."""

    day: dt.date
    """When it was made or is due; of an overdue one that lies before today."""
    name: str
    amount: Decimal
    currency: str
    standing: Standing
    role: Role
    account: str
    account_id: int | None
    """Where it is paid; None where that is not known."""
    moves: bool
    """Whether it moves what can be spent: what is paid by card does so only when the card is paid."""
    key: str = ""
    """Of the series; "" for what only the bank's terms of a debt tell of."""
    icon: str = ""
    """The kind of thing: card, loan, or ""."""
    exact: bool = True
    """Whether the amount is the same each time; else it is a usual one."""
    slack: int = 0
    """It may well come so many days earlier or later."""
    note: str = ""
    transaction_id: int | None = None


def made(seen: Iterable[Subscription], purses: Sequence[Purse], since: dt.date, until: dt.date) -> tuple[Entry, ...]:
    """Return what was really paid and received from `since` to `until`, by day."""
    known = {one.id: one for one in purses}
    entries = [
        Entry(
            payment.day,
            one.name,
            payment.amount,
            one.found.series.currency,
            "paid",
            one.found.role,
            known[payment.account_id].name,
            payment.account_id,
            known[payment.account_id].spendable,
            key=one.key,
            transaction_id=payment.id,
        )
        for one in seen
        if one.choice != "ignored" and one.found.role != "transfer"
        for payment in one.found.payments
        if since <= payment.day <= until
    ]
    return tuple(sorted(entries, key=_order))


def expected(
    seen: Sequence[Subscription], debts: Sequence[DebtEntry], purses: Sequence[Purse], today: dt.date, until: dt.date
) -> tuple[Entry, ...]:
    """Return what is expected from `today` to `until`, by day; what should have come before comes first.

    Of a series no two lie on one day. What the person ignores is left out, and so is what moves between
    two accounts that can both be spent from. A debt that a series pays is told by the series alone.
    """
    known = {one.id: one for one in purses}
    alive = [one for one in seen if one.choice != "ignored" and one.found.series.state in {"new", "active"}]
    payers = _payers(alive, debts)
    by_series = {key: debt for key, debt in payers.items() if debt is not None}
    entries = [
        entry for one in alive for entry in _of_series(one, by_series.get(one.key), known, today=today, until=until)
    ]
    paid = {debt.account_id for debt in by_series.values()}
    for debt in debts:
        if debt.account_id not in paid:
            entries += _of_debt(debt, today, until)
    return tuple(sorted(_without_round_trips(entries), key=_order))


def missed(
    seen: Iterable[Subscription], debts: Sequence[DebtEntry], purses: Sequence[Purse], today: dt.date
) -> tuple[Entry, ...]:
    """Return the payments of paused series that did not come. They are not expected any more, but worth a look.

    Of a debt the bank's terms tell by themselves whether a payment is missing.
    """
    known = {one.id: one for one in purses}
    paused = [
        one
        for one in seen
        if one.choice != "ignored"
        and one.found.role in {"bill", "card"}
        and one.found.series.state == "paused"
        and one.found.series.following < today
    ]
    of_debts = _payers(paused, [one for one in debts if one.asks])
    entries = [
        replace(_entry(one, one.found.series.following, known[one.found.account_id]), standing="late")
        for one in paused
        if one.key not in of_debts
    ]
    return tuple(sorted(entries, key=_order))


def _order(entry: Entry) -> tuple[dt.date, Decimal, str, str]:
    return entry.day, entry.amount, entry.name, entry.key


def _of_series(
    one: Subscription, debt: DebtEntry | None, known: Mapping[int, Purse], *, today: dt.date, until: dt.date
) -> list[Entry]:
    purse = known[one.found.account_id]
    days = [day for place, day in enumerate(one.found.series.upcoming) if day <= until and (day >= today or not place)]
    entries = [_entry(one, day, purse) for day in days]
    window = one.found.series.window
    if entries and entries[0].day < today and window and window[1] < today:
        entries[0] = replace(entries[0], standing="late")
    if debt is None:
        return entries
    entries = [replace(entry, icon="card" if debt.kind == "credit" else "loan") for entry in entries]
    for place, entry in enumerate(entries[:1]):
        if debt.due_day is not None and abs((debt.due_day - entry.day).days) <= NEAR:
            entries[place] = _by_the_bank(entry, debt)
    return entries


def _entry(one: Subscription, day: dt.date, purse: Purse) -> Entry:
    series = one.found.series
    return Entry(
        day,
        one.name,
        series.amount,
        series.currency,
        "due",
        one.found.role,
        purse.name,
        purse.id,
        purse.spendable,
        key=one.key,
        exact=series.spread == "fixed",
        slack=(series.window[1] - series.window[0]).days // 2 if series.window else 0,
    )


def _by_the_bank(entry: Entry, debt: DebtEntry) -> Entry:
    """Return the payment with what the bank's terms say of it: who pays more than the least pays the statement."""
    least, statement = debt.minimum_payment or Decimal(0), debt.statement_balance or Decimal(0)
    if debt.kind == "credit" and not entry.exact and statement > 0 and -entry.amount > 2 * least > 0:
        return replace(entry, amount=-statement, exact=True, note="statement balance")
    return entry


def _payers(alive: Sequence[Subscription], debts: Sequence[DebtEntry]) -> dict[str, DebtEntry | None]:
    """Return for the series that pay a debt which one; no debt has two."""
    payers: dict[str, DebtEntry | None] = {}
    open_debts = {one.account_id: one for one in debts}
    for one in alive:
        if one.found.pays in open_debts:
            payers[one.key] = open_debts[one.found.pays]
    paid = {debt.account_id for debt in payers.values() if debt is not None}
    # A loan books interest apart, so that what arrives there is not what was paid: its terms tell.
    for debt in debts:
        near = [one for one in alive if one.key not in payers and _fits(one, debt)]
        if debt.account_id not in paid and near:
            least = debt.minimum_payment or Decimal(0)
            best = min(near, key=lambda one: (abs(-one.found.series.amount - least), one.key))
            payers[best.key] = debt
    return payers


def _fits(one: Subscription, debt: DebtEntry) -> bool:
    series = one.found.series
    if debt.due_day is None or not debt.minimum_payment or series.currency != debt.currency:
        return False
    if not series.category.startswith(LOANS) or -series.amount * 10 < debt.minimum_payment * 9:
        return False
    return any(abs((day - debt.due_day).days) <= NEAR for day in (series.following, *series.upcoming[:2]))


def _of_debt(debt: DebtEntry, today: dt.date, until: dt.date) -> list[Entry]:
    """Return the payments that the bank's terms of a debt ask for, month by month."""
    least, card = debt.minimum_payment or Decimal(0), debt.kind == "credit"
    return [
        Entry(
            day,
            debt.account,
            -least,
            debt.currency,
            "late" if day < today or (debt.overdue is True and not place) else "due",
            "card" if card else "bill",
            debt.institution,
            None,
            moves=True,
            icon="card" if card else "loan",
            exact=not card,
            note="the least that the bank asks for" if card else "as the bank’s terms say",
        )
        for place, day in enumerate(takewhile(lambda day: day <= until, due_days(debt, today)))
    ]


def _without_round_trips(entries: Sequence[Entry]) -> list[Entry]:
    """Leave out transfers whose other side is expected too: what can be spent stays the same."""
    moving = [one for one in entries if one.role == "transfer" and one.moves]
    arriving: defaultdict[tuple[str, Decimal], list[Entry]] = defaultdict(list)
    for one in moving:
        if one.amount > 0:
            arriving[one.currency, one.amount].append(one)
    gone: set[tuple[str, dt.date]] = set()
    for one in moving:
        sides = arriving[one.currency, -one.amount] if one.amount < 0 else []
        side = next((other for other in sides if abs((other.day - one.day).days) <= TRANSIT), None)
        if side is not None:
            sides.remove(side)
            gone |= {(one.key, one.day), (side.key, side.day)}
    return [
        one
        for one in entries
        if (one.key, one.day) not in gone or one.role != "transfer"
        if one.role != "transfer" or one.moves
    ]
