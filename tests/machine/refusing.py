"""A store that refuses rows: a trigger, as each database writes one."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

NO: Final = "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$"


def refuse(session: Session, table: str) -> None:
    """Let every new row of a table be refused from now on."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"CREATE TRIGGER refusing BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END"))
        return
    session.execute(text(NO))
    session.execute(text(f"CREATE TRIGGER refusing BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"))


def take_again(session: Session, table: str) -> None:
    """End that."""
    on = "" if session.get_bind().dialect.name == "sqlite" else f" ON {table}"
    session.execute(text(f"DROP TRIGGER IF EXISTS refusing{on}"))
