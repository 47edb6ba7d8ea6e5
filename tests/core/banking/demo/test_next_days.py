"""The first three days after linking show a person every change that a bank can bring."""

from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.banking.demo import DemoBank
from core.ledger import SyncUpdate, TransactionRecord
from tests.core.banking.demo.days import after
from tests.machine.examples import examples

DAYS = 3


class Followed:
    """The three banks followed from the day of linking on, a day at a time."""

    def __init__(self, met: date, seed: int = 1) -> None:
        """Link on `met`."""
        self.day = met
        self.tokens = [linked.access_token for linked in DemoBank(met).link(seed)]
        self.cursors = [""] * len(self.tokens)
        self.rows: dict[str, TransactionRecord] = {}
        self.balances: dict[tuple[str, date], object] = {}
        self.sync()

    def sync(self) -> list[SyncUpdate]:
        """Sync every bank, keep what it says, return it."""
        updates = []
        for place, token in enumerate(self.tokens):
            update = DemoBank(self.day).changes(token, self.cursors[place])
            self.cursors[place] = update.next_cursor
            for key in update.removed:
                del self.rows[key]
            self.rows |= {str(row.key): row for row in (*update.added, *update.modified)}
            self.balances |= {(one.account_key, one.day): one.current for one in update.balances}
            updates.append(update)
        return updates

    def next_day(self) -> tuple[set[str], int]:
        """Let a day pass; return what it brought, by kind, and how many rows came."""
        before, brought, new = dict(self.rows), set(), 0
        self.day += timedelta(days=1)
        for update in self.sync():
            posted = [row for row in update.added if row.pending_key in before]
            brought |= {"posted otherwise" for row in posted if before[str(row.pending_key)].amount != row.amount}
            replaced = {row.pending_key for row in posted}
            brought |= {
                "hold released" if before[key].pending else "taken back"
                for key in update.removed
                if key not in replaced
            }
            brought |= {
                "put right" for row in update.modified if not row.pending and before[str(row.key)].amount != row.amount
            }
            new += len(update.added) - len(posted)
        return brought | ({"new"} if new else set()), new


@settings(max_examples=examples(12), deadline=None)
@given(met=st.dates(date(2024, 1, 1), date(2032, 12, 31)), seed=st.integers(1, 9))
@example(met=date(2026, 7, 6), seed=1)
@example(met=date(2026, 7, 19), seed=1)
@example(met=date(2028, 2, 29), seed=1)
@example(met=date(2026, 12, 31), seed=1)
@example(met=date(2026, 11, 20), seed=1)
@example(met=date(2026, 11, 21), seed=1)
@example(met=date(2026, 11, 22), seed=1)
def test_three_days_bring_every_kind_of_change_whenever_the_household_is_met(met: date, seed: int) -> None:
    story = Followed(met, seed)
    brought: set[str] = set()
    for _ in range(DAYS):
        brought |= story.next_day()[0]
    assert brought == {"new", "posted otherwise", "hold released", "taken back", "put right"}


def test_every_next_day_has_news_for_months() -> None:
    story = Followed(after(0))
    kinds = [story.next_day() for _ in range(100)]
    assert all(new for _, new in kinds)
    seen = [brought for brought, _ in kinds[DAYS:]]
    assert sum("posted otherwise" in one for one in seen) > 10
    assert sum("hold released" in one for one in seen) >= 1
    assert sum("taken back" in one or "put right" in one for one in seen) >= 1


@settings(max_examples=examples(4), deadline=None)
@given(met=st.dates(date(2024, 1, 1), date(2030, 12, 31)), days=st.integers(1, 12))
def test_what_the_bank_mends_is_mended_in_the_balances_of_earlier_days_too(met: date, days: int) -> None:
    story = Followed(met)
    for _ in range(days):
        story.next_day()
    fresh = {
        (one.account_key, one.day): one.current
        for token in story.tokens
        for one in DemoBank(story.day).changes(token, "").balances
    }
    assert story.balances == fresh


@given(back=st.integers(1, 40))
@settings(max_examples=examples(4), deadline=None)
def test_a_person_who_moves_to_an_earlier_time_zone_is_not_taken_back(back: int) -> None:
    token = DemoBank(after(0)).link()[0].access_token
    first = DemoBank(after(0)).changes(token, "")
    again = DemoBank(after(-back)).changes(token, first.next_cursor)
    assert (again.added, again.modified, again.removed) == ((), (), ())
    assert again.next_cursor == first.next_cursor
    assert again.accounts == first.accounts
