"""How many queries a page costs: the same for one row as for many."""

from collections.abc import Callable

from server.infra.db import Database, StatementCount


def same_number_of_queries(database: Database, visit: Callable[[], object], add_rows: Callable[[], object]) -> None:
    """Visit, add rows, visit again; fail with the extra statements when the second visit costs another number."""
    visit()  # what is read once a process
    few = _cost(database, visit)
    add_rows()
    many = _cost(database, visit)
    if few.number != many.number:
        message = f"{few.number} queries before, {many.number} after:\n" + "\n".join(many.statements)
        raise AssertionError(message)


def _cost(database: Database, visit: Callable[[], object]) -> StatementCount:
    with database.count_statements() as count:
        visit()
    return count
