"""Banks: the interface that every provider fills, linking, syncing, and how each connection does."""

from core.banking.items import Connection, item_of_account, keep_item, list_connections
from core.banking.link import link_demo, link_sandbox, providers_for
from core.banking.provider import BankProvider, Institution, LinkedItem
from core.banking.sync import ItemSync, Progress, sync_all, sync_item

__all__ = [
    "BankProvider",
    "Connection",
    "Institution",
    "ItemSync",
    "LinkedItem",
    "Progress",
    "item_of_account",
    "keep_item",
    "link_demo",
    "link_sandbox",
    "list_connections",
    "providers_for",
    "sync_all",
    "sync_item",
]
