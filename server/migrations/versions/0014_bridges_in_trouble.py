"""Bridges say what keeps them from taking reports."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bridges say what keeps them from taking reports."""
    op.create_table(
        "bridge_trouble",
        sa.Column("exhibitor", sa.String(length=80), nullable=False),
        sa.Column("bridge", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_seen >= since", name=op.f("ck_bridge_trouble_span")),
        sa.PrimaryKeyConstraint("exhibitor", "bridge", "kind", name=op.f("pk_bridge_trouble")),
    )


def downgrade() -> None:
    """The way back; what was said is said again."""
    op.drop_table("bridge_trouble")
