"""The security headers of every answer. Nothing inline, nothing from elsewhere, in nobody's frame."""

from http import HTTPStatus

from flask import Flask, Response, g, request

from server.infra.identity import VISITOR
from server.infra.web.context import services
from server.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(  # noqa: FLY002 - one rule a line, each with its reason
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Bootstrap draws its icons as data: images
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
_HSTS = "Strict-Transport-Security"
HSTS = "max-age=31536000; includeSubDomains"


def hsts(settings: Settings) -> tuple[tuple[str, str], ...]:
    """The header that keeps browsers on HTTPS, where FairZone is reached by it; the address of a proxy's back says no.

    `secure_cookies` follows the public address.
    """
    return ((_HSTS, HSTS),) if settings.secure_cookies else ()


def install(app: Flask) -> None:
    """Set the headers on every answer of `app`; pages are never kept by a shared cache, and private ones by nobody."""

    @app.after_request
    def secure(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure or services(app).settings.secure_cookies:
            response.headers.setdefault(_HSTS, HSTS)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store" if _is_private(response) else "private, no-cache"
            response.vary.update(("Cookie", "Accept-Language"))
        return response


def _is_private(response: Response) -> bool:
    """Whether an answer is for one person or machine, or a refusal: not even their own browser keeps it.

    Whoever uses the same browser next must not find it there.
    """
    known = g.get("identity", VISITOR) != VISITOR or "Authorization" in request.headers
    return known or response.status_code >= HTTPStatus.BAD_REQUEST
