"""Whether the zone's server can be reached, is one, knows this bridge, and has the same time."""

import http.client
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from device_bridge.booth.words import CheckFinding
from device_bridge.machine import SET_CLOCK
from device_bridge.settings import ServerSettings
from device_bridge.wire.batch import Enrolments, decode_enrolments

_PATIENCE_S = 6.0
_SKEW = timedelta(seconds=30)
_PATH = "/api/v1/bridge/enrolments"
_KINDS = ("application/json", "application/problem+json")
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)


class ServerCheck(NamedTuple):
    """What was found, and who is enrolled where the server has told."""

    findings: tuple[CheckFinding, ...]
    enrolments: Enrolments | None = None


class _Answer(NamedTuple):
    status: int
    kind: str
    date: str
    body: bytes


def check_server(settings: ServerSettings, now: datetime) -> ServerCheck:
    """Ask the server who is enrolled, and look at what comes back."""
    parts = urlsplit(settings.server)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    facts = {"url": settings.server, "host": host, "port": port}
    try:
        answer = _ask(settings, parts.scheme, host, port)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        return ServerCheck((_unreached(error, facts),))
    return _judged(answer, facts, now, has_token=bool(settings.token))


def _ask(settings: ServerSettings, scheme: str, host: str, port: int) -> _Answer:
    connection: http.client.HTTPConnection = (
        http.client.HTTPSConnection(host, port, timeout=_PATIENCE_S, context=ssl.create_default_context())
        if scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=_PATIENCE_S)
    )
    try:
        connection.request("GET", _PATH, headers={"Authorization": f"Bearer {settings.token}"})
        found = connection.getresponse()
        kind = found.headers.get_content_type()
        return _Answer(found.status, kind, found.headers.get("Date", ""), found.read())
    finally:
        connection.close()


def _unreached(error: Exception, facts: dict[str, object]) -> CheckFinding:
    """Why there was no answer. The order matters: each is an `OSError` too."""
    code = "server-silent"
    if isinstance(error, (socket.gaierror, UnicodeError)):
        code = "server-name"
    elif isinstance(error, ssl.SSLCertVerificationError):
        return CheckFinding("server", "problem", "server-certificate", {**facts, "why": error.verify_message})
    elif isinstance(error, ssl.SSLError):
        code = "server-no-tls"
    elif isinstance(error, ConnectionRefusedError):
        code = "server-refused"
    elif isinstance(error, http.client.HTTPException):
        return CheckFinding("server", "problem", "server-other", {**facts, "status": "not HTTP"})
    return CheckFinding("server", "problem", code, {**facts, "why": str(error) or type(error).__name__})


def _judged(answer: _Answer, facts: dict[str, object], now: datetime, *, has_token: bool) -> ServerCheck:
    told = {**facts, "status": answer.status}
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServerCheck((CheckFinding("server", "problem", "server-ill", told),))
    known = {HTTPStatus.UNAUTHORIZED: "credential-unknown", HTTPStatus.FORBIDDEN: "credential-forbidden"}
    code = known.get(HTTPStatus(answer.status)) if answer.kind in _KINDS else None
    enrolments = _enrolments(answer)
    if code is None and enrolments is None:
        return ServerCheck((CheckFinding("server", "problem", "server-other", told),))
    clock = _clock(answer.date, now)
    first = (CheckFinding("server", "ok", "server-ok", told), *([clock] if clock else []))
    if code is not None or not has_token:
        wrong = code if code and has_token else "credential-empty"
        return ServerCheck((*first, CheckFinding("credential", "problem", wrong)))
    robots = {"robots": len(enrolments.robots) if enrolments else 0}
    return ServerCheck((*first, CheckFinding("credential", "ok", "credential-ok", robots)), enrolments)


def _enrolments(answer: _Answer) -> Enrolments | None:
    try:
        return decode_enrolments(answer.body) if answer.status == HTTPStatus.OK else None
    except _UNREADABLE:
        return None


def _clock(date: str, now: datetime) -> CheckFinding | None:
    """How this machine's clock stands to the server's; None where the server does not tell."""
    try:
        said = parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return None
    away = now - said
    if abs(away) < _SKEW:
        return CheckFinding("server", "ok", "clock-ok")
    ahead = away > timedelta(0)
    facts = {
        "seconds": round(abs(away).total_seconds()),
        "direction": "ahead of" if ahead else "behind",
        "direction_zh": "快" if ahead else "慢",
        "command": SET_CLOCK,
    }
    return CheckFinding("server", "problem", "clock-skew", facts)
