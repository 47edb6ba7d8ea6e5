"""How much speaks for a pair of rows being one transfer, in points that add up like logarithms of odds.

Nothing here asks which side is the sender: with all signs turned round the same pairs have the same points. What the
direction tells is learned from the person's own rows (`Habits.flows`), which turn round with them.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.ledger.pairing.candidates import Pairs
from core.ledger.pairing.habits import Habits, learned_points, uneven
from core.ledger.pairing.rows import MOST_ACCOUNTS, Flags, Integers, Ledger, Numbers
from core.ledger.pairing.texts import LONG_NUMBER, Reader, Texts, references
from core.ledger.pairing.vocabulary import Says

START: Final = -3.0
ASKED: Final = 0.0
"""From how many points on a pair is worth a question."""
SURE: Final = 2.2
"""From how many points on it needs none, if nothing speaks against it."""
CLEAR: Final = 1.2
"""How much better than any other pairing of its rows a sure pair must be."""

_DAYS: Final = np.array([1.0, 0.7, 0.4, 0.1, -0.3, -0.8])
_SPEAKS: Final = 1.5
"""From how many points on a side speaks of a transfer by itself."""

_USUAL: Final = 1.8
"""From how many learned points on a wording nearly always is a transfer."""

_OWNISH: Final = int(Says.OWN | Says.TRANSFER | Says.PAYMENT | Says.SAVING | Says.INVESTING | Says.LOAN | Says.ACCOUNT)
_VETO: Final = int(Says.OUTSIDE | Says.PERSON | Says.CASH | Says.REFUND)
Kinds = NDArray[np.str_]
_DEBTS: Final = ("mortgage", "loan")


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Candidates with their points, whether they could be sure, and what there is to say."""

    pairs: Pairs
    points: Numbers
    able: Flags
    named: Flags
    hinted: Flags
    shared: Flags
    card: Flags
    loan: Flags
    told: Flags
    rare: Flags
    crowd: Integers
    """How many other rows of the amount are in reach of either."""

    def only(self, kept: Flags | Integers) -> "Scored":
        """Return some of them."""
        return Scored(
            self.pairs.only(kept), self.points[kept], self.able[kept], self.named[kept], self.hinted[kept],
            self.shared[kept], self.card[kept], self.loan[kept], self.told[kept], self.rare[kept], self.crowd[kept],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One side of all pairs."""

    points: Numbers
    learned: Numbers
    says: Integers
    unknown: Integers
    named: Flags
    """It names the other's account by number."""
    hinted: Flags
    elsewhere: Flags
    """It names an own account that is neither of the two."""
    pays_card: Flags
    own_words: Flags

    @property
    def total(self) -> Numbers:
        return self.points + 0.8 * self.learned


def score(ledger: Ledger, pairs: Pairs, reader: Reader, habits: Habits) -> Scored:
    """Return what speaks for each of `pairs`."""
    rows = np.unique(np.concatenate([pairs.out, pairs.into]))
    reader.learn_numbers(habits.numbers)
    texts = reader.read(rows)
    learned = learned_points(ledger, rows, reader, habits)
    kinds = np.array([own.kind for own in ledger.accounts])
    one, other = kinds[ledger.account[pairs.out]], kinds[ledger.account[pairs.into]]
    out = _side(ledger, texts, learned, habits, pairs, turned=False)
    into = _side(ledger, texts, learned, habits, pairs, turned=True)
    shared = _shared_reference(texts, pairs)
    named, hinted = out.named | into.named, out.hinted | into.hinted
    card = ((one == "credit card") | (other == "credit card")) & (out.pays_card | into.pays_card)
    loan = np.isin(one, _DEBTS) | np.isin(other, _DEBTS)
    loan &= ((out.says | into.says) & int(Says.LOAN | Says.PAYMENT)) != 0
    lends = out.says & into.says & int(Says.LOAN) != 0
    rare = uneven(ledger)[pairs.out]
    crowd, lonely = _company(ledger, pairs, habits)

    points = START + np.clip(out.total, -5, 4) + np.clip(into.total, -5, 4)
    points += 2.2 * out.named + 2.2 * into.named + 1.0 * (out.hinted & ~out.named) + 1.0 * (into.hinted & ~into.named)
    points -= 2.0 * (out.elsewhere & ~out.named & ~out.hinted) + 2.0 * (into.elsewhere & ~into.named & ~into.hinted)
    points += 3.0 * shared + 1.2 * card + 0.8 * (loan | lends)
    points += _DAYS[np.abs(ledger.day[pairs.out] - ledger.day[pairs.into])]
    points += _amount_points(ledger, pairs) - 0.35 * np.log1p(crowd) - 0.3 * np.log1p(lonely)
    points += np.minimum(1.2, 0.4 * np.log1p(habits.flow(ledger, pairs)))
    points -= np.where(pairs.foreign, 0.5 + 15 * np.abs(pairs.off), np.where(pairs.off > 0, 1.5, 0.0))
    points -= _strangers(out, rare) + _strangers(into, rare)
    points -= _purchase_on_card(one, out) + _purchase_on_card(other, into)
    points += 2.4 * (out.own_words & into.own_words)

    out_stranger, in_stranger = _stranger(out, one, into, rare) & ~lends, _stranger(into, other, out, rare) & ~lends
    rare_ = rare | shared | pairs.foreign
    able = _open(out) & _open(into)
    able &= _speaks(out, into, out_stranger, in_stranger, rare_) & _speaks(into, out, in_stranger, out_stranger, rare_)
    named_alike = out.own_words & into.own_words
    able &= _solid(out, out_stranger, lends) | _solid(into, in_stranger, lends) | shared | named | named_alike
    able &= ~(out_stranger & in_stranger) | shared | ((out.learned >= _USUAL) & (into.learned >= _USUAL) & rare)
    told = (out.total >= _SPEAKS) & (into.total >= _SPEAKS)
    able &= ((pairs.off == 0) & ~pairs.foreign) | told | (named & (np.minimum(out.total, into.total) > 0))
    return Scored(pairs, points, able, named, hinted, shared, card, loan, told, rare, crowd)


def _side(ledger: Ledger, texts: Texts, learned: Numbers, habits: Habits, pairs: Pairs, *, turned: bool) -> _Side:
    mine, theirs = (pairs.into, pairs.out) if turned else (pairs.out, pairs.into)
    at = texts.place[mine]
    own = np.int64(1) << np.minimum(ledger.account[mine], MOST_ACCOUNTS)
    other = np.int64(1) << np.minimum(ledger.account[theirs], MOST_ACCOUNTS)
    other = np.where(ledger.account[theirs] < MOST_ACCOUNTS, other, 0)
    says = texts.says[at]
    ownish = says & _OWNISH != 0
    hinted = (texts.hinted[at] & other != 0) & (texts.hinted[at] & own == 0) & ownish
    elsewhere = ((texts.named[at] | texts.hinted[at]) & ~own & ~other != 0) & ownish
    pays = (says & int(Says.PAYMENT) != 0) & (says & int(Says.CARD | Says.THANKS) != 0)
    pays &= says & int(Says.OUTSIDE) == 0
    mine_said = np.fromiter(
        (sum(word in habits.own_words for word in template.words) for template in texts.templates),
        np.int64,
        len(texts.says),
    )[at]
    uneven_way = pairs.foreign | (pairs.off > 0)
    return _Side(
        points=texts.points[at],
        # Rows that lost a fee or changed currency meet no equal, which teaches nothing against them.
        learned=np.where(uneven_way, np.maximum(learned[at], 0), learned[at]),
        says=says,
        unknown=np.maximum(texts.unknown[at] - mine_said, 0),
        own_words=mine_said > 0,
        named=texts.named[at] & other != 0,
        hinted=hinted,
        elsewhere=elsewhere,
        pays_card=pays,
    )


def _open(side: _Side) -> Flags:
    """Tell where a side has nothing that rules a sure transfer out: wages, purchases, people, refunds."""
    vetoed = (side.says & _VETO != 0) & ~side.named
    return np.asarray(~vetoed & (side.total > -0.3), np.bool_)


def _stranger(side: _Side, kind: Kinds, other: _Side, rare: Flags) -> Flags:
    """Tell where a side names somebody who may be anybody: a friend, a shop, a landlord."""
    known = side.named | side.hinted | (side.says & int(Says.OWN) != 0) | (side.own_words & other.own_words)
    # A card's issuer may have any name where the bill is paid from; on the card itself a name is a shop's.
    bill = side.pays_card & (kind != "credit card") & (other.says & int(Says.PAYMENT | Says.THANKS) != 0)
    bill &= (other.unknown == 0) & (side.says & int(Says.CARD) != 0)
    receipt = rare & other.pays_card & (other.says & int(Says.THANKS) != 0) & (other.unknown == 0)
    thanked = side.pays_card & (side.says & int(Says.THANKS) != 0)
    return np.asarray((side.unknown > 0) & ~known & ~bill & ~receipt & ~thanked, np.bool_)


def _solid(side: _Side, stranger: Flags, lends: Flags) -> Flags:
    """Tell where a side speaks of a transfer between own accounts by itself, or nearly always is one."""
    return np.asarray(((side.points >= _SPEAKS) | lends) & ~stranger | (side.learned >= _USUAL), np.bool_)


def _speaks(side: _Side, other: _Side, stranger: Flags, other_stranger: Flags, rare: Flags) -> Flags:
    """Tell where a side may belong to a sure pair: it speaks of one's own, or says little and nothing contradicts."""
    own = ((side.points >= 0.8) & ~stranger) | side.named | side.hinted
    vouched = other.named | other.hinted | ((other.points >= _SPEAKS) & ~other_stranger)
    usual = (side.learned >= 1.2) & (~stranger | vouched)
    return own | usual | (~stranger & (rare | other.named)) | (other.named & rare)


def _strangers(side: _Side, rare: Flags) -> Numbers:
    """Return what names of people and shops take away where even amounts prove little."""
    names = np.minimum(side.unknown, 2) * ((side.learned < 0.5) & ~side.named & ~side.hinted)
    return np.asarray(names * np.where(rare, 0.3, 0.6), np.float64)


def _purchase_on_card(kind: Kinds, side: _Side) -> Numbers:
    """Return what it takes away that a row on a credit card says nothing of a payment: most of them are purchases."""
    return np.asarray(1.5 * ((kind == "credit card") & (side.total < 0.4)), np.float64)


def _amount_points(ledger: Ledger, pairs: Pairs) -> Numbers:
    """Return what the amount says: uneven ones hardly meet by chance, whole hundreds easily."""
    units = np.abs(ledger.units[pairs.out])
    points = np.select(
        [units % 50_0000 == 0, units % 5_0000 == 0, units % 1_0000 == 0, units < 10_0000], [-0.4, 0.0, 0.6, 0.4], 1.8
    )
    return np.where(pairs.foreign, 2.4 - 0.4 * (units % 50_0000 == 0), points)


def _company(ledger: Ledger, pairs: Pairs, habits: Habits) -> tuple[Integers, Integers]:
    """Return how many other pairs share a row of each, and how many rows of its amount have no partner at all."""
    times = np.bincount(pairs.out, minlength=len(ledger)) + np.bincount(pairs.into, minlength=len(ledger))
    crowd = np.maximum(times[pairs.out], times[pairs.into]) - 1
    amounts, key = np.unique(
        np.abs(ledger.units[pairs.out]) * len(ledger.currencies) + ledger.currency[pairs.out], return_inverse=True
    )
    named = (
        (ledger.currencies[amount % len(ledger.currencies)], amount // len(ledger.currencies))
        for amount in amounts.tolist()
    )
    alone = np.fromiter((habits.alone.get(amount, 0) for amount in named), np.int64, len(amounts))
    return crowd, alone[key]


def _shared_reference(texts: Texts, pairs: Pairs) -> Flags:
    """Tell which pairs have a reference number in common."""
    long = np.fromiter(
        (any(len(number) >= LONG_NUMBER for number in some) for some in texts.numbers), np.bool_, len(texts.numbers)
    )
    out, into = texts.place[pairs.out], texts.place[pairs.into]
    shared = np.zeros(len(pairs), np.bool_)
    for place in np.flatnonzero(long[out] & long[into]).tolist():
        common = texts.numbers[out[place]] & texts.numbers[into[place]]
        shared[place] = bool(common) and bool(references(common))
    return shared
