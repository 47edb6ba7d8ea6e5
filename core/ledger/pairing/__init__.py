"""Pairs among a person's rows: transfers between own accounts, and refunds with their purchases. No database here."""

from core.ledger.pairing.refunds import Refund, find_refunds
from core.ledger.pairing.rows import DayRates, Ledger, OwnAccount, PairRow, ledger_of, ledger_of_columns, taken
from core.ledger.pairing.transfers import Transfer, find_transfers

__all__ = [
    "DayRates",
    "Ledger",
    "OwnAccount",
    "PairRow",
    "Refund",
    "Transfer",
    "find_refunds",
    "find_transfers",
    "ledger_of",
    "ledger_of_columns",
    "taken",
]
