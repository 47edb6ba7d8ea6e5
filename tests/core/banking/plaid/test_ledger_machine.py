"""Any course of events at the bank, at the person's hands and on this machine ends in the right ledger.

A state machine drives the stand-in, real syncs over HTTP, the person's edits, kills and restarts against a model:
what the bank holds, which of it the ledger has been told, and what the person wrote. After every sync no row is lost,
doubled or stale and what the person wrote stands where it was written; after every few the cache equals the store.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from hypothesis.strategies import SearchStrategy
from pydantic import SecretStr
from sqlalchemy import event, select

from core.banking import Institution, ItemSync, LinkedItem, keep_item, sync_all, sync_item
from core.cache import verify
from core.config import Settings
from core.ledger import Changes, category_ids, edit_transactions
from core.runtime import Runtime, open_runtime
from core.store import Account, UserId
from tests.core.banking.plaid.ledger_model import Known, Words, kept_rows, last_synced
from tests.core.banking.plaid.mortal import FUSE, Fuse, KilledError, MortalClient, MortalProvider
from tests.core.ledger.household import add_person
from tests.standins.plaid import CLIENT_ID, SECRET, Fault, Item, PlaidStandIn, account, transaction
from tests.standins.plaid.fixture import QUICK

EXAMPLES: Final = 122
STEPS: Final = 100
GOAL: Final = 10_000
"""Steps that one run of this test has to take."""
CACHED_EVERY: Final = 4
"""After so many syncs the cache is held against the store, and at each course's end."""

SYNC: Final = "/transactions/sync"
FIRST_DAY: Final = date(2026, 3, 1)
CATEGORIES: Final = tuple(sorted(set(category_ids().values())))
LOGIN: Final = ("ITEM_LOGIN_REQUIRED", "ITEM_LOCKED", "USER_PERMISSION_REVOKED")
NUMBER: Final = st.integers(0, 999)


