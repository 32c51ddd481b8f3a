"""People are told: inboxes, who ended a meeting, who was warned, and to whom of a meeting a mail went."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """People are told."""
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("link", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_notice_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("name", name=op.f("uq_notice_name")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_about"), ["about"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_notice_account_id_notice_read_at"), ["account_id", "read_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_notice_at"), ["at"], unique=False)

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        voices = sa.Enum(
            "buyer",
            "exhibitor",
            "organiser",
            "house",
            name="ended_by",
            native_enum=False,
            create_constraint=True,
            length=32,
        )
        batch_op.add_column(sa.Column("ended_by", voices, nullable=True))
        batch_op.add_column(sa.Column("warned_of", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person", sa.String(length=40), server_default="", nullable=False))


def downgrade() -> None:
    """The way back; what people were told goes with it."""
    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.drop_column("person")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_meeting_ended_by"), type_="check")
        batch_op.drop_column("warned_of")
        batch_op.drop_column("ended_by")
    op.drop_table("notice")
