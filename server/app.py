"""The Flask application: `create_app` puts its parts and features together. It starts nothing and opens no port."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flask import Flask
from flask_openapi3 import APIBlueprint
from werkzeug.middleware.proxy_fix import ProxyFix

from server.features import load_features
from server.infra.build import build_id
from server.infra.db import Database
from server.infra.feature import Feature, IdentitySource
from server.infra.i18n import Catalogues
from server.infra.regions import use_table
from server.infra.web import (
    address,
    admission,
    api,
    compress,
    csrf,
    devices,
    errors,
    forms,
    guard,
    headers,
    language,
    navigation,
    returning,
    session,
    static,
    wording,
)
from server.infra.web.context import Services, attach, attach_features
from server.infra.web.downloads import downloads
from server.infra.web.health import health_blueprint
from server.infra.web.mailbox import PLACE as MAIL
from server.infra.web.mailbox import mailbox
from server.infra.web.throttle import Throttle
from server.kernel.clock import Clock, SystemClock
from server.kernel.errors import SetupError
from server.settings import Settings


def create_app(
    settings: Settings,
    database: Database,
    clock: Clock | None = None,
    features: tuple[Feature, ...] | None = None,
) -> api.FairZone:
    """The application over `database`, with all features unless told otherwise.

    Raises `SetupError` when a route names no permission: such an application must not serve.
    """
    app = assemble(settings, load_features() if features is None else features)
    connect(app, settings, database, clock or SystemClock())
    return app


def assemble(settings: Settings, features: tuple[Feature, ...]) -> api.FairZone:
    """The application with its features, not yet over any database. Raises `SetupError` as `create_app` does."""
    app = api.FairZone(
        "server", _version(), template_folder=str(Path(__file__).parent / "templates"), static_folder=None
    )
    app.config.update(SECRET_KEY=settings.secret_key, TESTING=settings.testing)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    attach_features(app, features)
    _install_infra(app, settings, features)
    for feature in features:
        for blueprint in feature.blueprints:
            _register(app, blueprint)
    guard.refuse_unguarded(app)
    return app


def connect(app: api.FairZone, settings: Settings, database: Database, clock: Clock) -> None:
    """Let an assembled application answer over `database`; of one that it answered over before it keeps nothing."""
    database.quotas = settings.quotas
    database.settings = settings
    use_table(settings.countries_file)
    catalogues = Catalogues(strict=settings.strict_translations)
    throttle = Throttle(lambda: clock.now().timestamp())
    attach(app, Services(settings, database, clock, catalogues, build_id(), throttle))


def _install_infra(app: api.FairZone, settings: Settings, features: tuple[Feature, ...]) -> None:
    """What every request passes through: who asks, may they, is it forged; then headers, languages, error pages."""
    bearers = [feature.bearer for feature in features if feature.bearer]
    session.install(app, settings, _identities(features), bearers)
    csrf.install(app)
    forms.install(app)
    devices.install(app)
    address.install(app)
    admission.install(app)
    for step in (guard.refuse_nul, csrf.refuse_other_account, guard.ask, csrf.check):
        app.before_request(step)
    language.install(app)
    navigation.install(app, features, (MAIL,))
    returning.install(app)
    wording.install(app)
    compress.install(app)
    headers.install(app)
    errors.install(app)
    app.jinja_env.globals["static_url"] = static.static_url
    app.register_blueprint(static.files)
    app.register_blueprint(api.describe)
    app.register_blueprint(mailbox)
    app.register_blueprint(downloads)
    app.register_blueprint(health_blueprint([feature.health for feature in features if feature.health]))
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's own way


def _identities(features: tuple[Feature, ...]) -> IdentitySource:
    found = [feature.identities for feature in features if feature.identities]
    if len(found) != 1:
        raise SetupError("There must be one feature that knows the accounts.", "Leave `accounts` in FEATURE_NAMES.")
    return found[0]


def _register(app: api.FairZone, blueprint: object) -> None:
    if isinstance(blueprint, APIBlueprint):
        app.register_api(blueprint)
    else:
        Flask.register_blueprint(app, blueprint)  # type: ignore[arg-type]  # see above


def _version() -> str:
    try:
        return version("fairzone")
    except PackageNotFoundError:
        return "0.0.0+source"
