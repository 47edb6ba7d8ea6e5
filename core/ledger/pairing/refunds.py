"""Finding refunds: money that a shop gave back, with the purchase that it was paid for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.ledger.pairing.candidates import spread
from core.ledger.pairing.rows import Flags, Integers, Ledger, Numbers
from core.ledger.pairing.texts import Reader, Template
from core.ledger.pairing.transfers import Transfer
from core.ledger.pairing.vocabulary import Says, word_says

REFUND_REACH: Final = 120
"""How many days after its purchase a refund may come."""

_LATEST: Final = 40
"""How many purchases of a shop before a refund are looked at."""
_NOT_A_SHOP: Final = Says.PLAIN | Says.REFUND | Says.CARD | Says.PAYMENT | Says.PERSON | Says.CASH | Says.INCOME
_NEVER: Final = int(Says.INCOME | Says.PERSON | Says.CASH)
_MOVES: Final = int(Says.OWN | Says.TRANSFER)
_ASKED: Final = 0.0
_SURE: Final = 1.8


@dataclass(frozen=True, slots=True)
class Refund:
    """A purchase, and what came back of it: all or a part. Unless `sure`, a person is to be asked."""

    purchase_id: int
    refund_id: int
    score: float
    """From 0 to 1."""
    sure: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Candidates as columns of row places."""

    purchase: Integers
    refund: Integers
    points: Numbers
    equal: Flags
    said: Flags


def find_refunds(
    ledger: Ledger, transfers: Iterable[Transfer] = (), *, rejected: Collection[tuple[int, int]] = ()
) -> list[Refund]:
    """Return the refunds in a person's rows, by the day and id of the refund.

    A refund has one purchase; what is given back of a purchase never exceeds it. Rows of sure `transfers` are neither.
    `rejected` are pairs of ids, in either order, that are never proposed again.
    """
    reader = Reader(ledger)
    shops = _Shops(reader)
    taken = [row for one in transfers if one.sure for row in (one.out_id, one.in_id)]
    free = ~np.isin(ledger.id, np.array(taken, np.int64))
    found = _scored(ledger, reader, shops, _candidates(ledger, reader, shops, free))
    never = {frozenset(pair) for pair in rejected}
    left = {row: -int(ledger.units[row]) for row in np.unique(found.purchase).tolist()}
    done: set[int] = set()
    refunds: list[tuple[int, Refund]] = []
    # The best first; of equals the nearest purchase.
    for place in np.lexsort((found.purchase, found.refund, -found.purchase, -found.points)).tolist():
        purchase, refund = int(found.purchase[place]), int(found.refund[place])
        amount = int(ledger.units[refund])
        pair = int(ledger.id[purchase]), int(ledger.id[refund])
        if refund in done or left[purchase] < amount or frozenset(pair) in never:
            continue
        done.add(refund)
        left[purchase] -= amount
        refunds.append((refund, _told(ledger, found, place)))
    return [refund for _, refund in sorted(refunds, key=lambda each: each[0])]


class _Shops:
    """The words of texts that may be a shop's name, and a number for the first of them, or -1."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._words = [_shop_words(template) for template in reader.templates]
        numbers: dict[str, int] = {}
        first = [numbers.setdefault(words[0], len(numbers)) if words else -1 for words in self._words]
        self.first = np.array(first, np.int64)[reader.wording]

    def alike(self, purchase: Integers, refund: Integers) -> Numbers:
        """Return how many of the shorter name's words the names of two rows share, as a share."""
        wording = self._reader.wording
        pairs, place = np.unique(np.stack([wording[purchase], wording[refund]], axis=1), axis=0, return_inverse=True)
        shares = []
        for one, other in pairs.tolist():
            bought, returned = set(self._words[one]), set(self._words[other])
            shares.append(len(bought & returned) / max(1, min(len(bought), len(returned))))
        return np.array(shares, np.float64)[place.ravel()]


