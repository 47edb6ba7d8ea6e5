"""What the demo bank's access tokens say: the bank keeps nothing, all that it knows of a login stands in there."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from core.banking.demo.accounts import AccountPlan, institutions, plans
from core.banking.provider import Institution, LinkedItem
from core.errors import BankGoneError, BankLoginError

_TOKEN: Final = re.compile(r"demo-(\d{1,9})-(\d{8})-([a-z]+)(?::([a-z+-]+))?(~broken)?")
LOGIN_REQUIRED: Final = "ITEM_LOGIN_REQUIRED"
"""Plaid's code for the same: what a person does next is looked up by it."""


@dataclass(frozen=True, slots=True)
class Login:
    """Which household, met on which day, at which bank; which of its accounts are shared, and whether it works."""

    seed: int
    anchor: date
    bank: str
    shared: tuple[str, ...] = ()
    """The keys of the accounts, in the order of the bank; empty for all of them."""
    broken: bool = False

    @property
    def name(self) -> str:
        """Return what identifies the login: everything but whether it works."""
        accounts = f":{'+'.join(self.shared)}" if self.shared else ""
        return f"{self.seed}-{self.anchor:%Y%m%d}-{self.bank}{accounts}"

    @property
    def token(self) -> str:
        """Return the access token that says all of this."""
        return f"demo-{self.name}{'~broken' if self.broken else ''}"

    @property
    def institution(self) -> Institution:
        """Return the bank."""
        return institutions()[self.bank]

    @property
    def item(self) -> LinkedItem:
        """Return the login as a linked item; its key is the same whenever this bank is linked."""
        return LinkedItem(f"demo-{self.seed}-{self.bank}", self.token, self.institution)

    @property
    def plans(self) -> tuple[AccountPlan, ...]:
        """Return the accounts that it shares."""
        return tuple(plan for plan in all_plans(self.bank) if not self.shared or plan.key in self.shared)

    def sharing(self, accounts: frozenset[str]) -> "Login":
        """Return the login with these of the bank's accounts shared, at least one."""
        keys = tuple(plan.key for plan in all_plans(self.bank) if plan.key in accounts)
        return replace(self, shared=() if len(keys) == len(all_plans(self.bank)) else keys)


def all_plans(bank: str) -> tuple[AccountPlan, ...]:
    """Return every account at one of the demo banks."""
    return tuple(plan for plan in plans().values() if plan.bank == bank)


def login_of(access_token: str) -> Login:
    """Return what an access token says, whether the login works or not.

    Raises:
        BankGoneError: the token is not one of ours.
    """
    match = _TOKEN.fullmatch(access_token)
    try:
        if match and match[3] in institutions():
            shared = tuple(match[4].split("+")) if match[4] else ()
            if {plan.key for plan in all_plans(match[3])} >= set(shared):
                return Login(int(match[1]), day_of(match[2]), match[3], shared, broken=bool(match[5]))
    except ValueError:
        pass
    raise BankGoneError("The demo bank does not know this login.")


def working_login(access_token: str) -> Login:
    """Return what an access token says of a login that works.

    Raises:
        BankGoneError: the token is not one of ours.
        BankLoginError: the login was broken, and nobody has signed in again since.
    """
    login = login_of(access_token)
    if login.broken:
        raise broken_login(login)
    return login


def broken_login(login: Login) -> BankLoginError:
    """Return the failure of a login that no longer works."""
    return BankLoginError(f"{login.institution.name} wants you to sign in again.", code=LOGIN_REQUIRED)


def day_of(digits: str) -> date:
    """Return the date written as eight digits; raises ValueError for one that is none."""
    return datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 - a date, no instant
