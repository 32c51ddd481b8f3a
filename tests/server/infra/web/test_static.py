"""The static door: shared files by their folder, a feature's own by its name, and nothing beside them."""

import pytest
from flask.testing import FlaskClient

from server.infra.web.static import SERVER, folder_of


@pytest.mark.parametrize(
    ("name", "folder", "below"),
    [
        ("css/tokens.css", "static", "css/tokens.css"),
        ("screens/zone.js", "features/screens/static", "zone.js"),
        ("vendor/htmx/htmx.min.js", "static", "vendor/htmx/htmx.min.js"),
        ("../settings.py", "static", "../settings.py"),
        ("nowhere/zone.js", "static", "nowhere/zone.js"),
    ],
)
def test_a_file_lies_in_the_feature_that_its_name_begins_with_or_among_the_shared(
    name: str, folder: str, below: str
) -> None:
    assert folder_of(name) == (SERVER / folder, below)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/static/0/screens/zone.js", 200),
        ("/static/0/js/live.js", 200),
        ("/static/0/screens/views.py", 404),
        ("/static/0/screens/../views.py", 404),
        ("/static/0/screens/%2e%2e/views.py", 404),
        ("/static/0/features/screens/static/zone.js", 404),
    ],
)
def test_only_static_files_are_given_out(client: FlaskClient, path: str, status: int) -> None:
    with client.get(path) as answer:
        assert answer.status_code == status