def _shop_words(template: Template) -> list[str]:
    return [word for word in template.words if len(word) > 2 and not word_says(word) & _NOT_A_SHOP]


def _candidates(ledger: Ledger, reader: Reader, shops: _Shops, free: Flags) -> tuple[Integers, Integers]:
    """Return purchases and refunds, as places of rows: one account, first word of the shop, at most the amount."""
    refunding = reader.says & int(Says.REFUND) != 0
    moving = (reader.says & _MOVES != 0) & ~refunding
    usable = free & (shops.first >= 0) & (reader.says & _NEVER == 0) & ~moving & ~_other_kind(ledger)
    key = (shops.first * len(ledger.accounts) + ledger.account) * len(ledger.currencies) + ledger.currency
    outs = np.flatnonzero(usable & (ledger.units < 0))
    ins = np.flatnonzero(usable & (ledger.units > 0))
    if not len(outs) or not len(ins):
        return outs[:0], ins[:0]
    first_day = int(ledger.day.min()) - REFUND_REACH
    code = key * (int(ledger.day.max()) - first_day + 1) + (ledger.day - first_day)
    outs = outs[np.argsort(code[outs], kind="stable")]
    low = np.searchsorted(code[outs], code[ins] - REFUND_REACH, "left")
    high = np.searchsorted(code[outs], code[ins], "right")
    low = np.maximum(low, high - _LATEST)
    row, place = spread(low, high - low)
    purchase, refund = outs[place], ins[row]
    # The day's span of one key may reach into the key before.
    kept = (key[purchase] == key[refund]) & (ledger.units[refund] <= -ledger.units[purchase])
    return purchase[kept], refund[kept]


def _other_kind(ledger: Ledger) -> Flags:
    """Tell which rows a bank calls income or a transfer."""
    other = {code: code.startswith(("INCOME", "TRANSFER", "LOAN")) for code in set(ledger.category)}
    return np.fromiter((other[code] for code in ledger.category), np.bool_, len(ledger))


def _scored(ledger: Ledger, reader: Reader, shops: _Shops, pairs: tuple[Integers, Integers]) -> _Found:
    purchase, refund = pairs
    equal = ledger.units[refund] == -ledger.units[purchase]
    said = reader.says[refund] & int(Says.REFUND) != 0
    cards = np.array([own.kind == "credit card" for own in ledger.accounts], np.bool_)[ledger.account[refund]]
    apart = ledger.day[refund] - ledger.day[purchase]
    alike = shops.alike(purchase, refund)
    codes = {code: place for place, code in enumerate(sorted(set(ledger.category)))}
    code = np.fromiter(map(codes.__getitem__, ledger.category), np.int64, len(ledger))
    told = (code[purchase] == code[refund]) & (code[purchase] != codes.get("", -1))
    points = -1.8 + 2.5 * equal + 2.0 * said + 0.8 * cards + 0.8 * told + 1.6 * (alike - 0.5)
    points += np.where(apart <= 30, 0.4, np.where(apart <= 90, 0.0, -0.4))
    kept = (points >= _ASKED) & (alike >= 0.5)
    return _Found(purchase[kept], refund[kept], points[kept], equal[kept], said[kept])


def _told(ledger: Ledger, found: _Found, place: int) -> Refund:
    purchase, refund = int(found.purchase[place]), int(found.refund[place])
    points, equal, said = float(found.points[place]), bool(found.equal[place]), bool(found.said[place])
    apart = int(ledger.day[refund] - ledger.day[purchase])
    reasons = (
        "the same shop on the same account",
        "all of the amount" if equal else "a part of the amount",
        "on the same day" if not apart else f"{apart} day{'s' * (apart > 1)} later",
        *(["the text speaks of a refund"] if said else []),
    )
    return Refund(
        int(ledger.id[purchase]),
        int(ledger.id[refund]),
        round(float(1 / (1 + np.exp(-points / 1.2))), 4),
        points >= _SURE and (equal or said),
        reasons,
    )
