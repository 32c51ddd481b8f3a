"""The column types of every table, alike on SQLite and PostgreSQL, and the names of its constraints."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Enum, Integer
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a migration can find it on both databases."""

SQLModel.metadata.naming_convention = NAMING_CONVENTION

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit key that counts by itself; SQLite does that for `INTEGER` alone, which has 64 bits there."""


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: aware in, UTC out. SQLite forgets the offset, so it is stored as UTC and given back as such."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as the database keeps it. Raises `ValueError` for a naive time: nobody knows when that is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A time without its offset cannot be stored: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """The moment in UTC, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(name: str, values: type[StrEnum], **options: Any) -> "Column[Any]":
    """A column for one of `values`: text with a CHECK, since a native enum outlives its downgrade on PostgreSQL.

    `options` go to `Column`; the column is NOT NULL unless they say otherwise.
    """
    kind = Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
    return Column(name, kind, **{"nullable": False, **options})
