"""What a person's own rows teach: which words belong to transfers, and between which accounts money goes.

Uneven amounts hardly meet by chance. Where rows of a word nearly always meet their equal in another account, the word
speaks of transfers, in whatever language; where they hardly ever do, it speaks of something else. As shares are
compared with the share of all rows, accounts with very many rows, whose amounts do meet by chance, teach little.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

import numpy as np

from core.ledger.pairing.candidates import Pairs
from core.ledger.pairing.rows import Flags, Integers, Ledger, Numbers
from core.ledger.pairing.texts import LONG_NUMBER, Reader, Template, numbers_in
from core.ledger.pairing.vocabulary import Says, word_says

EVEN: Final = 5_0000
"""Amounts that are whole fives are even: they meet by chance."""
SMALL: Final = 10_0000
FEWEST: Final = 4
"""How many rows a word must be in to teach anything."""
SAMPLE: Final = 100_000
PRIOR: Final = 5.0
MOST: Final = 2.5

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Habits:
    """Points for a word in an account (place in `Ledger.accounts`), and pairs seen between two accounts, in order."""

    words: dict[tuple[int, str], float] = field(default_factory=dict)
    wordings: dict[tuple[int, tuple[str, ...]], float] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    """For a word, how many of the rows with it meet their equal."""
    flows: dict[tuple[int, int], int] = field(default_factory=dict)
    alone: dict[tuple[str, int], int] = field(default_factory=dict)
    """For a currency and amount (1/10000, positive), how many rows have no partner, where there are some."""
    numbers: dict[str, int] = field(default_factory=dict)
    """Numbers in texts that name an own account, by its place."""
    own_words: frozenset[str] = frozenset()
    """Words of the person's own: their name, above all."""

    def points(self, account: int, template: Template) -> float:
        """Return what is learned of a wording in an account: positive speaks for a transfer."""
        # Of a text that names somebody only the names count: what "payment" mostly means is not what it means there.
        words = (
            [word for word in template.words if word_says(word) is Says.NOTHING] if template.unknown else template.words
        )
        known = [self.words[account, word] for word in words if (account, word) in self.words]
        whole = self.wordings.get((account, template.words))
        if whole is not None:
            known += [whole] * (1 + len(known))
        return max(-MOST, min(MOST, sum(known) / len(known))) if known else 0.0

    def flow(self, accounts: Ledger, pairs: Pairs) -> Numbers:
        """Return for each pair how many uneven amounts went its way between its accounts."""
        table = np.zeros((len(accounts.accounts), len(accounts.accounts)))
        for way, count in self.flows.items():
            table[way] = count
        return np.asarray(table[accounts.account[pairs.out], accounts.account[pairs.into]], np.float64)


def uneven(ledger: Ledger) -> Flags:
    """Tell which rows have amounts that hardly meet by chance."""
    size = np.abs(ledger.units)
    return np.asarray((size % EVEN != 0) & (size >= SMALL), np.bool_)


