"""The bridge's way to the server over HTTP, and what each answer means.

Whatever stands between the two may answer anything: only the server's own words count as a refusal, and only an answer
that can be read counts as taken.
"""

import http.client
import ssl
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from device_bridge.wire.batch import Batch, Enrolments, decode_enrolments, decode_receipt, encode_batch

TIMEOUT_S = 10.0
_PROBLEM = "application/problem+json"
_FOR_GOOD = frozenset({"invalid", "too-large"})
"""The server's codes for a batch that it will never take: nonsense, and more than it takes at once."""
_ANSWER_CHARACTERS = 500
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)

Answer = TypeVar("Answer")


class ServerUnavailableError(Exception):
    """The server did not take it now; it will be asked again."""


class ServerRefusedError(Exception):
    """The server will never take this body; the message is its answer."""


class _Problem(msgspec.Struct):
    """What the bridge reads of a problem+json answer."""

    code: str


_decode_problem = msgspec.json.Decoder(_Problem).decode


class ServerConnection:
    """The bridge's HTTP connection to the server; kept open between calls. Belongs to one thread."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        host, port = parts.hostname or "127.0.0.1", parts.port
        self._connection: http.client.HTTPConnection = (
            http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
        )
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._etag: str | None = None

    def close(self) -> None:
        """Close the connection; the next call opens it again."""
        self._connection.close()

    def post(self, batch: bytes) -> None:
        """Hand over an encoded batch. Raises `ServerUnavailableError` or `ServerRefusedError`."""
        status, body, headers = self._call("POST", "/api/v1/telemetry/batches", batch, {})
        if _is_refusal(status, body, headers):
            raise ServerRefusedError(_words(body))
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            raise ServerUnavailableError(f"{status}: {body[:200]!r}")
        _understood(decode_receipt, body)

    def probe(self) -> None:
        """See whether the server takes anything at all. Raises `ServerUnavailableError` if not."""
        try:
            self.post(encode_batch(Batch("probe")))
        except ServerRefusedError as error:
            raise ServerUnavailableError(f"it refuses even an empty batch: {error}") from error

    def enrolments(self, keep: Callable[[Enrolments], None]) -> Enrolments | None:
        """Who may speak; None when nothing has changed since the last list that was kept.

        A list counts as known once `keep` has returned; until then it is asked for again. Raises what `keep` raises,
        and `ServerUnavailableError`.
        """
        known = {"If-None-Match": self._etag} if self._etag else {}
        status, body, headers = self._call("GET", "/api/v1/bridge/enrolments", None, known)
        if status == HTTPStatus.NOT_MODIFIED:
            return None
        if status != HTTPStatus.OK:
            raise ServerUnavailableError(f"{status}: {body[:200]!r}")
        found = _understood(decode_enrolments, body)
        keep(found)
        self._etag = headers.get("ETag")
        return found

    def _call(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        try:
            self._connection.request(method, path, body, {**self._headers, **headers})
            response = self._connection.getresponse()
            return response.status, response.read(), response.headers
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise ServerUnavailableError(str(error) or type(error).__name__) from error


def _is_refusal(status: int, body: bytes, headers: http.client.HTTPMessage) -> bool:
    """Whether these are the server's own words for "never"; a proxy's 400, 413 or 422 are not."""
    if status < HTTPStatus.BAD_REQUEST or headers.get_content_type() != _PROBLEM:
        return False
    try:
        return _decode_problem(body).code in _FOR_GOOD
    except _UNREADABLE:
        return False


def _understood(decode: Callable[[bytes], Answer], body: bytes) -> Answer:
    """What a 2xx says; an answer in another language was not the server's."""
    try:
        return decode(body)
    except _UNREADABLE as error:
        raise ServerUnavailableError(f"an answer that is not the server's ({error}): {body[:200]!r}") from error


def _words(body: bytes) -> str:
    return body.decode("utf-8", "replace")[:_ANSWER_CHARACTERS]
