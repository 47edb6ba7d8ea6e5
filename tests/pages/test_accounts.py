"""The Accounts page: what it offers for each account and bank, and that each choice does what it says."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from limits import parse
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from core import clock
from core.banking import demo, list_connections, list_visits, look_at_visit, remove_item
from core.demo import break_login
from core.identity import Changes, Operator, begin_email, check_recovery, confirm_sent
from core.ledger import NewAccount, create_account, list_accounts, set_balance
from core.runtime import Runtime
from core.store import Item, UserId
from pages.banks.wishes import EVERYTHING
from tests.pages.conftest import Open


def words(app: AppTest) -> str:
    """Return all that is written on a screen."""
    told = [
        one.value.replace("\\", "")
        for kind in ("markdown", "caption", "subheader", "success", "warning", "info")
        for one in app.get(kind)
    ]
    return "\n".join([*told, *(metric.label + " " + metric.value for metric in app.metric)])


def wish(app: AppTest, deed: str, target: int = 0, way: str = "") -> AppTest:
    """Ask for what a menu offers; the test frame can't open menus."""
    from pages.banks.wishes import Wish

    app.session_state["accounts_wish"] = Wish(deed, target, way)
    return app.run()


def fail(house: Runtime, user: UserId, code: str, sentence: str) -> int:
    """Let the first bank of a person have failed; return its connection."""
    number = list_connections(house.store, user)[0].id
    with house.store.write() as session:
        session.execute(
            update(Item).where(Item.id == number).values(error_code=code, error_sentence=sentence, failures=1)
        )
    return number


def test_every_account_tells_its_health_and_last_sync(open_screen: Open, demo_person: UserId) -> None:
    told = words(open_screen("accounts", demo_person))
    assert len(re.findall(r"Last synced (?:just now|\d+ minutes? ago)", told)) == 3
    assert "Health 90 of 100" in told
    assert "Connection** 40 of 40" in told


@pytest.mark.parametrize(
    ("code", "button"),
    [
        ("ITEM_LOGIN_REQUIRED", "Reconnect"),
        ("ITEM_LOCKED", "Reconnect"),
        ("ITEM_NOT_FOUND", "Link again"),
        ("INSTITUTION_DOWN", "Try now"),
    ],
)
def test_a_bank_in_trouble_offers_its_one_next_step(
    house: Runtime, open_screen: Open, own_demo_person: UserId, code: str, button: str
) -> None:
    fail(house, own_demo_person, code, "Something is wrong.")
    app = open_screen("accounts", own_demo_person)
    assert "Something is wrong." in words(app)
    assert button in [one.label for one in app.button]


def test_a_bank_can_be_removed_and_its_accounts_kept(
    house: Runtime, open_screen: Open, own_demo_person: UserId
) -> None:
    bank = list_connections(house.store, own_demo_person)[0]
    count = len(list_accounts(house.store, own_demo_person))
    app = wish(open_screen("accounts", own_demo_person), "remove bank", bank.id)
    app.button(key="confirm_remove_bank").click().run()
    assert f"{bank.institution} is removed. Its accounts stay." in words(app)
    assert len(list_accounts(house.store, own_demo_person)) == count
    assert bank.id not in [one.id for one in list_connections(house.store, own_demo_person)]


def test_a_bank_can_be_removed_with_all_it_brought(house: Runtime, open_screen: Open, own_demo_person: UserId) -> None:
    bank = list_connections(house.store, own_demo_person)[0]
    gone = {one.id for one in list_accounts(house.store, own_demo_person) if one.item_id == bank.id}
    app = wish(open_screen("accounts", own_demo_person), "remove bank", bank.id)
    app.radio(key="history_choice").set_value("delete").run()
    app.button(key="confirm_remove_bank").click().run()
    assert not gone & {one.id for one in list_accounts(house.store, own_demo_person)}


def test_past_syncs_are_told(house: Runtime, open_screen: Open, own_demo_person: UserId) -> None:
    bank = list_connections(house.store, own_demo_person)[0]
    app = wish(open_screen("accounts", own_demo_person), "history", bank.id)
    assert "Past syncs" in str(app.main) or app.get("table")


def test_an_account_by_hand_is_closed_opened_and_removed(house: Runtime, open_screen: Open, person: UserId) -> None:
    number = create_account(house.store, person, NewAccount("Savings book", "savings", "EUR"))
    set_balance(house.store, person, number, Decimal(20), datetime.now(UTC).date())
    app = wish(open_screen("accounts", person), "edit account", number)
    app.toggle(key="closed").set_value(True)
    next(one for one in app.button if one.label == "Save").click().run()
    assert list_accounts(house.store, person)[0].closed
    assert "Closed" in [one.value for one in open_screen("accounts", person).subheader]
    app = wish(open_screen("accounts", person), "remove account", number)
    app.button(key="confirm_remove_account").click().run()
    assert list_accounts(house.store, person) == ()


