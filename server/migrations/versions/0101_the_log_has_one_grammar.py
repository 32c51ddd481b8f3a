"""What was done is named in the log by thing and verb, in one grammar."""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

ACTIONS = (
    ("account", "contact", "account.contact.edit"),
    ("account", "erased", "account.erase"),
    ("account", "log-in", "account.session.start"),
    ("account", "log-in-refused", "account.session.refuse"),
    ("account", "made", "account.add"),
    ("account", "password-changed", "account.password.change"),
    ("account", "password-reset", "account.password.reset"),
    ("account", "password-set", "account.password.set"),
    ("account", "reset-handed-over", "account.reset.hand-over"),
    ("account", "role", "account.role.change"),
    ("account", "session-end", "account.session.end"),
    ("account", "session-end-all", "account.session.end-all"),
    ("account", "switched-off", "account.disable"),
    ("account", "switched-on", "account.enable"),
    ("account", "token-made", "account.token.make"),
    ("account", "token-taken", "account.token.revoke"),
    ("buyer", "add-need", "buyer.need.add"),
    ("buyer", "consent", "buyer.consent.change"),
    ("buyer", "edit", "buyer.edit"),
    ("buyer", "edit-need", "buyer.need.edit"),
    ("buyer", "register", "buyer.register"),
    ("buyer", "remove-need", "buyer.need.remove"),
    ("demo", "cancelled", "demo.cancel"),
    ("demo", "changed", "demo.change"),
    ("demo", "planned", "demo.plan"),
    ("meeting", "meeting.hand_over", "meeting.hand-over"),
    ("meeting", "meeting.no_show", "meeting.no-show"),
    ("staff", "staff.hours", "staff.hours.edit"),
)
"""Thing, its action until now, its action from now on."""


def upgrade() -> None:
    """What was done is named in the log by thing and verb, in one grammar."""
    for thing, old, new in ACTIONS:
        _rename(thing, old, new)


def downgrade() -> None:
    """The way back."""
    for thing, old, new in ACTIONS:
        _rename(thing, new, old)


def _rename(thing: str, old: str, new: str) -> None:
    log = sa.table("audit_entry", sa.column("thing", sa.String), sa.column("action", sa.String))
    op.execute(log.update().where(log.c.thing == thing, log.c.action == old).values(action=new))
