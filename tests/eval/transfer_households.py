"""Made-up households of whom it is known which rows are transfers, each kind hard in its own way.

`python -m tests.eval.transfer_households KIND SEED FOLDER` writes transactions.csv and truth.csv.
"""

import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from tests.eval.transfer_wordings import AMERICAN, GERMAN, MUTE, NAMESAKES, ROMANCE, Sides, Wordings

START: Final = date(2024, 1, 1)
ROUND: Final = (20, 50, 50, 100, 100, 100, 150, 200, 200, 250, 300, 500, 500, 1000)


@dataclass
class Household:
    dice: Random
    words: Wordings
    typed: bool = True
    noise: float = 0.0
    rows: list[list[str]] = field(default_factory=list)
    truth: list[tuple[int, int]] = field(default_factory=list)
    accounts: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    """By key: what the file calls it, its type, its mask, its currency."""

    def open(self, key: str, kind: str, currency: str = "", *, opaque: bool = False) -> None:
        name = f"A{len(self.accounts) + 1}" if opaque else self.words.names.get(key, key.title())
        mask = f"{self.dice.randint(1000, 9999)}"
        self.accounts[key] = name, kind, mask, currency

    def text(self, wordings: tuple[str, ...], other: str = "") -> str:
        name, _, mask, _ = self.accounts.get(other, ("", "", "", ""))
        text = self.dice.choice(wordings)
        text = text.format(
            other=name, mask=mask, ref=self.dice.randint(1000, 99999999), who=self.dice.choice(self.words.people)
        )
        return _noisy(self.dice, text) if self.dice.random() < self.noise else text

    def add(self, account: str, day: int, cents: int, text: str, *, pending: bool = False) -> int:
        name, kind, _, currency = self.accounts[account]
        number = len(self.rows) + 1
        self.rows.append([
            str(number), name, (START + timedelta(day)).isoformat(), f"{cents / 100:.2f}", text, currency,
            kind if self.typed else "", "true" if pending else "",
        ])  # fmt: skip
        return number

    def move(
        self,
        way: tuple[str, str],
        day: int,
        cents: int,
        sides: Sides,
        *,
        arrives: int | None = None,
        late: int = -1,
        pending: bool = False,
    ) -> None:
        """Move between own accounts; `arrives` cents where they are others."""
        late = self.dice.choice((0, 0, 0, 0, 1, 1, 2, 3)) if late < 0 else late
        variant = self.dice.randrange(len(sides[0]))
        out_words = (sides[0][variant],)
        in_words = (sides[1][variant],) if len(sides[0]) == len(sides[1]) else sides[1]
        out = self.add(way[0], day, -cents, self.text(out_words, way[1]), pending=pending)
        into = self.add(
            way[1], day + late, cents if arrives is None else arrives, self.text(in_words, way[0]), pending=pending
        )
        self.truth.append((out, into))


def _noisy(dice: Random, text: str) -> str:
    """Return a text as bad files have it: cut short, letters lost or swapped, vowels dropped, numbers glued on."""
    way = dice.randrange(6)
    if way == 0:
        return text[: max(8, len(text) - dice.randint(3, 12))]
    if way == 1 and len(text) > 4:
        place = dice.randrange(1, len(text) - 1)
        return text[:place] + text[place + 1 :]
    if way == 2 and len(text) > 4:
        place = dice.randrange(1, len(text) - 2)
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if way == 3:
        return " ".join(
            word[0] + "".join(sign for sign in word[1:] if sign not in "aeiouAEIOU") for word in text.split()
        )
    if way == 4:
        return f"{text.upper()} {dice.randint(100000, 999999)} {START + timedelta(dice.randint(0, 700)):%m/%d}"
    return text.upper().replace(" ", dice.choice(("  ", "*", "/", "-")))


def _daily_life(home: Household, days: int, *, shops: float, friends: float, card: str = "card") -> None:
    """Spend, earn and pay rent, with friends who pay whole amounts."""
    dice, words = home.dice, home.words
    for day in range(days):
        for _ in range(_times(dice, shops)):
            cents = dice.choice(
                (dice.randint(150, 15000), dice.randint(150, 15000), dice.choice((499, 999, 1299, 2000, 5000, 10000)))
            )
            home.add(
                card if card in home.accounts and dice.random() < 0.6 else "checking",
                day,
                -cents,
                home.text(words.shops),
            )
        for _ in range(_times(dice, friends)):
            sign = dice.choice((-1, 1))
            home.add(
                dice.choice(("checking", "checking", "savings")),
                day,
                sign * dice.choice(ROUND) * 100,
                home.text(words.friend[sign > 0]),
            )
        if day % 14 == 4:
            home.add("checking", day, dice.choice((231842, 231842, 250000)), home.text(words.wages))
        if day % 30 == 1:
            home.add("checking", day, -dice.choice((50000, 95000, 120000)), home.text(words.rent))
        if dice.random() < 0.06:
            home.add(
                "checking",
                day,
                dice.choice((dice.randint(500, 40000), dice.choice(ROUND) * 100)),
                home.text(words.income),
            )
        if dice.random() < 0.02:
            _paid_back(home, day)


