"""The digest: what is new among a person's insights, by letter, for who asked for it; at most one a day or a week.

Each insight stands in one letter only. It is kept as sent in the transaction that takes the day of the letter; where
the letter could not be sent, both are given back. Amounts and names stand in it for who wants that, else only how many
of which kind there are.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, cast, get_args
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from core import clock
from core.errors import FinTrackError, MailError, NotFoundError, ValidationError
from core.formats import PlainFormats, one_line
from core.identity import Letter, Post, profile, reachable
from core.insights.facts import Kind
from core.insights.feed import InsightEntry, entry_of, shown
from core.insights.wording import told
from core.store import Insight, InsightDigest, Store, User, UserId

log = logging.getLogger(__name__)

Every = Literal["off", "daily", "weekly"]
EVERY: Final[tuple[Every, ...]] = get_args(Every)
HOUR: Final = 7
"""No letter leaves before this hour of the person's day."""
WEEK: Final = 7
LONGEST: Final = 20
"""So many are told of in one letter; the others are only counted."""
_COUNTED: Final[Mapping[Kind, tuple[str, str]]] = {
    "spending_alert": ("A budget is nearly spent.", "{n} budgets are nearly spent."),
    "budget_alert": ("A budget is exceeded.", "{n} budgets are exceeded."),
    "savings_opportunity": (
        "There are several services of one kind.",
        "There are several services of {n} kinds each.",
    ),
    "goal_progress": ("A goal came a good way further.", "{n} goals came a good way further."),
    "goal_behind": ("A goal is behind.", "{n} goals are behind."),
    "anomaly": ("There is an unusual charge.", "There are {n} unusual charges."),
    "price_rise": ("A price rose.", "{n} prices rose."),
    "renewal": ("Something renews soon.", "{n} things renew soon."),
    "bill_due": ("A bill is due.", "{n} bills are due."),
    "income_late": ("An income is late.", "{n} incomes are late."),
    "low_balance": ("A balance will be low.", "{n} balances will be low."),
}
_ENDING: Final = (
    "Open FinTrack and look at Insights: each leads to what to do next. This letter has no link. You chose it under "
    "Settings, Notifications, and can end it there.\n"
)


@dataclass(frozen=True, slots=True)
class Digest:
    """How often a person gets the digest, and whether amounts and names may stand in it."""

    every: Every = "off"
    with_figures: bool = False


def digest_of(store: Store, user: UserId) -> Digest:
    """Return what `user` chose: nothing by letter, unless they said so."""
    with store.read() as session:
        row = session.get(InsightDigest, int(user))
        return Digest() if row is None else Digest(cast("Every", row.every), row.with_figures)


def choose_digest(store: Store, user: UserId, wanted: Digest) -> None:
    """Keep how often `user` wants the digest.

    Raises:
        ValidationError: there is no such choice.
    """
    if wanted.every not in EVERY:
        raise ValidationError("A digest comes daily, weekly or not at all.")
    with store.write() as session:
        session.merge(InsightDigest(user_id=int(user), every=wanted.every, with_figures=wanted.with_figures))


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is told of now, and what to give back when it can't be sent."""

    letter: Letter
    ids: tuple[int, ...]
    before: date | None


def tell_of_insights(store: Store, post: Post) -> int:
    """Send the digests that are due; return how many could not be sent."""
    with store.read() as session:
        people = session.scalars(select(InsightDigest.user_id).where(InsightDigest.every != "off")).all()
    unsent = 0
    for person in people:
        user = UserId(person)
        # What one person's insights or address lead to must not keep the letters of the others back.
        try:
            _tell(store, post, user)
        except NotFoundError:
            continue
        except MailError as failure:
            log.warning("a digest for user %s was not sent: %s", user, failure.sentence)
            unsent += 1
        except FinTrackError as failure:
            log.warning("a digest for user %s was not sent: %s", user, type(failure).__name__)
            unsent += 1
        except Exception:
            log.exception("a digest could not be sent")
            unsent += 1
    return unsent


def _tell(store: Store, post: Post, user: UserId) -> None:
    taken = _take(store, user)
    if taken is None:
        return
    try:
        post.send(taken.letter)
    except Exception:
        _give_back(store, user, taken)
        raise


def _take(store: Store, user: UserId) -> _Taken | None:
    """Take what is new, so that nobody else tells of it; None when no letter is due or nothing is new."""
    who = profile(store, user)
    today = who.today
    with store.write() as session:
        # Held, so that of two processes one tells.
        session.scalar(select(User.id).where(User.id == user).with_for_update())
        chosen = session.get(InsightDigest, int(user))
        to = reachable(session, user)
        if chosen is None or not to.kinds or not _is_due(chosen, today, who.week_start_day, who.time_zone):
            return None
        rows = session.scalars(
            select(Insight)
            .where(shown(user, today), Insight.read_at.is_(None), Insight.mailed_at.is_(None))
            .order_by(Insight.priority.desc(), Insight.day.desc(), Insight.id)
        ).all()
        if not rows:
            return None
        entries = [entry_of(row, today) for row in rows]
        before, chosen.last_day = chosen.last_day, today
        for row in rows:
            row.mailed_at = clock.now()
        letter = Letter(to.email, _subject(len(rows)), _text(entries, PlainFormats(who.locale), chosen))
        return _Taken(letter, tuple(row.id for row in rows), before)


def _is_due(chosen: InsightDigest, today: date, week_start_day: int, zone: str) -> bool:
    if chosen.every == "off" or clock.now().astimezone(ZoneInfo(zone)).hour < HOUR:
        return False
    begun = today if chosen.every == "daily" else today - timedelta(days=(today.weekday() - week_start_day) % WEEK)
    return chosen.last_day is None or chosen.last_day < begun


def _give_back(store: Store, user: UserId, taken: _Taken) -> None:
    with store.write() as session:
        session.execute(
            update(Insight).where(Insight.user_id == user, Insight.id.in_(taken.ids)).values(mailed_at=None)
        )
        session.execute(update(InsightDigest).where(InsightDigest.user_id == user).values(last_day=taken.before))


def _subject(count: int) -> str:
    return "An insight into your money" if count == 1 else f"{count} insights into your money"


def _text(entries: Sequence[InsightEntry], formats: PlainFormats, chosen: InsightDigest) -> str:
    lines = _in_full(entries, formats) if chosen.with_figures else _counted(entries)
    opening = "This is what FinTrack noticed in your money and you have not seen yet:"
    return "\n".join([opening, "", *lines, "", _ENDING])


def _in_full(entries: Sequence[InsightEntry], formats: PlainFormats) -> list[str]:
    lines = []
    for one in entries[:LONGEST]:
        words = told(one.kind, one.facts, formats)
        lines.append(f"- {one_line(words.title)}\n  {one_line(words.sentence)}")
    if len(entries) > LONGEST:
        lines.append(f"- And {len(entries) - LONGEST} more.")
    return lines


def _counted(entries: Sequence[InsightEntry]) -> list[str]:
    # As they come: the most important kind first.
    counts = Counter(one.kind for one in entries)
    return [f"- {(_COUNTED[kind][0] if n == 1 else _COUNTED[kind][1].format(n=n))}" for kind, n in counts.items()]
