"""How a person plans, kept for every browser of theirs: the shares of their income, and when to warn of too little."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("users", sa.Column("need_share", sa.Integer(), server_default=sa.text("50"), nullable=False))
    op.add_column("users", sa.Column("want_share", sa.Integer(), server_default=sa.text("30"), nullable=False))
    op.add_column("users", sa.Column("warn_below", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
