"""Secrets: the keys of this installation, what is sealed or derived with them, and how they are kept."""

from core.vault.keyring import Method
from core.vault.keys import Keys, Vault
from core.vault.opening import METHODS, Ask, Opener, kept_in
from core.vault.order import Settled, TurnedOver, recover, rotate, settle, settle_alone
from core.vault.replacing import discard, mark, next_store, replace
from core.vault.wrapping import Stretching, WrongKeyError

__all__ = [
    "METHODS",
    "Ask",
    "Keys",
    "Method",
    "Opener",
    "Settled",
    "Stretching",
    "TurnedOver",
    "Vault",
    "WrongKeyError",
    "discard",
    "kept_in",
    "mark",
    "next_store",
    "recover",
    "replace",
    "rotate",
    "settle",
    "settle_alone",
]