def learn(ledger: Ledger, pairs: Pairs, reader: Reader) -> Habits:
    """Return what the candidates of equal amounts teach of words."""
    odd = uneven(ledger)
    near = pairs.only((np.abs(ledger.day[pairs.out] - ledger.day[pairs.into]) <= 3) & odd[pairs.out])
    met = np.zeros(len(ledger), np.bool_)
    met[near.out] = met[near.into] = True
    rows = np.flatnonzero(odd)
    if len(rows) > SAMPLE:
        rows = rows[:: len(rows) // SAMPLE + 1]
    if not len(rows):
        return Habits(alone=_alone(ledger, pairs))
    all_words: Counter[tuple[int, str]] = Counter()
    met_words: Counter[tuple[int, str]] = Counter()
    all_wordings: Counter[tuple[int, tuple[str, ...]]] = Counter()
    met_wordings: Counter[tuple[int, tuple[str, ...]]] = Counter()
    for row, account, meets in zip(rows.tolist(), ledger.account[rows].tolist(), met[rows].tolist(), strict=True):
        words = reader.template(row).words
        telling = [(account, word) for word in words if word_says(word) is not Says.PLAIN]
        all_wordings[account, words] += 1
        all_words.update(telling)
        if meets:
            met_wordings[account, words] += 1
            met_words.update(telling)
    usual = (float(met[rows].sum()) + 0.5) / (len(rows) + 1)
    return Habits(
        _lifts(all_words, met_words, usual),
        _lifts(all_wordings, met_wordings, usual),
        shares=_shares(all_words, met_words),
        alone=_alone(ledger, pairs),
    )


def _alone(ledger: Ledger, pairs: Pairs) -> dict[tuple[str, int], int]:
    partnered = np.zeros(len(ledger), np.bool_)
    partnered[pairs.out] = partnered[pairs.into] = True
    rows = np.flatnonzero(~partnered)
    amounts, counts = np.unique(
        np.abs(ledger.units[rows]) * len(ledger.currencies) + ledger.currency[rows], return_counts=True
    )
    often = counts > 1
    return {
        (ledger.currencies[amount % len(ledger.currencies)], amount // len(ledger.currencies)): count
        for amount, count in zip(amounts[often].tolist(), counts[often].tolist(), strict=True)
    }


def refine(ledger: Ledger, found: Pairs, able: Flags, reader: Reader, habits: Habits) -> Habits:
    """Return what pairs that are clear teach besides: ways, numbers of accounts, the person's own words.

    `able` are those that could be sure; the person's name is learned from the others too, which wait for it.
    """
    near = (np.abs(ledger.day[found.out] - ledger.day[found.into]) <= 3) & (found.off == 0)
    odd = near & uneven(ledger)[found.out]
    seeds = found.only(odd & able)
    ways = Counter(zip(ledger.account[seeds.out].tolist(), ledger.account[seeds.into].tolist(), strict=True))
    return replace(
        habits,
        flows=dict(ways),
        numbers=_account_numbers(ledger, found.only(near & able), reader),
        own_words=_own_words(found.only(odd), reader, habits.shares),
    )


def _account_numbers(ledger: Ledger, seeds: Pairs, reader: Reader) -> dict[str, int]:
    """Return the short numbers that, wherever rows with them meet their equal, speak of one and the same account."""
    met: dict[str, Counter[int]] = defaultdict(Counter)
    ends = zip(
        [*seeds.out.tolist(), *seeds.into.tolist()], ledger.account[np.concatenate([seeds.into, seeds.out])].tolist(),
        strict=True,
    )  # fmt: skip
    for row, other in ends:
        if reader.template(row).points >= 1:
            for number in numbers_in(ledger.text[row]):
                if len(number) < LONG_NUMBER:
                    met[number][other] += 1
    names = {}
    for number, others in met.items():
        (place, count), *_ = others.most_common(1)
        if count >= 2 and count >= 0.8 * others.total():
            names[number] = place
    return names


def _own_words(seeds: Pairs, reader: Reader, shares: Mapping[str, float]) -> frozenset[str]:
    """Return the words, no bank's, that both sides of transfers say, and that other rows hardly do."""
    shared: Counter[str] = Counter()
    for out, into in zip(seeds.out.tolist(), seeds.into.tolist(), strict=True):
        words = set(reader.template(out).words) & set(reader.template(into).words)
        shared.update(word for word in words if word_says(word) is Says.NOTHING)
    return frozenset(word for word, count in shared.items() if count >= FEWEST and shares.get(word, 0) >= 0.5)


def _shares(everywhere: Counter[tuple[int, str]], met: Counter[tuple[int, str]]) -> dict[str, float]:
    """Return for each word, whatever the account, how many of its rows meet their equal."""
    rows, partnered = Counter[str](), Counter[str]()
    for (_, word), count in everywhere.items():
        rows[word] += count
    for (_, word), count in met.items():
        partnered[word] += count
    return {word: partnered[word] / count for word, count in rows.items() if count >= FEWEST}


def _lifts(everywhere: Counter[Key], met: Counter[Key], usual: float) -> dict[Key, float]:
    """Return by how much the odds of meeting are above the usual, in natural logarithms, drawn towards the usual."""
    base = np.log(usual / (1 - usual))
    lifts = {}
    for key, count in everywhere.items():
        if count >= FEWEST:
            share = (met[key] + PRIOR * usual) / (count + PRIOR)
            lifts[key] = max(-MOST, min(MOST, float(np.log(share / (1 - share)) - base)))
    return lifts


def learned_points(ledger: Ledger, rows: Integers, reader: Reader, habits: Habits) -> Numbers:
    """Return for each of `rows` what is learned of its wording in its account."""
    known: dict[tuple[int, tuple[str, ...]], float] = {}
    points = np.zeros(len(rows))
    for place, (row, account) in enumerate(zip(rows.tolist(), ledger.account[rows].tolist(), strict=True)):
        template = reader.template(row)
        key = account, template.words
        if key not in known:
            known[key] = habits.points(account, template)
        points[place] = known[key]
    return points
