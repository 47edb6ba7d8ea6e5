"""Which rows of the store are a person's, and the few columns of them that stay out of an export."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Column, ColumnElement, Table, or_, select

from core.store import Base, UserId

NOBODYS: Final = {
    "attempts": "tries that a limit counts for some minutes, under digests from which no person can be told",
    "webhook_deliveries": "digests of messages from Plaid that were taken, of no person's",
}
"""Tables without a person's rows, and why."""

LEFT_OUT: Final = {
    "users.password_hash": "what your password is checked against",
    "sessions.token_hash": "what a browser's cookie is checked against",
    "items.sealed_token": "the access token of a bank, sealed with this machine's key",
    "items.lease_owner": "which process is syncing",
    "link_sessions.sealed_token": "the token of a visit to a bank, sealed with this machine's key",
    "link_sessions.sealed_url": "the address of a bank's sign-in page, sealed with this machine's key",
    "link_sessions.taken": "digests of tokens that were used up",
    "factors.sealed": "the secret of your authenticator app or your phone's number, sealed with this machine's key",
    "recovery_codes.digest": "what a recovery code is checked against",
    "challenges.digest": "what a code is checked against",
    "challenges.provider_key": "what the sender of a code calls it",
    "one_time_links.digest": "what a link in a letter is checked against",
    "external_identities.last_login": "a digest of the newest sign-in elsewhere",
    "audit_events.digest": "by which this machine sees that its log is whole",
}
"""Columns that an export leaves out ("table.column"), and why: an export is no key to anything."""


def exported_tables() -> list[Table]:
    """Return every table that can hold a person's rows, by name."""
    return [table for name, table in sorted(Base.metadata.tables.items()) if name not in NOBODYS]


def exported_columns(table: Table) -> list[Column[object]]:
    """Return the columns of `table` that an export holds."""
    return [column for column in table.columns if f"{table.name}.{column.name}" not in LEFT_OUT]


def rows_of(table: Table, user: UserId) -> ColumnElement[bool]:
    """Return what tells the rows of `user`: by their own column, else by what they belong to.

    Raises:
        LookupError: nothing in the table leads to a person.
    """
    if table.name == "users":
        return table.c.id == int(user)
    if table.name == "categories":
        # Transactions point at the built-in ones too.
        return or_(table.c.user_id == int(user), table.c.user_id.is_(None))
    if "user_id" in table.c:
        return table.c.user_id == int(user)
    for link in sorted(table.foreign_keys, key=lambda link: link.parent.name):
        if "user_id" in link.column.table.c:
            return link.parent.in_(select(link.column).where(link.column.table.c.user_id == int(user)))
    raise LookupError(f"nothing in {table.name} tells whose its rows are")


def descriptions() -> dict[str, str]:
    """Return what a row of each table is, in a sentence."""
    return dict(_descriptions())


def _descriptions() -> Iterator[tuple[str, str]]:
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        if isinstance(table, Table):
            yield table.name, (mapper.class_.__doc__ or "").partition("\n")[0].replace("`", "")
