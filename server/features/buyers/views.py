"""The pages of the buyers: registration, and everything that a buyer may look at and change about themselves."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.buyers import service
from server.features.buyers.queries import category_groups
from server.features.buyers.rules import (
    MOST_NEEDS,
    NEEDED,
    BusinessNature,
    Purpose,
    TimeFrame,
    Volume,
)
from server.features.buyers.schemas import (
    BuyerSelf,
    CategoryChoice,
    CategoryGroup,
    ConsentsIn,
    NeedOut,
    NeedWords,
    ProfileIn,
    RegistrationIn,
)
from server.infra import regions
from server.infra.identity import Identity
from server.infra.web.address import site_url
from server.infra.web.context import database, identity, now, services, settings
from server.infra.web.devices import attempt_of
from server.infra.web.forms import Form, Model, acted, parse, pressed, shown, taken
from server.infra.web.guard import guarded
from server.infra.web.language import accepted, language, t
from server.infra.web.qr import inline_qr
from server.infra.web.returning import HOME, wanted
from server.infra.web.session import open_session
from server.infra.zones import city_of_zone, countries_of_names, countries_of_zones, current_zone
from server.kernel.certificates import CERTIFICATES
from server.kernel.errors import FairZoneError, NotFoundError
from server.kernel.ids import zone_code
from server.kernel.languages import wanted_languages

pages = Blueprint("buyers", __name__, template_folder="templates")

SHOWN_FIRST = 8
"""So many kinds are offered at once; the others are one tap away."""


@pages.get("/register")
@guarded("buyer.register")
def registration_form() -> Response | str:
    """The form to register; whoever is a buyer already goes to their matches."""
    if identity().buyer_id is not None:
        return redirect(_onward("/matches"))
    guessed: dict[str, Any] = {"country": _guessed_country(), "languages": _guessed_languages()}
    return _registration_page(shown(guessed))


@pages.post("/register")
@guarded("buyer.register")
def register() -> Response:
    """Register, log in and show the first matches; what was typed stays in the form when something is refused."""
    form = parse(RegistrationIn, request.form, **_given_zone())
    try:
        if form.data:
            open_session(_registered(form.data, form.idempotency_key))
            return redirect(_onward("/matches?welcome=1"), code=303)
    except FairZoneError as refusal:
        form.refuse(refusal)
    return make_response(_registration_page(form), form.status)


@pages.get("/me")
@guarded("buyer.self")
def me() -> str:
    """Everything that is kept about the reader: code, needs, profile, consents with their times."""
    if identity().buyer_id is None:
        return render_template("buyers/no_buyer.html")
    with database().read() as session:
        buyer = service.own_buyer(session, identity())
    return _me_page(buyer, _consents_form(buyer))


@pages.post("/me/consents")
@guarded("buyer.self")
def change_consents() -> Response:
    """Agree from now on to what is ticked."""
    form = parse(ConsentsIn, request.form)
    done = _taken(form, lambda session, data: service.change_consents(session, identity(), data, form.version, now()))
    return done or make_response(_me_page(_own(), form), form.status)


@pages.post("/me/consents/withdraw")
@guarded("buyer.self")
def withdraw_consents() -> Response:
    """Withdraw every consent at once, whatever was changed meanwhile."""

    def act(session: Session) -> str:
        service.withdraw_consents(session, identity(), now())
        return "/me#consents"

    return acted(act)


@pages.get("/me/profile")
@guarded("buyer.self")
def profile_form() -> str:
    """The form of what the reader says about themselves."""
    buyer = _own()
    said = buyer.model_dump(include=set(ProfileIn.model_fields))
    return _profile_page(shown({**said, "time_zone": current_zone(buyer.time_zone) or buyer.time_zone}, buyer.version))


@pages.post("/me/profile")
@guarded("buyer.self")
def change_profile() -> Response:
    """Change it."""
    form = parse(ProfileIn, request.form)
    done = _taken(form, lambda session, data: service.change_profile(session, identity(), data, form.version))
    return done or make_response(_profile_page(form), form.status)


@pages.get("/me/needs/new")
@guarded("buyer.self")
def new_need_form() -> str:
    """The form to look for one thing more."""
    return _need_page(shown({}, _own().version), None)


@pages.post("/me/needs/new")
@guarded("buyer.self")
def add_need() -> Response:
    """Look for one thing more."""
    form = parse(NeedWords, request.form)
    done = _taken(form, lambda session, data: service.add_need(session, identity(), data, form.version))
    return done or make_response(_need_page(form, None), form.status)


@pages.get("/me/needs/<int:need>")
@guarded("buyer.self")
def need_form(need: int) -> str:
    """The form of one thing that the reader looks for; `category` in the address proposes another kind."""
    buyer = _own()
    row = _need_of(buyer, need)
    said = row.model_dump(include=set(NeedWords.model_fields))
    proposed = request.args.get("category", "")[:12]
    return _need_page(shown({**said, "category": proposed or row.category}, buyer.version), row)


@pages.post("/me/needs/<int:need>")
@guarded("buyer.self")
def change_need(need: int) -> Response:
    """Say otherwise what is looked for."""
    form = parse(NeedWords, request.form)

    def edit(session: Session, data: NeedWords) -> BuyerSelf:
        return service.change_need(session, identity(), need, data, form.version)

    return _taken(form, edit, "/matches") or make_response(_need_page(form, _need_of(_own(), need)), form.status)


@pages.post("/me/needs/<int:need>/remove")
@guarded("buyer.self")
def remove_need(need: int) -> Response:
    """Look for one thing less."""
    form = pressed()
    done = _taken(form, lambda session, _data: service.remove_need(session, identity(), need, form.version))
    return done or make_response(_me_page(_own(), _refused(form)), form.status)


def _taken(form: Form[Model], edit: Callable[[Session, Model], BuyerSelf], then: str = "/me") -> Response | None:
    """Do an edit, once, and go on; nothing when the form has to be shown again."""

    def act(session: Session, data: Model) -> str:
        edit(session, data)
        return then

    return taken(form, act)


def _onward(usual: str) -> str:
    """Where somebody goes who is a buyer now: to where they wanted, else to their matches."""
    target = wanted()
    return usual if target == HOME else target


def _registered(new: RegistrationIn, key: str) -> Identity:
    """Register with a code that hangs on the form alone: the same form sent twice makes one buyer."""
    code = zone_code(f"{settings().secret_key}:{key}")
    with services().throttle.verifying(attempt_of(new.email or code)):
        password_hash = service.secured(new.password)
        with database().write() as session:
            return service.register(session, new, code=code, password_hash=password_hash, locale=language(), now=now())


def _own() -> BuyerSelf:
    with database().read() as session:
        return service.own_buyer(session, identity())


def _need_of(buyer: BuyerSelf, number: int) -> NeedOut:
    found = next((need for need in buyer.needs if need.id == number), None)
    if found is None:
        raise NotFoundError(what=str(number))
    return found


def _refused(form: Form[Any]) -> Form[Any]:
    """The consents as they stand, with the reason why something else on the page was refused."""
    shown_again = _consents_form(_own())
    return shown_again.refuse(form.refusal) if form.refusal else shown_again


def _consents_form(buyer: BuyerSelf) -> Form[Any]:
    return shown({"consents": [purpose for purpose in Purpose if buyer.agrees_to(purpose)]}, buyer.version)


def _guessed_country() -> str:
    """The country that the browser's languages name; the page's script corrects it by the time zone."""
    return regions.country_of_languages(wanted_languages(accepted()))


def _guessed_languages() -> list[str]:
    """The browser's languages, as far as they are spoken here."""
    wanted = [tag.split("-")[0].lower() for tag in wanted_languages(accepted())] or [language().split("-")[0]]
    return [code for code in dict.fromkeys(wanted) if code in regions.SPOKEN]


