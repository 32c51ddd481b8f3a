"""What a view may ask of the application that runs it: database, clock, settings, and who is asking."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app, g, request
from flask_login import current_user

from server.infra.db import Database
from server.infra.feature import Feature
from server.infra.i18n import Catalogues
from server.infra.identity import VISITOR, Identity
from server.infra.web.throttle import Throttle
from server.kernel.clock import Clock
from server.kernel.errors import NotFoundError
from server.settings import Settings

_KEY = "fairzone"
_FEATURES = "fairzone features"


@dataclass(frozen=True)
class Services:
    """What `create_app` was given, kept at the application."""

    settings: Settings
    database: Database
    clock: Clock
    catalogues: Catalogues
    build: str
    throttle: Throttle


def attach(app: Flask, services: Services) -> None:
    """Keep `services` at `app`, for the functions below."""
    app.extensions[_KEY] = services


def services(app: Flask | None = None) -> Services:
    """What the application (by default the one that answers this request) was made with."""
    kept: Services = (app or current_app).extensions[_KEY]
    return kept


def attach_features(app: Flask, features: tuple[Feature, ...]) -> None:
    """Keep at `app` what it is put together from."""
    app.extensions[_FEATURES] = features


def features(app: Flask | None = None) -> tuple[Feature, ...]:
    """The features of the application (by default the one that answers this request)."""
    kept: tuple[Feature, ...] = (app or current_app).extensions[_FEATURES]
    return kept


def database() -> Database:
    """The database of this application: a view opens its unit of work here."""
    return services().database


def settings() -> Settings:
    """The settings of this installation."""
    return services().settings


def now() -> datetime:
    """The present moment by the application's clock, aware, UTC."""
    return services().clock.now()


def identity() -> Identity:
    """Who is asking, by session cookie or bearer token: looked up once a request, when somebody wants to know."""
    if "identity" not in g:
        g.identity = current_user.identity if current_user.is_authenticated else VISITOR
    who: Identity = g.identity
    return who


def own_exhibitor() -> str:
    """The code of the exhibitor for whom the reader works. Raises `NotFoundError` for those who work for none."""
    code = identity().exhibitor
    if code is None:
        raise NotFoundError(what="desk")
    return code


def is_api() -> bool:
    """Whether the answer of this request is for a program: problem+json instead of pages."""
    return request.path.startswith(("/api/", "/live", "/health"))
