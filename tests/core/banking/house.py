"""A person, a real store, and Plaid behind its stand-in: what the tests of banking arrange with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from sqlalchemy import select

from core.banking import BankProvider, ItemSync, sync_item
from core.identity import Operator
from core.store import Account, Item, Store, Transaction, UserId
from core.vault import Keys, Vault
from tests.core.ledger.household import add_person
from tests.standins.plaid import Item as StoodInItem
from tests.standins.plaid import PlaidStandIn
from tests.standins.plaid.bank import new_id

Fields = dict[str, str | list[str]]


@dataclass(frozen=True)
class House:
    """Everything that a call into banking takes."""

    store: Store
    vault: Vault
    providers: Mapping[str, BankProvider]
    user: UserId

    @property
    def all(self) -> tuple[Store, Vault, Mapping[str, BankProvider], UserId]:
        """Return the four that come first in every call."""
        return self.store, self.vault, self.providers, self.user

    @property
    def acting(self) -> tuple[Store, Vault, Mapping[str, BankProvider], Operator]:
        """Return the four that come first where a fresh check is asked for: whoever holds the machine has it."""
        return self.store, self.vault, self.providers, Operator(self.user)

    def sync(self, item: int) -> ItemSync:
        """Sync one item."""
        return sync_item(*self.all, item)

    def items(self) -> list[Item]:
        """Return the living items."""
        with self.store.read() as session:
            question = select(Item).where(Item.user_id == self.user, Item.removed_at.is_(None)).order_by(Item.id)
            return list(session.scalars(question))

    def accounts(self) -> list[Account]:
        """Return the living accounts."""
        with self.store.read() as session:
            question = select(Account).where(Account.user_id == self.user, Account.removed_at.is_(None))
            return list(session.scalars(question.order_by(Account.id)))

    def rows(self) -> list[Transaction]:
        """Return the living transactions."""
        with self.store.read() as session:
            question = select(Transaction).where(Transaction.user_id == self.user, Transaction.removed_at.is_(None))
            return list(session.scalars(question.order_by(Transaction.id)))


def settle(store: Store, provider: BankProvider) -> House:
    """Return a house with one person and no bank."""
    return House(store, Vault(Keys.made()), {provider.name: provider}, add_person(store))


def send(url: str, **fields: str | list[str]) -> str:
    """Fill a form of a hosted screen; return the page that follows."""
    data = urlencode(fields, doseq=True).encode()
    with urlopen(Request(url, data=data), timeout=5) as answer:
        return str(answer.read().decode())


def sign_in_and_share(url: str, bank: str = "ins_109508", *, more: bool = False) -> None:
    """Go through a hosted screen as a person: choose a bank, sign in, share every account that is ticked."""
    send(url, step="bank", bank=bank)
    page = send(url, step="sign-in", user="user_good", password="pass_good")
    accounts = re.findall(r'value="(\w+)" checked', page)
    send(url, step="accounts", account=accounts, **({"more": "1"} if more else {}))


def heal(url: str) -> None:
    """Sign in again on the hosted screen of a broken login."""
    send(url, step="sign-in", user="user_good", password="pass_good")


def last_item(plaid: PlaidStandIn) -> str:
    """Return the access token that was given last."""
    return list(plaid.items)[-1]


def same_bank_anew(old: StoodInItem) -> StoodInItem:
    """Return the same accounts and transactions under new ids, as a new link brings them."""
    fresh = {one["account_id"]: new_id() for one in old.accounts}
    item = StoodInItem(
        new_id(), old.institution_id, [one | {"account_id": fresh[one["account_id"]]} for one in old.accounts]
    )
    for row in old.rows.values():
        item.add(row | {"transaction_id": new_id(), "account_id": fresh[row["account_id"]]})
    return item
