"""Every text that a person types and others read: what nobody sees is refused, what turns words around is taken out."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import server.features
from server.features.buyers.schemas import NeedWords, ProfileIn
from server.features.meetings.schemas import HoldIn
from server.infra.i18n import Catalogues
from server.infra.schema import SEEN, SEEN_OR_NOTHING

READ_BY_OTHERS = {
    "name", "name_en", "name_zh", "call_me", "company", "title_en", "title_zh", "profile_en", "profile_zh", "city",
    "city_zh", "topic", "reason_text", "note", "display_name",
}  # fmt: skip
INCOMING = ("In", "Edit", "New", "Words")


def shapes() -> Iterator[type[BaseModel]]:
    """Every validated shape of a feature that takes words in."""
    for found in pkgutil.walk_packages(server.features.__path__, "server.features."):
        if ".schemas" not in found.name:
            continue
        module = importlib.import_module(found.name)
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, BaseModel) and thing.__module__ == found.name:
                yield thing


def takes_in(shape: type[BaseModel]) -> bool:
    """Whether a shape is filled by a person or a list; what goes out is named otherwise."""
    return shape.__name__.endswith(INCOMING) or shape.__name__.startswith("New")


@pytest.mark.parametrize("shape", sorted({one for one in shapes() if takes_in(one)}, key=str))
def test_no_shape_takes_words_that_nobody_sees(shape: type[BaseModel]) -> None:
    unguarded = [
        name
        for name, field in shape.model_fields.items()
        if name in READ_BY_OTHERS and "SEEN" not in guards(field.annotation, field.metadata)
    ]

    assert unguarded == []


def guards(annotation: Any, metadata: list[Any]) -> set[str]:
    """Which of the two checks a field has, in the depth of its type."""
    if any(one in (SEEN, SEEN_OR_NOTHING) for one in metadata):
        return {"SEEN"}
    inner = [*getattr(annotation, "__args__", ()), *getattr(annotation, "__metadata__", ())]
    return {"SEEN"} if any(one in (SEEN, SEEN_OR_NOTHING) or guards(one, []) for one in inner) else set()


@pytest.mark.parametrize("name", ["\u200b", "\u3164", "\u2800\u2800", "\u202e\u202c", "\u3000"])
def test_an_invisible_name_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ProfileIn(name=name, company="Weber", country="DE")

    codes = {fault["type"] for fault in refused.value.errors()}
    assert codes <= {"form-unseen", "string_too_short"}
    assert Catalogues(strict=True).has("zh-Hans", "form-unseen")


def test_words_that_steer_others_come_in_without_what_steers() -> None:
    profile = ProfileIn(name="\u202eannA\u202c Weber", company="We\u200bber", country="DE")

    assert (profile.name, profile.company) == ("annA Weber", "Weber")
    assert NeedWords(category="PT1", note="\u2066\u200b\u2069").note == ""
    assert HoldIn.model_fields["topic"].default == ""


def test_a_sentence_keeps_its_order_around_a_name_from_right_to_left() -> None:
    said = Catalogues(strict=True).sentence("en", "meeting-title", {"name": "שלום (12)"})

    assert said == "Meeting with \u2068שלום (12)\u2069"
