"""What a question is narrowed to by names: one category, one merchant, one account."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from core.analytics import AccountSummary, TransactionFilter
from core.coach.tools.naming import UNCATEGORISED, Name, account_named, category_named, merchant_named
from core.coach.tools.tool import Arguments, Scope
from core.coach.values import Node, Text


class Narrowing(Arguments):
    """Names as the person would say them; the tool finds out what is meant, or says which may be."""

    category: Annotated[Name | None, Field(description="A category or a whole group, such as Groceries.")] = None
    merchant: Annotated[Name | None, Field(description="Who was paid or who paid, as lists show it.")] = None
    account: Annotated[Name | None, Field(description="An account of the person's, by its name.")] = None


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What was meant: `told` says it with the names as they are."""

    wanted: TransactionFilter
    told: dict[str, Node]
    account: AccountSummary | None = None
    kind: str = "spending"
    """What the category counts as."""

    @property
    def notes(self) -> list[str]:
        """Return what has to be said of it."""
        hidden = self.account is not None and self.account.hidden
        return ["This account is hidden: nothing of it is counted."] if hidden else []

    @property
    def accounts(self) -> tuple[int, ...]:
        """Return the account by its id, or none for all."""
        return self.wanted.account_ids


def narrowed(scope: Scope, asked: Narrowing) -> Narrowed:
    """Return what the names of a question mean.

    Raises:
        UnclearNameError: no thing of that name, or several.
    """
    told: dict[str, Node] = {}
    categories: tuple[int, ...] = ()
    merchant, kind = "", "spending"
    account: AccountSummary | None = None
    if asked.category is not None:
        found = category_named(scope, asked.category)
        categories = (found.id if found else 0,)
        kind = found.kind if found else kind
        told["category"] = Text(found.title if found else UNCATEGORISED)
    if asked.merchant is not None:
        merchant = merchant_named(scope, asked.merchant)
        told["merchant"] = Text(merchant)
    if asked.account is not None:
        account = account_named(scope, asked.account)
        told["account"] = Text(account.name)
    wanted = TransactionFilter(
        category_ids=categories, merchant=merchant, account_ids=(account.id,) if account is not None else ()
    )
    return Narrowed(wanted, {"about": told} if told else {}, account, kind)


def noted(notes: list[str]) -> dict[str, Node]:
    """Return what has to be said of a result, in our words; nothing where nothing has to."""
    return {"note": " ".join(notes)} if notes else {}
