"""People book one fair day."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """People book one fair day."""
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("thing", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_entry_thing_audit_entry_key_audit_entry_version"),
            ["thing", "key", "version"],
            unique=False,
        )

    op.create_table(
        "mail_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=200), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("to_address", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "sent", "kept", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_message_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_message_about"), ["about"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mail_message_state_mail_message_retry_at"), ["state", "retry_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mail_message_thread_mail_message_id"), ["thread", "id"], unique=False)

    op.create_table(
        "reservation",
        sa.Column("resource", sa.String(length=40), nullable=False),
        sa.Column("cell", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("resource", "cell", name=op.f("pk_reservation")),
    )
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reservation_holder"), ["holder"], unique=False)

    op.create_table(
        "buyer_consent",
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "programme", "contact", "mail", name="purpose", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyer.id"], name=op.f("fk_buyer_consent_buyer_id_buyer")),
        sa.PrimaryKeyConstraint("buyer_id", "purpose", name=op.f("pk_buyer_consent")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_idempotency_key_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_idempotency_key")),
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_key_at"), ["at"], unique=False)

    op.create_table(
        "meeting_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booth_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_meeting_table_number")),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_meeting_table_booth_id_booth")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_table")),
        sa.UniqueConstraint("booth_id", "number", name=op.f("uq_meeting_table_booth_id_number")),
    )
    with op.batch_alter_table("meeting_table", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_table_booth_id"), ["booth_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("asked_staff_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("robot_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "requested",
                "waiting",
                "accepted",
                "done",
                "no_show",
                "declined",
                "cancelled",
                "withdrawn",
                "expired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "proposed_by",
            sa.Enum(
                "buyer",
                "exhibitor",
                "clock",
                "system",
                name="proposed_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("proposed_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "slot-taken",
                "slot-free",
                "hold-ended",
                "no-answer",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('held', 'accepted') OR (staff_id IS NOT NULL AND table_id IS NOT NULL)",
            name=op.f("ck_meeting_seated"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('held', 'requested', 'waiting') OR expires_at IS NOT NULL", name=op.f("ck_meeting_open_ends")
        ),
        sa.CheckConstraint(
            "state NOT IN ('requested', 'waiting') OR requested_at IS NOT NULL", name=op.f("ck_meeting_queued_since")
        ),
        sa.CheckConstraint("(proposed_by IS NULL) = (proposed_ends_at IS NULL)", name=op.f("ck_meeting_proposed_end")),
        sa.CheckConstraint(
            "(proposed_by IS NULL) = (proposed_starts_at IS NULL)", name=op.f("ck_meeting_proposed_start")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_span")),
        sa.CheckConstraint(
            "proposed_by IS NULL OR proposed_ends_at > proposed_starts_at", name=op.f("ck_meeting_proposed_span")
        ),
        sa.CheckConstraint("version >= 1 AND sequence >= 0", name=op.f("ck_meeting_counts")),
        sa.ForeignKeyConstraint(
            ["asked_staff_id"], ["staff_member.id"], name=op.f("fk_meeting_asked_staff_id_staff_member")
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyer.id"], name=op.f("fk_meeting_buyer_id_buyer")),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_meeting_exhibitor_id_exhibitor")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_meeting_robot_id_robot")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_meeting_staff_id_staff_member")),
        sa.ForeignKeyConstraint(["table_id"], ["meeting_table.id"], name=op.f("fk_meeting_table_id_meeting_table")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_uid")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_asked_staff_id"), ["asked_staff_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_meeting_buyer_id_meeting_starts_at"), ["buyer_id", "starts_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_meeting_exhibitor_id_meeting_starts_at"), ["exhibitor_id", "starts_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_meeting_robot_id"), ["robot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_state_meeting_expires_at"), ["state", "expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_table_id"), ["table_id"], unique=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("buyer_id", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_account_buyer_id"), ["buyer_id"])
        batch_op.create_foreign_key(batch_op.f("fk_account_buyer_id_buyer"), "buyer", ["buyer_id"], ["id"])

    with op.batch_alter_table("booth", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("buyer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(length=80), nullable=True))
        batch_op.add_column(
            sa.Column("time_zone", sa.String(length=40), server_default="Asia/Shanghai", nullable=False)
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column("business_nature", existing_type=sa.VARCHAR(length=32), nullable=True)

    with op.batch_alter_table("buyer_need", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quantity", sa.Integer(), nullable=True))
        batch_op.alter_column("volume", existing_type=sa.VARCHAR(length=32), nullable=True)
        batch_op.alter_column("timeframe", existing_type=sa.VARCHAR(length=32), nullable=True)

    with op.batch_alter_table("demo", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("outbox_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(length=80), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_outbox_event_kind_outbox_event_subject_outbox_event_id"),
            ["kind", "subject", "id"],
            unique=False,
        )

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("staff_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("active", sa.Boolean(), server_default=sa.text("(true)"), nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_account_only_buyers_are_buyers"), "buyer_id IS NULL OR role = 'buyer'"
        )
    fill()


def fill() -> None:
    """Give booths that are there already their tables, and let demos that are there own their time.

    Demos that stand in each other's way keep what nobody had before them, in the order of their start.
    """
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "INSERT INTO meeting_table (booth_id, number) SELECT booth.id, n.number FROM booth"
            " JOIN (SELECT 1 AS number UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) AS n"
            " ON n.number <= CASE booth.kind WHEN 'raw' THEN 4 ELSE 2 END"
        )
    )
    demo = sa.table(
        "demo",
        *(sa.column(name) for name in ("code", "booth_id", "stage_id", "robot_id", "staff_id")),
        sa.column("starts_at", sa.DateTime(timezone=True)),
        sa.column("ends_at", sa.DateTime(timezone=True)),
    )
    reservation = sa.table("reservation", sa.column("resource"), sa.column("cell"), sa.column("holder"))
    owned: dict[tuple[str, int], str] = {}
    for row in connection.execute(sa.select(demo).order_by(demo.c.starts_at, demo.c.code)).mappings():
        for kind in ("booth", "stage", "robot", "staff"):
            if row[f"{kind}_id"] is not None:
                for cell in cells(row["starts_at"], row["ends_at"]):
                    owned.setdefault((f"{kind}:{row[f'{kind}_id']}", cell), f"demo:{row['code']}")
    rows = [{"resource": resource, "cell": cell, "holder": holder} for (resource, cell), holder in owned.items()]
    if rows:
        connection.execute(sa.insert(reservation), rows)


def cells(starts_at: datetime, ends_at: datetime) -> range:
    """The five-minute cells between two moments; SQLite tells them without their offset, in UTC."""
    first, last = (moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() for moment in (starts_at, ends_at))
    return range(int(first // 300), int(-(-last // 300)))


def downgrade() -> None:
    """The way back."""
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_account_only_buyers_are_buyers"), type_="check")
    with op.batch_alter_table("staff_member", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("active")
        batch_op.drop_column("email")

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_column("version")

    with op.batch_alter_table("outbox_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_event_kind_outbox_event_subject_outbox_event_id"))
        batch_op.drop_column("subject")

    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.drop_column("version")

    with op.batch_alter_table("demo", schema=None) as batch_op:
        batch_op.drop_column("version")

    with op.batch_alter_table("buyer_need", schema=None) as batch_op:
        batch_op.alter_column("timeframe", existing_type=sa.VARCHAR(length=32), nullable=False)
        batch_op.alter_column("volume", existing_type=sa.VARCHAR(length=32), nullable=False)
        batch_op.drop_column("quantity")

    with op.batch_alter_table("buyer", schema=None) as batch_op:
        batch_op.alter_column("business_nature", existing_type=sa.VARCHAR(length=32), nullable=False)
        batch_op.drop_column("created_at")
        batch_op.drop_column("version")
        batch_op.drop_column("time_zone")
        batch_op.drop_column("email")

    with op.batch_alter_table("booth", schema=None) as batch_op:
        batch_op.drop_column("version")

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_account_buyer_id_buyer"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_account_buyer_id"), type_="unique")
        batch_op.drop_column("buyer_id")

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_table_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_state_meeting_expires_at"))
        batch_op.drop_index(batch_op.f("ix_meeting_staff_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_robot_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_exhibitor_id_meeting_starts_at"))
        batch_op.drop_index(batch_op.f("ix_meeting_buyer_id_meeting_starts_at"))
        batch_op.drop_index(batch_op.f("ix_meeting_asked_staff_id"))

    op.drop_table("meeting")
    with op.batch_alter_table("meeting_table", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_table_booth_id"))

    op.drop_table("meeting_table")
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_key_at"))

    op.drop_table("idempotency_key")
    op.drop_table("buyer_consent")
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reservation_holder"))

    op.drop_table("reservation")
    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_message_thread_mail_message_id"))
        batch_op.drop_index(batch_op.f("ix_mail_message_state_mail_message_retry_at"))
        batch_op.drop_index(batch_op.f("ix_mail_message_about"))

    op.drop_table("mail_message")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_thing_audit_entry_key_audit_entry_version"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_account_id"))

    op.drop_table("audit_entry")
