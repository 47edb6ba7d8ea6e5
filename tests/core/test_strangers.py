"""Every service that takes the id of something, called by somebody whose it is not: nothing is told, nothing changes.

The services are found by their parameters, not listed: one with a parameter that this file does not know fails it.
"""

import datetime as dt
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pytest
from sqlalchemy import select

import core.analytics
import core.banking
import core.demo
import core.identity
import core.insights
import core.ledger
import core.planning
from core import clock
from core.analytics import list_queries, remember_query, save_view
from core.banking import accept, begin_visit, compare, link_demo, list_reconciliations, providers_for
from core.cache import Caches
from core.config import Settings
from core.errors import FinTrackError
from core.identity import Operator, add_user, start_session
from core.importing import look_at_file, take_in
from core.insights import generate
from core.ledger import (
    Actions,
    Changes,
    Conditions,
    NewAccount,
    Part,
    add_rule,
    create_account,
    edit_transactions,
    list_imports,
    save_filter,
)
from core.planning import GoalWish, add_goal, choose, contribute, set_limit
from core.store import Account, Base, Insight, Item, LinkSession, Store, Transaction, UserId
from core.store import Session as SignedInSession
from core.vault import Keys, Vault

PASSWORD: Final = "correct horse battery staple"
RECURRING: Final = "0123456789abcdef" * 2
DAY: Final = dt.date(2026, 1, 31)
FOOD: Final = 8
IDS: Final = {
    "account_id",
    "accounts",
    "batch_id",
    "edit_id",
    "filter_id",
    "ids",
    "contribution_id",
    "insight_id",
    "goal_id",
    "item_id",
    "key",
    "only",
    "reconciliation_id",
    "session_id",
    "query_id",
    "rule_id",
    "view_id",
    "transaction_id",
    "visit_id",
}
"""Parameters that name something that somebody owns."""
GIVEN: Final[dict[str, Any]] = {
    "amount": Decimal(1),
    "actions": Actions(name="taken over"),
    "conditions": Conditions(direction="out"),
    "enabled": False,
    "name": "taken over",
    "past": True,
    "position": 1,
    "sample": 50,
    "changes": Changes(note="taken over"),
    "closed": True,
    "current": Decimal(1),
    "day": DAY,
    "days": [DAY],
    "difference": Decimal(0),
    "ended": True,
    "even_unrevoked": True,
    "full": True,
    "hidden": True,
    "history": "delete",
    "limit": 50,
    "nickname": "taken over",
    "parts": [Part(Decimal(1)), Part(Decimal(-1))],
    "progress": lambda _: None,
    "provider": "demo",
    "purpose": "mend",
    "records": [],
    "schedule": "off",
    "since": None,
    "source": "typed",
    "span": "week",
    "state": "ignored",
    "stated": Decimal(1),
    "trigger": "person",
    "whole": True,
    "whole_kind": True,
    "wish": GoalWish("taken over", Decimal(1), "USD"),
}
NOT_ASKED_BY_PEOPLE: Final = {
    "apply_update": "sync writes with it what the provider tells of an item that it opened as its owner's",
    "write_accounts": "the same",
    "replace_debts": "the same",
    "replace_holdings": "the same",
    "own_account": "other services look an account up by it as their person's, in a session of theirs",
}
"""Services that only other services call, with ids that those have looked up as their person's."""


def services() -> list[Callable[..., Any]]:
    """Return every service that takes who asks and the id of something."""
    found = {}
    rooms = (core.analytics, core.banking, core.demo, core.identity, core.insights, core.ledger, core.planning)
    for room in rooms:
        for name in dir(room):
            one = getattr(room, name)
            if inspect.isfunction(one) and not name.startswith("_") and name not in NOT_ASKED_BY_PEOPLE:
                named = set(inspect.signature(one).parameters)
                if named & {"user", "asker"} and named & IDS:
                    found[name] = one
    return [found[name] for name in sorted(found)]


