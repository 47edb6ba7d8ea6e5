"""A person's spending by column, as the search for anomalies takes it from the cache."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from core.insights.anomalies.purchases import Flags, Ints, Purchases, joint, numbered, purchases_of
from core.money import SCALE
from core.planning import payees_of, without_numbers

EPOCH: Final = date(1970, 1, 1).toordinal()
REFUND_DAYS: Final = 60
"""What comes back of the same merchant in so many days, and is as much, settles a purchase."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent up to some day, in the order of `purchases`, and what came back."""

    purchases: Purchases
    ids: Ints
    units: Ints
    """What was paid, positive, in 1/10000 of its own currency."""
    home: Ints
    """The same in the currency of totals; in its own where there is no rate."""
    rated: Flags
    payees: Ints
    """Whom it was paid to, where names that share what comes again in them are one."""
    accounts: Ints
    currencies: Sequence[str]
    names: Sequence[str]
    categories: Sequence[str]
    settled: Flags
    """Whether the money came back, as far as one can tell."""


def spending_of(rows: Sequence[tuple[Any, ...]], today: date) -> Spending:
    """Return the answer to the question `anomaly_rows` as columns, without what lies after `today`."""
    until = today.toordinal() - EPOCH
    spent = [row for row in rows if row[2] < 0 and row[1] <= until]
    back: defaultdict[tuple[str, str, int], list[int]] = defaultdict(list)
    for row in rows:
        if row[2] > 0:
            back[row[6], row[4], row[2]].append(row[1])
    ids, days, units, home, currencies, accounts, names, kinds, titles, pending, paired = (
        [list(column) for column in zip(*spent, strict=True)] if spent else [[] for _ in range(11)]
    )
    rated = np.array([one is not None for one in home], dtype=bool)
    paid = -np.array(units, dtype=np.int64)
    converted = -np.array([own if one is None else one for one, own in zip(home, units, strict=True)], dtype=np.int64)
    merchants = merchants_of(names)
    purchases = purchases_of(
        # Amounts that can't be converted are compared among themselves.
        ["" if one else currency for one, currency in zip(rated.tolist(), currencies, strict=True)],
        merchants,
        np.array([one or -1 for one in kinds], dtype=np.int64),
        converted / SCALE,
        # A hold that posts later, and the posting, are two of a price in one account only where both are alike.
        _prices(accounts, currencies, units, pending),
        np.array(days, dtype=float),
        np.array(ids, dtype=np.int64),
    )
    order = purchases.rows
    settled = [
        mate == "refund" or any(0 <= came - day <= REFUND_DAYS for came in back.get((name, currency, -amount), ()))
        for mate, name, currency, amount, day in zip(paired, names, currencies, units, days, strict=True)
    ]
    places = order.tolist()
    return Spending(
        purchases=purchases,
        ids=np.array(ids, dtype=np.int64)[order],
        units=paid[order],
        home=converted[order],
        rated=rated[order],
        payees=_payees(names)[order],
        accounts=np.array(accounts, dtype=np.int64)[order],
        currencies=[currencies[place] for place in places],
        names=[names[place] for place in places],
        categories=[titles[place] for place in places],
        settled=np.array(settled, dtype=bool)[order],
    )


def _prices(accounts: list[int], currencies: list[str], units: list[int], pending: list[bool]) -> Ints:
    """Return a number for each amount in an account and a currency, of holds and of what has posted."""
    where = joint(numbered(np.array(accounts, dtype=np.int64)), numbered(currencies))
    how = joint(where, np.array(pending, dtype=np.int64))
    return joint(how, numbered(np.array(units, dtype=np.int64)))


def merchants_of(names: Sequence[str]) -> list[str]:
    """Return what is the same of each name at every visit: without numbers, in small letters."""
    different = list(dict.fromkeys(names))
    told = {
        name: " ".join(words.replace("00", " ").replace("#", " ").casefold().split()) or name
        for name, words in zip(different, without_numbers(different), strict=True)
    }
    return [told[name] for name in names]


def _payees(names: Sequence[str]) -> Ints:
    if not names:
        return np.zeros(0, dtype=np.int64)
    shapes = merchants_of(names)
    different = sorted(set(shapes))
    payees, payee_of = payees_of(different, [2] * len(different))
    places = {key: place for place, key in enumerate(sorted({payee.key for payee in payees}))}
    number = {shape: places[payees[payee].key] for shape, payee in zip(different, payee_of, strict=True)}
    return np.fromiter((number[shape] for shape in shapes), dtype=np.int64, count=len(shapes))
