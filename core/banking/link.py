"""Linking: a provider's fresh item becomes a connection with accounts and history."""

from dataclasses import replace

from core.banking.demo import DemoBank
from core.banking.items import keep_item, refuse_guests
from core.banking.provider import BankProvider
from core.banking.sync import ItemSync, Progress, sync_item
from core.config import Settings
from core.identity import Asker, demand, today_of
from core.store import Store, UserId
from core.vault import Vault


def providers_for(settings: Settings) -> dict[str, BankProvider]:
    """Return the providers that can be used with `settings`, by name. The demo bank always can."""
    providers: dict[str, BankProvider] = {DemoBank.name: DemoBank()}
    if settings.plaid_configured:
        from core.banking.plaid import PlaidProvider

        providers[PlaidProvider.name] = PlaidProvider.from_settings(settings)
    return providers


def link_demo(store: Store, vault: Vault, user: UserId, progress: Progress = lambda _: None) -> tuple[ItemSync, ...]:
    """Give `user` the demo household: its banks are linked and their history is read."""
    bank = DemoBank()
    providers: dict[str, BankProvider] = {bank.name: bank}
    results = []
    for linked in bank.on(today_of(store, user)).link():
        progress(f"Linking {linked.institution.name}")
        item = keep_item(store, vault, user, bank.name, linked)
        results.append(sync_item(store, vault, providers, user, item, progress))
    return tuple(results)


def link_sandbox(
    store: Store,
    vault: Vault,
    settings: Settings,
    asker: Asker,
    custom_user: str | None = None,
    progress: Progress = lambda _: None,
) -> ItemSync:
    """Link Plaid's test institution without its Link screen, optionally as a custom sandbox user (JSON).

    Raises:
        StepUpNeededError: a fresh check is needed.
        ValidationError: a guest of the demo asks.
        BankSetupError: Plaid's keys are missing or `PLAID_ENV` is not sandbox.
        BankError: Plaid refused or could not be reached.
    """
    from core.banking.plaid import PlaidProvider

    user = demand(store, asker)
    refuse_guests(store, user)
    store.admit()
    plaid = PlaidProvider.from_settings(settings)
    progress("Linking Plaid's test institution")
    linked = plaid.sandbox_item(custom_user)
    item = keep_item(store, vault, user, plaid.name, linked)
    known = plaid.institution_of(linked.access_token, linked.institution)
    keep_item(store, vault, user, plaid.name, replace(linked, institution=known))
    return sync_item(store, vault, {plaid.name: plaid}, user, item, progress)
