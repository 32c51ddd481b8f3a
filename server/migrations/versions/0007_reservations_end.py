"""Reservations that are only lent end by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What a hold or a request owns gets the end that the meeting has."""
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        sa.text(
            "UPDATE reservation SET expires_at = (SELECT meeting.expires_at FROM meeting"
            " WHERE reservation.holder = 'meeting:' || meeting.uid)"
            " WHERE holder IN (SELECT 'meeting:' || uid FROM meeting WHERE state IN ('held', 'requested'))"
        )
    )


def downgrade() -> None:
    """The way back."""
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.drop_column("expires_at")
