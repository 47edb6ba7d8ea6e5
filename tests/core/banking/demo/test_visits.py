"""The demo bank's own sign-in screen: what a visit may do, once, and what a login shares since."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock
from core.banking import begin_visit, demo, forget_visit, link_demo, list_connections, look_at_visit
from core.banking.demo import DemoBank
from core.errors import NotFoundError, ValidationError
from core.store import Store
from tests.core.banking.house import House, settle
from tests.core.ledger.household import add_person

BANK, NAME, FIRST, SECOND = "lindenbank", "Lindenbank", "Tagesgeld", "Girokonto"
"""The smallest of the three, and its accounts."""


@pytest.fixture
def house(store: Store) -> House:
    return settle(store, DemoBank())


def secret_of(house: House, purpose: str = "new", item: int | None = None) -> tuple[int, str]:
    """Begin a visit; return its id and the secret of its address."""
    visit = begin_visit(*house.acting, "demo", purpose, item)  # type: ignore[arg-type]
    assert visit.url.startswith(f"{demo.PATH}/")
    return visit.id, visit.url.removeprefix(f"{demo.PATH}/")


def keys(bank: str = BANK) -> dict[str, str]:
    return {plan.name: plan.key for plan in demo.accounts_at(bank)}


def link(house: House, *names: str, bank: str = BANK) -> int:
    """Link a bank on its screen, sharing the accounts named, else all; return the item."""
    visit, secret = secret_of(house)
    shared = [keys(bank)[name] for name in names] or keys(bank).values()
    demo.share(house.store, house.vault, secret, bank, frozenset(shared))
    step = look_at_visit(*house.all, visit)
    assert (step.state, [one.error for one in step.syncs]) == ("done", [""])
    return house.items()[-1].id


def names(house: House) -> set[str]:
    return {one.name for one in house.accounts()}


def test_a_visit_waits_until_the_person_has_chosen(house: House) -> None:
    visit, secret = secret_of(house)
    assert look_at_visit(*house.all, visit).state == "waiting"
    caller = demo.caller_of(house.store, house.vault, secret)
    assert caller is not None
    assert (caller.purpose, caller.bank, caller.ended) == ("new", None, "")
    assert len(demo.banks()) == 3


def test_only_the_accounts_that_are_shared_come(house: House) -> None:
    link(house, FIRST)
    assert names(house) == {FIRST}
    (account,) = house.accounts()
    assert {row.account_id for row in house.rows()} == {account.id}
    assert len(house.rows()) > 20


def test_accounts_are_added_to_a_login_later(house: House) -> None:
    item = link(house, FIRST)
    before = {row.provider_key: row.id for row in house.rows()}
    visit, secret = secret_of(house, "accounts", item)
    caller = demo.caller_of(house.store, house.vault, secret)
    assert caller is not None
    assert [plan.name for plan in caller.shared] == [FIRST]
    # What is shared already can't be taken away here: only the new one is sent.
    demo.share(house.store, house.vault, secret, BANK, frozenset({keys()[SECOND]}))
    assert look_at_visit(*house.all, visit).state == "done"
    assert names(house) == {FIRST, SECOND}
    after = {row.provider_key: row.id for row in house.rows()}
    assert before.items() <= after.items()
    assert len(after) > len(before)


def test_no_account_chosen_links_nothing(house: House) -> None:
    visit, secret = secret_of(house)
    for chosen in (frozenset[str](), frozenset({"no such account"})):
        with pytest.raises(ValidationError, match="at least one"):
            demo.share(house.store, house.vault, secret, BANK, chosen)
    with pytest.raises(NotFoundError):
        demo.share(house.store, house.vault, secret, "no such bank", frozenset(keys().values()))
    assert look_at_visit(*house.all, visit).state == "waiting"
    assert house.items() == []


def test_a_bank_that_is_linked_already_is_recognised(house: House) -> None:
    link(house)
    visit, secret = secret_of(house)
    demo.share(house.store, house.vault, secret, BANK, frozenset({keys()[FIRST]}))
    step = look_at_visit(*house.all, visit)
    assert step.state == "failed"
    assert f"is linked already, with {FIRST}" in step.sentence
    assert len(house.items()) == 1


def test_a_second_bank_belongs_to_the_same_household(house: House) -> None:
    link_demo(house.store, house.vault, house.user)
    whole = {(row.date, row.amount, row.name) for row in house.rows()}
    other = replace(house, user=add_person(house.store, "other@example.org"))
    for bank in demo.banks():
        link(other, bank=bank.key)
    assert {(row.date, row.amount, row.name) for row in other.rows()} == whole


def test_a_login_breaks_on_request_and_heals_by_signing_in(house: House) -> None:
    item = link(house, FIRST)
    rows = {(row.id, row.amount) for row in house.rows()}
    demo.break_item(house.store, house.vault, house.user, item)
    for _ in range(2):
        assert house.sync(item).error_code == "ITEM_LOGIN_REQUIRED"
    assert list_connections(house.store, house.user)[0].error_code == "ITEM_LOGIN_REQUIRED"
    visit, secret = secret_of(house, "mend", item)
    assert look_at_visit(*house.all, visit).state == "waiting"
    demo.sign_in_again(house.store, house.vault, secret)
    step = look_at_visit(*house.all, visit)
    assert (step.state, step.sentence) == ("done", f"{NAME} is connected again.")
    assert house.sync(item).error == ""
    assert {(row.id, row.amount) for row in house.rows()} == rows
    assert names(house) == {FIRST}


def test_leaving_links_nothing(house: House) -> None:
    visit, secret = secret_of(house)
    demo.leave(house.store, house.vault, secret)
    assert look_at_visit(*house.all, visit).state == "left"
    assert house.items() == []


def test_leaving_the_screen_of_a_broken_login_leaves_it_broken(house: House) -> None:
    item = link(house)
    demo.break_item(house.store, house.vault, house.user, item)
    visit, secret = secret_of(house, "mend", item)
    demo.leave(house.store, house.vault, secret)
    assert look_at_visit(*house.all, visit).state == "left"
    assert house.sync(item).error_code == "ITEM_LOGIN_REQUIRED"


def test_a_visit_ends_once(house: House) -> None:
    _, secret = secret_of(house)
    everything = frozenset(keys().values())
    demo.share(house.store, house.vault, secret, BANK, everything)
    caller = demo.caller_of(house.store, house.vault, secret)
    assert caller is not None
    assert caller.ended == "done"
    with pytest.raises(NotFoundError):
        demo.leave(house.store, house.vault, secret)
    with pytest.raises(NotFoundError):
        demo.share(house.store, house.vault, secret, "kestrel", everything)


@pytest.mark.parametrize("how", ["late", "forgotten", "made up", "empty"])
def test_nobody_is_behind_a_secret_that_is_over(house: House, how: str) -> None:
    visit, secret = secret_of(house)
    later = timedelta(minutes=31 if how == "late" else 0)
    if how == "forgotten":
        forget_visit(house.store, house.user, visit)
    asked = {"made up": "A" * 43, "empty": ""}.get(how, secret)
    with clock.frozen(clock.now() + later):
        assert demo.caller_of(house.store, house.vault, asked) is None
        with pytest.raises(NotFoundError):
            demo.share(house.store, house.vault, asked, BANK, frozenset(keys().values()))
        with pytest.raises(NotFoundError):
            demo.sign_in_again(house.store, house.vault, asked)
    assert house.items() == []


def test_a_visit_for_a_new_bank_mends_none(house: House) -> None:
    item = link(house)
    demo.break_item(house.store, house.vault, house.user, item)
    _, secret = secret_of(house)
    with pytest.raises(NotFoundError):
        demo.sign_in_again(house.store, house.vault, secret)
    assert house.sync(item).error_code == "ITEM_LOGIN_REQUIRED"


def test_nobody_breaks_anothers_login(house: House) -> None:
    item = link(house)
    stranger = add_person(house.store, "stranger@example.org")
    with pytest.raises(NotFoundError):
        demo.break_item(house.store, house.vault, stranger, item)
    assert house.sync(item).error == ""
