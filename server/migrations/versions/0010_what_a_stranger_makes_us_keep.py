"""What a stranger makes us keep is bounded: whose bridge a refusal came from and when, and when a start was new."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns by which it is counted."""
    with op.batch_alter_table("quarantine") as table:
        table.add_column(sa.Column("exhibitor_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(op.f("fk_quarantine_exhibitor_id_exhibitor"), "exhibitor", ["exhibitor_id"], ["id"])
        table.create_index(op.f("ix_quarantine_exhibitor_id_quarantine_kept_at"), ["exhibitor_id", "kept_at"])
    with op.batch_alter_table("loss_cursor") as table:
        table.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """The way back."""
    with op.batch_alter_table("loss_cursor") as table:
        table.drop_column("opened_at")
    with op.batch_alter_table("quarantine") as table:
        table.drop_index(op.f("ix_quarantine_exhibitor_id_quarantine_kept_at"))
        table.drop_constraint(op.f("fk_quarantine_exhibitor_id_exhibitor"), type_="foreignkey")
        table.drop_column("kept_at")
        table.drop_column("exhibitor_id")
