"""One transaction over several categories: whatever happens, its parts add up to it."""

from collections import defaultdict
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from core.cache import Caches, verify
from core.errors import AmountError, FinTrackError, NotFoundError, ValidationError
from core.ledger import Part, apply_update, list_edits, split_transaction, transaction_detail, undo_edit, unsplit
from core.store import Category, Split, Store, User
from tests.core.ledger.household import Household, add_person, bought, settle, update
from tests.machine.examples import examples

GROCERIES, RENT = 4, 6


def one_purchase(store: Store, amount: str = "-100.00", **more: Any) -> tuple[Household, int]:
    home = settle(store)
    apply_update(store, home.user, home.item, update(bought("t", amount, **more)), since="")
    return home, home.rows()[0].id


def shared(home: Household, row: int) -> list[tuple[Decimal, int | None, str]]:
    return [(one.amount, one.category_id, one.note) for one in transaction_detail(home.store, home.user, row).parts]


def test_parts_are_lines_of_the_cache_and_whole_again_when_undone(store: Store) -> None:
    home, row = one_purchase(store)
    cache = Caches(None, store).of(home.user)
    wanted = [Part(Decimal("-60.10"), GROCERIES), Part(Decimal("-44.90"), RENT, " gift "), Part(Decimal(5))]
    done = split_transaction(store, home.user, row, wanted)
    assert done.sentence == "Split “Corner shop” into 3 parts"
    assert shared(home, row) == [
        (Decimal("-60.10"), GROCERIES, ""),
        (Decimal("-44.90"), RENT, "gift"),
        (Decimal(5), None, ""),
    ]
    lines = cache.ask("verify_transactions", first=row, last=row)
    assert sorted((line[1], line[3], line[6]) for line in lines) == [
        (1, Decimal("-60.10"), GROCERIES),
        (2, Decimal("-44.90"), RENT),
        (3, Decimal(5), None),
    ]
    assert verify(cache, store) == []
    assert split_transaction(store, home.user, row, wanted).edit_id is None
    undo_edit(store, home.user, done.edit_id or 0)
    assert shared(home, row) == []
    assert verify(cache, store) == []


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        (["-100"], "between 2 and 50"),
        (["-2"] * 51, "between 2 and 50"),
        (["-60", "-39.99"], "add up to -99.99"),
        (["-60", "-40", "0"], "of nothing"),
        (["-60.005", "-39.995"], "finer than USD"),
    ],
)
def test_parts_that_are_none_are_refused(store: Store, amounts: list[str], said: str) -> None:
    home, row = one_purchase(store)
    with pytest.raises(ValidationError, match=said):
        split_transaction(store, home.user, row, [Part(Decimal(one)) for one in amounts])
    with pytest.raises(AmountError):
        split_transaction(store, home.user, row, [Part(Decimal("1e13")), Part(Decimal("-1e13") - 100)])
    assert shared(home, row) == []
    assert list_edits(store, home.user) == ()


def test_a_yen_has_no_parts_and_an_odd_amount_keeps_its_decimals(store: Store) -> None:
    home, row = one_purchase(store, "-100", currency="JPY")
    with pytest.raises(ValidationError, match="finer than JPY"):
        split_transaction(store, home.user, row, [Part(Decimal("-50.5")), Part(Decimal("-49.5"))])
    other = settle(store, "bob@example.org")
    apply_update(store, other.user, other.item, update(bought("t", "-0.0125")), since="")
    odd = other.rows()[0].id
    split_transaction(store, other.user, odd, [Part(Decimal("-0.01")), Part(Decimal("-0.0025"))])
    assert len(shared(other, odd)) == 2


def test_strangers_and_their_categories_are_refused(store: Store) -> None:
    home, row = one_purchase(store)
    eve = add_person(store, "eve@example.org")
    with store.write() as session:
        hers = Category(user_id=eve, code="HERS", group="TRAVEL", title="Hers", kind="spending")
        session.add(hers)
        session.flush()
        number = hers.id
    two = [Part(Decimal(-50), number), Part(Decimal(-50))]
    with pytest.raises(NotFoundError):
        split_transaction(store, home.user, row, two)
    with pytest.raises(NotFoundError):
        split_transaction(store, eve, row, [Part(Decimal(-50)), Part(Decimal(-50))])
    with pytest.raises(ValidationError):
        unsplit(store, home.user, row)


