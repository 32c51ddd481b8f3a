"""The layer table holds, and bites: each planted violation is found and named."""

from pathlib import Path

import pytest

from tests.architecture.central import central_routes
from tests.architecture.homonyms import homonyms
from tests.architecture.layers import FEATURE_ORDER, ROWS, matches, stray_folders, violations
from tests.architecture.plant import plant
from tests.architecture.source import ROOT, read_tree

ALLOWED = {
    "server/kernel/errors.py": "",
    "server/infra/db.py": "import sqlalchemy\nfrom server.kernel import errors\n",
    "server/infra/web/guard.py": "import flask\nfrom server.infra import db\n",
    "server/features/exhibitors/models.py": "import sqlmodel\n",
    "server/features/exhibitors/queries.py": "",
    "server/features/exhibitors/service.py": "from server.features.exhibitors.models import Exhibitor\n",
    "server/features/floorplan/rules.py": "from server.kernel.errors import Refused\n",
    "server/features/floorplan/models.py": "import sqlmodel\nfrom server.features.floorplan import rules\n",
    "server/features/floorplan/queries.py": (
        "import server.features.exhibitors.models\nfrom server.features.exhibitors import queries\n"
    ),
    "server/features/floorplan/service.py": (
        "from server.features.exhibitors import service\nimport device_bridge.wire.report\n"
    ),
    "server/features/floorplan/views.py": "import flask\nfrom server.features.floorplan.service import assign\n",
    "server/demo/zone.py": "from server.demo import fair\nfrom server import hall\n",
    "server/demo/fair.py": "",
    "server/hall.py": "",
    "server/app.py": "from server.features.floorplan import views\n",
    "device_bridge/wire/report.py": "import msgspec\n",
    "device_bridge/protocols/fair.py": "from device_bridge.wire.report import Report\n",
    "device_bridge/transports/mqtt.py": "import paho.mqtt.client\n",
    "device_bridge/spool.py": "import sqlite3\nfrom device_bridge.wire import report\n",
}

PLANTED = [
    ("server/kernel/spans.py", "import flask", "kernel may not import flask"),
    ("server/kernel/spans.py", "import socket", "kernel may not import socket"),
    ("server/kernel/spans.py", "from server.infra import db", "kernel may not import server.infra.db"),
    ("server/infra/outbox.py", "import server.features.floorplan.models", "infra may not import"),
    ("server/infra/outbox.py", "from server.infra.web import guard", "infra may not import server.infra.web.guard"),
    ("server/features/floorplan/rules.py", "import random", "rules may not import random"),
    ("server/features/floorplan/rules.py", "import sqlmodel", "rules may not import sqlmodel"),
    (
        "server/features/floorplan/rules.py",
        "from server.features.floorplan import models",
        "does not name its own models",
    ),
    ("server/features/floorplan/models.py", "from server.infra import db", "the row does not name infra"),
    ("server/features/floorplan/schemas.py", "from server.features.floorplan.models import B", "its own models"),
    ("server/features/exhibitors/queries.py", "from server.features.floorplan.models import B", "a later feature"),
    ("server/features/exhibitors/queries.py", "from server.features.floorplan.queries import b", "a later feature"),
    ("server/features/floorplan/queries.py", "from server.features.exhibitors.service import x", "earlier service"),
    ("server/features/floorplan/service.py", "from server.features.exhibitors.queries import x", "earlier queries"),
    ("server/features/floorplan/views.py", "from server.features.exhibitors.queries import x", "earlier queries"),
    ("server/features/floorplan/service.py", "import flask", "service may not import flask"),
    ("server/features/floorplan/service.py", "from server.infra.web import guard", "the row does not name web"),
    ("server/features/floorplan/service.py", "from server.features.exhibitors.models import E", "earlier models"),
    ("server/features/exhibitors/service.py", "from server.features.floorplan import service", "a later feature"),
    ("server/features/floorplan/views.py", "from server.features.exhibitors.service import x", "earlier service"),
    ("server/features/floorplan/views.py", "from server.features.floorplan.models import Booth", "its own models"),
    ("server/features/floorplan/views.py", "def f():\n    from ..exhibitors import models", "earlier models"),
    ("server/features/catering/rules.py", "", "the feature catering is not in the feature order"),
    ("server/features/floorplan/tricks.py", "", "no layer has a row for this file"),
    ("server/tricks.py", "", "no layer has a row for this file"),
    ("server/app.py", "import device_bridge.spool", "the server knows the wire alone"),
    ("server/hall.py", "from server.demo import zone", "nothing of a real hall knows the demo"),
    ("server/commands/up.py", "import server.demo.zone", "nothing of a real hall knows the demo"),
    ("server/features/floorplan/service.py", "import device_bridge.spool", "the row does not name spool"),
    ("device_bridge/wire/report.py", "import pydantic", "wire may not import pydantic"),
    ("device_bridge/wire/report.py", "from device_bridge import spool", "wire may not import device_bridge.spool"),
    ("device_bridge/protocols/fair.py", "import socket", "protocols may not import socket"),
    ("device_bridge/protocols/fair.py", "import time", "protocols may not import time"),
    ("device_bridge/protocols/fair.py", "import device_bridge.transports.mqtt", "the row does not name transports"),
    ("device_bridge/spool.py", "import paho.mqtt", "spool may not import paho.mqtt"),
    ("device_bridge/pipeline.py", "import server.kernel.errors", "the row does not name kernel"),
    ("device_bridge/simulators/kinematics.py", "import time", "robot behaviour may not import time"),
    (
        "device_bridge/simulators/playback.py",
        "import device_bridge.spool",
        "simulators may not import device_bridge.spool",
    ),
    ("device_bridge/forwarder.py", "import requests", "the row does not name this package"),
    ("device_bridge/gadgets.py", "", "no layer has a row for this file"),
    ("server/features/floorplan/rules.py", "import server.features.nowhere.rules", "there is no such module"),
]


