"""What the bank's category of a row, by Plaid's taxonomy, says for a transfer between own accounts."""

from typing import Final

TRANSFER_CODES: Final = {
    "TRANSFER_IN_ACCOUNT_TRANSFER": 2.0, "TRANSFER_OUT_ACCOUNT_TRANSFER": 2.0, "TRANSFER_IN_SAVINGS": 2.0,
    "TRANSFER_OUT_SAVINGS": 2.0, "TRANSFER_IN_INVESTMENT_AND_RETIREMENT_FUNDS": 1.8,
    "TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS": 1.8, "TRANSFER_IN_WIRE": 1.0, "TRANSFER_OUT_WIRE": 1.0,
    "TRANSFER_IN": 1.0, "TRANSFER_OUT": 1.0, "TRANSFER_IN_OTHER_TRANSFER_IN": 0.8,
    "TRANSFER_OUT_OTHER_TRANSFER_OUT": 0.8, "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT": 2.4, "LOAN_PAYMENTS": 1.0,
    "TRANSFER_IN_DEPOSIT": 0.0, "TRANSFER_OUT_WITHDRAWAL": -0.5, "OTHER": 0.0, "OTHER_OTHER": 0.0, "": 0.0,
}  # fmt: skip
"""What a bank's category says for a transfer, in points; loan payments count 1, and all others speak against it."""


OWN_CODES: Final = frozenset({
    "TRANSFER_IN_SAVINGS", "TRANSFER_OUT_SAVINGS", "TRANSFER_IN_INVESTMENT_AND_RETIREMENT_FUNDS",
    "TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS", "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT",
})  # fmt: skip
"""Categories that money sent to other people has not: whatever names a text has, they are those of banks."""


def code_points(code: str) -> float:
    """Return what the bank's category says for a transfer, in points, or against it."""
    known = TRANSFER_CODES.get(code)
    if known is not None:
        return known
    if code.startswith("LOAN_PAYMENTS"):
        return 1.0
    return -3.0 if code.startswith("INCOME") and "OTHER" not in code else -1.5
