"""The column types of every table, alike on SQLite and PostgreSQL, and the names of its constraints."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, DateTime, Dialect, Enum, Integer, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel, col

from server.kernel.folding import folded
from server.kernel.simplified import SIMPLIFIED, TRADITIONAL

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


class Folded(FunctionElement[str]):
    """A column as a search compares it (`server.kernel.folding`), computed by the database."""

    type = String()
    inherit_cache = True


@compiles(Folded, "sqlite")
def _folded_by_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    # The function is our own: `server.infra.db` gives it to each connection.
    return f"fairzone_folded({compiler.process(element.clauses, **options)})"


@compiles(Folded, "postgresql")
def _folded_by_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    text = f"CAST({compiler.process(element.clauses, **options)} AS TEXT)"
    plain = f"regexp_replace(normalize({text}, NFKD), '[\u0300-\u036f\u200b-\u200f\u2060\ufeff]', '', 'g')"
    return f"translate(replace(lower({plain}), 'ß', 'ss'), '{TRADITIONAL}', '{SIMPLIFIED}')"


def holds(column: Any, text: str) -> "ColumnElement[bool]":
    """Whether a column holds the words, whatever their case, width, accents and kind of Chinese characters."""
    found: ColumnElement[bool] = Folded(col(column)).contains(folded(text), autoescape=True)
    return found
