"""Secrets: the keys of this installation, what is sealed or derived with them, and how they are kept."""

from core.vault.keyring import Method
from core.vault.keys import Keys, Vault
from core.vault.opening import METHODS, Ask, Opener, kept_in
from core.vault.order import Settled, recover, rotate, settle

__all__ = [
    "METHODS",
    "Ask",
    "Keys",
    "Method",
    "Opener",
    "Settled",
    "Vault",
    "kept_in",
    "recover",
    "rotate",
    "settle",
]
