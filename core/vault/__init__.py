"""Secrets: one random key of this installation, and what is sealed or derived with it."""

from core.vault.keys import Vault

__all__ = ["Vault"]