def _given_zone() -> dict[str, str]:
    """The browser's time zone as its script says it; without one, that of most people in the country."""
    said = current_zone(request.form.get("time_zone", ""))
    return {"time_zone": said or regions.zone_of_country(request.form.get("country", ""))}


def _registration_page(form: Form[Any]) -> str:
    with database().read() as session:
        groups = category_groups(session)
    first = _first(groups)
    known = {choice.code for choice in first}
    rest = [
        group.model_copy(update={"choices": [one for one in group.choices if one.code not in known]})
        for group in groups
    ]
    return render_template(
        "buyers/register.html", form=form, first=first, groups=rest, zones=dict(countries_of_names()), **_lists()
    )


def _first(groups: list[CategoryGroup]) -> list[CategoryChoice]:
    """The kinds that most products are of; parts of the taxonomy that hold others are in the whole list."""
    parents = {choice.parent for group in groups for choice in group.choices}
    kinds = [choice for group in groups for choice in group.choices if choice.code not in parents]
    return sorted(kinds, key=lambda one: (-one.products, one.code))[:SHOWN_FIRST]


def _me_page(buyer: BuyerSelf, form: Form[Any]) -> str:
    site = site_url()
    qr = inline_qr(f"{site}/login?{urlencode({'user': identity().username})}", f"{site}/login")
    return render_template("buyers/me.html", buyer=buyer, form=form, qr=qr, most=MOST_NEEDS, needed=NEEDED, **_lists())


def _profile_page(form: Form[Any]) -> str:
    return render_template("buyers/profile.html", form=form, time_zones=_time_zones(), **_lists())


def _time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The time zones as countries with their cities, in the order of the names."""
    cities: dict[str, list[tuple[str, str]]] = {}
    for zone, country in countries_of_zones().items():
        cities.setdefault(country, []).append((zone, city_of_zone(zone, language())))
    return [
        (name, sorted(cities[code], key=lambda zone: regions.name_key(zone[1], language())))
        for code, name in regions.countries(language())
        if code in cities
    ]


def _need_page(form: Form[Any], need: NeedOut | None) -> str:
    with database().read() as session:
        groups = category_groups(session)
    chinese = language().startswith("zh")
    kinds = [
        (
            group.name_zh if chinese else group.name_en,
            [
                (one.code, f"{one.name_zh} {one.name_en}" if chinese else f"{one.name_en} {one.name_zh}")
                for one in group.choices
            ],
        )
        for group in groups
    ]
    return render_template("buyers/need.html", form=form, need=need, kinds=kinds, **_lists())


def _lists() -> dict[str, Any]:
    """The code lists of the forms, with their names in the reader's language."""
    tag = language()
    return {
        "countries": regions.countries(tag),
        "spoken": regions.languages(tag),
        "language_name": lambda code: regions.language_name(code, tag),
        "country_name": lambda code: regions.country_name(code, tag),
        "certificates": [(code, code) for code in sorted(CERTIFICATES)],
        "volumes": [(one.value, t(f"volume-{one}")) for one in Volume],
        "timeframes": [(one.value, t(f"timeframe-{one}")) for one in TimeFrame],
        "natures": [(one.value, t(f"nature-{one}")) for one in BusinessNature],
        "purposes": list(Purpose),
    }
