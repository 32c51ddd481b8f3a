"""Accounts are erased."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Accounts are erased."""
    op.create_table(
        "account_erasure",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("address_digest", sa.String(length=12), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_erasure_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_erasure")),
    )
    op.create_index(op.f("ix_account_erasure_done_at"), "account_erasure", ["done_at"])


def downgrade() -> None:
    """The way back; what was erased stays erased."""
    op.drop_table("account_erasure")
