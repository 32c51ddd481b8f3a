"""The pages of the exhibitors: the list, and each one's own page."""

from flask import Blueprint, render_template, request

from server.features.exhibitors.queries import count_exhibitors, find_exhibitor, list_exhibitors
from server.infra.regions import country_name
from server.infra.web.context import database
from server.infra.web.guard import guarded
from server.infra.web.language import language
from server.infra.web.paging import Page, asked_page
from server.kernel.errors import NotFoundError

pages = Blueprint("exhibitors", __name__, template_folder="templates")

PER_PAGE = 60


@pages.get("/exhibitors")
@guarded("exhibitor.view")
def exhibitors() -> str:
    """The exhibitors by name, searched by name and city, of one province or all."""
    text, place = request.args.get("q", "").strip()[:80], request.args.get("place", "")
    home = True if place == "guangdong" else None
    number = asked_page(request.args)
    with database().read() as session:
        found = count_exhibitors(session, guangdong=home, text=text)
        items = list_exhibitors(
            session,
            guangdong=home,
            text=text,
            chinese=language().startswith("zh"),
            offset=(number - 1) * PER_PAGE,
            limit=PER_PAGE,
        )
        total, guangdong = count_exhibitors(session), count_exhibitors(session, guangdong=True)
    return render_template(
        "exhibitors/list.html",
        page=Page(items, found, number, PER_PAGE),
        total=total,
        guangdong=guangdong,
        wanted={"q": text, "place": place},
    )


@pages.get("/exhibitors/<code>")
@guarded("exhibitor.view")
def exhibitor(code: str) -> str:
    """Everything that one exhibitor shows."""
    with database().read() as session:
        found = find_exhibitor(session, code)
    if found is None:
        raise NotFoundError(what=code)
    return render_template("exhibitors/exhibitor.html", page=found)


@pages.get("/exhibitors/<code>/products/<product>")
@guarded("exhibitor.view")
def product(code: str, product: str) -> str:
    """Everything that is said of one product, with its exhibitor and the robots that show it."""
    with database().read() as session:
        found = find_exhibitor(session, code)
    shown = next((one for one in found.products if one.code == product), None) if found else None
    if found is None or shown is None:
        raise NotFoundError(what=f"{code}/{product}")
    chinese = language().startswith("zh")
    return render_template(
        "exhibitors/product.html",
        page=found,
        product=shown,
        markets=[country_name(one, language()) for one in shown.markets],
        between="、" if chinese else ", ",
    )
