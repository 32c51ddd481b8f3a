"""The API: how a feature writes its interface, and the OpenAPI document over all of them.

A feature's `api.py` makes one blueprint and marks each operation like a page:

    api = api_blueprint("booths", "Booths and who has them")

    @api.get("/booths/<number>", responses={200: BoothOut})
    @guarded("booth.view")
    def read_booth(path: BoothPath) -> Response:
        \"\"\"One booth by its number.\"\"\"
        with database().read() as session:
            return answer(BoothOut.model_validate(find_booth(session, path.number)))

Schemas that come in derive from `ApiModel` (unknown keys are refused). The argument names `path`, `query`, `body`,
`header` and `form` are flask-openapi3's: their annotations are the schemas. Refusals are raised, never returned.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template
from flask.json.provider import DefaultJSONProvider
from flask_openapi3 import APIBlueprint, Info, OpenAPI, SecurityScheme, Tag
from pydantic import BaseModel, Field

from server.infra.schema import ApiModel
from server.infra.web.context import services
from server.infra.web.errors import PROBLEM, invalid_request
from server.infra.web.guard import guarded

PREFIX = "/api/v1"
View = Callable[..., Response]
SECURITY_SCHEMES: dict[str, SecurityScheme | dict[str, Any]] = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "fairzone_session"},
}


class Fault(ApiModel):
    """One thing that is wrong with a request: where, what, and which rule."""

    at: str
    fault: str
    kind: str


@cache
def _described(model: type[BaseModel], *args: Any, **options: Any) -> dict[str, Any]:
    schema: dict[str, Any] = super(Problem, model).model_json_schema(*args, **options)  # type: ignore[misc]  # one of them
    return schema


class Problem(ApiModel):
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[Fault] = Field(default_factory=list)

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """The schema, made once: every operation names it for each of its refusals, three hundred times in all."""
        return _described(cls, *args, **options)


class Json(DefaultJSONProvider):
    """JSON as Flask reads and writes it, and what nests too deep to be read is malformed."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """What the text says. Raises `ValueError` for one that is no JSON, or that nobody can read."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deep") from error


class FairZone(OpenAPI):
    """The Flask application, with the OpenAPI document of its features."""

    json_provider_class = Json

    def __init__(self, import_name: str, version: str, **options: Any) -> None:
        super().__init__(
            import_name,
            info=Info(title="FairZone", version=version, description="One zone of a trade fair, live."),
            security_schemes=SECURITY_SCHEMES,
            doc_ui=False,  # the packaged viewer needs inline script; ours is /api/docs
            validation_error_status=422,
            validation_error_model=Problem,
            validation_error_callback=invalid_request,
            **options,
        )

    def register_api(self, api: APIBlueprint, **options: Any) -> None:
        """Register a feature's interface; an address that several interfaces answer keeps the operations of all."""
        before = dict(self.paths)
        super().register_api(api, **options)
        for path in before.keys() & api.paths.keys():
            own = {method: operation for method, operation in api.paths[path] if operation is not None}
            self.paths[path] = before[path].model_copy(update=own)


def api_blueprint(name: str, about: str) -> APIBlueprint:
    """The blueprint of a feature's interface under `/api/v1`; `name` is its tag in the document."""
    return APIBlueprint(
        f"{name}_api",
        __name__,
        url_prefix=PREFIX,
        abp_tags=[Tag(name=name, description=about)],
        abp_security=[{"token": []}, {"session": []}],
        abp_responses={401: Problem, 403: Problem, 429: Problem},
    )


def operation(
    name: str, about: str, view: Callable[..., Response], **takes: type[BaseModel]
) -> Callable[..., Response]:
    """A view of this name that says `about` in the document and takes these (`path`, `body`): for tables of them."""

    def run(**given: Any) -> Response:
        return view(**given)

    run.__name__, run.__doc__, run.__annotations__ = name, about, {**takes, "return": Response}
    return run


def answer(body: BaseModel | Iterable[BaseModel], status: int = 200) -> Response:
    """A JSON answer from checked models."""
    plain = (
        body.model_dump(mode="json") if isinstance(body, BaseModel) else [row.model_dump(mode="json") for row in body]
    )
    response = jsonify(plain)
    response.status_code = status
    return response


describe = Blueprint("api_description", __name__)


@describe.get("/api/openapi.json")
@guarded("api.describe")
def openapi_document() -> Response:
    """The OpenAPI document of this build."""
    document: dict[str, Any] = current_app.api_doc  # type: ignore[attr-defined]  # the application is a FairZone
    return jsonify(document)


@describe.get("/api/docs")
@guarded("api.describe")
def documentation() -> str:
    """The document, readable and to be tried out."""
    return render_template("web/api_docs.html", build=services().build)


__all__ = ["PREFIX", "PROBLEM", "ApiModel", "FairZone", "Fault", "Problem", "answer", "api_blueprint", "describe"]
