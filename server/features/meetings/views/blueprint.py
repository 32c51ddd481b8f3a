"""The one blueprint of the meetings' pages; the modules beside this one add to it."""

from flask import Blueprint

from server.infra.regions import country_name
from server.infra.web.language import language

pages = Blueprint("meetings", __name__, template_folder="../templates")


@pages.app_template_filter("country")
def country(code: str) -> str:
    """The name of a country in the reader's language."""
    return country_name(code, language())