def step(**arguments: SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """Mark a rule, and count how often it is followed."""

    def marked(act: Callable[..., None]) -> Any:
        @wraps(act)
        def counted(self: "LedgerMachine", **chosen: Any) -> None:
            type(self).steps += 1
            act(self, **chosen)

        return rule(**arguments)(counted)

    return marked


class LedgerMachine(RuleBasedStateMachine):
    """The bank, the person and the machine, in any order."""

    plaid: ClassVar[PlaidStandIn]
    provider: ClassVar[MortalProvider]
    template: ClassVar[Path]
    user: ClassVar[UserId]
    steps: ClassVar[int] = 0
    syncs: ClassVar[int] = 0
    kills: ClassVar[dict[str, int]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=self.template.parent))
        shutil.copytree(self.template, self.folder, dirs_exist_ok=True)
        self.settings = Settings(fintrack_data_dir=self.folder, fintrack_encrypt=False)
        self.house = self.opened()
        self.items: list[Known] = []
        self.serial = 0
        self.plaid.items.clear()
        self.plaid.faults.clear()
        self.plaid.page_limit = 500

    def opened(self) -> Runtime:
        # The cache is one of the things that are followed here, so it has to lie in a file and outlive a start.
        house = open_runtime(self.settings)
        event.listen(house.store.engine, "commit", FUSE.commit)
        return house

    def restart(self) -> None:
        self.house.close()
        self.house = self.opened()

    def teardown(self) -> None:
        try:
            for known in self.items:
                self.calm(known)
                self.sync_one(known)
            if self.items:
                self.check(*self.items, cached=True)
        finally:
            self.house.close()
            shutil.rmtree(self.folder)

    # What can be chosen.

    def known(self, number: int) -> Known:
        return self.items[number % len(self.items)]

    def row(self, known: Known, number: int, *, pending: bool = False, halved: bool = False) -> str | None:
        keys = [key for key, row in known.bank.rows.items() if row["pending"] or not pending]
        keys = [key for key in keys if halved or key not in known.open_halves]
        return keys[number % len(keys)] if keys else None

    def fresh(self, known: Known, number: int, *, pending: bool) -> dict[str, Any]:
        """Return a transaction of an amount that no other one has: the model need not guess which posted which."""
        self.serial += 1
        holder = known.bank.accounts[number % len(known.bank.accounts)]["account_id"]
        day = FIRST_DAY + timedelta(days=number % 60)
        amount = (self.serial + 0.25) * (-1 if number % 3 == 0 else 1)
        return transaction(holder, amount, day, f"Shop {self.serial}", pending=pending)

    # The bank.

    @initialize()
    def first(self) -> None:
        self.link()

    @precondition(lambda self: len(self.items) < 3)
    @step()
    def link(self) -> None:
        key = f"item-{len(self.items)}"
        checking = account("depository", "checking", current=110.5, name="Checking")
        card = account("credit", "credit card", current=410.25, name="Card")
        bank = self.plaid.items[f"access-{key}"] = Item(key, "ins_1", [checking, card])
        linked = LinkedItem(key, f"access-{key}", Institution("ins_1", f"Bank {key}"))
        number = keep_item(self.house.store, self.house.vault, self.user, "plaid", linked)
        self.items.append(Known(number, bank))

    @step(at=NUMBER, place=NUMBER, pending=st.booleans(), count=st.integers(1, 3))
    def spend(self, at: int, place: int, *, pending: bool, count: int) -> None:
        known = self.known(at)
        for more in range(count):
            known.bank.add(self.fresh(known, place + more, pending=pending))

    @step(at=NUMBER, place=NUMBER, what=st.sampled_from(["amount", "name", "date"]))
    def modify(self, at: int, place: int, what: str) -> None:
        known = self.known(at)
        if (key := self.row(known, place, halved=True)) is not None:
            fresh = self.fresh(known, place + 1, pending=False)
            known.bank.modify(key, **{what: fresh[what]})

    @step(at=NUMBER, place=NUMBER)
    def remove(self, at: int, place: int) -> None:
        known = self.known(at)
        if (key := self.row(known, place)) is not None:
            known.bank.remove(key)

    @step(at=NUMBER, place=NUMBER, tip=st.booleans())
    def post(self, at: int, place: int, *, tip: bool) -> None:
        known = self.known(at)
        if (key := self.row(known, place, pending=True)) is not None:
            known.bank.post(key, **({"amount": self.fresh(known, place, pending=False)["amount"]} if tip else {}))

    @step(at=NUMBER, place=NUMBER)
    def post_without_a_link(self, at: int, place: int) -> None:
        known = self.known(at)
        if (key := self.row(known, place, pending=True)) is not None:
            known.unlinked.append((key, known.bank.post(key, pending_transaction_id=None)))

    @step(at=NUMBER, place=NUMBER, removal_first=st.booleans())
    def post_half(self, at: int, place: int, *, removal_first: bool) -> None:
        known = self.known(at)
        if (key := self.row(known, place, pending=True)) is None:
            return
        row = known.bank.rows[key]
        posted = row | {
            "transaction_id": self.fresh(known, 0, pending=False)["transaction_id"],
            "pending": False,
            "pending_transaction_id": key,
        }
        if removal_first:
            known.bank.remove(key)
            known.halves.append(partial(known.bank.add, posted))
        else:
            new = known.bank.add(posted)
            known.open_halves |= {key, new}
            known.halves.append(lambda: (known.bank.remove(key), known.open_halves.difference_update((key, new))))

    @step(at=NUMBER)
    def post_the_other_half(self, at: int) -> None:
        known = self.known(at)
        if known.halves:
            known.halves.pop(0)()

    @step(at=NUMBER, money=NUMBER)
    def hold(self, at: int, money: int) -> None:
        known = self.known(at)
        known.bank.accounts[money % len(known.bank.accounts)]["balances"]["current"] = money / 4

    @step(at=NUMBER)
    def open_an_account(self, at: int) -> None:
        known = self.known(at)
        if len(known.bank.accounts) < 5:
            known.bank.accounts.append(account("depository", "savings", current=5.5, name="Savings"))
            known.bank.add(self.fresh(known, len(known.bank.accounts) - 1, pending=False))

    @step(at=NUMBER, code=st.sampled_from(LOGIN))
    def break_the_login(self, at: int, code: str) -> None:
        self.known(at).bank.error = code

    @step(at=NUMBER)
    def heal_the_login(self, at: int) -> None:
        self.known(at).bank.error = None

    @step(at=NUMBER, kind=st.sampled_from(["nothing", "last month"]))
    def gather_slowly(self, at: int, kind: str) -> None:
        bank = self.known(at).bank
        bank.not_ready, bank.early = int(kind == "nothing"), int(kind == "last month")

    @step(limit=st.integers(1, 6) | st.just(500))
    def turn_pages(self, limit: int) -> None:
        self.plaid.page_limit = limit

    # The person.

    @step(at=NUMBER, place=NUMBER, what=st.sampled_from(["name", "category", "note", "no category", "no name"]))
    def write(self, at: int, place: int, what: str) -> None:
        known = self.known(at)
        if not known.rows:
            return
        key = list(known.rows)[place % len(known.rows)]
        self.serial += 1
        text, category = f"mine {self.serial}", CATEGORIES[self.serial % len(CATEGORIES)]
        edit = partial(edit_transactions, self.house.store, self.user, [known.ids[key]])
        before = known.words.get(key, Words())
        if what == "name":
            edit(Changes(own_name=text))
            after = before._replace(name=text)
        elif what == "note":
            edit(Changes(note=text))
            after = before._replace(note=text)
        elif what == "category":
            edit(Changes(own_category_id=category))
            after = before._replace(category=category)
        elif what == "no name":
            edit(Changes(own_name=""))
            after = before._replace(name="")
        else:
            edit(Changes(clear_category=True))
            after = before._replace(category=None)
        known.words[key] = after

    # This machine.

    @step(lost=st.sampled_from([False, False, True]))
    def start_again(self, *, lost: bool) -> None:
        self.house.close()
        if lost:
            shutil.rmtree(self.folder / "cache", ignore_errors=True)
        self.house = self.opened()

    def calm(self, known: Known) -> None:
        known.bank.error, known.bank.not_ready, known.bank.early = None, 0, 0
        self.plaid.faults.clear()

    def sync_one(self, known: Known) -> ItemSync:
        house, before = self.house, known.gathering
        result = sync_item(house.store, house.vault, {"plaid": self.provider}, self.user, known.number)
        self.settle(known, result, before)
        return result

    def settle(self, known: Known, result: ItemSync, before: tuple[int, int]) -> None:
        """Take into the model what a sync should have done."""
        type(self).syncs += 1
        if known.bank.error:
            assert (result.error_code, result.ready) == (known.bank.error, False)
            assert result.error
        else:
            kind = known.kind_since(before)
            assert (result.error, result.ready) == ("", kind == "everything")
            known.synced(kind)

    @step(at=NUMBER, how=st.sampled_from(["one", "one", "all", "moving", "lost cursor"]))
    def sync(self, at: int, how: str) -> None:
        known = self.known(at)
        if how == "all":
            self.sync_all()
            return
        if how == "moving":
            self.let_the_bank_move(known, at)
        elif how == "lost cursor" and known.rows:
            self.plaid.fail(SYNC, Fault(code="INVALID_FIELD", message="cursor not associated with access_token"))
        self.sync_one(known)
        self.plaid.faults.clear()
        self.check(known)

    def let_the_bank_move(self, known: Known, place: int) -> None:
        """Let a transaction come between the second page and the first."""
        self.plaid.page_limit = 2
        row = self.fresh(known, place, pending=False)
        if len(known.bank.rows) > 3 and not known.bank.error and not any(known.gathering):
            self.plaid.fail(SYNC, Fault(), Fault(before=lambda: known.bank.add(row)))

    def sync_all(self) -> None:
        house = self.house
        before = {known.number: known.gathering for known in self.items}
        results = sync_all(house.store, house.vault, {"plaid": self.provider}, self.user)
        by_item = {result.item_id: result for result in results}
        assert len(by_item) == len(results) == len(self.items)
        for known in self.items:
            self.settle(known, by_item[known.number], before[known.number])
        self.check(*self.items)

    @step(
        at=NUMBER,
        fuse=st.builds(Fuse, calls=st.integers(0, 1))
        | st.builds(Fuse, commits=st.integers(0, 3))
        | st.just(Fuse(fetched=True)),
    )
    def kill_a_sync(self, at: int, fuse: Fuse) -> None:
        known = self.known(at)
        gathering, before = known.gathering, last_synced(self.house.store, known)
        where = "fetched" if fuse.fetched else f"{'call' if fuse.commits is None else 'commit'}"
        FUSE.calls, FUSE.commits, FUSE.fetched = fuse.calls, fuse.commits, fuse.fetched
        try:
            self.sync_one(known)
        except KilledError:
            type(self).kills[where] = self.kills.get(where, 0) + 1
            if last_synced(self.house.store, known) != before:
                known.synced(known.kind_since(gathering))  # killed after the commit: all of it has to be there
            FUSE.calls, FUSE.commits, FUSE.fetched = None, None, False
            self.restart()
        finally:
            FUSE.calls, FUSE.commits, FUSE.fetched = None, None, False
        self.check(known)

    def check(self, *items: Known, cached: bool = False) -> None:
        for known in items:
            self.check_item(known)
        # The cache is the person's: it is held against the store as a whole, whatever item is asked about. It catches
        # up with one sync or with several, as screens would let it, which also takes half the time of this test.
        if not cached and self.syncs % CACHED_EVERY:
            return
        assert verify(self.house.caches.of(self.user), self.house.store) == []

    def check_item(self, known: Known) -> None:
        kept = kept_rows(self.house.store, known)
        assert len(kept) == len({key for key, _ in kept}), "a row is doubled"
        assert {key: told for key, (told, _, _) in kept} == known.rows
        assert {key: words for key, (_, words, _) in kept} == {key: known.words.get(key, Words()) for key in known.rows}
        for key, (_, _, number) in kept:
            assert known.ids.setdefault(key, number) == number, "a known row was made anew"
        assert len(set(known.ids.values())) == len(known.ids), "two keys share a row"
        with self.house.store.read() as session:
            question = select(Account.provider_key, Account.current).where(Account.item_id == known.number)
            assert dict(session.execute(question).all()) == known.balances


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[type[LedgerMachine]]:
    """Set the stage once: a stand-in without its judge, one client, and a household's folder to copy."""
    template = tmp_path_factory.mktemp("machine") / "template"
    with PlaidStandIn() as bank:
        house = open_runtime(Settings(fintrack_data_dir=template, fintrack_encrypt=False))
        LedgerMachine.user = add_person(house.store)
        house.close()
        keys = Settings(
            fintrack_data_dir=template,
            plaid_client_id=CLIENT_ID,
            plaid_secret=SecretStr(SECRET),
            plaid_base_url=bank.url,
        )
        LedgerMachine.plaid, LedgerMachine.template = bank, template
        LedgerMachine.provider = MortalProvider(MortalClient(keys, QUICK), keys, ready_waits=())
        LedgerMachine.steps = LedgerMachine.syncs = 0
        yield LedgerMachine


@pytest.mark.timeout(900)
def test_ten_thousand_steps_end_in_the_right_ledger(machine: type[LedgerMachine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{machine.steps:,} steps, {machine.syncs:,} syncs, killed at {machine.kills}")
    assert machine.steps >= GOAL
