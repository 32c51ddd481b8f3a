"""A browser for tests of pages: like a real one it says which site its requests come from."""

from typing import Any

from flask.testing import FlaskClient


class Browser(FlaskClient):
    """A client whose forms are those of this very site, unless a request says otherwise in its headers."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"

    def forget_site(self) -> None:
        """Say nothing of the site from now on, as browsers do on a connection that is not safe."""
        del self.environ_base["HTTP_SEC_FETCH_SITE"]
