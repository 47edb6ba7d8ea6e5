"""Hosted Link: begun, noticed, taken over once, whatever happens in between."""

import threading
from datetime import timedelta
from urllib.request import urlopen

import pytest
from limits import parse

from core import clock
from core.banking import begin_visit, forget_visit, link_sandbox, list_visits, look_at_visit
from core.config import Settings
from core.errors import BankSetupError, NotFoundError, TooManyAttemptsError, ValidationError
from core.identity import Act, Changes, Operator, acting, add_demo_user, session_of, start_session
from core.store import LinkSession, Store
from core.vault import Vault
from tests.core.banking.house import House, heal, same_bank_anew, send, sign_in_and_share
from tests.core.ledger.household import add_person
from tests.standins.plaid import Fault, Item, PlaidStandIn, account

EXCHANGE = "/item/public_token/exchange"


def exchanges(plaid: PlaidStandIn) -> int:
    return sum(route == EXCHANGE for route, _ in plaid.calls)


def test_a_finished_visit_becomes_a_synced_bank(house: House, plaid: PlaidStandIn) -> None:
    visit = begin_visit(*house.acting, "plaid")
    assert look_at_visit(*house.all, visit.id).state == "waiting"
    sign_in_and_share(visit.url)
    step = look_at_visit(*house.all, visit.id)
    assert (step.state, [one.counts.added for one in step.syncs]) == ("done", [24])
    (item,) = house.items()
    assert (item.institution_name, item.institution_color) == ("First Platypus Bank", "#1f1f1f")
    assert len(house.accounts()) == 3
    assert list_visits(house.store, house.vault, house.user) == ()
    assert look_at_visit(*house.all, visit.id).state == "done"
    assert exchanges(plaid) == 1


