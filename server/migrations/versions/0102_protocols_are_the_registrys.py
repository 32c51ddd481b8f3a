"""Which protocols there are, the bridge's registry says; the database only keeps the name."""

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None
PROTOCOLS_BEFORE = (
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


def upgrade() -> None:
    """Which protocols there are, the bridge's registry says; the database only keeps the name."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_robot_protocol"), "robot", type_="check")
        return
    with op.batch_alter_table("robot", schema=None) as batch_op:
        batch_op.alter_column("protocol", existing_type=_listed(), type_=sa.String(32), existing_nullable=False)


def downgrade() -> None:
    """The way back; refused by the database while a robot of a later protocol is enrolled."""
    if op.get_bind().dialect.name == "postgresql":
        listed = ", ".join(f"'{name}'" for name in PROTOCOLS_BEFORE)
        op.create_check_constraint(op.f("ck_robot_protocol"), "robot", f"protocol IN ({listed})")
        return
    with op.batch_alter_table("robot", schema=None) as batch_op:
        batch_op.alter_column("protocol", existing_type=sa.String(32), type_=_listed(), existing_nullable=False)


def _listed() -> sa.Enum:
    return sa.Enum(*PROTOCOLS_BEFORE, name="protocol", native_enum=False, create_constraint=True, length=32)
