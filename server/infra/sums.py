"""Sums that cannot overflow, alike on SQLite and PostgreSQL: what strangers send is added up, up to a ceiling.

SQLite raises where a sum of whole numbers leaves 64 bits, and makes a fraction of `a + b` there; PostgreSQL gives a
decimal for the one and raises for the other.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

CEILING = 2**53 - 1
"""No figure goes beyond it: up to here every program reads whole numbers exactly (RFC 8259, section 6)."""
_CEILING: ColumnElement[int] = literal_column(str(CEILING), BigInteger)


class Total(FunctionElement[int]):
    """The sum of a column of whole numbers over rows: 0 over none, at most `CEILING`."""

    type = BigInteger()
    name = "total"
    inherit_cache = True


@compiles(Total)
def _exact(element: Any, compiler: Any, **options: Any) -> str:
    """PostgreSQL's sum of 64-bit numbers is a decimal, as long as need be."""
    summed = func.least(func.coalesce(func.sum(*element.clauses), literal_column("0")), _CEILING)
    return str(compiler.process(summed.cast(BigInteger), **options))


@compiles(Total, "sqlite")
def _in_halves(element: Any, compiler: Any, **options: Any) -> str:
    """Upper and lower halves by themselves, which only two billion rows would overflow; put together while they fit."""
    (column,) = element.clauses
    high, low = func.sum(column.op(">>")(literal_column("32"))), func.sum(column.op("&")(literal_column("4294967295")))
    whole = case((func.total(column) >= _CEILING, _CEILING), else_=high * literal_column("4294967296") + low)
    return str(compiler.process(func.coalesce(whole, literal_column("0")), **options))


def added(kept: ColumnElement[int], more: ColumnElement[int]) -> ColumnElement[int]:
    """`kept + more` of two columns that are not negative, at most `CEILING`."""
    return case((kept >= _CEILING - more, _CEILING), else_=kept + more)


def capped(number: int) -> int:
    """A figure as a column keeps it."""
    return min(number, CEILING)
