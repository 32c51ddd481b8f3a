"""The language of a page: chosen by the reader, else by the account, else by the browser.

Templates get `t(key, **values)`, `t_in(language, key, **values)`, `gap()`, `lang`, `other_lang`, `direction` and the
filters `fair_time`, `fair_date`, `fair_day`, `fair_datetime`, `number`, `by_name`, `called`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from flask import Flask, Response, g, has_request_context, request

from server.infra import i18n
from server.infra.regions import name_key
from server.infra.web.context import identity, services
from server.kernel.languages import named_in, page_language
from server.kernel.robot_states import STATES, UNHEARD
from server.kernel.text import isolated

COOKIE = "fairzone_language"
Named = TypeVar("Named")
_YEAR_S = 60 * 60 * 24 * 365


def install(app: Flask) -> None:
    """Give the templates of `app` their languages."""
    app.jinja_env.globals.update(t=t, t_in=t_in, gap=gap, robot_states=STATES, unheard_states=sorted(UNHEARD))
    app.jinja_env.filters.update(
        fair_time=lambda moment: i18n.fair_time(moment, language()),
        fair_date=lambda moment: i18n.fair_date(moment, language()),
        fair_day=lambda moment: i18n.fair_day(moment, language()),
        fair_datetime=lambda moment: i18n.fair_datetime(moment, language()),
        number=lambda value, digits=0: i18n.number(value, language(), digits),
        rfc3339=rfc3339,
        by_name=by_name,
        called=called,
    )
    app.jinja_env.finalize = _shown
    app.context_processor(_of_the_page)
    app.after_request(_say_language)


def language() -> str:
    """The language tag of this request's page. Outside a request: the default."""
    if not has_request_context():
        return i18n.DEFAULT_LANGUAGE
    if "language" not in g:
        g.language = _negotiate()
    chosen: str = g.language
    return chosen


def other_language() -> str:
    """The other one of the fair's two languages, for what is always printed twice."""
    return "en" if language() == i18n.DEFAULT_LANGUAGE else i18n.DEFAULT_LANGUAGE


def t(key: str, /, **values: i18n.Value) -> str:
    """The sentence `key` in the language of this request."""
    return t_in(language(), key, **values)


def t_in(tag: str, key: str, /, **values: i18n.Value) -> str:
    """The sentence `key` in the language `tag`."""
    return services().catalogues.sentence(tag, key, values)


def gap() -> str:
    """What stands between two sentences of this page: a space, or nothing in Chinese."""
    return "" if language().startswith("zh") else " "


def _shown(value: Any) -> Any:
    """What a template prints: a text from right to left keeps to itself. Markup is left as it is."""
    return isolated(value) if type(value) is str else value


def by_name(rows: Iterable[Named], part: str = "") -> list[Named]:
    """Things with a name in each language, or their `part` that has one, as this page's reader looks for them.

    On Chinese pages that is the order of the sounds. Equals stay as they are.
    """
    return sorted(rows, key=lambda one: name_key(called(getattr(one, part) if part else one), language()))


def called(one: Any, part: str = "name") -> str:
    """What somebody or something is called on this page, or a `part` of it: in Chinese where there is any of that."""
    told = one.get if isinstance(one, Mapping) else partial(_part_of, one)
    return named_in(language(), told(f"{part}_en", told(part, "")) or "", told(f"{part}_zh", ""))


def _part_of(one: Any, name: str, otherwise: str) -> Any:
    return getattr(one, name, otherwise)


def rfc3339(moment: datetime) -> str:
    """A moment for programs: RFC 3339 with its offset."""
    return moment.isoformat(timespec="milliseconds")


def remember(response: Response, tag: str) -> Response:
    """Let the browser keep `tag` as this reader's choice."""
    secure = services().settings.secure_cookies
    response.set_cookie(COOKIE, tag, max_age=_YEAR_S, secure=secure, httponly=True, samesite="Lax")
    return response


def accepted() -> str:
    """What the browser says of its reader's languages (`Accept-Language`)."""
    return request.headers.get("Accept-Language", "")


def _negotiate() -> str:
    """Query, cookie and account name an exact catalogue; the browser only a preference."""
    available = services().catalogues.languages
    for chosen in (request.args.get("lang"), request.cookies.get(COOKIE), identity().locale):
        if chosen in available:
            return chosen
    return page_language(accepted(), available)


def _say_language(response: Response) -> Response:
    """Name the language of an answer that was written in the reader's (RFC 9110, 8.5)."""
    if "language" in g:
        response.headers.setdefault("Content-Language", g.language)
    return response


def _of_the_page() -> dict[str, Any]:
    return {
        "lang": language(),
        "other_lang": other_language(),
        "languages": services().catalogues.languages,
        "direction": i18n.direction(language()),
        "identity": identity(),
        "may": identity().may,
        "build": services().build,
    }
