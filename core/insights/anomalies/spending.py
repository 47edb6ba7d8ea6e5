"""A person's spending by column, as the search for anomalies takes it from the cache."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from core.cache import Coded, Columns, joint
from core.insights.anomalies.grouping import Flags, Ints
from core.insights.anomalies.purchases import Purchases, numbered, purchases_of
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
    currencies: Coded[str]
    names: Coded[str]
    categories: Coded[str]
    settled: Flags
    """Whether the money came back, as far as one can tell."""


def spending_of(rows: Columns, today: date) -> Spending:
    """Return the answer to the question `anomaly_rows` as purchases, without what lies after `today`."""
    ids, days, units, home = (rows.ints(name) for name in ("id", "day", "units", "home"))
    accounts, kinds = rows.ints("account_id"), rows.ints("category_id")
    rated, pending, refunded = (rows.flags(name) for name in ("rated", "pending", "refund"))
    currencies, names, categories = (rows.texts(name) for name in ("currency", "name", "category"))
    spent = (units < 0) & (days <= today.toordinal() - EPOCH)
    settled = (refunded | _came_back(joint(names.codes, currencies.codes), units, days))[spent]
    ids, days, units, home, accounts, kinds = (one[spent] for one in (ids, days, units, home, accounts, kinds))
    rated, pending = rated[spent], pending[spent]
    currencies, names, categories = (texts.narrowed(spent) for texts in (currencies, names, categories))
    ranked = currencies.ranks()
    converted = np.where(rated, -home, -units)
    merchants, payees = _whom(names)
    purchases = purchases_of(
        # Amounts that can't be converted are compared among themselves.
        np.where(rated, 0, ranked + 1),
        merchants,
        np.where(kinds == 0, -1, kinds),
        converted / SCALE,
        # A hold that posts later, and the posting, are two of a price in one account only where both are alike.
        joint(joint(joint(numbered(accounts), ranked), pending.astype(np.int64)), numbered(units)),
        days.astype(float),
        ids,
    )
    order = purchases.rows
    return Spending(
        purchases=purchases,
        ids=ids[order],
        units=-units[order],
        home=converted[order],
        rated=rated[order],
        payees=payees[order],
        accounts=accounts[order],
        currencies=currencies.at(order),
        names=names.at(order),
        categories=categories.at(order),
        settled=settled[order],
    )


def _came_back(whom: Ints, units: Ints, days: Ints) -> Flags:
    """Return for which rows as much came in under the same name, in the same currency, within days."""
    found = np.zeros(len(units), dtype=bool)
    giving = np.zeros(int(whom.max(initial=0)) + 1, dtype=bool)
    giving[whom[units > 0]] = True
    rows = np.flatnonzero(giving[whom])
    if len(rows):
        # Amounts lie one after another on one line, each with its days, too far apart to be near.
        amounts = joint(whom[rows], numbered(np.abs(units[rows])))
        line = amounts * (int(np.ptp(days)) + REFUND_DAYS + 1) + days[rows] - int(days.min())
        came = np.r_[np.sort(line[units[rows] > 0]), np.iinfo(np.int64).max]
        found[rows] = came[np.searchsorted(came, line)] - line <= REFUND_DAYS
    return found


def _whom(names: Coded[str]) -> tuple[Ints, Ints]:
    """Return for each row the number of its merchant, in the order of their names, and that of its payee."""
    shapes = merchants_of(names.values)
    different = sorted(set(shapes))
    payees, payee_of = payees_of(different, [2] * len(different))
    places = {key: place for place, key in enumerate(sorted({payee.key for payee in payees}))}
    payee_of_shape = {shape: places[payees[payee].key] for shape, payee in zip(different, payee_of, strict=True)}
    merchant_of_shape = {shape: place for place, shape in enumerate(different)}
    merchants, payees_of_names = (
        np.array([numbers[shape] for shape in shapes], dtype=np.int64)
        for numbers in (merchant_of_shape, payee_of_shape)
    )
    return merchants[names.codes], payees_of_names[names.codes]


def merchants_of(names: Sequence[str]) -> list[str]:
    """Return what is the same of each name at every visit: without numbers, in small letters."""
    words = without_numbers(names)
    told = {one: " ".join(one.replace("00", " ").replace("#", " ").casefold().split()) for one in dict.fromkeys(words)}
    return [told[one] or name for name, one in zip(names, words, strict=True)]