def test_how_often_an_account_is_synced_is_the_persons_to_say(
    house: Runtime, open_screen: Open, own_demo_person: UserId
) -> None:
    account = list_accounts(house.store, own_demo_person)[0]
    app = wish(open_screen("accounts", own_demo_person), "edit account", account.id)
    app.selectbox(key="schedule").set_value("hourly")
    next(one for one in app.button if one.label == "Save").click().run()
    assert "next in 1 hour" in words(app) or "minutes" in words(app)


def test_a_stale_bank_says_how_old_its_numbers_are(house: Runtime, open_screen: Open, own_demo_person: UserId) -> None:
    number = list_connections(house.store, own_demo_person)[0].id
    with house.store.write() as session:
        old = datetime.now(UTC) - timedelta(days=5)
        session.execute(update(Item).where(Item.id == number).values(last_synced_at=old, last_tried_at=old))
    told = words(open_screen("accounts", own_demo_person))
    assert "Last synced 5 days ago" in told
    assert "Late" in told


def test_asking_banks_counts_as_a_change(
    open_screen: Open, house: Runtime, own_demo_person: UserId, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_screen("accounts", own_demo_person)
    monkeypatch.setitem(vars(house), "changes", Changes(parse("1/minute")))
    app = wish(app, "sync", EVERYTHING)
    assert not app.error
    asked = [one.last_synced_at for one in list_connections(house.store, own_demo_person)]
    app = wish(app, "sync", EVERYTHING)
    (told,) = app.error
    assert "Try again in " in told.value
    assert [one.last_synced_at for one in list_connections(house.store, own_demo_person)] == asked


def test_somebody_elses_bank_is_not_opened(
    house: Runtime, open_screen: Open, person: UserId, demo_person: UserId
) -> None:
    theirs = list_connections(house.store, demo_person)[0].id
    create_account(house.store, person, NewAccount("Mine", "cash", "EUR"))
    app = wish(open_screen("accounts", person), "remove bank", theirs)
    assert not [one for one in app.button if one.key == "confirm_remove_bank"]
    app = wish(app, "sync", theirs)
    assert "Synced: nothing new" in str(app.main)
    app = wish(app, "mend", theirs)
    assert not app.exception


@pytest.mark.parametrize("how", ["taken over", "left", "given up here"])
def test_a_visit_that_ended_elsewhere_is_told(
    open_screen: Open, house: Runtime, own_demo_person: UserId, how: str
) -> None:
    store, vault, providers, user = house.store, house.vault, house.providers, own_demo_person
    app = open_screen("accounts", user)
    item = next(one.id for one in list_connections(store, user) if one.institution == "Lindenbank")
    break_login(store, vault, user, item)
    app = wish(app, "mend", item)
    (visit,) = list_visits(store, vault, user)
    secret = visit.url.removeprefix(f"{demo.PATH}/")
    if how == "given up here":
        app.button(key=f"forget_{visit.id}").click().run()
        assert "nothing was linked" not in words(app)
        assert list_visits(store, vault, user) == ()
        return
    if how == "left":
        demo.leave(store, vault, secret)
    else:
        demo.sign_in_again(store, vault, secret)
    look_at_visit(store, vault, providers, user, visit.id)  # as the schedule does, and another tab
    app.run()
    expected = "Nothing was linked." if how == "left" else "Lindenbank is connected again."
    assert words(app).count(expected) == 1
    app.run()
    assert expected not in words(app)


def test_a_visit_whose_bank_was_removed_in_another_tab_is_forgotten(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    app = open_screen("accounts", own_demo_person)
    item = next(one.id for one in list_connections(house.store, own_demo_person) if one.institution == "Lindenbank")
    break_login(house.store, house.vault, own_demo_person, item)
    app = wish(app, "mend", item)
    remove_item(house.store, house.vault, house.providers, Operator(own_demo_person), item, "keep")
    app.run()
    assert not app.error
    assert "Harborline Bank" in words(app)


def test_a_code_that_was_sent_is_not_spoken_of_when_its_time_is_over(
    open_screen: Open, house: Runtime, person: UserId
) -> None:
    begin_email(house.store, house.vault, house.senders, Operator(person))
    code = re.findall(r"\b\d{6}\b", newest_letter(house))[0]
    recovery = confirm_sent(house.store, house.vault, house.senders, Operator(person), "email", code)
    passed = check_recovery(house.store, house.vault, person, recovery[0])
    now = clock.now()
    with clock.frozen(now + timedelta(minutes=11)):
        app = wish(open_screen("accounts", person, passed=passed, signed_in_at=now), "add", way="demo")
        press(app, "Send a code")
        assert "A code went to" in words(app)
    with clock.frozen(now + timedelta(minutes=22)):
        app.run()
        assert "A code went to" not in words(app)
        assert [one.label for one in app.button if one.label.startswith("Send a")] == ["Send a code"]


def newest_letter(house: Runtime) -> str:
    outbox = house.senders.post.outbox
    assert outbox is not None
    return max(outbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns).read_text("utf-8")


def press(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == label).click().run()