@dataclass(frozen=True)
class Street:
    """Two households, and one thing of each kind that the second one owns."""

    store: Store
    vault: Vault
    stranger: UserId
    owner: UserId
    theirs: dict[str, Any]

    def kept(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of the owner's, table by table, as the driver gives them."""
        with self.store.read() as session:
            return {
                table.name: [
                    tuple(row)
                    for row in session.connection().exec_driver_sql(
                        f"SELECT * FROM {table.name} WHERE user_id = {self.owner} "
                        f"ORDER BY {', '.join(column.name for column in table.primary_key)}"
                    )
                ]
                for table in Base.metadata.sorted_tables
                if "user_id" in table.c
            }


@pytest.fixture
def street(store: Store, quick_hashes: None) -> Street:
    vault = Vault(Keys.made())
    stranger, owner = (add_user(store, vault, f"{name}@example.org", PASSWORD) for name in ("mallory", "alice"))
    link_demo(store, vault, owner)
    by_hand = create_account(store, owner, NewAccount("Tin", "savings", "EUR"))
    compared = compare(store, owner, by_hand, DAY, Decimal(0))
    accept(store, owner, by_hand, DAY, Decimal(0), "typed", compared.difference)
    file = b"Date,Description,Amount,Balance\n2026-02-03,Tea,-2.50,97.50\n2026-02-04,Tea,-2.50,95.00\n"
    take_in(store, owner, look_at_file(store, owner, file, "tin.csv", account="File", currency="EUR"))
    begin_visit(store, vault, providers_for(Settings()), Operator(owner), "demo")
    start_session(store, owner)
    goal = add_goal(store, owner, GoalWish("Tin", Decimal(100), "EUR"))
    given = contribute(store, owner, goal, Decimal(5), DAY)
    choose(store, owner, RECURRING, state="confirmed", name="Tin of coffee")
    set_limit(store, owner, FOOD, DAY, Decimal(1))
    caches = Caches(None, store)
    generate(store, owner, caches.of(owner), clock.today())
    caches.close()
    rule = add_rule(store, owner, "", Conditions(direction="out"), Actions(name="Out"))
    remember_query(store, owner, "SELECT 'Tin'", 1)
    with store.read() as session:
        theirs = {
            "item_id": session.scalars(select(Item.id).where(Item.user_id == owner)).first() or 0,
            "account_id": session.scalars(
                select(Account.id).where(Account.user_id == owner, Account.item_id.is_not(None))
            ).first()
            or 0,
            "transaction_id": session.scalars(select(Transaction.id).where(Transaction.user_id == owner)).first() or 0,
            "visit_id": session.scalars(select(LinkSession.id).where(LinkSession.user_id == owner)).first() or 0,
            "session_id": session.scalars(select(SignedInSession.id).where(SignedInSession.user_id == owner)).first()
            or 0,
            "reconciliation_id": list_reconciliations(store, owner, by_hand)[0].id,
            "batch_id": list_imports(store, owner)[0].id,
            "rule_id": rule,
            "filter_id": save_filter(store, owner, "Tea", "text=tea"),
            "query_id": list_queries(store, owner)[0].id,
            "view_id": save_view(store, owner, "Tin", "rows=tag"),
            "goal_id": goal,
            "insight_id": session.scalars(select(Insight.id).where(Insight.user_id == owner)).first() or 0,
            "contribution_id": given,
            "key": RECURRING,
        }
    done = edit_transactions(store, owner, [theirs["transaction_id"]], Changes(own_name="Tin of tea"))
    theirs["edit_id"] = done.edit_id or 0
    assert all(theirs.values())
    return Street(store, vault, stranger, owner, theirs)


def called(street: Street, service: Callable[..., Any], who: UserId) -> object:
    """Call a service as `who` with the owner's ids; return what it says, or the failure that it tells of."""
    arguments: dict[str, Any] = {}
    for name, parameter in inspect.signature(service).parameters.items():
        known = {
            "store": street.store,
            "vault": street.vault,
            "providers": providers_for(Settings()),
            "user": who,
            "asker": Operator(who),
            "accounts": [street.theirs["account_id"]],
            "only": {street.theirs["item_id"]},
            "ids": [street.theirs["transaction_id"]],
            **street.theirs,
            **GIVEN,
        }
        if name in known:
            arguments[name] = known[name]
        elif parameter.default is inspect.Parameter.empty:
            pytest.fail(f"{service.__name__} takes {name}: tell this test what to give for it")
    try:
        return service(**arguments)
    except FinTrackError as failure:
        return failure


def test_somebody_elses_ids_open_nothing(street: Street) -> None:
    before, wrong = street.kept(), []
    for service in services():
        told = called(street, service, street.stranger)
        if street.kept() != before:
            pytest.fail(f"{service.__name__} changed what is somebody else's")
        if not isinstance(told, FinTrackError) and mentions(told):
            wrong.append((service.__name__, told))
    assert wrong == [], "told to a stranger"


def mentions(told: object) -> bool:
    """Tell whether an answer speaks of the owner's banks or money."""
    return any(word in repr(told) for word in ("Lindenbank", "Harborline", "Decimal('", "Tin"))


def test_the_owner_is_told_and_can_change(street: Street) -> None:
    """The calls are such that they do something where they may: otherwise nothing would be shown by them."""
    changed, told = set(), set()
    before = street.kept()
    for service in services():
        if service.__name__ in {"remove_item", "remove_account"}:
            continue
        answer = called(street, service, street.owner)
        if (after := street.kept()) != before:
            changed.add(service.__name__)
        before = after
        if not isinstance(answer, FinTrackError):
            told.add(service.__name__)
    assert changed >= {
        "choose",
        "delete_rule",
        "delete_filter",
        "forget_query",
        "dismiss",
        "mark_read",
        "mute",
        "snooze",
        "delete_view",
        "edit_transactions",
        "hide_account",
        "rename_account",
        "reopen",
        "end_session",
        "set_schedule",
        "undo_edit",
        "undo_import",
    }
    assert told >= {"transaction_detail", "list_runs", "sync_item", "forget_visit"}
