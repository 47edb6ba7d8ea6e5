"""Lists of what a person has: in the same order on each database, whatever language its server orders words by."""

from core import clock
from core.banking import list_connections
from core.ledger import NewAccount, create_account, list_accounts, list_categories
from core.reports.reading import accounts_of
from core.store import Item, Store
from tests.core.ledger.household import add_person

NAMES = ["Zürich", "abroad", "a-b", "ab", "Äpfel", "Bills"]


def test_names_stand_in_the_order_of_their_letters(store: Store) -> None:
    user = add_person(store)
    for name in NAMES:
        create_account(store, user, NewAccount(name))
    with store.write() as session:
        for name in NAMES:
            bank = {"provider": "plaid", "provider_key": name, "institution_name": name}
            session.add(Item(user_id=user, created_at=clock.now(), **bank))
    assert [one.name for one in list_accounts(store, user)] == sorted(NAMES)
    assert [one.institution for one in list_connections(store, user)] == sorted(NAMES)
    groups = [one.group for one in list_categories(store, user)]
    assert groups == sorted(groups)
    with store.read() as session:
        assert [name for name, *_ in session.execute(accounts_of(user))] == sorted(NAMES)
