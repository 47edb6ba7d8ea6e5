"""What is the same on SQLite and PostgreSQL by our doing: exact money, UTC instants, the order of words."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from core.money import from_units, to_units


class Money(TypeDecorator[Decimal]):
    """A `Decimal` kept as a 64-bit count of 1/10000 unit."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Turn a `Decimal` into units; raises `AmountError` when it can't be kept exactly."""
        return None if value is None else to_units(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Turn units back into a `Decimal`."""
        return None if value is None else from_units(value)


class Instant(TypeDecorator[datetime]):
    """A timezone-aware instant, kept as UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Take an aware instant to naive UTC; a naive one is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant its UTC zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class Lettered(FunctionElement[str]):
    """Words to be ordered by the numbers of their letters, as SQLite does: PostgreSQL asks the server's own locale."""

    inherit_cache = True
    type = Text()


@compiles(Lettered)
def _as_it_is(element: Lettered, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    return compiler.process(element.clauses, **more)


@compiles(Lettered, "postgresql")
def _as_in_c(element: Lettered, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    return f'({compiler.process(element.clauses, **more)}) COLLATE "C"'
