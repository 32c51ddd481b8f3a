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
    with op.batch_alter_table("robot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("options", sa.JSON(), server_default="{}", nullable=False))
    allow_protocols(PROTOCOLS_BEFORE, PROTOCOLS)


def downgrade() -> None:
    """The way back; robots of the newer protocols go with it."""
    allow_protocols(PROTOCOLS, PROTOCOLS_BEFORE)
    with op.batch_alter_table("robot", schema=None) as batch_op:
        batch_op.drop_column("options")


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
