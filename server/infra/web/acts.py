"""What somebody did with a credential, as a line in the log: the act, who did it, and whence; never a secret."""

import logging

from flask import request

from server.infra.web.context import identity

log = logging.getLogger(__name__)


def note(act: str) -> None:
    """Write down that the reader has done this `act`."""
    log.info("%s: %s from %s", act, identity().username, request.remote_addr)
