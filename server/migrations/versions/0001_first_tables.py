"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of the first version."""
    op.create_table(
        "buyer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=True),
        sa.Column("call_me", sa.String(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column(
            "business_nature",
            sa.Enum(
                "IMP",
                "DIST",
                "AGT",
                "CHAIN",
                "ECOM",
                "INT",
                "RAAS",
                "HOTEL",
                "HOSP",
                "FM",
                "LOG",
                "AGRI",
                "GOV",
                "MFR",
                "EDU",
                "ASSOC",
                "MEDIA",
                name="business_nature",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "job_function",
            sa.Enum(
                "MGMT",
                "PUR",
                "SALES",
                "TECH",
                "OPS",
                "IT",
                "OTH",
                name="job_function",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "purchasing_role",
            sa.Enum(
                "DEC", "CO", "ADV", "NONE", name="purchasing_role", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer")),
        sa.UniqueConstraint("code", name=op.f("uq_buyer_code")),
    )
    with op.batch_alter_table("buyer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_buyer_country"), ["country"], unique=False)

    op.create_table(
        "category",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_de", sa.String(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("gb_class", sa.String(), nullable=False),
        sa.Column("verification", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["parent"], ["category.code"], name=op.f("fk_category_parent_category")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_category")),
    )
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_category_parent"), ["parent"], unique=False)

    op.create_table(
        "change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_at"), ["at"], unique=False)

    op.create_table(
        "exhibitor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("city_zh", sa.String(), nullable=False),
        sa.Column("profile_en", sa.String(), nullable=False),
        sa.Column("profile_zh", sa.String(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitor")),
        sa.UniqueConstraint("code", name=op.f("uq_exhibitor_code")),
    )
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_province"), ["province"], unique=False)

    op.create_table(
        "fair_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note_en", sa.String(), nullable=False),
        sa.Column("note_zh", sa.String(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_fair_day_span")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fair_day")),
        sa.UniqueConstraint("date", name=op.f("uq_fair_day_date")),
    )
    op.create_table(
        "hall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("width_m", sa.Float(), nullable=False),
        sa.Column("depth_m", sa.Float(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.CheckConstraint("width_m > 0 AND depth_m > 0", name=op.f("ck_hall_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall")),
        sa.UniqueConstraint("code", name=op.f("uq_hall_code")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "outbox_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_event")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("outbox_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_event_kind"), ["kind"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "visitor",
                "buyer",
                "exhibitor_staff",
                "exhibitor_admin",
                "organiser",
                "official",
                "screen",
                "bridge",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("exhibitor_id", sa.Integer(), nullable=True),
        sa.Column("locale", sa.String(length=20), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(role IN ('exhibitor_admin', 'exhibitor_staff')) = (exhibitor_id IS NOT NULL)",
            name=op.f("ck_account_works_for_exhibitor"),
        ),
        sa.CheckConstraint("role <> 'visitor'", name=op.f("ck_account_nobody_is_a_visitor")),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_account_exhibitor_id_exhibitor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_token_hash")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_exhibitor_id"), ["exhibitor_id"], unique=False)

    op.create_table(
        "booth",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("standard", "raw", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("x", sa.Float(), nullable=False),
        sa.Column("y", sa.Float(), nullable=False),
        sa.Column("width_m", sa.Float(), nullable=False),
        sa.Column("depth_m", sa.Float(), nullable=False),
        sa.Column("power_kw", sa.Float(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(kind = 'standard' AND width_m * depth_m IN (9, 18, 27)) OR (kind = 'raw' AND width_m * depth_m >= 36)",
            name=op.f("ck_booth_area"),
        ),
        sa.CheckConstraint("x >= 0 AND y >= 0 AND width_m > 0 AND depth_m > 0", name=op.f("ck_booth_rectangle")),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_booth_hall_id_hall")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booth")),
        sa.UniqueConstraint("number", name=op.f("uq_booth_number")),
    )
    with op.batch_alter_table("booth", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booth_hall_id"), ["hall_id"], unique=False)

    op.create_table(
        "buyer_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column(
            "volume",
            sa.Enum("V1", "V2", "V3", "V4", "V5", name="volume", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "timeframe",
            sa.Enum(
                "NOW", "M3", "M6", "M12", "INFO", name="timeframe", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyer.id"], name=op.f("fk_buyer_need_buyer_id_buyer")),
        sa.ForeignKeyConstraint(["category"], ["category.code"], name=op.f("fk_buyer_need_category_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer_need")),
    )
    with op.batch_alter_table("buyer_need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_buyer_need_buyer_id"), ["buyer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_buyer_need_category"), ["category"], unique=False)

    op.create_table(
        "exhibitor_category",
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["category"], ["category.code"], name=op.f("fk_exhibitor_category_category_category")),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_exhibitor_category_exhibitor_id_exhibitor")
        ),
        sa.PrimaryKeyConstraint("exhibitor_id", "category", name=op.f("pk_exhibitor_category")),
    )
    with op.batch_alter_table("exhibitor_category", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_category_category"), ["category"], unique=False)

    op.create_table(
        "outbox_done",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("handler", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["outbox_event.id"], name=op.f("fk_outbox_done_event_id_outbox_event")),
        sa.PrimaryKeyConstraint("event_id", "handler", name=op.f("pk_outbox_done")),
    )
    op.create_table(
        "outbox_failure",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("handler", sa.String(length=80), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["outbox_event.id"], name=op.f("fk_outbox_failure_event_id_outbox_event")
        ),
        sa.PrimaryKeyConstraint("event_id", "handler", name=op.f("pk_outbox_failure")),
    )
    op.create_table(
        "plan_feature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "aisle",
                "stage",
                "service",
                "entrance",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("x", sa.Float(), nullable=False),
        sa.Column("y", sa.Float(), nullable=False),
        sa.Column("width_m", sa.Float(), nullable=False),
        sa.Column("depth_m", sa.Float(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.CheckConstraint("x >= 0 AND y >= 0 AND width_m > 0 AND depth_m > 0", name=op.f("ck_plan_feature_rectangle")),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_plan_feature_hall_id_hall")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_feature")),
        sa.UniqueConstraint("hall_id", "code", name=op.f("uq_plan_feature_hall_id_code")),
    )
    with op.batch_alter_table("plan_feature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_feature_hall_id"), ["hall_id"], unique=False)

    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("payload_kg", sa.Float(), nullable=True),
        sa.Column("runtime_min", sa.Integer(), nullable=True),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("moq", sa.Integer(), nullable=False),
        sa.Column("price_min", sa.Integer(), nullable=False),
        sa.Column("price_max", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("markets", sa.JSON(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.CheckConstraint("moq >= 1", name=op.f("ck_product_moq_positive")),
        sa.CheckConstraint("price_min > 0 AND price_max >= price_min", name=op.f("ck_product_price_band")),
        sa.ForeignKeyConstraint(["category"], ["category.code"], name=op.f("fk_product_category_category")),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_product_exhibitor_id_exhibitor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("exhibitor_id", "code", name=op.f("uq_product_exhibitor_id_code")),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_category"), ["category"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_exhibitor_id"), ["exhibitor_id"], unique=False)

    op.create_table(
        "staff_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("call_me", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_staff_member_exhibitor_id_exhibitor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("exhibitor_id", "code", name=op.f("uq_staff_member_exhibitor_id_code")),
    )
    with op.batch_alter_table("staff_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_member_exhibitor_id"), ["exhibitor_id"], unique=False)

    op.create_table(
        "booth_assignment",
        sa.Column("booth_id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_booth_assignment_booth_id_booth")),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_booth_assignment_exhibitor_id_exhibitor")
        ),
        sa.PrimaryKeyConstraint("booth_id", name=op.f("pk_booth_assignment")),
    )
    with op.batch_alter_table("booth_assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booth_assignment_exhibitor_id"), ["exhibitor_id"], unique=False)

    op.create_table(
        "robot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "arm",
                "cleaning",
                "climber",
                "coffee",
                "companion",
                "delivery",
                "exoskeleton",
                "firefighting",
                "hand",
                "harvest",
                "humanoid",
                "inspection",
                "lawn",
                "manipulator",
                "quadruped",
                "reception",
                "water",
                "wheelchair",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "protocol",
            sa.Enum(
                "fair-mqtt",
                "fair-serial",
                "vda5050",
                name="protocol",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=100), nullable=False),
        sa.Column(
            "source",
            sa.Enum("live", "simulated", "replay", name="source", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_robot_exhibitor_id_exhibitor")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_robot_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot")),
        sa.UniqueConstraint("exhibitor_id", "code", name=op.f("uq_robot_exhibitor_id_code")),
        sa.UniqueConstraint("protocol", "address", name=op.f("uq_robot_protocol_address")),
    )
    with op.batch_alter_table("robot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_robot_exhibitor_id"), ["exhibitor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_robot_product_id"), ["product_id"], unique=False)

    op.create_table(
        "staff_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_staff_hours_span")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_staff_hours_staff_id_staff_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_hours")),
        sa.UniqueConstraint("staff_id", "starts_at", name=op.f("uq_staff_hours_staff_id_starts_at")),
    )
    with op.batch_alter_table("staff_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_hours_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "demo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("booth_id", sa.Integer(), nullable=True),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("robot_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("title_zh", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "provenance",
            sa.Enum(
                "fact", "derived", "invented", name="provenance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.CheckConstraint("(booth_id IS NULL) <> (stage_id IS NULL)", name=op.f("ck_demo_one_place")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_demo_span")),
        sa.ForeignKeyConstraint(["booth_id"], ["booth.id"], name=op.f("fk_demo_booth_id_booth")),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_demo_exhibitor_id_exhibitor")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_demo_robot_id_robot")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_demo_staff_id_staff_member")),
        sa.ForeignKeyConstraint(["stage_id"], ["plan_feature.id"], name=op.f("fk_demo_stage_id_plan_feature")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo")),
        sa.UniqueConstraint("code", name=op.f("uq_demo_code")),
    )
    with op.batch_alter_table("demo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demo_booth_id"), ["booth_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demo_exhibitor_id"), ["exhibitor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demo_robot_id"), ["robot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demo_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demo_stage_id"), ["stage_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demo_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "loss_gap",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last >= first", name=op.f("ck_loss_gap_span")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_loss_gap_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", "boot", "first", name=op.f("pk_loss_gap")),
    )
    with op.batch_alter_table("loss_gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loss_gap_noticed_at"), ["noticed_at"], unique=False)

    op.create_table(
        "loss_ledger",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("stored", sa.BigInteger(), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), nullable=False),
        sa.Column("lost", sa.BigInteger(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("high >= first AND stored >= 0 AND lost >= 0", name=op.f("ck_loss_ledger_counts")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_loss_ledger_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", "boot", name=op.f("pk_loss_ledger")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("rejection_id", sa.String(length=80), nullable=False),
        sa.Column("robot_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("copies", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_quarantine_robot_id_robot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("rejection_id", name=op.f("uq_quarantine_rejection_id")),
    )
    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quarantine_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_quarantine_robot_id_quarantine_at"), ["robot_id", "at"], unique=False)

    op.create_table(
        "robot_state",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_robot_state_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", name=op.f("pk_robot_state")),
    )
    with op.batch_alter_table("robot_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_robot_state_received_at"), ["received_at"], unique=False)

    op.create_table(
        "telemetry_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("backfill", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_telemetry_report_robot_id_robot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telemetry_report")),
        sa.UniqueConstraint("robot_id", "boot", "seq", name=op.f("uq_telemetry_report_robot_id_boot_seq")),
    )
    with op.batch_alter_table("telemetry_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_telemetry_report_received_at"), ["received_at"], unique=False)