def _paid_back(home: Household, day: int) -> None:
    """A friend, or the employer, pays back to the cent what was spent by another account."""
    dice, cents = home.dice, home.dice.randint(1500, 40000)
    home.add("card" if "card" in home.accounts else "savings", day, -cents, home.text(home.words.shops))
    text = home.text(home.words.friend[1]) if dice.random() < 0.6 else home.text(home.words.income)
    home.add("checking", day + dice.randint(0, 4), cents, text)


def _times(dice: Random, rate: float) -> int:
    return int(rate) + (dice.random() < rate % 1)


def _own_life(home: Household, days: int, *, save: float = 0.06) -> None:
    """Save, pay the card and the loan, and move money as people do."""
    dice, words = home.dice, home.words
    saving = dice.choice((10000, 20000, 25000, 50000))
    for day in range(days):
        if day % 30 == 3:
            home.move(("checking", "savings"), day, saving, words.own)
        if day % 30 == 17 and "card" in home.accounts:
            home.move(("checking", "card"), day, dice.randint(20000, 250000), words.card)
        if day % 30 == 21 and "loan" in home.accounts:
            home.move(("checking", "loan"), day, 84213, words.loan)
        if dice.random() < save:
            way = dice.choice(
                (("checking", "savings"), ("savings", "checking"), ("checking", "joint"), ("joint", "savings"))
            )
            if way[0] in home.accounts and way[1] in home.accounts:
                home.move(way, day, dice.choice((dice.choice(ROUND) * 100, dice.randint(1000, 200000))), words.own)


def _household(
    dice: Random, words: Wordings, keys: str, *, typed: bool, noise: float = 0.0, opaque: bool = False
) -> Household:
    home = Household(dice, words, typed, noise)
    kinds = {"checking": "checking", "savings": "savings", "card": "credit card", "loan": "loan", "joint": "checking"}
    for key in keys.split():
        home.open(key, kinds[key], opaque=opaque)
    return home


def plain(
    dice: Random, words: Wordings = AMERICAN, *, typed: bool = True, noise: float = 0.0, opaque: bool = False
) -> Household:
    home = _household(dice, words, "checking savings card loan joint", typed=typed, noise=noise, opaque=opaque)
    _daily_life(home, 720, shops=2.2, friends=0.15)
    _own_life(home, 720)
    return home


def rounds(dice: Random) -> Household:
    """Many equal round amounts, with outside payments of the very same amount on the same days."""
    home = _household(dice, dice.choice((AMERICAN, GERMAN)), "checking savings joint card", typed=dice.random() < 0.5)
    _daily_life(home, 500, shops=1.0, friends=0.7)
    _own_life(home, 500, save=0.25)
    for day in range(2, 500, 9):
        cents = dice.choice((50000, 10000, 20000))
        home.add("checking", day, -cents, home.text(home.words.rent))
        home.add(
            dice.choice(("savings", "joint")), day + dice.choice((0, 0, 1)), cents, home.text(home.words.friend[1])
        )
    return home


def chains(dice: Random) -> Household:
    home = _household(dice, dice.choice((AMERICAN, GERMAN, ROMANCE)), "checking savings joint", typed=False)
    _daily_life(home, 500, shops=1.5, friends=0.2)
    for day in range(0, 500, 6):
        cents = dice.choice((dice.choice(ROUND) * 100, dice.randint(1000, 99999)))
        path = ["checking", "joint", "savings"]
        dice.shuffle(path)
        home.move((path[0], path[1]), day, cents, home.words.own, late=dice.choice((0, 0, 1)))
        home.move((path[1], path[2]), day + dice.choice((0, 1, 2)), cents, home.words.own, late=dice.choice((0, 0, 1)))
    return home


