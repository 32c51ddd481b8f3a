"""The ledger counts the numbers of messages that were refused."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A figure more in the ledger and its hours."""
    op.add_column("loss_ledger", sa.Column("refused", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("loss_hour", sa.Column("turned_away", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    """The way back."""
    with op.batch_alter_table("loss_hour", schema=None) as batch_op:
        batch_op.drop_column("turned_away")
    with op.batch_alter_table("loss_ledger", schema=None) as batch_op:
        batch_op.drop_column("refused")
