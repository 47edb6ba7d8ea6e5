"""Rules that a person might want: seen from what they put right again and again."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, select

from core.ledger.rules import Actions, Conditions, fits, folded
from core.ledger.ruling import list_rules
from core.store import Store, Transaction, UserId

TIMES: Final = 3
"""How often the same has to be said of the same payee."""
AGREEING: Final = 0.9
"""Which share of what was said of a payee has to be the same."""
SHORTEST: Final = 3
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class RuleSuggestion:
    """A rule that would say what the person said `times` times of transactions with a text."""

    text: str
    category_id: int
    times: int

    @property
    def conditions(self) -> Conditions:
        """Return what it asks for."""
        return Conditions(texts=(self.text,))

    @property
    def actions(self) -> Actions:
        """Return what it says."""
        return Actions(category_id=self.category_id)


def suggest_rules(store: Store, user: UserId) -> tuple[RuleSuggestion, ...]:
    """Return rules for payees that the person put into one category several times, the most frequent first.

    What a rule says already is not suggested, nor what the bank told right.
    """
    rules = [one for one in list_rules(store, user) if one.actions.category_id is not None]
    said: dict[str, Counter[int]] = defaultdict(Counter)
    shown: dict[str, str] = {}
    columns = (
        Transaction.name,
        Transaction.merchant_name,
        Transaction.original_text,
        Transaction.amount,
        Transaction.account_id,
        Transaction.date,
        Transaction.own_category_id,
        Transaction.category_id,
    )
    question = select(*columns).where(
        Transaction.user_id == user, Transaction.removed_at.is_(None), Transaction.own_category_id.is_not(None)
    )
    with store.read() as session:
        for row in session.execute(question):
            text = f"{row.name} {row.merchant_name} {row.original_text}"
            if row.own_category_id == row.category_id or any(
                fits(one.conditions, text, row.amount, row.account_id, row.date) for one in rules
            ):
                continue
            payee = _payee(row)
            if len(payee) >= SHORTEST:
                said[folded(payee)][int(row.own_category_id or 0)] += 1
                shown.setdefault(folded(payee), payee)
    found = [
        RuleSuggestion(shown[payee], category, times)
        for payee, counts in said.items()
        for category, times in counts.most_common(1)
        if times >= TIMES and times / counts.total() >= AGREEING
    ]
    return tuple(sorted(found, key=lambda one: (-one.times, one.text))[:MOST])


def _payee(row: Row[*tuple[Any, ...]]) -> str:
    """Return what names the payee: the bank's merchant, or the words of the name before its first number."""
    if row.merchant_name:
        return str(row.merchant_name)
    kept: list[str] = []
    for word in str(row.name).split():
        if any(sign.isdigit() for sign in word):
            break
        kept.append(word)
    return " ".join(kept).strip(" -*#.,;:/")
