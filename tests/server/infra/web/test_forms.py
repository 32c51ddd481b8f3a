"""Forms: what was typed is kept, faults have a sentence, and what is left empty counts as left out."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field, field_validator
from pydantic_core import PydanticCustomError
from werkzeug.datastructures import MultiDict

from server.infra.audit import Difference, StaleError
from server.infra.web.forms import FormFault, parse, shown


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Robot(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=5)]
    weight: Annotated[int, Field(ge=1, le=100)] = 10
    colours: list[Colour] = []
    note: str | None = None

    @field_validator("note")
    @classmethod
    def check_note(cls, value: str | None) -> str | None:
        """A fault of the schema's own."""
        if value == "bad":
            raise PydanticCustomError("form-pattern", "not {word}", {"word": "bad"})
        return value


def typed(**fields: str | list[str]) -> "MultiDict[str, str]":
    pairs = [(name, one) for name, value in fields.items() for one in ([value] if isinstance(value, str) else value)]
    return MultiDict(pairs)


def test_checked_data_come_out_of_what_was_typed() -> None:
    form = parse(Robot, typed(name=" Kiwi ", weight="7", colours=["red", "blue"], note="", csrf_token="x"))

    assert form.errors == {}
    assert form.data == Robot(name="Kiwi", weight=7, colours=[Colour.RED, Colour.BLUE], note=None)


def test_every_fault_has_its_sentence_and_nothing_typed_is_lost() -> None:
    form = parse(Robot, typed(name="", weight="many", colours=["green"], note="bad", other="kept"))

    assert form.data is None
    assert form.errors == {
        "name": FormFault("form-required"),
        "weight": FormFault("form-whole-number"),
        "colours": FormFault("form-choose", {"expected": "'red' or 'blue'"}),
        "note": FormFault("form-pattern", {"word": "bad"}),
    }
    assert (form.text("weight"), form.chosen("colours"), form.text("note"), form.text("other")) == (
        "many",
        ["green"],
        "bad",
        "kept",
    )


def test_limits_are_told_as_figures() -> None:
    form = parse(Robot, typed(name="Kiwano", weight="101"))

    assert form.errors == {
        "name": FormFault("form-too-long", {"max_length": 5}),
        "weight": FormFault("form-at-most", {"le": 100}),
    }


def test_a_number_beyond_what_a_computer_counts_is_a_fault_and_no_crash() -> None:
    form = parse(Robot, typed(name="a", weight="9" * 5000, version="9" * 50))

    assert (list(form.errors), form.version) == (["weight"], 0)


def test_a_form_that_shows_what_is_there_has_everything_as_typed() -> None:
    form = shown({"name": "Kiwi", "colours": [Colour.RED], "note": None, "weight": 7, "loud": True}, version=3)

    assert (form.version, form.text("name"), form.chosen("colours"), form.text("note"), form.text("weight")) == (
        3,
        "Kiwi",
        ["red"],
        "",
        "7",
    )
    assert form.text("loud") == "yes"


def test_after_a_stale_edit_the_same_form_may_be_sent_again() -> None:
    form = parse(Robot, typed(name="Kiwi", version="1"))
    refusal = StaleError(4, [Difference("name", "a", "b")])

    again = form.refuse(refusal)

    assert (again.version, again.refusal, again.text("name")) == (4, refusal, "Kiwi")


def test_a_second_tap_carries_the_same_key() -> None:
    first = parse(Robot, typed(name="", idempotency_key="abc"))

    assert first.idempotency_key == "abc"
    assert parse(Robot, typed(name="")).idempotency_key != parse(Robot, typed(name="")).idempotency_key
