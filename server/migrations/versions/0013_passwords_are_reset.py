"""Passwords are reset by a link."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Passwords are reset by a link."""
    op.create_table(
        "account_reset",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_reset_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_reset")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_account_reset_secret_hash")),
    )


def downgrade() -> None:
    """The way back; links that were given out hold no more."""
    op.drop_table("account_reset")