def downgrade() -> None:
    """The way back."""
    with op.batch_alter_table("telemetry_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_telemetry_report_received_at"))

    op.drop_table("telemetry_report")
    with op.batch_alter_table("robot_state", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_robot_state_received_at"))

    op.drop_table("robot_state")
    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quarantine_robot_id_quarantine_at"))
        batch_op.drop_index(batch_op.f("ix_quarantine_at"))

    op.drop_table("quarantine")
    op.drop_table("loss_ledger")
    with op.batch_alter_table("loss_gap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_loss_gap_noticed_at"))

    op.drop_table("loss_gap")
    with op.batch_alter_table("demo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_demo_starts_at"))
        batch_op.drop_index(batch_op.f("ix_demo_stage_id"))
        batch_op.drop_index(batch_op.f("ix_demo_staff_id"))
        batch_op.drop_index(batch_op.f("ix_demo_robot_id"))
        batch_op.drop_index(batch_op.f("ix_demo_exhibitor_id"))
        batch_op.drop_index(batch_op.f("ix_demo_booth_id"))

    op.drop_table("demo")
    with op.batch_alter_table("staff_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_hours_staff_id"))

    op.drop_table("staff_hours")
    with op.batch_alter_table("robot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_robot_product_id"))
        batch_op.drop_index(batch_op.f("ix_robot_exhibitor_id"))

    op.drop_table("robot")
    with op.batch_alter_table("booth_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booth_assignment_exhibitor_id"))

    op.drop_table("booth_assignment")
    with op.batch_alter_table("staff_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_member_exhibitor_id"))

    op.drop_table("staff_member")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_exhibitor_id"))
        batch_op.drop_index(batch_op.f("ix_product_category"))

    op.drop_table("product")
    with op.batch_alter_table("plan_feature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_feature_hall_id"))

    op.drop_table("plan_feature")
    op.drop_table("outbox_failure")
    op.drop_table("outbox_done")
    with op.batch_alter_table("exhibitor_category", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exhibitor_category_category"))

    op.drop_table("exhibitor_category")
    with op.batch_alter_table("buyer_need", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_buyer_need_category"))
        batch_op.drop_index(batch_op.f("ix_buyer_need_buyer_id"))

    op.drop_table("buyer_need")
    with op.batch_alter_table("booth", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booth_hall_id"))

    op.drop_table("booth")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_exhibitor_id"))

    op.drop_table("account")
    with op.batch_alter_table("outbox_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_event_kind"))
        batch_op.drop_index(batch_op.f("ix_outbox_event_at"))

    op.drop_table("outbox_event")
    op.drop_table("heartbeat")
    op.drop_table("hall")
    op.drop_table("fair_day")
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exhibitor_province"))

    op.drop_table("exhibitor")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_at"))

    op.drop_table("change")
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_category_parent"))

    op.drop_table("category")
    with op.batch_alter_table("buyer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_buyer_country"))

    op.drop_table("buyer")
