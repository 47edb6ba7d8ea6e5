"""The digest by letter: for who asked, at most one a day or a week, each insight once; against a real mail server."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from core import clock
from core.config import Settings
from core.errors import ValidationError
from core.identity import Post, post_for
from core.insights import Digest, choose_digest, digest_of, dismiss, mark_read, mute, snooze, tell_of_insights
from core.insights.digest import _COUNTED
from core.insights.facts import KINDS
from core.planning import set_limit
from core.store import Insight, InsightDigest, User
from tests.core.identity.conftest import Mailbox
from tests.core.insights.noticed import look, only, told_now
from tests.core.planning.money import FOOD, GROCERIES, HOUSING, TRANSPORT, Planner, planner

MAR = date(2026, 3, 1)
SUNDAY = datetime(2026, 3, 15, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def post(smtp: Settings) -> Post:
    return post_for(smtp)


@pytest.fixture
def reader(person: Planner) -> Planner:
    """Return a person with a confirmed address and two budgets in trouble."""
    with person.store.write() as session:
        session.execute(update(User).values(email_verified_at=clock.now()))
    for category, spent in ((FOOD, "-85"), (TRANSPORT, "-120")):
        set_limit(person.store, person.user, category, MAR, Decimal(100))
        person.row(date(2026, 3, 9), spent, GROCERIES if category == FOOD else category)
    look(person)
    return person


def tell(reader: Planner, post: Post, at: datetime) -> int:
    with clock.frozen(at):
        return tell_of_insights(reader.store, post)


def spend(reader: Planner, at: datetime, amount: str = "-50") -> None:
    """Give reason for one insight more: a budget of housing that is exceeded, or worse each time."""
    set_limit(reader.store, reader.user, HOUSING, MAR, Decimal(10))
    reader.row(date(2026, 3, 12), amount, HOUSING)
    with clock.frozen(at):
        look(reader, at.date())


def test_nobody_gets_one_who_did_not_ask(reader: Planner, post: Post, mailbox: Mailbox) -> None:
    assert digest_of(reader.store, reader.user) == Digest("off", with_figures=False)
    assert tell(reader, post, SUNDAY) == 0
    choose_digest(reader.store, reader.user, Digest("daily"))
    choose_digest(reader.store, reader.user, Digest("off"))
    assert tell(reader, post, SUNDAY) == 0
    assert mailbox.letters == []
    with pytest.raises(ValidationError):
        choose_digest(reader.store, reader.user, Digest("hourly"))  # type: ignore[arg-type]


def test_a_daily_one_comes_once_a_day_with_each_insight_once(reader: Planner, post: Post, mailbox: Mailbox) -> None:
    choose_digest(reader.store, reader.user, Digest("daily"))
    for at in (SUNDAY, SUNDAY + timedelta(hours=1), SUNDAY + DAY):
        tell(reader, post, at)
    (letter,) = mailbox.letters
    assert letter["Subject"] == "2 insights into your money"
    spend(reader, SUNDAY + DAY)
    tell(reader, post, SUNDAY + DAY)
    assert mailbox.letters[1]["Subject"] == "An insight into your money"
    # Got worse, it is told of on the screen once more, and in no other letter.
    spend(reader, SUNDAY + DAY, "-70")
    assert not only(reader, "budget_alert", SUNDAY.date() + DAY, HOUSING).read
    tell(reader, post, SUNDAY + 2 * DAY)
    assert len(mailbox.letters) == 2


def test_without_figures_it_names_no_amount_and_no_thing(reader: Planner, post: Post, mailbox: Mailbox) -> None:
    choose_digest(reader.store, reader.user, Digest("daily"))
    tell(reader, post, SUNDAY)
    assert "- A budget is exceeded.\n- A budget is nearly spent.\n" in mailbox.last.replace("\r\n", "\n")
    for word in ("Food", "Transport", "120", "100", "85", "$", "http"):
        assert word not in mailbox.last


def test_with_figures_it_says_all_in_the_persons_formats(reader: Planner, post: Post, mailbox: Mailbox) -> None:
    with reader.store.write() as session:
        session.execute(update(User).values(locale="de_DE"))
    choose_digest(reader.store, reader.user, Digest("daily", with_figures=True))
    tell(reader, post, SUNDAY)
    assert "- Transport is over its budget by 20,00" in mailbox.last
    assert "85,00 $ of 100,00 $" in mailbox.last
    assert mailbox.last.index("Transport") < mailbox.last.index("Food")


@pytest.mark.parametrize(("zone", "hour"), [("America/Los_Angeles", 14), ("UTC", 7), ("Pacific/Auckland", 18)])
def test_none_comes_before_seven_in_the_morning_of_the_persons_day(
    reader: Planner, post: Post, mailbox: Mailbox, zone: str, hour: int
) -> None:
    with reader.store.write() as session:
        session.execute(update(User).values(time_zone=zone))
    choose_digest(reader.store, reader.user, Digest("daily"))
    seven = datetime(2026, 3, 15, hour, tzinfo=UTC)
    tell(reader, post, seven - timedelta(minutes=1))
    assert mailbox.letters == []
    tell(reader, post, seven)
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize(("first", "days"), [(0, 1), (6, 7), (3, 4)])
def test_a_weekly_one_comes_once_in_each_week_of_the_persons(
    reader: Planner, post: Post, mailbox: Mailbox, first: int, days: int
) -> None:
    """On a Sunday: for whom weeks begin on Monday the next begins in a day, on Thursday in four, on Sunday in seven."""
    with reader.store.write() as session:
        session.execute(update(User).values(week_start_day=first))
    choose_digest(reader.store, reader.user, Digest("weekly"))
    tell(reader, post, SUNDAY)
    assert len(mailbox.letters) == 1
    spend(reader, SUNDAY)
    tell(reader, post, SUNDAY + (days - 1) * DAY)
    assert len(mailbox.letters) == 1
    tell(reader, post, SUNDAY + days * DAY)
    assert len(mailbox.letters) == 2


def test_what_was_seen_or_put_away_is_not_in_it(reader: Planner, post: Post, mailbox: Mailbox) -> None:
    choose_digest(reader.store, reader.user, Digest("daily"))
    spend(reader, SUNDAY)
    with clock.frozen(SUNDAY):
        dismiss(reader.store, reader.user, only(reader, "spending_alert").id)
        over = {one.facts["category"]: one.id for one in told_now(reader, "budget_alert")}
        mark_read(reader.store, reader.user, over["Transport"])
        mute(reader.store, reader.user, over["Housing & utilities"], whole_kind=False)
    tell(reader, post, SUNDAY)
    assert mailbox.letters == []
    with clock.frozen(SUNDAY):
        snooze(reader.store, reader.user, over["Transport"], "week")
    tell(reader, post, SUNDAY + 6 * DAY)
    assert mailbox.letters == []
    tell(reader, post, SUNDAY + 7 * DAY)
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize("reached", ["unconfirmed", "demo"])
def test_an_unconfirmed_address_and_a_demo_get_none(
    reader: Planner, post: Post, mailbox: Mailbox, reached: str
) -> None:
    choose_digest(reader.store, reader.user, Digest("daily"))
    with reader.store.write() as session:
        values = {"email_verified_at": None} if reached == "unconfirmed" else {"is_demo": True}
        session.execute(update(User).values(**values))
    tell(reader, post, SUNDAY)
    assert mailbox.letters == []


def test_one_that_could_not_be_sent_is_sent_later_and_once(reader: Planner, post: Post, mailbox: Mailbox) -> None:
    choose_digest(reader.store, reader.user, Digest("daily"))
    mailbox.answer = "451 not now"
    assert tell(reader, post, SUNDAY) == 1
    with reader.store.read() as session:
        assert session.scalars(select(InsightDigest.last_day)).all() == [None]
        assert set(session.scalars(select(Insight.mailed_at))) == {None}
    mailbox.answer = "250 OK"
    assert tell(reader, post, SUNDAY) == 0
    assert tell(reader, post, SUNDAY) == 0
    assert len(mailbox.letters) == 1


def test_what_fails_for_one_person_keeps_nobody_elses_letter_back(
    reader: Planner, post: Post, mailbox: Mailbox
) -> None:
    other = planner(reader.store)
    with reader.store.write() as session:
        session.execute(update(User).where(User.id == other.user).values(email_verified_at=clock.now()))
    set_limit(other.store, other.user, FOOD, MAR, Decimal(100))
    other.row(date(2026, 3, 9), "-85", GROCERIES)
    look(other)
    for one in (reader, other):
        choose_digest(one.store, one.user, Digest("daily"))
    with reader.store.write() as session:
        session.execute(update(Insight).where(Insight.user_id == reader.user).values(facts="no facts"))
    assert tell(reader, post, SUNDAY) == 1
    assert [one["Subject"] for one in mailbox.letters] == ["An insight into your money"]


def test_what_no_post_office_foresaw_is_given_back(reader: Planner, post: Post, mailbox: Mailbox) -> None:
    class Broken:
        outbox = None

        def send(self, _letter: object) -> None:
            raise ZeroDivisionError

    choose_digest(reader.store, reader.user, Digest("daily"))
    assert tell(reader, Broken(), SUNDAY) == 1
    assert tell(reader, post, SUNDAY) == 0
    assert len(mailbox.letters) == 1


def test_a_name_turns_nothing_in_a_letter(reader: Planner, post: Post, mailbox: Mailbox) -> None:
    choose_digest(reader.store, reader.user, Digest("daily", with_figures=True))
    with reader.store.write() as session:
        for row in session.scalars(select(Insight)):
            row.facts = row.facts.replace("Transport", "Trans\\u202e\\u001b[2Jport")
    tell(reader, post, SUNDAY)
    assert "- Trans [2Jport is over its budget" in mailbox.last


def test_what_is_sent_is_kept_as_sent_before_it_leaves(reader: Planner, post: Post) -> None:
    """Whoever looks while the letter is on its way finds it told: nobody gets it twice."""
    seen: list[object] = []

    class Slow:
        outbox = None

        def send(self, _letter: object) -> None:
            with reader.store.read() as session:
                seen.extend(session.scalars(select(InsightDigest.last_day)))
                seen.append(None in set(session.scalars(select(Insight.mailed_at))))

    choose_digest(reader.store, reader.user, Digest("daily"))
    tell(reader, Slow(), SUNDAY)
    assert seen == [SUNDAY.date(), False]


def test_every_kind_can_be_counted() -> None:
    assert set(_COUNTED) == set(KINDS)
    assert all("{n}" in many for _, many in _COUNTED.values())
