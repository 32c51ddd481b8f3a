"""Robots have credentials."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
PROTOCOLS = (
    "fair-mqtt",
    "fair-serial",
    "fair-cobs",
    "fair-https",
    "vda5050",
    "mavlink",
    "modbus",
    "kobuki",
    "declared",
)
"""What a robot may speak from this revision on."""
PROTOCOLS_BEFORE = ("fair-mqtt", "fair-serial", "vda5050")


def upgrade() -> None:
    """Robots have credentials."""
    op.create_table(
        "bridge_credential",
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_bridge_credential_version")),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_bridge_credential_exhibitor_id_exhibitor")
        ),
        sa.PrimaryKeyConstraint("exhibitor_id", "name", name=op.f("pk_bridge_credential")),
        sa.UniqueConstraint("username", name=op.f("uq_bridge_credential_username")),
    )
    op.create_table(
        "loss_cursor",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("high >= first", name=op.f("ck_loss_cursor_span")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_loss_cursor_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", "boot", name=op.f("pk_loss_cursor")),
    )
    op.create_table(
        "loss_hour",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("stored", sa.BigInteger(), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.BigInteger(), nullable=False),
        sa.Column("lost", sa.BigInteger(), nullable=False),
        sa.Column("gaps", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("stored >= 0 AND duplicates >= 0 AND rejected >= 0", name=op.f("ck_loss_hour_counts")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_loss_hour_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", "hour", name=op.f("pk_loss_hour")),
    )
    op.create_table(
        "rehearsal_report",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_rehearsal_report_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", "boot", "seq", name=op.f("pk_rehearsal_report")),
    )
    with op.batch_alter_table("rehearsal_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rehearsal_report_received_at"), ["received_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_rehearsal_report_robot_id_rehearsal_report_received_at"),
            ["robot_id", "received_at"],
            unique=False,
        )

    op.create_table(
        "robot_account",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_robot_account_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", "rehearsal", "boot", name=op.f("pk_robot_account")),
    )
    op.create_table(
        "robot_alarm",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.CheckConstraint("last_seen >= opened_at", name=op.f("ck_robot_alarm_span")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_robot_alarm_robot_id_robot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot_alarm")),
        sa.UniqueConstraint("robot_id", "kind", "opened_at", name=op.f("uq_robot_alarm_robot_id_kind_opened_at")),
    )
    with op.batch_alter_table("robot_alarm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_robot_alarm_last_seen"), ["last_seen"], unique=False)

    op.create_table(
        "robot_connection",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_robot_connection_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", name=op.f("pk_robot_connection")),
    )
    op.create_table(
        "robot_credential",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("fair", "rehearsal", name="purpose", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("client_id", sa.String(length=120), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_robot_credential_version")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_robot_credential_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", "purpose", name=op.f("pk_robot_credential")),
        sa.UniqueConstraint("client_id", name=op.f("uq_robot_credential_client_id")),
        sa.UniqueConstraint("username", name=op.f("uq_robot_credential_username")),
    )
    op.create_table(
        "robot_sheet",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_robot_sheet_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", name=op.f("pk_robot_sheet")),
    )
    op.create_table(
        "robot_watch",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_robot_watch_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", name=op.f("pk_robot_watch")),
    )
    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rehearsal", sa.Boolean(), server_default=sa.text("(false)"), nullable=False))

    with op.batch_alter_table("robot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("options", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    allow_protocols(PROTOCOLS_BEFORE, PROTOCOLS)


def downgrade() -> None:
    """The way back; robots of the newer protocols go with it."""
    allow_protocols(PROTOCOLS, PROTOCOLS_BEFORE)
    with op.batch_alter_table("robot", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("options")

    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.drop_column("rehearsal")

    op.drop_table("robot_watch")
    op.drop_table("robot_sheet")
    op.drop_table("robot_credential")
    op.drop_table("robot_connection")
    with op.batch_alter_table("robot_alarm", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_robot_alarm_last_seen"))

    op.drop_table("robot_alarm")
    op.drop_table("robot_account")
    with op.batch_alter_table("rehearsal_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rehearsal_report_robot_id_rehearsal_report_received_at"))
        batch_op.drop_index(batch_op.f("ix_rehearsal_report_received_at"))

    op.drop_table("rehearsal_report")
    op.drop_table("loss_hour")
    op.drop_table("loss_cursor")
    op.drop_table("bridge_credential")


def allow_protocols(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let robots speak these protocols: the CHECK is made anew, on SQLite with the table around it."""
    kinds = sa.Enum(*before, name="protocol", native_enum=False, create_constraint=True, length=32)
    wider = sa.Enum(*after, name="protocol", native_enum=False, create_constraint=True, length=32)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_robot_protocol"), "robot", type_="check")
        listed = ", ".join(f"'{name}'" for name in after)
        op.create_check_constraint(op.f("ck_robot_protocol"), "robot", f"protocol IN ({listed})")
        return
    with op.batch_alter_table("robot", schema=None) as batch_op:
        batch_op.alter_column("protocol", existing_type=kinds, type_=wider, existing_nullable=False)
