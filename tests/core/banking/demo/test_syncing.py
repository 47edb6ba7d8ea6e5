"""Syncing the demo bank day after day ends where reading it anew does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock
from core.banking.demo.household import household
from core.errors import BankGoneError, CursorError
from core.ledger import TransactionRecord, apply_update
from core.store import Balance, Item, Store, Transaction, User, UserId
from tests.core.banking.demo.days import BANK, MET, after, link_on, noon, sync_on
from tests.machine.examples import examples

MAIN = link_on()[0].access_token


def _walk(token: str, days: list[int]) -> dict[str, TransactionRecord]:
    """Sync on each of `days`, holding the bank to its word: nothing comes twice, only what is there changes."""
    kept: dict[str, TransactionRecord] = {}
    cursor = ""
    for day in days:
        update = sync_on(after(day), token, cursor)
        for row in update.added:
            assert row.key not in kept
        for row in update.modified:
            assert kept[str(row.key)] != row
        for key in update.removed:
            gone = kept.pop(key)
            assert gone.pending or key.endswith(":again")
        kept |= {str(row.key): row for row in (*update.added, *update.modified)}
        replaced = {row.pending_key for row in kept.values() if row.pending_key}
        assert not replaced & set(kept)
        cursor = update.next_cursor
    return kept


@settings(max_examples=examples(25), deadline=None)
@given(
    seed=st.integers(1, 5),
    bank=st.integers(0, 2),
    days=st.lists(st.integers(0, 60), unique=True, max_size=25).map(lambda days: [*sorted(days), 60]),
)
def test_any_walk_of_60_days_ends_where_a_fresh_sync_does(seed: int, bank: int, days: list[int]) -> None:
    token = link_on(MET, seed)[bank].access_token
    fresh = sync_on(after(60), token)
    assert _walk(token, days) == {row.key: row for row in fresh.added}
    assert not fresh.modified
    assert not fresh.removed


def test_a_day_later_pendings_post_with_their_link_and_tips_change_the_amount() -> None:
    before: dict[str, TransactionRecord] = {}
    linked = changed = pumped = 0
    cursor = ""
    for day in range(31):
        update = sync_on(after(day), MAIN, cursor)
        for row in update.added:
            if row.pending_key in before:
                pending = before[row.pending_key]
                assert row.pending_key in update.removed
                assert (pending.pending, row.pending) == (True, False)
                assert (row.account_key, row.merchant_name or pending.merchant_name) == (
                    pending.account_key,
                    pending.merchant_name,
                )
                assert row.authorized_date == pending.date <= row.date
                linked += 1
                changed += pending.amount not in {row.amount, -1}
                pumped += row.amount != pending.amount and pending.amount == -1
        before |= {str(row.key): row for row in update.added}
        cursor = update.next_cursor
    assert linked > 50
    assert changed >= 3
    assert pumped >= 1


def test_a_hold_is_released_and_never_posts() -> None:
    first = sync_on(MET, MAIN)
    holds = [row for row in first.added if row.merchant_name == "Lighthouse Inn" and row.amount == -150]
    assert [row.pending for row in holds] == [True]
    later = sync_on(after(5), MAIN, first.next_cursor)
    assert holds[0].key in later.removed
    assert holds[0].key not in {row.pending_key for row in later.added}
    assert not [row for row in sync_on(after(30), MAIN).added if row.amount == -150]


def test_a_merchant_found_out_late_comes_as_a_modified_row() -> None:
    cursor, modified = sync_on(MET, MAIN).next_cursor, []
    for day in range(1, 50):
        update = sync_on(after(day), MAIN, cursor)
        modified += update.modified
        cursor = update.next_cursor
    assert modified
    assert all(row.merchant_name and row.category and not row.pending for row in modified)


def test_the_same_question_gets_the_same_answer_and_the_same_day_has_no_news() -> None:
    first = sync_on(MET, MAIN)
    assert sync_on(MET, MAIN) == first
    news = sync_on(after(3), MAIN, first.next_cursor)
    assert sync_on(after(3), MAIN, first.next_cursor) == news
    assert news.added
    quiet = sync_on(after(3), MAIN, news.next_cursor)
    assert (quiet.added, quiet.modified, quiet.removed) == ((), (), ())
    assert quiet.next_cursor == news.next_cursor
    assert quiet.accounts == news.accounts


def test_another_seed_is_another_life() -> None:
    amounts = [{row.amount for row in sync_on(MET, link_on(MET, seed)[0].access_token).added} for seed in (1, 2)]
    assert amounts[0] != amounts[1]


def test_a_longer_story_begins_with_the_shorter_one() -> None:
    short, long = household(3, MET, MET), household(3, MET, after(200))
    assert long.until > short.until
    known = [entry for entry in long.entries if entry.day <= short.until]
    assert known == [entry for entry in short.entries if entry.day <= short.until]


def test_news_bring_the_balances_of_the_days_since_the_cursor() -> None:
    cursor = sync_on(MET, MAIN).next_cursor
    balances = sync_on(after(2), MAIN, cursor).balances
    assert {balance.day for balance in balances} == {MET, after(1), after(2)}
    assert {balance.account_key for balance in balances} == {"checking", "savings", "card", "mortgage"}


def test_linking_again_keeps_the_item_and_starts_the_story_anew() -> None:
    first, again = link_on(MET), link_on(after(9))
    assert [one.key for one in first] == [one.key for one in again]
    assert len({one.key for one in first}) == 3
    cursor = sync_on(MET, first[0].access_token).next_cursor
    with pytest.raises(CursorError):
        sync_on(after(9), again[0].access_token, cursor)


@pytest.mark.parametrize("cursor", ["x", "demo.1.", "demo.1.1-20260318-harborline.20269999"])
def test_a_foreign_cursor_asks_for_the_whole_history(cursor: str) -> None:
    with pytest.raises(CursorError):
        sync_on(MET, MAIN, cursor)


def test_a_cursor_of_an_older_story_asks_for_the_whole_history(monkeypatch: pytest.MonkeyPatch) -> None:
    cursor = sync_on(MET, MAIN).next_cursor
    monkeypatch.setattr("core.banking.demo.bank.STORY", 99)
    with pytest.raises(CursorError):
        sync_on(MET, MAIN, cursor)


@pytest.mark.parametrize(
    "token", ["", "demo-1", "demo-1-20260318-nobank", "demo-1-20261341-harborline", "access-sandbox-1"]
)
def test_a_foreign_token_is_refused_in_words(token: str) -> None:
    for ask in (BANK.accounts, BANK.remove, lambda text: BANK.changes(text, "")):
        with pytest.raises(BankGoneError, match="does not know this login"):
            ask(token)


def test_the_day_is_that_of_the_persons_zone() -> None:
    with clock.frozen(noon(MET).replace(hour=23)):
        tokens = [BANK.on(clock.today(zone)).link()[0].access_token for zone in ("UTC", "Asia/Tokyo")]
    assert tokens == ["demo-1-20260318-harborline", "demo-1-20260319-harborline"]


def test_a_ledger_fed_day_by_day_holds_what_a_fresh_read_says(store: Store) -> None:
    with store.write() as session:
        person = User(email="demo@example.org", password_hash="!", created_at=clock.now())
        session.add(person)
        session.flush()
        item = Item(user_id=person.id, provider="demo", provider_key="demo-1-harborline", created_at=clock.now())
        session.add(item)
        session.flush()
        user, number = UserId(person.id), item.id
    cursor, posted = "", 0
    for day in (0, 1, 2, 4, 9, 10, 20):
        update = sync_on(after(day), MAIN, cursor)
        with clock.frozen(noon(after(day))):
            counts = apply_update(store, user, number, update, since=cursor, full=not cursor)
        assert counts is not None
        posted += counts.posted
        cursor = update.next_cursor
    fresh = sync_on(after(20), MAIN)
    with store.read() as session:
        living = session.execute(
            select(Transaction.provider_key, Transaction.amount, Transaction.date, Transaction.pending).where(
                Transaction.removed_at.is_(None)
            )
        )
        assert sorted(tuple(row) for row in living) == sorted(
            (str(row.key), row.amount, row.date, row.pending) for row in fresh.added
        )
        latest = session.scalars(select(Balance.current).where(Balance.day == after(20)))
        assert sorted(latest) == sorted(account.current for account in fresh.accounts if account.current is not None)
    assert posted > 10
