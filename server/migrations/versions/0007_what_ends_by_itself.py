"""Reservations that are only lent end by themselves; meetings end when what they need has gone."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
REASONS_BEFORE = ("slot-taken", "slot-free", "hold-ended", "no-answer")
REASONS = (*REASONS_BEFORE, "buyer-left", "person-left", "robot-left", "place-left")
SIDES_BEFORE = ("buyer", "exhibitor", "clock", "system")
SIDES = (*SIDES_BEFORE, "organiser")


def upgrade() -> None:
    """What a hold or a request owns gets the end that the meeting has."""
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    allow("reason", REASONS_BEFORE, REASONS)
    allow("proposed_by", SIDES_BEFORE, SIDES)
    op.execute(
        sa.text(
            "UPDATE reservation SET expires_at = (SELECT meeting.expires_at FROM meeting"
            " WHERE reservation.holder = 'meeting:' || meeting.uid)"
            " WHERE holder IN (SELECT 'meeting:' || uid FROM meeting WHERE state IN ('held', 'requested'))"
        )
    )


def downgrade() -> None:
    """The way back; newer reasons are forgotten."""
    op.execute(sa.text("UPDATE meeting SET reason = NULL WHERE reason LIKE '%-left'"))
    allow("proposed_by", SIDES, SIDES_BEFORE)
    allow("reason", REASONS, REASONS_BEFORE)
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.drop_column("expires_at")


def allow(column: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let a column of the meetings hold these words: the CHECK is made anew, on SQLite with the table around it."""
    old = sa.Enum(*before, name=column, native_enum=False, create_constraint=True, length=32)
    new = sa.Enum(*after, name=column, native_enum=False, create_constraint=True, length=32)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(f"ck_meeting_{column}"), "meeting", type_="check")
        listed = ", ".join(f"'{name}'" for name in after)
        op.create_check_constraint(op.f(f"ck_meeting_{column}"), "meeting", f"{column} IN ({listed})")
        return
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.alter_column(column, existing_type=old, type_=new, existing_nullable=True)
