"""What comes with a change: which version was seen (`If-Match`), and which request it is (`Idempotency-Key`)."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable

from flask import Response, current_app, request
from pydantic import BaseModel
from sqlmodel import Session

from server.infra import idempotency
from server.infra.idempotency import MAX_KEY_CHARS
from server.infra.web.context import identity
from server.kernel.errors import FairZoneError, InvalidError

_VERSION = re.compile(r'"(\d{1,9})"')


class IfMatchRequiredError(FairZoneError):
    """A change of something that others may change too must say which version was seen."""

    code = "if-match-required"
    status = 428


def if_match() -> int:
    """The version that the caller saw, from `If-Match`.

    Raises:
        IfMatchRequiredError: the header is missing, or is no version that we gave out.
    """
    found = _VERSION.fullmatch(request.headers.get("If-Match", "").strip())
    if found is None:
        raise IfMatchRequiredError
    return int(found.group(1))


def tagged(response: Response, version: int) -> Response:
    """The answer with its version as ETag, to be sent back in `If-Match`."""
    response.set_etag(str(version))
    return response


def answered_once(session: Session, act: Callable[[], BaseModel], status: int = 201) -> Response:
    """The JSON answer of `act`; with an `Idempotency-Key` a repeated request gets the first one's, and changes nothing.

    Raises:
        InvalidError: the key is too long.
        KeyReusedError: the key stands for another request.
    """
    body, replayed = _once(session, lambda: act().model_dump_json(), request.headers.get("Idempotency-Key", ""))
    response = current_app.response_class(body, status, mimetype="application/json")
    version = json.loads(body).get("version")
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return tagged(response, version) if isinstance(version, int) else response


def form_once(session: Session, act: Callable[[], str], account: int | None = None) -> str:
    """What `act` returns (where to go next): a form that is sent twice, by a second tap, acts once.

    With other words it is another request: the reader went back to a page that was sent already. `account` is whose it
    is where nobody is logged in.
    """
    # What was typed is part of the key: it holds the page's own key, too.
    return _once(session, act, form_key(), account)[0]


def form_key() -> str:
    """What tells a form that was sent from every other one, if it carried a key."""
    return _digest() if request.form.get("idempotency_key") else ""


def _once(session: Session, act: Callable[[], str], key: str, account: int | None = None) -> tuple[str, bool]:
    account = account or identity().account_id
    if not key or account is None:
        return act(), False
    if len(key) > MAX_KEY_CHARS or not key.isprintable():
        raise InvalidError(detail=f"Idempotency-Key: 1..{MAX_KEY_CHARS}")
    return idempotency.once(session, account, key, _digest(), act)


def _digest() -> str:
    """What tells this request from every other one; by the digest alone nobody finds out what was typed."""
    asked = f"{request.method} {request.path}\n".encode() + (_typed() if request.form else request.get_data())
    return hmac.new(str(current_app.secret_key).encode(), asked, hashlib.sha256).hexdigest()


def _typed() -> bytes:
    """What a form said, apart from its session: the same words again are the same request."""
    typed = (item for item in request.form.items(multi=True) if item[0] not in {"csrf_token", "_opened_by"})
    return json.dumps(sorted(typed)).encode()
