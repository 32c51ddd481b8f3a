"""The tables of version 0.1.0."""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of version 0.1.0."""
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
    op.create_index(op.f("ix_audit_entry_account_id"), "audit_entry", ["account_id"])
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"])
    op.create_index(
        op.f("ix_audit_entry_thing_audit_entry_key_audit_entry_version"),
        "audit_entry",
        ["thing", "key", "version"],
    )

    op.create_table(
        "bridge_trouble",
        sa.Column("exhibitor", sa.String(length=80), nullable=False),
        sa.Column("bridge", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_seen >= since", name=op.f("ck_bridge_trouble_span")),
        sa.PrimaryKeyConstraint("exhibitor", "bridge", "kind", name=op.f("pk_bridge_trouble")),
    )
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
            nullable=True,
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
        sa.Column("email", sa.String(length=80), nullable=True),
        sa.Column("time_zone", sa.String(length=40), server_default="Asia/Shanghai", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
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
    op.create_index(op.f("ix_buyer_country"), "buyer", ["country"])

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
    op.create_index(op.f("ix_category_parent"), "category", ["parent"])

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
    op.create_index(op.f("ix_change_at"), "change", ["at"])

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
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
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
    op.create_index(op.f("ix_exhibitor_province"), "exhibitor", ["province"])

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
        "mail_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=40), server_default="", nullable=False),
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
    op.create_index(op.f("ix_mail_message_about"), "mail_message", ["about"])
    op.create_index(op.f("ix_mail_message_state_mail_message_retry_at"), "mail_message", ["state", "retry_at"])
    op.create_index(op.f("ix_mail_message_thread_mail_message_id"), "mail_message", ["thread", "id"])

    op.create_table(
        "outbox_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outbox_event_at"), "outbox_event", ["at"])
    op.create_index(op.f("ix_outbox_event_kind"), "outbox_event", ["kind"])
    op.create_index(
        op.f("ix_outbox_event_kind_outbox_event_subject_outbox_event_id"),
        "outbox_event",
        ["kind", "subject", "id"],
    )

    op.create_table(
        "reservation",
        sa.Column("resource", sa.String(length=40), nullable=False),
        sa.Column("cell", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("resource", "cell", name=op.f("pk_reservation")),
    )
    op.create_index(op.f("ix_reservation_holder"), "reservation", ["holder"])

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
        sa.Column("token_issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exhibitor_id", sa.Integer(), nullable=True),
        sa.Column("buyer_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=80), nullable=True),
        sa.Column("locale", sa.String(length=20), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role IN ('exhibitor_admin', 'exhibitor_staff')) = (exhibitor_id IS NOT NULL)",
            name=op.f("ck_account_works_for_exhibitor"),
        ),
        sa.CheckConstraint("buyer_id IS NULL OR role = 'buyer'", name=op.f("ck_account_only_buyers_are_buyers")),
        sa.CheckConstraint("role <> 'visitor'", name=op.f("ck_account_nobody_is_a_visitor")),
        sa.CheckConstraint(
            "email IS NULL OR (email = lower(email) AND length(email) >= 3)",
            name=op.f("ck_account_email_looks_like_one"),
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyer.id"], name=op.f("fk_account_buyer_id_buyer")),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_account_exhibitor_id_exhibitor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("buyer_id", name=op.f("uq_account_buyer_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_token_hash")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_index(op.f("ix_account_email"), "account", ["email"])
    op.create_index(op.f("ix_account_exhibitor_id"), "account", ["exhibitor_id"])

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
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
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
    op.create_index(op.f("ix_booth_hall_id"), "booth", ["hall_id"])

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
        "buyer_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column(
            "volume",
            sa.Enum("V1", "V2", "V3", "V4", "V5", name="volume", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column(
            "timeframe",
            sa.Enum(
                "NOW", "M3", "M6", "M12", "INFO", name="timeframe", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
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
    op.create_index(op.f("ix_buyer_need_buyer_id"), "buyer_need", ["buyer_id"])
    op.create_index(op.f("ix_buyer_need_category"), "buyer_need", ["category"])

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
    op.create_index(op.f("ix_exhibitor_category_category"), "exhibitor_category", ["category"])

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
    op.create_index(op.f("ix_plan_feature_hall_id"), "plan_feature", ["hall_id"])

    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("description_en", sa.String(), server_default="", nullable=False),
        sa.Column("description_zh", sa.String(), server_default="", nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("payload_kg", sa.Float(), nullable=True),
        sa.Column("runtime_min", sa.Integer(), nullable=True),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("moq", sa.Integer(), nullable=False),
        sa.Column("price_min", sa.Integer(), nullable=False),
        sa.Column("price_max", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("markets", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
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
    op.create_index(op.f("ix_product_category"), "product", ["category"])
    op.create_index(op.f("ix_product_exhibitor_id"), "product", ["exhibitor_id"])

    op.create_table(
        "robot_maker",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_robot_maker_exhibitor_id_exhibitor")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_robot_maker")),
    )
    op.create_index(op.f("ix_robot_maker_exhibitor_id"), "robot_maker", ["exhibitor_id"])

    op.create_table(
        "staff_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("call_me", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("(true)"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
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
    op.create_index(op.f("ix_staff_member_exhibitor_id"), "staff_member", ["exhibitor_id"])

    op.create_table(
        "account_erasure",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("address_digest", sa.String(length=12), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_erasure_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_erasure")),
    )
    op.create_index(op.f("ix_account_erasure_done_at"), "account_erasure", ["done_at"])

    op.create_table(
        "account_reset",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_reset_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_reset")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_account_reset_secret_hash")),
    )
    op.create_table(
        "account_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > opened_at AND seen_at >= opened_at", name=op.f("ck_account_session_span")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_session_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_account_session_secret_hash")),
    )
    op.create_index(op.f("ix_account_session_account_id"), "account_session", ["account_id"])
    op.create_index(op.f("ix_account_session_ends_at"), "account_session", ["ends_at"])

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
    op.create_index(op.f("ix_booth_assignment_exhibitor_id"), "booth_assignment", ["exhibitor_id"])

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
    op.create_index(op.f("ix_idempotency_key_at"), "idempotency_key", ["at"])

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
    op.create_index(op.f("ix_meeting_table_booth_id"), "meeting_table", ["booth_id"])

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
    op.create_index(op.f("ix_notice_about"), "notice", ["about"])
    op.create_index(op.f("ix_notice_account_id"), "notice", ["account_id"])
    op.create_index(op.f("ix_notice_account_id_notice_read_at"), "notice", ["account_id", "read_at"])
    op.create_index(op.f("ix_notice_at"), "notice", ["at"])

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
        sa.Column("protocol", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=False),
        sa.Column("options", sa.JSON(), server_default="{}", nullable=False),
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
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_robot_exhibitor_id_exhibitor")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_robot_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot")),
        sa.UniqueConstraint("exhibitor_id", "code", name=op.f("uq_robot_exhibitor_id_code")),
        sa.UniqueConstraint("protocol", "address", name=op.f("uq_robot_protocol_address")),
    )
    op.create_index(op.f("ix_robot_exhibitor_id"), "robot", ["exhibitor_id"])
    op.create_index(op.f("ix_robot_product_id"), "robot", ["product_id"])

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
    op.create_index(op.f("ix_staff_hours_staff_id"), "staff_hours", ["staff_id"])

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
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
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
    op.create_index(op.f("ix_demo_booth_id"), "demo", ["booth_id"])
    op.create_index(op.f("ix_demo_exhibitor_id"), "demo", ["exhibitor_id"])
    op.create_index(op.f("ix_demo_robot_id"), "demo", ["robot_id"])
    op.create_index(op.f("ix_demo_staff_id"), "demo", ["staff_id"])
    op.create_index(op.f("ix_demo_stage_id"), "demo", ["stage_id"])
    op.create_index(op.f("ix_demo_starts_at"), "demo", ["starts_at"])

    op.create_table(
        "loss_cursor",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("high >= first", name=op.f("ck_loss_cursor_span")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_loss_cursor_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", "boot", name=op.f("pk_loss_cursor")),
    )
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
    op.create_index(op.f("ix_loss_gap_noticed_at"), "loss_gap", ["noticed_at"])

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
        sa.Column("turned_away", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("stored >= 0 AND duplicates >= 0 AND rejected >= 0", name=op.f("ck_loss_hour_counts")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_loss_hour_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", "hour", name=op.f("pk_loss_hour")),
    )
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
        sa.Column("refused", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("high >= first AND stored >= 0 AND lost >= 0", name=op.f("ck_loss_ledger_counts")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_loss_ledger_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", "boot", name=op.f("pk_loss_ledger")),
    )
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
                "organiser",
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
                "buyer-left",
                "person-left",
                "robot-left",
                "place-left",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column(
            "ended_by",
            sa.Enum(
                "buyer",
                "exhibitor",
                "organiser",
                "house",
                name="ended_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("warned_of", sa.DateTime(timezone=True), nullable=True),
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
    op.create_index(op.f("ix_meeting_asked_staff_id"), "meeting", ["asked_staff_id"])
    op.create_index(op.f("ix_meeting_buyer_id_meeting_starts_at"), "meeting", ["buyer_id", "starts_at"])
    op.create_index(op.f("ix_meeting_exhibitor_id_meeting_starts_at"), "meeting", ["exhibitor_id", "starts_at"])
    op.create_index(op.f("ix_meeting_robot_id"), "meeting", ["robot_id"])
    op.create_index(op.f("ix_meeting_staff_id"), "meeting", ["staff_id"])
    op.create_index(op.f("ix_meeting_state_meeting_expires_at"), "meeting", ["state", "expires_at"])
    op.create_index(op.f("ix_meeting_table_id"), "meeting", ["table_id"])

    op.create_table(
        "quarantine",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("rejection_id", sa.String(length=80), nullable=False),
        sa.Column("robot_id", sa.Integer(), nullable=True),
        sa.Column("exhibitor_id", sa.Integer(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("copies", sa.BigInteger(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_quarantine_exhibitor_id_exhibitor")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_quarantine_robot_id_robot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("rejection_id", name=op.f("uq_quarantine_rejection_id")),
    )
    op.create_index(op.f("ix_quarantine_at"), "quarantine", ["at"])
    op.create_index(op.f("ix_quarantine_exhibitor_id_quarantine_kept_at"), "quarantine", ["exhibitor_id", "kept_at"])
    op.create_index(op.f("ix_quarantine_robot_id_quarantine_at"), "quarantine", ["robot_id", "at"])

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
    op.create_index(op.f("ix_rehearsal_report_received_at"), "rehearsal_report", ["received_at"])
    op.create_index(
        op.f("ix_rehearsal_report_robot_id_rehearsal_report_received_at"),
        "rehearsal_report",
        ["robot_id", "received_at"],
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
    op.create_index(op.f("ix_robot_alarm_last_seen"), "robot_alarm", ["last_seen"])

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
    op.create_table(
        "robot_sheet",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_robot_sheet_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", name=op.f("pk_robot_sheet")),
    )
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
    op.create_index(op.f("ix_robot_state_received_at"), "robot_state", ["received_at"])

    op.create_table(
        "robot_watch",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_robot_watch_robot_id_robot")),
        sa.PrimaryKeyConstraint("robot_id", name=op.f("pk_robot_watch")),
    )
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
    op.create_index(op.f("ix_telemetry_report_received_at"), "telemetry_report", ["received_at"])


def downgrade() -> None:
    """The way back leaves nothing."""
    op.drop_index(op.f("ix_telemetry_report_received_at"), "telemetry_report")

    op.drop_table("telemetry_report")
    op.drop_table("robot_watch")
    op.drop_index(op.f("ix_robot_state_received_at"), "robot_state")

    op.drop_table("robot_state")
    op.drop_table("robot_sheet")
    op.drop_table("robot_hearing")
    op.drop_table("robot_credential")
    op.drop_table("robot_connection")
    op.drop_index(op.f("ix_robot_alarm_last_seen"), "robot_alarm")

    op.drop_table("robot_alarm")
    op.drop_table("robot_account")
    op.drop_index(op.f("ix_rehearsal_report_robot_id_rehearsal_report_received_at"), "rehearsal_report")
    op.drop_index(op.f("ix_rehearsal_report_received_at"), "rehearsal_report")

    op.drop_table("rehearsal_report")
    op.drop_index(op.f("ix_quarantine_robot_id_quarantine_at"), "quarantine")
    op.drop_index(op.f("ix_quarantine_exhibitor_id_quarantine_kept_at"), "quarantine")
    op.drop_index(op.f("ix_quarantine_at"), "quarantine")

    op.drop_table("quarantine")
    op.drop_index(op.f("ix_meeting_table_id"), "meeting")
    op.drop_index(op.f("ix_meeting_state_meeting_expires_at"), "meeting")
    op.drop_index(op.f("ix_meeting_staff_id"), "meeting")
    op.drop_index(op.f("ix_meeting_robot_id"), "meeting")
    op.drop_index(op.f("ix_meeting_exhibitor_id_meeting_starts_at"), "meeting")
    op.drop_index(op.f("ix_meeting_buyer_id_meeting_starts_at"), "meeting")
    op.drop_index(op.f("ix_meeting_asked_staff_id"), "meeting")

    op.drop_table("meeting")
    op.drop_table("loss_ledger")
    op.drop_table("loss_hour")
    op.drop_index(op.f("ix_loss_gap_noticed_at"), "loss_gap")

    op.drop_table("loss_gap")
    op.drop_table("loss_cursor")
    op.drop_index(op.f("ix_demo_starts_at"), "demo")
    op.drop_index(op.f("ix_demo_stage_id"), "demo")
    op.drop_index(op.f("ix_demo_staff_id"), "demo")
    op.drop_index(op.f("ix_demo_robot_id"), "demo")
    op.drop_index(op.f("ix_demo_exhibitor_id"), "demo")
    op.drop_index(op.f("ix_demo_booth_id"), "demo")

    op.drop_table("demo")
    op.drop_index(op.f("ix_staff_hours_staff_id"), "staff_hours")

    op.drop_table("staff_hours")
    op.drop_index(op.f("ix_robot_product_id"), "robot")
    op.drop_index(op.f("ix_robot_exhibitor_id"), "robot")

    op.drop_table("robot")
    op.drop_index(op.f("ix_notice_at"), "notice")
    op.drop_index(op.f("ix_notice_account_id_notice_read_at"), "notice")
    op.drop_index(op.f("ix_notice_account_id"), "notice")
    op.drop_index(op.f("ix_notice_about"), "notice")

    op.drop_table("notice")
    op.drop_index(op.f("ix_meeting_table_booth_id"), "meeting_table")

    op.drop_table("meeting_table")
    op.drop_index(op.f("ix_idempotency_key_at"), "idempotency_key")

    op.drop_table("idempotency_key")
    op.drop_index(op.f("ix_booth_assignment_exhibitor_id"), "booth_assignment")

    op.drop_table("booth_assignment")
    op.drop_index(op.f("ix_account_session_ends_at"), "account_session")
    op.drop_index(op.f("ix_account_session_account_id"), "account_session")

    op.drop_table("account_session")
    op.drop_table("account_reset")
    op.drop_index(op.f("ix_account_erasure_done_at"), "account_erasure")

    op.drop_table("account_erasure")
    op.drop_index(op.f("ix_staff_member_exhibitor_id"), "staff_member")

    op.drop_table("staff_member")
    op.drop_index(op.f("ix_robot_maker_exhibitor_id"), "robot_maker")

    op.drop_table("robot_maker")
    op.drop_index(op.f("ix_product_exhibitor_id"), "product")
    op.drop_index(op.f("ix_product_category"), "product")

    op.drop_table("product")
    op.drop_index(op.f("ix_plan_feature_hall_id"), "plan_feature")

    op.drop_table("plan_feature")
    op.drop_table("outbox_failure")
    op.drop_table("outbox_done")
    op.drop_index(op.f("ix_exhibitor_category_category"), "exhibitor_category")

    op.drop_table("exhibitor_category")
    op.drop_index(op.f("ix_buyer_need_category"), "buyer_need")
    op.drop_index(op.f("ix_buyer_need_buyer_id"), "buyer_need")

    op.drop_table("buyer_need")
    op.drop_table("buyer_consent")
    op.drop_table("bridge_credential")
    op.drop_index(op.f("ix_booth_hall_id"), "booth")

    op.drop_table("booth")
    op.drop_index(op.f("ix_account_exhibitor_id"), "account")
    op.drop_index(op.f("ix_account_email"), "account")

    op.drop_table("account")
    op.drop_index(op.f("ix_reservation_holder"), "reservation")

    op.drop_table("reservation")
    op.drop_index(op.f("ix_outbox_event_kind_outbox_event_subject_outbox_event_id"), "outbox_event")
    op.drop_index(op.f("ix_outbox_event_kind"), "outbox_event")
    op.drop_index(op.f("ix_outbox_event_at"), "outbox_event")

    op.drop_table("outbox_event")
    op.drop_index(op.f("ix_mail_message_thread_mail_message_id"), "mail_message")
    op.drop_index(op.f("ix_mail_message_state_mail_message_retry_at"), "mail_message")
    op.drop_index(op.f("ix_mail_message_about"), "mail_message")

    op.drop_table("mail_message")
    op.drop_table("heartbeat")
    op.drop_table("hall")
    op.drop_table("fair_day")
    op.drop_index(op.f("ix_exhibitor_province"), "exhibitor")

    op.drop_table("exhibitor")
    op.drop_index(op.f("ix_change_at"), "change")

    op.drop_table("change")
    op.drop_index(op.f("ix_category_parent"), "category")

    op.drop_table("category")
    op.drop_index(op.f("ix_buyer_country"), "buyer")

    op.drop_table("buyer")
    op.drop_table("bridge_trouble")
    op.drop_index(op.f("ix_audit_entry_thing_audit_entry_key_audit_entry_version"), "audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), "audit_entry")
    op.drop_index(op.f("ix_audit_entry_account_id"), "audit_entry")

    op.drop_table("audit_entry")
