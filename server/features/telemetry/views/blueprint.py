"""The blueprint of the telemetry's pages."""

from flask import Blueprint

pages = Blueprint("telemetry", __name__, template_folder="../templates")
