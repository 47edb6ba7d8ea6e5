"""What people are told by letter and how screens look to them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the store to this revision."""
    op.create_table(
        "notice_choices",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("by_letter", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notice_choices_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_notice_choices")),
    )
    op.add_column("users", sa.Column("look", sa.String(length=8), server_default=sa.text("'system'"), nullable=False))
    op.add_column("users", sa.Column("told_event", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("items", sa.Column("told_of", sa.String(length=16), server_default=sa.text("''"), nullable=False))
    op.add_column("items", sa.Column("told_at", sa.DateTime(), nullable=True))
    # What happened before letters told of anything is no news.
    op.execute(
        "UPDATE users SET told_event = "
        "COALESCE((SELECT MAX(id) FROM audit_events WHERE audit_events.user_id = users.id), 0)"
    )