def abroad(dice: Random) -> Household:
    """Fees and exchanges, without the rates being told."""
    home = Household(dice, AMERICAN, typed=True)
    for key, kind, currency in (
        ("checking", "checking", "USD"),
        ("savings", "savings", "USD"),
        ("euro", "checking", "EUR"),
        ("pound", "savings", "GBP"),
    ):
        home.open(key, kind, currency)
    _daily_life(home, 600, shops=2.0, friends=0.2)
    _own_life(home, 600)
    for day in range(600):
        if dice.random() < 0.4:
            home.add("euro", day, -dice.randint(300, 9000), home.text(GERMAN.shops))
        if dice.random() < 0.04:
            home.add("euro", day, dice.choice(ROUND) * 100, home.text(GERMAN.friend[1]))
        if dice.random() < 0.05:
            rate = {"euro": 0.92 + 0.00003 * day, "pound": 0.79}
            cents, other = (
                dice.choice((dice.choice(ROUND) * 200, dice.randint(5000, 200000))),
                dice.choice(("euro", "pound")),
            )
            arrives = round(cents * rate[other] * dice.uniform(0.975, 1.0))
            wires = (
                ("WIRE TO {other} FX", "Transfer to {other} account", "WISE TRANSFER {ref}"),
                ("WIRE FROM CHECKING", "Transfer from {other}", "WISE TRANSFER {ref}"),
            )
            home.move(("checking", other), day, cents, wires, arrives=arrives)
        if dice.random() < 0.03:
            cents = dice.randint(10000, 300000)
            home.move(
                ("savings", "checking"),
                day,
                cents,
                home.words.own,
                arrives=cents - dice.choice((100, 250, 500, 1500 if cents > 60000 else 300)),
            )
    return home


def waiting(dice: Random) -> Household:
    """The last days are pending, posted and pending sides mixed."""
    home = _household(dice, AMERICAN, "checking savings card", typed=True)
    _daily_life(home, 200, shops=2.5, friends=0.2)
    _own_life(home, 200)
    for day in range(200, 206):
        home.move(("checking", "savings"), day, dice.randint(1000, 90000), home.words.own, pending=True)
        home.move(("checking", "card"), day, dice.randint(1000, 90000), home.words.card, pending=True)
        home.add("card", day, -dice.randint(500, 9000), home.text(home.words.shops), pending=True)
    return home


def unlinked(dice: Random) -> Household:
    """Half of all transfers go to, or come from, accounts that are not in the file, worded alike."""
    out = "ONLINE TRANSFER {ref}", "Transfer out", "XFER DEBIT", "Transfer to savings", "Transfer to linked account"
    into = (
        "ONLINE TRANSFER {ref}",
        "Transfer in",
        "XFER CREDIT",
        "Transfer from checking",
        "Transfer from linked account",
    )
    generic = replace(AMERICAN, own=(out, into))
    home = _household(
        dice, generic, "checking savings joint card", typed=dice.random() < 0.5, opaque=dice.random() < 0.5
    )
    _daily_life(home, 600, shops=2.0, friends=0.2)
    _own_life(home, 600)
    for day in range(600):
        if dice.random() < 0.1:
            sign = dice.choice((-1, 1))
            cents = dice.choice((dice.choice(ROUND) * 100, dice.randint(1000, 200000)))
            home.add(dice.choice(("checking", "savings", "joint")), day, sign * cents, home.text(generic.own[sign > 0]))
    return home


KINDS: Final[dict[str, Callable[[Random], Household]]] = {
    "american": plain,
    "german": lambda dice: plain(dice, GERMAN),
    "rounds": rounds,
    "abroad": abroad,
    "noisy": lambda dice: plain(dice, AMERICAN, typed=False, noise=0.8, opaque=True),
    "chains": chains,
    "waiting": waiting,
    "romance": lambda dice: plain(dice, ROMANCE, typed=False),
    "noisygerman": lambda dice: plain(dice, GERMAN, typed=False, noise=0.6, opaque=True),
    "namesakes": lambda dice: plain(dice, NAMESAKES, typed=False),
    "unlinked": unlinked,
    "mute": lambda dice: plain(dice, MUTE, typed=False, opaque=True),
}


def write(kind: str, seed: int, folder: Path) -> tuple[Path, Path]:
    """Write a household's transactions and truth; return both paths."""
    home = KINDS[kind](Random(f"{kind} {seed}"))
    folder.mkdir(parents=True, exist_ok=True)
    transactions, truth = folder / "transactions.csv", folder / "truth.csv"
    heading = ["id", "account", "date", "amount", "description", "currency", "type", "pending"]
    home.dice.shuffle(home.rows)
    for path, head, rows in ((transactions, heading, home.rows), (truth, ["out_id", "in_id"], home.truth)):
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *rows])
    return transactions, truth


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
