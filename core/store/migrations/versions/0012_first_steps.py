"""Whether a newcomer put the list of first steps away."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; who was here before has found their way."""
    op.add_column("users", sa.Column("first_steps_over", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE users SET first_steps_over = true"))
