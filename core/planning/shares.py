"""How an income is shared between needs, wants and savings: 50, 30 and 20 per cent, or what a person wants."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from statistics import median
from typing import Final, Literal

from core.cache import UserCache, home_currency
from core.errors import ValidationError
from core.ledger import list_categories
from core.money import minor_digits
from core.planning.limits import Limits, read_limits
from core.planning.months import PlanMonth, month_of
from core.planning.planners import person_of
from core.planning.spending import NOTHING, Families, MonthSums, families, month_sums
from core.store import Store, UserId

MONTHS: Final = 3
"""Full months that tell what is usual."""

Basis = Literal["usual", "month"]
"""usual: the median income of the last full months; month: the income of the month that is looked at."""
Part = Literal["need", "want", "saving"]
PARTS: Final[tuple[Part, ...]] = ("need", "want", "saving")


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of an income in whole per cent.

    Raises:
        ValidationError: one is negative, or they don't add up to 100.
    """

    need: int = 50
    want: int = 30
    saving: int = 20

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        parts = (self.need, self.want, self.saving)
        if min(parts) < 0 or sum(parts) != 100:
            raise ValidationError("The shares have to add up to 100 per cent.", "Change one of them.")

    @classmethod
    def split(cls, first: int, second: int) -> "Shares":
        """Return the shares that two cuts through the hundred make: needs end at `first`, wants at `second`."""
        return cls(first, second - first, 100 - second)

    def of(self, part: Part) -> int:
        """Return the share of one part."""
        return {"need": self.need, "want": self.want, "saving": self.saving}[part]


def kept_shares(store: Store, user: UserId) -> Shares:
    """Return the shares that `user` wants.

    Raises:
        NotFoundError: the user is gone.
    """
    with store.read() as session:
        row = person_of(session, user)
        return Shares(row.need_share, row.want_share, 100 - row.need_share - row.want_share)


def keep_shares(store: Store, user: UserId, shares: Shares) -> None:
    """Keep the shares that `user` wants from now on.

    Raises:
        NotFoundError: the user is gone.
    """
    with store.write() as session:
        row = person_of(session, user)
        row.need_share, row.want_share = shares.need, shares.want


@dataclass(frozen=True, slots=True)
class SharePart:
    """One part of the income beside its share; amounts positive, saved is negative when more was spent than came in."""

    part: Part
    share: int
    target: Decimal
    """The share of the income."""
    spent: Decimal
    """In the month looked at; of savings, what was not spent."""
    usual: Decimal
    """A month, on average of the last full months."""


@dataclass(frozen=True, slots=True)
class SharedLimit:
    """A budget as the shares would have it: `before` is the limit of now, `after` the one to be; None is no budget."""

    category_id: int
    title: str
    group: str
    part: Part | None
    usual: Decimal
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class SharedIncome:
    """The income of a person in three parts."""

    month: PlanMonth
    currency: str
    income: Decimal
    """What the shares are taken of."""
    months: int
    """Of how many full months it is the median; 0 when it is that of the month looked at."""
    parts: tuple[SharePart, ...]
    other: Decimal
    """Spent in the month on what is neither a need nor a want: uncategorised, or of a category that says nothing."""
    limits: tuple[SharedLimit, ...]
    """What budgets would be made of it."""

    @property
    def amounts(self) -> Mapping[int, Decimal | None]:
        """Return the limits as they are to be set, by category."""
        return {one.category_id: one.after for one in self.limits if one.after != one.before}


def shared_income(
    store: Store,
    user: UserId,
    cache: UserCache,
    month: PlanMonth,
    today: date,
    shares: Shares,
    basis: Basis = "usual",
) -> SharedIncome:
    """Return the income of a person's month in three parts, and the budgets that would share it like that.

    Budgets are spread over the categories in proportion to the last three full months. Savings get none: they are
    what is not spent.
    """
    known = families(list_categories(store, user))
    limits = read_limits(store, user).without(known.merged)
    asked, now = month, month_of(today, month.first.day)
    end = min(asked, now, key=lambda one: one.start).moved(-1)
    first = end.moved(1 - MONTHS)
    with cache.answering() as answer:
        currency = home_currency(answer)
        sums = month_sums(answer, first, asked, currency)
    begun = min(sums, default=asked.start)
    past = [sums.get(one.start, MonthSums()) for one in map(first.moved, range(MONTHS)) if one.start >= begun]
    mine = sums.get(asked.start, MonthSums())
    digits = minor_digits(currency)
    income = mine.income if basis == "month" else _cents(median([one.income for one in past] or [NOTHING]), digits)
    needs = {one.id: one.need for one in known.entries.values()}
    parts = []
    for part in PARTS:
        share = shares.of(part)
        usual = sum((_part(one, part, needs) for one in past), NOTHING) / max(len(past), 1)
        target = _cents(income * share / 100, digits)
        parts.append(SharePart(part, share, target, _part(mine, part, needs), _cents(usual, digits)))
    other = mine.total - _part(mine, "need", needs) - _part(mine, "want", needs)
    usual_by_category = _usual(past, digits)
    rows = _spread(known, limits, asked, {one.part: one.target for one in parts}, usual_by_category)
    return SharedIncome(
        asked, currency, income, len(past) if basis == "usual" else 0, tuple(parts), other, rows if income > 0 else ()
    )


