"""Every refusal, mapped once: for people a page with a title, a sentence and what to do; for programs problem+json.

The sentences stand in the catalogues under `error-<code>`, with `.title` and `.advice`.
"""

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from pydantic import ValidationError
from sqlalchemy.exc import TimeoutError as SqlTimeoutError
from werkzeug.exceptions import HTTPException

from server.infra.web.context import is_api
from server.infra.web.csrf import OtherAccountError, StaleFormError, is_foreign, typed_fields
from server.infra.web.language import t
from server.kernel.errors import BusyError, FairZoneError, LoginRequiredError

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
RETRY_AFTER_S = 5
MOST_FAULTS, MOST_CHARS = 20, 100
"""So many faults of a request are named, and so much of the names in it: an answer is not longer than its question."""
_PATH_OF = re.compile(r"^[a-z]+://[^/]*")
_HTTP_CODES = {
    400: "bad-request",
    403: "forbidden",
    404: "not-found",
    405: "not-allowed",
    413: "too-large",
    415: "wrong-type",
    429: "too-many-tries",
}


def install(app: Flask) -> None:
    """Map every exception of `app`: our refusals, Werkzeug's, and what nobody expected."""
    app.register_error_handler(FairZoneError, refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    app.register_error_handler(Exception, _fail)


def refuse(error: FairZoneError) -> Response:
    """The answer to a named refusal."""
    response = _answer(error.code, error.status, dict(error.params), error.members())
    wait = error.params.get("seconds", RETRY_AFTER_S if error.status == HTTPStatus.SERVICE_UNAVAILABLE else "")
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def problem(code: str, status: int, *, params: dict[str, Any] | None = None, **members: Any) -> Response:
    """A problem+json answer (RFC 9457): `type`, `title`, `status`, `detail`, `code`, and `members` beside them."""
    values = params or {}
    body = {
        "type": f"/api/problems#{code}",
        "title": t(f"error-{code}.title", **values),
        "status": status,
        "detail": t(f"error-{code}", **values),
        "code": code,
        "instance": request.path,
        **members,
    }
    response = jsonify(body)
    response.status_code = status
    response.mimetype = PROBLEM
    return response


def invalid_request(error: ValidationError) -> Response:
    """The answer to a request that its schema refuses: each fault with where it is. Called by flask-openapi3."""
    if request.mimetype == "application/json" and request.get_data() and _is_no_json():
        return problem("malformed-json", 400)
    found = error.errors(include_url=False, include_context=False, include_input=False)
    faults = [
        {"at": ".".join(str(part)[:MOST_CHARS] for part in fault["loc"]), "fault": fault["msg"], "kind": fault["type"]}
        for fault in found[:MOST_FAULTS]
    ]
    return problem("invalid-request", 422, errors=faults)


def _is_no_json() -> bool:
    # flask-openapi3 reads silently, so that malformed JSON looks like a missing body.
    return request.get_json(silent=True) is None and request.get_data().strip() != b"null"


def _refuse_http(error: HTTPException) -> Response:
    if error.response is not None:  # a ready answer, aborted with
        return make_response(error.response)
    if error.code is not None and error.code < HTTPStatus.BAD_REQUEST:  # a redirect of the router
        redirect = make_response(error.get_response())
        # The router makes a whole address of it, with the host that the request names.
        redirect.headers["Location"] = _PATH_OF.sub("", redirect.headers["Location"])
        return redirect
    status = error.code or 500
    response = _answer(
        _HTTP_CODES.get(status, "internal" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "bad-request"), status, {}
    )
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _fail(error: Exception) -> Response:
    if isinstance(error, SqlTimeoutError):  # every connection of the pool is taken: a moment later one is free
        return refuse(BusyError())
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _answer("internal", 500, {})


def _answer(code: str, status: int, params: dict[str, Any], members: Mapping[str, Any] | None = None) -> Response:
    if is_api():
        response = problem(code, status, params=params, **(members or {}))
        if status == LoginRequiredError.status:
            response.headers["WWW-Authenticate"] = 'Bearer realm="fairzone"'
        return response
    return make_response(render_template("web/error.html", **_page(code, status, params)), status)


def _page(code: str, status: int, params: dict[str, Any]) -> dict[str, Any]:
    """What the error page needs; a form that was refused for its session comes along, to be sent again."""
    resendable = code in {StaleFormError.code, LoginRequiredError.code, OtherAccountError.code}
    return {
        "code": code,
        "status": status,
        "title": t(f"error-{code}.title", **params),
        "sentence": t(f"error-{code}", **params),
        "advice": t(f"error-{code}.advice", **params),
        "kept": typed_fields() if resendable else [],
        "target": request.full_path.removesuffix("?"),
        "asks_login": code in {LoginRequiredError.code, OtherAccountError.code} and not is_foreign(),
        "was_form": request.method == "POST",
    }