def test_who_may_change_nothing_now_loses_no_login(
    house: House, plaid: PlaidStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    asked = len(plaid.calls)
    acting(Act(house.user, "10.0.0.1", object()))
    with monkeypatch.context() as patch:
        patch.setattr(house.store, "admit", Changes(parse("0/minute")).admit)
        with pytest.raises(TooManyAttemptsError):
            look_at_visit(*house.all, visit.id)
        with pytest.raises(TooManyAttemptsError):
            link_sandbox(house.store, house.vault, Settings(), Operator(house.user))
    acting(None)
    assert len(plaid.calls) == asked, "nothing was handed over"
    assert look_at_visit(*house.all, visit.id).state == "done"


def test_a_guest_of_the_demo_links_no_real_bank(house: House, plaid: PlaidStandIn) -> None:
    guest = session_of(house.store, start_session(house.store, add_demo_user(house.store, house.vault)))
    assert guest is not None
    with pytest.raises(ValidationError, match="made-up banks only"):
        begin_visit(house.store, house.vault, house.providers, guest, "plaid")
    with pytest.raises(ValidationError, match="made-up banks only"):
        link_sandbox(house.store, house.vault, Settings(), guest)
    assert plaid.calls == []


def test_a_second_begin_gives_the_same_screen(house: House, plaid: PlaidStandIn) -> None:
    visits = [begin_visit(*house.acting, "plaid") for _ in range(2)]
    assert visits[0] == visits[1]
    assert sum(route == "/link/token/create" for route, _ in plaid.calls) == 1


def test_the_visit_survives_a_restart_in_the_middle(house: House, store_url: str) -> None:
    visit = begin_visit(*house.acting, "plaid")
    house.store.close()
    sign_in_and_share(visit.url)
    again = House(Store(store_url), Vault(house.vault.keys), house.providers, house.user)
    (found,) = list_visits(again.store, again.vault, again.user)
    assert found.url == visit.url
    assert look_at_visit(*again.all, found.id).state == "done"
    assert len(again.rows()) == 24
    again.store.close()


def test_two_tabs_take_a_login_once(house: House, plaid: PlaidStandIn) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    states: list[str] = []
    tabs = [threading.Thread(target=lambda: states.append(look_at_visit(*house.all, visit.id).state)) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert states == ["done"] * 4
    assert exchanges(plaid) == 1
    assert len(house.rows()) == 24


def test_several_banks_in_one_visit(house: House) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url, more=True)
    step = look_at_visit(*house.all, visit.id)
    assert (step.state, len(step.syncs)) == ("waiting", 1)
    sign_in_and_share(visit.url, "ins_109511")
    step = look_at_visit(*house.all, visit.id)
    assert (step.state, len(step.syncs)) == ("done", 1)
    assert [one.institution_name for one in house.items()] == ["First Platypus Bank", "Tartan Bank"]


def test_leaving_and_failing_are_told_in_words(house: House) -> None:
    visit = begin_visit(*house.acting, "plaid")
    send(visit.url, step="cancel")
    assert look_at_visit(*house.all, visit.id).state == "left"
    visit = begin_visit(*house.acting, "plaid")
    send(visit.url, step="bank", bank="ins_109508")
    send(visit.url, step="sign-in", user="user_locked", password="x")
    step = look_at_visit(*house.all, visit.id)
    assert step.state == "failed"
    assert "locked this login" in step.sentence
    assert house.items() == []


def test_an_expired_screen_is_replaced_by_a_new_one(house: House, plaid: PlaidStandIn) -> None:
    visit = begin_visit(*house.acting, "plaid")
    plaid.hosted.expire()
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        step = look_at_visit(*house.all, visit.id)
        assert (step.state, "expired" in step.sentence) == ("expired", True)
        assert begin_visit(*house.acting, "plaid").url != visit.url


def test_a_login_finished_just_before_the_end_is_taken_after_it(house: House) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    with clock.frozen(clock.now() + timedelta(minutes=40)):
        assert look_at_visit(*house.all, visit.id).state == "done"
    assert len(house.items()) == 1


def test_the_same_bank_twice_is_recognised_before_it_costs(house: House, plaid: PlaidStandIn) -> None:
    sign_in_and_share(begin_visit(*house.acting, "plaid").url)
    look_at_visit(*house.all, list_visits(house.store, house.vault, house.user)[0].id)
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    step = look_at_visit(*house.all, visit.id)
    assert step.state == "failed"
    assert "linked already, with Plaid Checking, Plaid Saving, Plaid Credit Card" in step.sentence
    assert exchanges(plaid) == 1
    assert (len(house.items()), len(house.rows())) == (1, 24)


def test_other_accounts_of_the_same_bank_are_another_login(house: House, plaid: PlaidStandIn) -> None:
    sign_in_and_share(begin_visit(*house.acting, "plaid").url)
    look_at_visit(*house.all, list_visits(house.store, house.vault, house.user)[0].id)
    plaid.hosted.makes = _with_one_account
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    assert look_at_visit(*house.all, visit.id).state == "done"
    assert len(house.items()) == 2


def _with_one_account(bank: str) -> Item:
    return Item(f"item of {bank}", bank, [account("depository", "checking", current=1.0, name="Spouse", mask="7777")])


def test_a_broken_login_is_mended_without_a_second_item(house: House, plaid: PlaidStandIn) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    look_at_visit(*house.all, visit.id)
    (item,) = house.items()
    (token,) = plaid.items
    plaid.items[token].error = "ITEM_LOGIN_REQUIRED"
    assert "sign in again" in house.sync(item.id).error
    assert house.items()[0].error_code == "ITEM_LOGIN_REQUIRED"

    visit = begin_visit(*house.acting, "plaid", "mend", item.id)
    assert visit.institution == "First Platypus Bank"
    _, asked = next(call for call in reversed(plaid.calls) if call[0] == "/link/token/create")
    assert asked["access_token"] == token
    assert "products" not in asked
    heal(visit.url)
    step = look_at_visit(*house.all, visit.id)
    assert (step.state, step.sentence) == ("done", "First Platypus Bank is connected again.")
    assert exchanges(plaid) == 1
    (healed,) = house.items()
    assert (healed.id, healed.error_code, healed.failures, healed.retry_at) == (item.id, "", 0, None)


def test_a_login_that_is_still_broken_is_not_called_mended(house: House, plaid: PlaidStandIn) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    look_at_visit(*house.all, visit.id)
    (item,) = house.items()
    visit = begin_visit(*house.acting, "plaid", "mend", item.id)
    heal(visit.url)
    next(iter(plaid.items.values())).error = "ITEM_LOGIN_REQUIRED"
    step = look_at_visit(*house.all, visit.id)
    assert step.state == "failed"
    assert "sign in again" in step.sentence


def test_new_accounts_are_found_later(house: House, plaid: PlaidStandIn) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    look_at_visit(*house.all, visit.id)
    bank = next(iter(plaid.items.values()))
    bank.offered.append(account("depository", "savings", current=5.0, name="Holiday pot", mask="9999"))
    (item,) = house.items()
    visit = begin_visit(*house.acting, "plaid", "accounts", item.id)
    send(visit.url, step="sign-in", user="user_good", password="x")
    send(visit.url, step="accounts", account=[one["account_id"] for one in [*bank.accounts, *bank.offered]])
    assert look_at_visit(*house.all, visit.id).state == "done"
    assert "Holiday pot" in [one.name for one in house.accounts()]


def test_a_bank_that_stutters_keeps_the_visit_open(house: House, plaid: PlaidStandIn) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    plaid.fail(EXCHANGE, *[Fault(code="INTERNAL_SERVER_ERROR", status=500)] * 3)
    step = look_at_visit(*house.all, visit.id)
    assert (step.state, "fault of its own" in step.sentence) == ("waiting", True)
    assert look_at_visit(*house.all, visit.id).state == "done"
    assert len(house.items()) == 1


def test_the_token_rests_sealed_and_goes_with_the_end(house: House) -> None:
    visit = begin_visit(*house.acting, "plaid")
    with house.store.read() as session:
        row = session.get_one(LinkSession, visit.id)
        assert visit.url not in row.sealed_url
        assert "link-sandbox" not in row.sealed_token
    forget_visit(house.store, house.user, visit.id)
    with house.store.read() as session:
        row = session.get_one(LinkSession, visit.id)
        assert (row.state, row.sealed_token, row.sealed_url) == ("left", "", "")


def test_nobody_looks_at_another_persons_visit(house: House) -> None:
    visit = begin_visit(*house.acting, "plaid")
    other = add_person(house.store, "eve@example.org")
    sign_in_and_share(visit.url)
    with pytest.raises(NotFoundError):
        look_at_visit(house.store, house.vault, house.providers, other, visit.id)
    forget_visit(house.store, other, visit.id)
    assert len(list_visits(house.store, house.vault, house.user)) == 1


def test_without_plaid_there_is_a_sentence(house: House) -> None:
    with pytest.raises(BankSetupError):
        begin_visit(house.store, house.vault, {}, Operator(house.user), "plaid")


def test_the_screen_can_be_opened(house: House) -> None:
    visit = begin_visit(*house.acting, "plaid")
    with urlopen(visit.url, timeout=5) as page:
        assert "Choose your bank" in page.read().decode()
    assert look_at_visit(*house.all, visit.id).state == "waiting"


def test_a_bank_that_plaid_forgot_is_linked_again_with_all_its_history(house: House, plaid: PlaidStandIn) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    look_at_visit(*house.all, visit.id)
    (old,) = house.items()
    before = {row.id: row.amount for row in house.rows()}
    bank = next(iter(plaid.items.values()))
    bank.removed = True
    assert "Link the bank again" in house.sync(old.id).error
    plaid.next_item = same_bank_anew(bank)
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    assert look_at_visit(*house.all, visit.id).state == "done"
    (new,) = house.items()
    assert new.provider_key != old.provider_key
    assert {row.id: row.amount for row in house.rows()} == before
    assert [(one.name, one.nickname) for one in house.accounts()] == [
        ("Plaid Checking", ""),
        ("Plaid Saving", ""),
        ("Plaid Credit Card", ""),
    ]


def test_the_same_bank_twice_in_one_visit_is_taken_once(house: House, plaid: PlaidStandIn) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url, more=True)
    sign_in_and_share(visit.url)
    step = look_at_visit(*house.all, visit.id)
    assert step.state == "done"
    assert "is linked already" in step.sentence
    assert (exchanges(plaid), len(house.items()), len(house.rows())) == (1, 1, 24)