def spread(total: Decimal, weights: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Return `total`, rounded down to whole units, in whole units by weight; together they are exactly that.

    What rounding leaves goes to those that lost most by it (the largest remainder method).
    """
    whole = int(total.to_integral_value(ROUND_FLOOR))
    heavy = {key: weight for key, weight in weights.items() if weight > 0}
    everything = sum(heavy.values(), NOTHING)
    if whole <= 0 or not everything:
        return {}
    exact = {key: whole * weight / everything for key, weight in heavy.items()}
    parts = {key: int(one) for key, one in exact.items()}
    most_lost = sorted(parts, key=lambda key: (parts[key] - exact[key], key))
    for key in most_lost[: whole - sum(parts.values())]:
        parts[key] += 1
    return {key: Decimal(one) for key, one in parts.items()}


def _cents(amount: Decimal, digits: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-digits))


def _part(sums: MonthSums, part: Part, needs: Mapping[int, str]) -> Decimal:
    if part == "saving":
        return sums.income - sums.total
    return sum((spent for one, spent in sums.spent.items() if one is not None and needs.get(one) == part), NOTHING)


def _usual(past: list[MonthSums], digits: int) -> dict[int, Decimal]:
    """Return what was spent on each category a month."""
    categories = {one for sums in past for one in sums.spent if one is not None}
    return {
        one: _cents(sum((sums.spent.get(one, NOTHING) for sums in past), NOTHING) / len(past), digits)
        for one in sorted(categories)
    }


def _spread(
    known: Families, limits: Limits, month: PlanMonth, targets: Mapping[Part, Decimal], usual: Mapping[int, Decimal]
) -> tuple[SharedLimit, ...]:
    weights = _weights(known, usual)
    after: dict[int, Decimal] = {}
    part_of: dict[int, Part] = {}
    for part in ("need", "want"):
        mine = {one: weight for one, (need, weight) in weights.items() if need == part}
        after |= spread(targets[part], mine)
        part_of |= dict.fromkeys(mine, part)
    rows = []
    # A budget that is in neither part ends: it would take a share twice.
    for category in {*after, *limits.categories(month.start)}:
        entry, held = known.entries.get(category), limits.at(category, month.start)
        if entry is None:
            continue
        primary = known.entries.get(known.primary_of(category), entry)
        rows.append(
            SharedLimit(
                category,
                entry.title,
                "" if primary.id == category else primary.title,
                part_of.get(category),
                weights[category][1] if category in weights else NOTHING,
                held.amount if held else None,
                after.get(category),
            )
        )
    order = {"need": 0, "want": 1}
    return tuple(sorted(rows, key=lambda one: (order.get(one.part or "", 2), -(one.after or NOTHING), one.title)))


def _weights(known: Families, usual: Mapping[int, Decimal]) -> dict[int, tuple[Part, Decimal]]:
    """Return what budgets are made of: a group as a whole when all its spending is of one part, else its categories."""
    groups: dict[int, dict[int, Decimal]] = {}
    for category, spent in usual.items():
        entry = known.entries.get(category)
        if entry is not None and entry.kind == "spending" and entry.need in {"need", "want"}:
            groups.setdefault(known.primary_of(category), {})[category] = spent
    weights: dict[int, tuple[Part, Decimal]] = {}
    for group, members in groups.items():
        parts = {one: _need_or_want(known.entries[one].need) for one in members}
        if len(set(parts.values())) == 1:
            weights[group] = (next(iter(parts.values())), sum(members.values(), NOTHING))
        else:
            weights |= {one: (parts[one], spent) for one, spent in members.items()}
    return weights


def _need_or_want(need: str) -> Part:
    return "need" if need == "need" else "want"
