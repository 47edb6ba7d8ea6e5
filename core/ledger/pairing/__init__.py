"""Pairs among a person's rows: transfers between own accounts, and refunds with their purchases. No database here."""

from core.ledger.pairing.again import AROUND, Span, look_again, spans_around, within
from core.ledger.pairing.candidates import REACH
from core.ledger.pairing.habits import Habits
from core.ledger.pairing.refunds import REFUND_REACH, Refund, find_refunds
from core.ledger.pairing.rows import DayRates, Ledger, OwnAccount, PairRow, ledger_of, ledger_of_columns, taken
from core.ledger.pairing.transfers import Transfer, find_transfers, learn_habits

__all__ = [
    "AROUND",
    "REACH",
    "REFUND_REACH",
    "DayRates",
    "Habits",
    "Ledger",
    "OwnAccount",
    "PairRow",
    "Refund",
    "Span",
    "Transfer",
    "find_refunds",
    "find_transfers",
    "learn_habits",
    "ledger_of",
    "ledger_of_columns",
    "look_again",
    "spans_around",
    "taken",
    "within",
]
