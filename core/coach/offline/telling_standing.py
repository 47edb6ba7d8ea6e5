"""Answers about what came in, what was saved and what there is."""

from collections.abc import Sequence
from typing import Final

from core.coach.offline import telling_rows as rows
from core.coach.offline.asking import Wanted
from core.coach.offline.told import MOST_MONTHS, Told, against, capital, note, two

MOST_ACCOUNTS: Final = 12


def income(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what came in; what a month comes to where that was asked."""
    first = told[0]
    if wanted.slots.categories:
        return rows.counted(wanted, told)
    said = f"{first.ref('income')} came in {first.days()}.{_compared(wanted, told, 'income')}{note(first)}"
    if {"month", "monthly"} & set(wanted.words.split()):
        said += f" That is {first.ref('average_income_a_month')} a month on average."
    return said


def saved(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what was saved, and the savings rate."""
    first = told[0]
    rate = f", a savings rate of {first.ref('savings_rate')}" if first.node("savings_rate") is not None else ""
    return (
        f"{capital(first.days())} {first.ref('income')} came in and {first.ref('spending')} was spent: "
        f"{first.ref('saved')} saved{rate}.{_compared(wanted, told, 'saved')}{note(first)}"
    )


def cash_flow(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell what came in, what was spent and what was left of it, month by month."""
    first = told[0]
    months = first.many("months")
    if months < 2:
        return saved(wanted, told)
    lines = [
        f"- in {first.ref(f'{path}.month')}: {first.ref(f'{path}.income')} in, {first.ref(f'{path}.spending')} spent, "
        f"{first.ref(f'{path}.saved')} saved"
        for path in (f"months.{at}" for at in range(max(0, months - MOST_MONTHS), months))
    ]
    return "\n".join([saved(wanted, told), "", *lines])


def _compared(wanted: Wanted, told: Sequence[Told], figure: str) -> str:
    if wanted.slots.other is not None:
        return two(told, figure)
    held = f"against_before.{figure}"
    return against(told[0], f"before.{figure}", f"{held}.difference", f"{held}.change")


def balance(wanted: Wanted, told: Sequence[Told]) -> str:
    """Tell an account's balance, or those of all."""
    first = told[0]
    if not first.many("accounts"):
        return "There are no accounts yet."
    if not wanted.slots.accounts:
        lines = [_line(first, f"accounts.{at}") for at in range(min(first.many("accounts"), MOST_ACCOUNTS))]
        spendable = " and ".join(first.ref(f"spendable.{at}") for at in range(first.many("spendable")))
        head = f"{first.ref('accounts_in_all')} accounts" + (f", with {spendable} to spend:" if spendable else ":")
        return "\n".join([head, "", *lines]) + note(first, "\n\n")
    path = first.place("accounts", "account", wanted.slots.accounts[0])
    name = first.ref(f"{path}.account")
    if first.node(f"{path}.balance") is None:
        return f"Nobody has told the balance of {name} yet."
    said = f"The balance of {name} is {first.ref(f'{path}.balance')}"
    if first.node(f"{path}.as_of") is not None:
        said += f", as of {first.ref(f'{path}.as_of')}"
    if first.node(f"{path}.credit_limit") is not None and first.node(f"{path}.available") is not None:
        said += f"; {first.ref(f'{path}.available')} of {first.ref(f'{path}.credit_limit')} can still be used"
    return f"{said}."


def _line(told: Told, path: str) -> str:
    balance = told.ref(f"{path}.balance") if told.node(f"{path}.balance") is not None else "not known"
    return f"- {told.ref(f'{path}.account')}: {balance}"