def test_the_last_part_takes_what_the_bank_changes_and_the_history_tells(store: Store) -> None:
    home, row = one_purchase(store, "-50.00", pending=True)
    done = split_transaction(store, home.user, row, [Part(Decimal(-30), GROCERIES), Part(Decimal(-20), RENT, "tip")])
    cache = Caches(None, store).of(home.user)
    cache.refresh()
    # The pending one posts with a tip on top.
    posted = bought("p", "-58.00", pending_key="t")
    apply_update(store, home.user, home.item, update(posted, cursor="c2", removed=("t",)), since="c1")
    assert shared(home, row) == [(Decimal(-30), GROCERIES, ""), (Decimal(-28), RENT, "tip")]
    (told,) = [one for one in transaction_detail(store, home.user, row).history if one.field == "split"][1:]
    assert told.source == "bank"
    assert told.before.startswith("-30.00 ")
    assert "-20.00 " in told.before
    assert "-28.00 " in told.after
    assert verify(cache, store) == []
    with pytest.raises(ValidationError, match="changed again since"):
        undo_edit(store, home.user, done.edit_id or 0)
    whole = unsplit(store, home.user, row)
    again = bought("p", "-60.00")
    apply_update(store, home.user, home.item, update(cursor="c3", modified=(again,)), since="c2")
    undo_edit(store, home.user, whole.edit_id or 0)
    assert [one[0] for one in shared(home, row)] == [Decimal(-30), Decimal(-30)]
    assert verify(cache, store) == []


def test_a_removed_one_comes_back_with_its_parts(store: Store) -> None:
    home, row = one_purchase(store)
    split_transaction(store, home.user, row, [Part(Decimal(-30), GROCERIES), Part(Decimal(-70), RENT)])
    cache = Caches(None, store).of(home.user)
    apply_update(store, home.user, home.item, update(cursor="c2", removed=("t",)), since="c1")
    assert cache.ask("count") == [(0,)]
    assert verify(cache, store) == []
    apply_update(store, home.user, home.item, update(bought("t", "-100.00"), cursor="c3"), since="c2")
    assert shared(home, row) == [(Decimal(-30), GROCERIES, ""), (Decimal(-70), RENT, "")]
    assert verify(cache, store) == []


cents = st.integers(-20_000, 20_000).map(lambda number: Decimal(number) / 100)


class Splitting(RuleBasedStateMachine):
    """A purchase that is split, made whole, edited by its bank, removed and brought back, and undone."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        with self.store.read() as session:
            number = len(session.scalars(select(User.id)).all())
        self.home = settle(self.store, f"person{number}@example.org")
        self.cursor = 0
        self.sync(bought("t", "-100.00"))
        self.row = self.home.rows()[0].id

    def sync(self, *rows: Any, **more: Any) -> None:
        since = f"c{self.cursor}" if self.cursor else ""
        self.cursor += 1
        told = update(*rows, cursor=f"c{self.cursor}", **more)
        apply_update(self.store, self.home.user, self.home.item, told, since=since)

    @rule(amounts=st.lists(cents, min_size=1, max_size=4), fits=st.booleans())
    def split(self, amounts: list[Decimal], fits: bool) -> None:  # noqa: FBT001
        rows = self.home.rows()
        rest = rows[0].amount - sum(amounts) if rows and fits else Decimal(7)
        try:
            split_transaction(self.store, self.home.user, self.row, [Part(one) for one in (*amounts, rest)])
        except FinTrackError:
            assert not rows or not rest or Decimal(0) in amounts or not fits

    @rule()
    def unsplit(self) -> None:
        with suppress(FinTrackError):
            unsplit(self.store, self.home.user, self.row)

    @rule(amount=cents)
    def the_bank_says(self, amount: Decimal) -> None:
        self.sync(bought("t", str(amount)))

    @rule()
    def the_bank_removes(self) -> None:
        self.sync(removed=("t",))

    @rule(place=st.integers(0, 20))
    def undo(self, place: int) -> None:
        entries = list_edits(self.store, self.home.user)
        try:
            if entries:
                undo_edit(self.store, self.home.user, entries[place % len(entries)].id)
        except ValidationError:
            pass

    @invariant()
    def parts_add_up(self) -> None:
        sums: dict[int, list[Decimal]] = defaultdict(list)
        with self.store.read() as session:
            for one in session.scalars(select(Split).where(Split.user_id == self.home.user)):
                sums[one.transaction_id].append(one.amount)
        for row in self.home.rows():
            if row.id in sums:
                assert len(sums[row.id]) >= 2
                assert sum(sums[row.id]) == row.amount


def test_parts_always_add_up(store: Store) -> None:
    machine = type("SplittingHere", (Splitting,), {"store": store})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(8),
            stateful_step_count=12,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture],
        ),
    )
