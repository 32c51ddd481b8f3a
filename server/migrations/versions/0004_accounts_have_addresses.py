"""Accounts have addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Accounts have addresses."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(length=80), nullable=True))
        batch_op.create_index(batch_op.f("ix_account_email"), ["email"], unique=False)
        batch_op.create_check_constraint(
            batch_op.f("ck_account_email_looks_like_one"),
            "email IS NULL OR (email = lower(email) AND length(email) >= 3)",
        )


def downgrade() -> None:
    """The way back; the addresses go with it."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_account_email_looks_like_one"), type_="check")
        batch_op.drop_index(batch_op.f("ix_account_email"))
        batch_op.drop_column("email")
