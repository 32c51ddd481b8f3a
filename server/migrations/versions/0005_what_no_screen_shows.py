"""What a robot sends that no screen shows is told to its people."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row a robot of which something was set aside or refused."""
    op.create_table(
        "robot_hearing",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aside_made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aside_why", sa.String(length=32), server_default="", nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_code", sa.String(length=40), server_default="", nullable=False),
        sa.Column("refused_detail", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_robot_hearing_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", name=op.f("pk_robot_hearing")),
    )


def downgrade() -> None:
    """The way back."""
    op.drop_table("robot_hearing")
