"""The programs' door to the telemetry: the bridge's batches and enrolments, and the loss ledger.

The batch door speaks msgspec, for speed; its schema enters the OpenAPI document from the same structs that decode it.
"""

from hashlib import blake2b
from typing import Any

import msgspec
from flask import Response, request
from pydantic import RootModel

from device_bridge.wire.batch import Batch, Enrolments, Receipt, decode_batch
from server.features.telemetry.queries import ledger_page
from server.features.telemetry.schemas import LedgerOut, impossible_part
from server.features.telemetry.service import enrolments, store_batch
from server.infra.identity import Audience
from server.infra.web.api import answer, api_blueprint
from server.infra.web.context import database, identity, now
from server.infra.web.guard import guarded
from server.kernel.errors import InvalidError

api = api_blueprint("telemetry", "What the robots report, and what was lost of it")
_encode = msgspec.json.Encoder().encode


def _schema(kind: type[msgspec.Struct]) -> Any:
    """The JSON schema of a struct with everything in its place: the document takes no definitions of an operation."""
    (schema,), components = msgspec.json.schema_components((kind,), ref_template="{name}")

    def placed(part: Any) -> Any:
        if isinstance(part, dict):
            # `"items": false` closes a tuple whose length is given anyway, and the document's model refuses it.
            whole = {key: placed(of) for key, of in part.items() if of is not False}
            return placed(components[part["$ref"]]) if "$ref" in part else whole
        return [placed(of) for of in part] if isinstance(part, list) else part

    return placed(schema)


def _json(kind: type[msgspec.Struct], description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": _schema(kind)}}}


class LedgerList(RootModel[list[LedgerOut]]):
    """The loss ledger, a row a robot."""


@api.post(
    "/telemetry/batches",
    responses={200: _json(Receipt, "How much of the batch was new.")},
    openapi_extensions={"requestBody": {"required": True, **_json(Batch, "Any part may be sent again.")}},
)
@guarded("telemetry.submit")
def submit_batch() -> Response:
    """Store a batch of reports, refusals and accounts; whatever was stored before changes nothing."""
    batch = _read_batch(request.get_data(cache=False))
    with database().write() as session:
        receipt = store_batch(session, batch, now())
    return Response(_encode(receipt), mimetype="application/json")


def _read_batch(body: bytes) -> Batch:
    """The batch in a request. Raises `InvalidError` for one that can never be taken, so that nobody sends it again."""
    try:
        batch = decode_batch(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidError(detail=str(error)) from error
    fault = impossible_part(batch)
    if fault is not None:
        raise InvalidError(detail=fault)
    return batch


@api.get("/bridge/enrolments", responses={200: _json(Enrolments, "Every robot that may speak.")})
@guarded("enrolment.list")
def list_enrolments() -> Response:
    """Which robots may speak, in which protocol and from where; with an ETag, so that asking often costs little."""
    with database().read() as session:
        body = _encode(enrolments(session))
    response = Response(body, mimetype="application/json")
    response.set_etag(blake2b(body, digest_size=12).hexdigest())
    response.make_conditional(request)
    return response


@api.get("/telemetry/ledger", responses={200: LedgerList})
@guarded("ledger.view")
def read_ledger() -> Response:
    """Sent, stored, lost and refused of every robot; an exhibitor sees its own."""
    with database().read() as session:
        rows = ledger_page(session, Audience.of(identity()))
    return answer(LedgerOut.model_validate(row) for row in rows)
