"""A maker's name in robots' addresses belongs to one exhibitor."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row a maker; those of robots that are enrolled already are claimed by the next one that is enrolled."""
    op.create_table(
        "robot_maker",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_robot_maker_exhibitor_id_exhibitor")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_robot_maker")),
    )
    with op.batch_alter_table("robot_maker") as table:
        table.create_index(op.f("ix_robot_maker_exhibitor_id"), ["exhibitor_id"], unique=False)


def downgrade() -> None:
    """The way back."""
    op.drop_table("robot_maker")
