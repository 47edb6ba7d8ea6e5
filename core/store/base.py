"""What every table has in common: the naming of constraints, and how a person is told from another."""

import datetime as dt
from decimal import Decimal
from typing import NewType

from sqlalchemy import Date, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from core.store.types import Instant, Money

UserId = NewType("UserId", int)
"""Who asks. Every call that touches a person's data takes one."""


class Base(DeclarativeBase):
    """The declarative root; names every constraint so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {Decimal: Money, dt.datetime: Instant, dt.date: Date, str: Text}  # noqa: RUF012 - SQLAlchemy's own form
