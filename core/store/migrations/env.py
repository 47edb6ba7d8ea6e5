"""Alembic's entry: runs the migrations on the connection that `core.store.migrate` hands over."""

from typing import Literal

from alembic import context

from core.store import models, people  # noqa: F401 - they fill Base.metadata
from core.store.base import Base
from core.store.types import Instant, Money

connection = context.config.attributes["connection"]


def plain_types(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own column types into a new migration as the plain types that they rest on."""
    if kind == "type" and isinstance(item, Money | Instant):
        return "sa.BigInteger()" if isinstance(item, Money) else "sa.DateTime()"
    return False


context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=plain_types)
with context.begin_transaction():
    context.run_migrations()
