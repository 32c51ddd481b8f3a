"""The inbox: what concerns a person is told to that person, there and by every other channel that there is."""

from server.features.inbox.api import api
from server.features.inbox.handlers import handlers_of
from server.features.inbox.jobs import JOBS
from server.features.inbox.views import pages
from server.infra.feature import Feature, NavEntry

FEATURE = Feature(
    name="inbox",
    blueprints=(pages, api),
    jobs=JOBS,
    handlers_of=handlers_of,
    places=(NavEntry("/inbox", "nav-inbox", 100, "inbox.view", keys="g n"),),
    header="inbox/_header.html",
)
