"""What comes with a change: which version was seen (`If-Match`), and which request it is (`Idempotency-Key`)."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable

from flask import Response, current_app, request
from pydantic import BaseModel
from sqlmodel import Session

from server.infra.idempotency import MAX_KEY_CHARS, once
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
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > MAX_KEY_CHARS or not key.isprintable():
        raise InvalidError(detail=f"Idempotency-Key: 1..{MAX_KEY_CHARS}")
    body, replayed = once(session, identity().account_id, key, _digest(), lambda: act().model_dump_json())
    response = current_app.response_class(body, status, mimetype="application/json")
    version = json.loads(body).get("version")
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return tagged(response, version) if isinstance(version, int) else response


def form_key(account: int | None = None) -> tuple[int | None, str, str]:
    """What `once` has to know of a form: whose it is (`account` where nobody is logged in), its key and its digest.

    What was typed is part of the key: with other words it is another request, of a reader who went back to a page that
    was sent already. A form without a key has none.
    """
    digest = _digest() if request.form.get("idempotency_key") else ""
    return account or identity().account_id, digest, digest


def _digest() -> str:
    """What tells this request from every other one; by the digest alone nobody finds out what was typed."""
    asked = f"{request.method} {request.path}\n".encode() + (_typed() if request.form else request.get_data())
    return hmac.new(str(current_app.secret_key).encode(), asked, hashlib.sha256).hexdigest()


def _typed() -> bytes:
    """What a form said, apart from its session: the same words again are the same request."""
    typed = (item for item in request.form.items(multi=True) if item[0] not in {"csrf_token", "_opened_by"})
    return json.dumps(sorted(typed)).encode()
