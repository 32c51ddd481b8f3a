"""The demo's own proof that people can book: a buyer and an exhibitor, by the pages and by the API."""

import http.client
import json
import re
import threading
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from server.infra import probes

BUYER, EXHIBITOR_ADMIN, EXHIBITOR = "buyer", "nanling.admin", "nanling"
MINUTES = 30
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class NotBookedError(Exception):
    """Something on the way to an accepted meeting was refused; the message is the answer."""


@dataclass
class Browser:
    """Somebody with a browser: keeps cookies, says where a request comes from, and repeats the form's token."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def log_in(self, username: str, password: str) -> "Browser":
        """Log in by the form, as people do. Raises `NotBookedError`."""
        self.token = self._token()
        form = {"csrf_token": self.token, "username": username, "password": password}
        self._send("POST", "/login", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
        self.token = self._token()
        return self

    def ask(self, path: str) -> Any:
        """What the interface for programs answers. Raises `NotBookedError`."""
        return json.loads(self._send("GET", f"/api/v1{path}"))

    def do(self, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        """Change something through the interface for programs. Raises `NotBookedError`."""
        told = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        answer: dict[str, Any] = json.loads(self._send("POST", f"/api/v1{path}", json.dumps(body), told))
        return answer

    def _token(self) -> str:
        found = _TOKEN.search(self._send("GET", "/login"))
        if found is None:
            raise NotBookedError("the log-in page carries no token")
        return found[1]

    def _send(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> str:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {"Cookie": cookie, "Origin": f"http://{probes.LOOPBACK}:{self.port}", **(headers or {})}
        connection = http.client.HTTPConnection(probes.LOOPBACK, self.port, timeout=10)
        try:
            connection.request(method, path, body.encode() or None, told)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if response.status >= http.HTTPStatus.BAD_REQUEST:
            raise NotBookedError(f"{method} {path} answers {response.status}: {text[:400]}")
        return text


class MeetingProof(threading.Thread):
    """Books and accepts a meeting beside whatever else goes on; `state` is the buyer's last word on it."""

    def __init__(self, port: int, password: str) -> None:
        super().__init__(name="meeting-proof", daemon=True)
        self._port = port
        self._password = password
        self.state = "none"
        self.failure = ""

    def run(self) -> None:
        """Book, and keep the outcome or the reason why there is none."""
        try:
            self.state = book_and_accept(self._port, self._password)
        except (NotBookedError, OSError, http.client.HTTPException, ValueError, LookupError) as error:
            self.failure = f"no meeting could be booked: {type(error).__name__}: {error}"


def book_and_accept(port: int, password: str) -> str:
    """Hold a time with an exhibitor, request it, accept it on the other side; the state that the buyer then sees.

    Raises:
        NotBookedError: a step was refused, or no time was free.
    """
    buyer = Browser(port).log_in(BUYER, password)
    exhibitor = Browser(port).log_in(EXHIBITOR_ADMIN, password)
    wanted = {"exhibitor": EXHIBITOR, "starts_at": first_free(buyer), "minutes": MINUTES}
    held = buyer.do("/meetings", wanted, Idempotency_Key=uuid4().hex)
    uid = held["uid"]
    requested = buyer.do(f"/meetings/{uid}/request", {"topic": "Demo check 演示检查"}, If_Match=f'"{held["version"]}"')
    exhibitor.do(f"/meetings/{uid}/accept", {}, If_Match=f'"{requested["version"]}"')
    return str(buyer.ask(f"/meetings/{uid}")["state"])


def first_free(buyer: Browser) -> str:
    """The first start that is free, today or on a later day of the fair. Raises `NotBookedError`."""
    for day in buyer.ask("/days"):
        slots = buyer.ask(f"/exhibitors/{EXHIBITOR}/slots?date={day['date']}&minutes={MINUTES}")["slots"]
        if start := next((slot["starts_at"] for slot in slots if slot["free"]), None):
            return str(start)
    raise NotBookedError(f"{EXHIBITOR} has no free time on any day")
