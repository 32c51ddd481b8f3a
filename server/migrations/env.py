"""How Alembic runs here: on the connection that `server.infra.migrate` hands over, which brings its transaction."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from server.features import import_models


def as_plain_types(kind: str, item: Any, _autogenerate_context: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database: a step must not change when the code does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run() -> None:
    """Run the steps that were asked for."""
    import_models()
    connection: Any = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=as_plain_types,
        compare_type=True,
        compare_server_default=True,
    )
    context.run_migrations()


run()
