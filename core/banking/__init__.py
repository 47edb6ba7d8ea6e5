"""Banks: the interface that every provider fills, linking, syncing, and how each connection does."""

from core.banking import demo
from core.banking.balances import refresh_balances
from core.banking.causes import Cause, Row
from core.banking.health import Checkup, Health, Part, checkup
from core.banking.items import Connection, item_of_account, keep_item, list_connections
from core.banking.link import link_demo, link_sandbox, providers_for
from core.banking.linking import Purpose, Visit, VisitStep, begin_visit, forget_visit, list_visits, look_at_visit
from core.banking.news import RefusedError, UndecidedError
from core.banking.provider import BankProvider, Institution, LinkedItem
from core.banking.reckoning import Begins
from core.banking.reconcile import Choices, Comparison, accept, compare, reopen
from core.banking.reconciliations import (
    Disturbance,
    ReconciliationEntry,
    list_reconciliations,
)
from core.banking.removal import History, remove_account, remove_item
from core.banking.runs import Run, list_runs
from core.banking.schedule import SCHEDULES, Clockwork, Schedule, next_runs, schedules, set_schedule, sync_due
from core.banking.statements import Offer, Source, statement_offers
from core.banking.steps import Step, next_step
from core.banking.sync import ItemSync, Progress, sync_all, sync_item
from core.banking.telling import tell_of_banks
from core.banking.webhooks import WebhookDesk, open_desk

__all__ = [
    "SCHEDULES",
    "BankProvider",
    "Begins",
    "Cause",
    "Checkup",
    "Choices",
    "Clockwork",
    "Comparison",
    "Connection",
    "Disturbance",
    "Health",
    "History",
    "Institution",
    "ItemSync",
    "LinkedItem",
    "Offer",
    "Part",
    "Progress",
    "Purpose",
    "ReconciliationEntry",
    "RefusedError",
    "Row",
    "Run",
    "Schedule",
    "Source",
    "Step",
    "UndecidedError",
    "Visit",
    "VisitStep",
    "WebhookDesk",
    "accept",
    "begin_visit",
    "checkup",
    "compare",
    "demo",
    "forget_visit",
    "item_of_account",
    "keep_item",
    "link_demo",
    "link_sandbox",
    "list_connections",
    "list_reconciliations",
    "list_runs",
    "list_visits",
    "look_at_visit",
    "next_runs",
    "next_step",
    "open_desk",
    "providers_for",
    "refresh_balances",
    "remove_account",
    "remove_item",
    "reopen",
    "schedules",
    "set_schedule",
    "statement_offers",
    "sync_all",
    "sync_due",
    "sync_item",
    "tell_of_banks",
]
