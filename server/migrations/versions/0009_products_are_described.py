"""Products are described, in both languages."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Products are described."""
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("description_en", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("description_zh", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    """The way back; the descriptions go with it."""
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_column("description_zh")
        batch_op.drop_column("description_en")