def test_every_import_of_the_product_is_allowed_by_a_row() -> None:
    assert list(violations(read_tree(ROOT))) == []


def test_every_folder_of_data_has_a_row() -> None:
    assert list(stray_folders(ROOT)) == []


def test_a_tree_that_keeps_the_table_has_no_violation(tmp_path: Path) -> None:
    assert list(violations(plant(tmp_path, ALLOWED))) == []


@pytest.mark.parametrize(("path", "text", "message"), PLANTED)
def test_a_planted_violation_is_found_and_named(tmp_path: Path, path: str, text: str, message: str) -> None:
    found = list(violations(plant(tmp_path, {**ALLOWED, path: text + "\n"})))

    assert len(found) == 1, found
    assert found[0].startswith(f"{path}:")
    assert message in found[0]


def test_a_folder_without_a_row_is_found_and_named(tmp_path: Path) -> None:
    plant(tmp_path, {"server/features/floorplan/pictures/plan.svg": "<svg/>"})

    assert list(stray_folders(tmp_path)) == ["server/features/floorplan/pictures: no row names this folder of data"]


def test_the_product_lists_its_features_in_the_order_of_the_table() -> None:
    from server.features import FEATURE_NAMES

    assert list(FEATURE_NAMES) == [name for name in FEATURE_ORDER if name in FEATURE_NAMES]


def test_every_layer_that_a_row_names_exists() -> None:
    layers = {row.layer for row in ROWS}

    named = {name.rpartition(":")[2] for row in ROWS for name in row.may} - {"*"}

    assert named - layers == set()


@pytest.mark.parametrize(
    ("path", "pattern", "answer"),
    [
        ("server/kernel/clock.py", "server/kernel/*.py", True),
        ("server/kernel/deep/clock.py", "server/kernel/*.py", False),
        ("server/infra/web/guard.py", "server/infra/**", True),
        ("server/infra", "server/infra/**", False),
    ],
)
def test_patterns_match_within_folders_and_below(path: str, pattern: str, answer: bool) -> None:  # noqa: FBT001 - a table
    assert matches(path, pattern) is answer


def test_no_central_file_names_a_page_of_a_feature() -> None:
    assert list(central_routes(ROOT)) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("server/infra/web/extra.py", 'HOME = "/booths"\n'),
        ("server/app.py", 'PLACES = [("/booths/<number>", "nav-booths")]\n'),
        ("server/templates/base.html", '<a href="/booths">{{ t("nav-booths") }}</a>\n'),
        ("server/kernel/extra.py", 'NAMES = ("floorplan",)\n'),
    ],
)
def test_a_central_file_that_a_feature_had_to_touch_is_found_and_named(tmp_path: Path, path: str, text: str) -> None:
    pages = '@pages.get("/booths")\ndef f(): ...\n\n\n@pages.get("/booths/<number>")\ndef g(): ...\n'
    plant(tmp_path, {"server/features/floorplan/views.py": pages, path: text})

    found = list(central_routes(tmp_path))

    assert len(found) == 1, found
    assert found[0].startswith(f"{path}:1: ")


def test_no_two_classes_of_the_product_share_a_name_without_a_reason() -> None:
    assert list(homonyms(read_tree(ROOT))) == []


def test_a_homonym_is_found_and_named_and_so_is_a_reason_that_nobody_needs(tmp_path: Path) -> None:
    modules = plant(
        tmp_path,
        {
            "server/features/floorplan/rules.py": "class Area: ...\n",
            "device_bridge/spool.py": "class Area: ...\nclass _Row: ...\n",
            "device_bridge/pipeline.py": "class _Row: ...\nclass Step: ...\n",
        },
    )

    assert list(homonyms(modules, {"Step": "two steps"})) == [
        "Area is a class in device_bridge/spool.py, server/features/floorplan/rules.py: one name for two things",
        "Step has a reason to be shared, and is not",
    ]