@pytest.mark.parametrize("also", [(), ("/accounts/get",)])
def test_the_same_bank_is_recognised_although_its_first_sync_failed(
    house: House, plaid: PlaidStandIn, also: tuple[str, ...]
) -> None:
    sign_in_and_share(begin_visit(*house.acting, "plaid").url)
    for route in ("/transactions/sync", *also):
        plaid.fail(route, *[Fault(code="ITEM_LOCKED")])
    look_at_visit(*house.all, list_visits(house.store, house.vault, house.user)[0].id)
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    step = look_at_visit(*house.all, visit.id)
    assert (step.state, exchanges(plaid), len(house.items())) == ("failed", 1, 1)
    assert "First Platypus Bank is linked already" in step.sentence


def test_a_login_begun_in_time_may_be_finished_a_little_later(house: House) -> None:
    visit = begin_visit(*house.acting, "plaid")
    send(visit.url, step="bank", bank="ins_109508")
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert look_at_visit(*house.all, visit.id).state == "waiting"
    sign_in_and_share(visit.url)
    with clock.frozen(clock.now() + timedelta(minutes=32)):
        assert look_at_visit(*house.all, visit.id).state == "done"
    assert len(house.rows()) == 24


def test_a_login_that_was_begun_and_never_finished_ends(house: House) -> None:
    visit = begin_visit(*house.acting, "plaid")
    send(visit.url, step="bank", bank="ins_109508")
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert look_at_visit(*house.all, visit.id).state == "expired"
